//! The queue of notices: each is told once, into an inbox, by mail and by text message, as its person has chosen.
//!
//! What cannot be told now goes back into the queue by itself, and after five tries to the queue of dead letters.

use serde_json::{Value, json};
use shared::api::{App, Worker};
use shared::notices::{Notice, Telling};
use shared::platform::error::{Error, Result};
use shared::worker;

/// The worker as it is served and tested.
pub const WORKER: Worker = Worker { prepare: Some(|app| Box::pin(app.prepare_keys())), ..worker!(handle) };

/// Tells a batch of notices, and says which could not be told.
///
/// # Errors
/// The keys that sign are not known, and nothing was told.
pub async fn handle(app: &App, event: Value) -> Result<Value> {
    app.prepare_keys().await?;
    let telling = app.telling()?;
    let messages = event.get("Records").and_then(Value::as_array);
    let messages = messages.ok_or_else(|| Error::unknown_event("this is no batch of a queue"))?;
    let mut failed = Vec::new();
    for message in messages {
        if let Err(error) = tell(&telling, message).await {
            tracing::warn!(error.code = error.code(), error.cause = error.cause(), "a notice was not told");
            failed.push(json!({"itemIdentifier": message.get("messageId")}));
        }
    }
    Ok(json!({ "batchItemFailures": failed }))
}

async fn tell(telling: &Telling<'_>, message: &Value) -> Result<()> {
    let body = message.get("body").and_then(Value::as_str).unwrap_or_default();
    let notice: Notice = serde_json::from_str(body).map_err(Error::internal)?;
    telling.tell(&notice).await
}
