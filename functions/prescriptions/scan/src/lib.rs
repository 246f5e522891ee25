//! Object created in the scans bucket under `incoming/prescriptions/`: checks the uploaded file of a prescription.

use serde_json::{Value, json};
use shared::api::{App, Worker};
use shared::platform::error::{Error, Result};
use shared::platform::objects::ObjectCreated;
use shared::prescriptions::{Scanned, document};

/// The worker as it is served and tested.
pub const WORKER: Worker = shared::worker!(handle);

/// Checks one upload; an event that comes again changes nothing.
///
/// # Errors
/// An event of another sort, or DynamoDB or S3 does not answer: the event is delivered again, then kept.
pub async fn handle(app: &App, event: Value) -> Result<Value> {
    let created = ObjectCreated::from_event(&event)?;
    let stray = || Error::invalid("unknown_event", "no prescription waits for this object");
    let id = document::of_incoming_key(&created.key).ok_or_else(stray)?;
    let outcome = match app.prescriptions()?.scan(id).await? {
        Scanned::Pending => "pending",
        Scanned::Refused(refusal) => refusal.as_str(),
        Scanned::Nothing => "nothing",
    };
    Ok(json!({"prescription": id, "outcome": outcome}))
}
