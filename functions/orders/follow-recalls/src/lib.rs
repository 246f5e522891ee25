//! Every minute: finds the orders with units of lots that were called back, and marks them. What is in a parcel may not leave
//! from the moment of the recall on; whom the rest went to is told by `notifications-plan`, which the marks wake.

use serde_json::{Value, json};
use shared::api::{App, Worker};
use shared::audit::Origin;
use shared::platform::error::Result;
use shared::worker;

/// The worker as it is served and tested.
pub const WORKER: Worker = worker!(handle);

/// Does what is due. Whatever the event says, it comes from the schedule.
///
/// # Errors
/// The list of what is due cannot be read: the next minute does it.
pub async fn handle(app: &App, _event: Value) -> Result<Value> {
    let run = app.following().run(&Origin::new("orders-follow-recalls", None)).await?;
    tracing::info!(orders.marked = run.marked, recalls.finished = run.finished, recalls.failed = run.failed);
    Ok(json!({"marked": run.marked, "finished": run.finished, "failed": run.failed}))
}
