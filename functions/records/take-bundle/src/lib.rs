//! Object created in the scans bucket under `incoming/record-imports/`: takes the resources of an uploaded bundle in, from where the
//! run before came to.

use serde_json::{Value, json};
use shared::api::{App, Worker};
use shared::platform::error::{Error, Result};
use shared::platform::objects::ObjectCreated;
use shared::records::BundleRun;
use shared::records::bundle::UploadedBundle;

/// The worker as it is served and tested.
pub const WORKER: Worker = shared::worker!(handle);

/// Takes one bundle in; an event that comes again goes on where the run before died, or changes nothing.
///
/// # Errors
/// An event of another sort, or DynamoDB or S3 does not answer: the event is delivered again, then kept.
pub async fn handle(app: &App, event: Value) -> Result<Value> {
    let created = ObjectCreated::from_event(&event)?;
    let stray = || Error::unknown_event("no import waits for this object");
    let place = UploadedBundle::of_key(&created.key).ok_or_else(stray)?;
    let outcome = match app.records()?.take_bundle(place).await? {
        BundleRun::Over => "over",
        BundleRun::Overtaken => "overtaken",
        BundleRun::Nothing => "nothing",
    };
    Ok(json!({"import": place.import, "outcome": outcome}))
}
