//! Every hour: listens to the providers' own lists of events, for those whose webhooks were lost.
//!
//! It moves no money: an order that an event is about is asked for at its provider, and what there is to do the worker
//! `payments-settle` does.

use serde_json::{Value, json};
use shared::api::{App, Worker};
use shared::audit::Origin;
use shared::platform::error::{Error, Result};
use shared::worker;

/// The worker as it is served and tested.
pub const WORKER: Worker = worker!(handle).knows_providers();

/// Listens. Whatever the event says, it comes from the schedule.
///
/// # Errors
/// A provider could not be listened to, or an event not be noted: the next run does it.
pub async fn handle(app: &App, _event: Value) -> Result<Value> {
    let heard = app.listening().await?.run(&Origin::new("payments-listen", None)).await;
    tracing::info!(payments.events = heard.events, payments.failed = heard.failed);
    if heard.failed > 0 {
        return Err(Error::unavailable(format!("{} could not be dealt with", heard.failed)));
    }
    Ok(json!({"events": heard.events}))
}
