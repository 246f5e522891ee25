//! Every quarter of an hour: what was held back over the night, and what people are to be reminded of, goes on its way; and the
//! staff is told where prescriptions wait for too long.

use serde_json::{Value, json};
use shared::api::{App, Worker};
use shared::platform::error::{Error, Result};
use shared::worker;

/// The worker as it is served and tested.
pub const WORKER: Worker = worker!(handle);

/// Does what is due. Whatever the event says, it comes from the schedule.
///
/// # Errors
/// Some of it could not be done: the next run does it.
pub async fn handle(app: &App, _event: Value) -> Result<Value> {
    let run = app.reminding()?.run().await?;
    tracing::info!(notices.queued = run.queued, notices.dropped = run.dropped, notices.failed = run.failed);
    if run.failed > 0 {
        return Err(Error::unavailable(format!("{} could not be done", run.failed)));
    }
    Ok(json!({"queued": run.queued, "dropped": run.dropped}))
}
