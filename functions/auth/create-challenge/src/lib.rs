//! Cognito's trigger CreateAuthChallenge: what is asked in a sign-in without a password.

use serde_json::Value;
use shared::api::{App, Worker};
use shared::identity::sign_in::challenge;
use shared::platform::error::Result;
use shared::worker;

/// The worker as it is served and tested.
pub const WORKER: Worker = worker!(handle, without a database);

/// Asks for a grant, whoever wants to sign in, and says nothing of it.
///
/// # Errors
/// An event of another sort.
pub async fn handle(_: &App, event: Value) -> Result<Value> {
    challenge::create(event)
}
