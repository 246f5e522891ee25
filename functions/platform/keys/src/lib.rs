//! Every hour, and once while the stack is deployed: publishes the keys that all functions follow.

use serde_json::{Value, json};
use shared::api::{App, Worker, custom_resource};
use shared::platform::error::Result;

/// The worker as it is served and tested.
pub const WORKER: Worker = shared::worker!(handle);

/// Publishes the issuer's keys of today, and a new signing key where it is time for one. CloudFormation, whose deployment
/// waits for the first keys, is told how it went.
///
/// # Errors
/// The issuer or DynamoDB does not answer: the event is delivered again, and what was published stays.
pub async fn handle(app: &App, event: Value) -> Result<Value> {
    // A stack that goes takes the table with the keys along.
    let published = match custom_resource::is_deletion(&event) {
        true => Ok(Value::Null),
        false => app.key_publisher().publish().await.map(|at| json!({"published_at": at})),
    };
    custom_resource::answer(app, &event, &published).await?;
    published
}
