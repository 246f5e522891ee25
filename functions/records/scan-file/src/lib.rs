//! Object created in the scans bucket under `incoming/records/`: checks the uploaded file of a record.

use serde_json::{Value, json};
use shared::api::{App, Worker};
use shared::platform::error::{Error, Result};
use shared::platform::objects::ObjectCreated;
use shared::records::file::UploadedFile;

/// The worker as it is served and tested.
pub const WORKER: Worker = shared::worker!(handle);

/// Checks one upload; an event that comes again changes nothing.
///
/// # Errors
/// An event of another sort, or DynamoDB or S3 does not answer: the event is delivered again, then kept.
pub async fn handle(app: &App, event: Value) -> Result<Value> {
    let created = ObjectCreated::from_event(&event)?;
    let stray = || Error::unknown_event("no record waits for this object");
    let place = UploadedFile::of_incoming_key(&created.key).ok_or_else(stray)?;
    let outcome = app.records()?.scan_file(place).await?;
    Ok(json!({"file": place.file, "outcome": outcome}))
}
