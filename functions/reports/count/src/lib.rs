//! The queue of what is to be counted: orders and prescriptions, each as it is when it is counted.
//!
//! What cannot be counted now goes back into the queue by itself, and after five tries to the queue of dead letters.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use shared::api::{App, Worker};
use shared::platform::error::{Error, Result};
use shared::platform::metrics::{self, Beside};
use shared::reports::cell::{Cell, Measures};
use shared::reports::figures::figures;
use shared::reports::{Counting, Subject};
use shared::worker;

/// The worker as it is served and tested.
pub const WORKER: Worker = worker!(handle);

/// Counts what a batch names, and says what could not be counted.
///
/// # Errors
/// What is no batch of a queue.
pub async fn handle(app: &App, event: Value) -> Result<Value> {
    let (counting, today) = (app.counting(), app.today()?);
    let tell = |changes: &BTreeMap<Cell, Measures>| {
        metrics::tell(env!("CARGO_PKG_NAME"), app.clock().now(), &figures(changes, today), Beside::default());
    };
    let messages = event.get("Records").and_then(Value::as_array);
    let messages = messages.ok_or_else(|| Error::unknown_event("this is no batch of a queue"))?;
    let mut failed = Vec::new();
    for message in messages {
        if let Err(error) = count(&counting, message, tell).await {
            tracing::warn!(error.code = error.code(), error.cause = error.cause(), "something was not counted");
            failed.push(json!({"itemIdentifier": message.get("messageId")}));
        }
    }
    Ok(json!({ "batchItemFailures": failed }))
}

async fn count(counting: &Counting, message: &Value, tell: impl Fn(&BTreeMap<Cell, Measures>)) -> Result<()> {
    let body = message.get("body").and_then(Value::as_str).unwrap_or_default();
    counting.count_telling(Subject::from_message(body)?, tell).await.map(|_| ())
}
