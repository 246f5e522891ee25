//! Every six hours: takes lots whose last day has passed out of what is available. Orders that can no longer be filled wait for
//! the pharmacy from then on, which their holds say.

use serde_json::{Value, json};
use shared::api::{App, Worker};
use shared::platform::error::Result;
use shared::worker;

/// The worker as it is served and tested.
pub const WORKER: Worker = worker!(handle);

/// Does what is due. Whatever the event says, it comes from the schedule.
///
/// # Errors
/// DynamoDB does not answer: the next run goes on.
pub async fn handle(app: &App, _event: Value) -> Result<Value> {
    let expired = app.expiring().run().await?;
    tracing::info!(lots.expired = expired);
    Ok(json!({ "expired": expired }))
}
