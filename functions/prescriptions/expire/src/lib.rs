//! Every hour: gives up prescriptions whose files have not all come within a day, and deletes those that came. Their owners
//! are told by `notifications-plan`, unless they never sent anything.
//!
//! Invoked by hand with `{"prescription": "<id>"}` it does not wait with that prescription, if files of it are missing.

use serde_json::{Value, json};
use shared::api::{App, Worker};
use shared::platform::error::{Error, Result};
use shared::platform::fields::Invalid;
use shared::platform::ids::PrescriptionId;
use shared::prescriptions::Expired;
use shared::worker;

/// The worker as it is served and tested.
pub const WORKER: Worker = worker!(handle);

/// Does what is due. Whatever else the event says, it comes from the schedule.
///
/// # Errors
/// Some of it could not be done: the next run does it. Or the event names a prescription by what is no id.
pub async fn handle(app: &App, event: Value) -> Result<Value> {
    let prescriptions = app.prescriptions()?;
    let run = match event.get("prescription") {
        Some(id) => {
            let id = PrescriptionId::parse(id.as_str().unwrap_or_default()).map_err(unknown)?;
            Expired { expired: u32::from(prescriptions.give_up(id).await?), failed: 0 }
        }
        None => prescriptions.expire_uploads().await?,
    };
    tracing::info!(prescriptions.expired = run.expired, prescriptions.failed = run.failed);
    if run.failed > 0 {
        return Err(Error::unavailable(format!("{} could not be done", run.failed)));
    }
    Ok(json!({"expired": run.expired}))
}

fn unknown(invalid: Invalid) -> Error {
    Error::unknown_event("prescription is not the id of a prescription").caused_by(invalid)
}
