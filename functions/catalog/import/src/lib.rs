//! Object created in the scans bucket under `incoming/imports/`: takes the rows of an imported table in, or goes on where the
//! run before had no time left.

use serde_json::{Value, json};
use shared::api::{App, Worker};
use shared::imports::Ran;
use shared::imports::import::Incoming;
use shared::platform::error::{Error, Result};
use shared::platform::objects::ObjectCreated;

/// The worker as it is served and tested.
pub const WORKER: Worker = shared::worker!(handle);

/// Takes one import in, as far as time allows; an event that comes again changes nothing.
///
/// # Errors
/// An event of another sort, or DynamoDB or S3 does not answer: the event is delivered again, then kept.
pub async fn handle(app: &App, event: Value) -> Result<Value> {
    let created = ObjectCreated::from_event(&event)?;
    let stray = || Error::unknown_event("no import waits for this object");
    let arrived = Incoming::of_key(&created.key).ok_or_else(stray)?;
    let outcome = match app.importing()?.run(arrived).await? {
        Ran::Nothing => "nothing",
        Ran::Over => "over",
        Ran::HandedOver => "handed_over",
        Ran::Overtaken => "overtaken",
    };
    Ok(json!({"import": arrived.import, "outcome": outcome}))
}
