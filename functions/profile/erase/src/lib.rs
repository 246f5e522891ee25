//! Every hour: erases the people who have asked for it, and deletes what had to be kept of others and need not any more.
//!
//! Invoked by hand with `{"user": "<id>"}` it erases that person without waiting for their time, if they have asked for it.

use serde_json::{Value, json};
use shared::api::{App, Worker};
use shared::platform::error::{Error, Result};
use shared::platform::ids::UserId;
use shared::worker;

/// The worker as it is served and tested.
pub const WORKER: Worker = worker!(handle);

/// Does what is due. Whatever else the event says, it comes from the schedule.
///
/// # Errors
/// Some of it could not be done: the next run does it. Or the event names somebody by what is no id.
pub async fn handle(app: &App, event: Value) -> Result<Value> {
    let erasing = app.erasing()?;
    let run = match event.get("user") {
        Some(user) => erasing.run_for(&UserId::parse(user.as_str().unwrap_or_default()).map_err(unknown)?).await?,
        None => erasing.run().await?,
    };
    tracing::info!(
        erasure.erased = run.erased,
        erasure.unsettled = run.unsettled,
        erasure.expired = run.expired,
        erasure.failed = run.failed
    );
    if run.failed > 0 {
        return Err(Error::unavailable(format!("{} could not be done", run.failed)));
    }
    Ok(json!({"erased": run.erased, "unsettled": run.unsettled, "expired": run.expired}))
}

fn unknown(invalid: shared::platform::fields::Invalid) -> Error {
    Error::unknown_event("user is not the id of a person").caused_by(invalid)
}
