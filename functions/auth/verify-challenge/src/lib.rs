//! Cognito's trigger VerifyAuthChallengeResponse: whether the answer of a sign-in without a password is right.

use serde_json::Value;
use shared::api::{App, Worker};
use shared::platform::error::Result;
use shared::worker;

/// The worker as it is served and tested.
pub const WORKER: Worker = worker!(handle);

/// Takes the grant that the answer is; it is right once, for its own user, within its minute.
///
/// # Errors
/// An event of another sort; DynamoDB does not answer.
pub async fn handle(app: &App, event: Value) -> Result<Value> {
    app.grants().verify(event).await
}
