//! Every minute: publishes the versions of pages whose time has come.

use serde_json::{Value, json};
use shared::api::{App, Worker};
use shared::platform::error::{Error, Result};
use shared::worker;

/// The worker as it is served and tested.
pub const WORKER: Worker = worker!(handle);

/// Publishes what is due. Whatever the event says, it comes from the schedule.
///
/// # Errors
/// Some of it could not be done: the next run does it.
pub async fn handle(app: &App, _event: Value) -> Result<Value> {
    let run = app.publishing().publish_due().await?;
    tracing::info!(content.published = run.published, content.moved = run.moved, content.failed = run.failed);
    if run.failed > 0 {
        return Err(Error::unavailable(format!("{} could not be published", run.failed)));
    }
    Ok(json!({"published": run.published}))
}
