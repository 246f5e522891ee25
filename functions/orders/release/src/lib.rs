//! Every hour: calls off orders whose prescriptions were rejected or taken back long enough ago, so that what was set aside
//! for them can be sold. Their customers are told as of every step of an order, by `notifications-plan`.
//!
//! Invoked by hand with `{"order": "<id>"}` it does not wait with that order, if nothing can cover it any more.

use serde_json::{Value, json};
use shared::api::{App, Worker};
use shared::platform::error::{Error, Result};
use shared::platform::fields::Invalid;
use shared::platform::ids::OrderId;
use shared::worker;

/// The worker as it is served and tested.
pub const WORKER: Worker = worker!(handle);

/// Does what is due. Whatever else the event says, it comes from the schedule.
///
/// # Errors
/// Some of it could not be done: the next run does it. Or the event names an order by what is no id.
pub async fn handle(app: &App, event: Value) -> Result<Value> {
    let releasing = app.releasing();
    let run = match event.get("order") {
        Some(order) => releasing.run_for(OrderId::parse(order.as_str().unwrap_or_default()).map_err(unknown)?).await?,
        None => releasing.run().await?,
    };
    tracing::info!(orders.released = run.released, orders.failed = run.failed);
    if run.failed > 0 {
        return Err(Error::unavailable(format!("{} could not be done", run.failed)));
    }
    Ok(json!({"released": run.released}))
}

fn unknown(invalid: Invalid) -> Error {
    Error::unknown_event("order is not the id of an order").caused_by(invalid)
}
