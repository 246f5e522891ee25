//! Cognito's trigger DefineAuthChallenge: what comes next in a sign-in without a password.

use serde_json::Value;
use shared::api::{App, Worker};
use shared::identity::sign_in::challenge;
use shared::platform::error::Result;
use shared::worker;

/// The worker as it is served and tested.
pub const WORKER: Worker = worker!(handle, without a database);

/// Asks once; tokens for a right answer, the end for any other.
///
/// # Errors
/// An event of another sort.
pub async fn handle(_: &App, event: Value) -> Result<Value> {
    challenge::define(event)
}
