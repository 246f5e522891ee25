//! Streams of orders, prescriptions and consultations: what has happened becomes what people are told, in a queue, and what others'
//! systems are told, as deliveries. What the reports count is put into a queue of theirs: a stream has two readers at most.
//!
//! A batch that fails anywhere fails as a whole and is split by Lambda until the record at fault is alone. What was queued already
//! is queued twice, and told and counted once.

use serde_json::{Value, json};
use shared::api::{App, Worker};
use shared::platform::error::{Error, Result};
use shared::worker;

/// The worker as it is served and tested.
pub const WORKER: Worker = worker!(handle);

/// Plans what is told of a batch of changes.
///
/// # Errors
/// A record of a shape that nobody knows; SQS or DynamoDB does not answer.
pub async fn handle(app: &App, event: Value) -> Result<Value> {
    let records = event.get("Records").and_then(Value::as_array);
    let records = records.ok_or_else(|| Error::unknown_event("this is no batch of a stream"))?;
    // First, so that what cannot be told of is counted all the same.
    app.noting()?.note(records).await?;
    let planned = app.planning()?.plan(records).await?;
    let deliveries = app.announce(&planned).await?;
    Ok(json!({"planned": planned.len(), "deliveries": deliveries}))
}
