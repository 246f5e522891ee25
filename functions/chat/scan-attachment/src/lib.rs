//! Object created in the scans bucket under `incoming/attachments/`: checks an uploaded file of a consultation.

use serde_json::{Value, json};
use shared::api::{App, Worker};
use shared::consultations::{Scanned, attachment};
use shared::platform::error::{Error, Result};
use shared::platform::objects::ObjectCreated;

/// The worker as it is served and tested.
pub const WORKER: Worker = shared::worker!(handle);

/// Checks one upload; an event that comes again changes nothing.
///
/// # Errors
/// An event of another sort, or DynamoDB or S3 does not answer: the event is delivered again, then kept.
pub async fn handle(app: &App, event: Value) -> Result<Value> {
    let created = ObjectCreated::from_event(&event)?;
    let stray = || Error::unknown_event("no consultation waits for this object");
    let (consultation, id) = attachment::of_incoming_key(&created.key).ok_or_else(stray)?;
    let outcome = match app.attachments()?.scan(consultation, id).await? {
        Scanned::Checked => "checked",
        Scanned::Refused(refusal) => refusal.as_str(),
        Scanned::Nothing => "nothing",
    };
    Ok(json!({"attachment": id, "outcome": outcome}))
}
