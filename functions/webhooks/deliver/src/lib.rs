//! Every minute: posts what others' systems are to be told of, and tries again what was not taken.

use serde_json::{Value, json};
use shared::api::{App, Worker};
use shared::platform::error::{Error, Result};
use shared::worker;

/// The worker as it is served and tested.
pub const WORKER: Worker = Worker { prepare: Some(|app| Box::pin(app.prepare_keys())), ..worker!(handle) };

/// Posts what is due. Whatever the event says, it comes from the schedule.
///
/// # Errors
/// Some of it could not be dealt with: the next run does it. That an address does not take something is no error.
pub async fn handle(app: &App, _event: Value) -> Result<Value> {
    app.prepare_keys().await?;
    let run = app.delivering()?.run().await?;
    tracing::info!(webhooks.taken = run.taken, webhooks.refused = run.refused, webhooks.failed = run.failed);
    if run.failed > 0 {
        return Err(Error::unavailable(format!("{} could not be done", run.failed)));
    }
    Ok(json!({"taken": run.taken, "refused": run.refused}))
}
