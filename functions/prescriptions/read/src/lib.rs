//! Object created in the scans bucket under `clean/prescriptions/`: has a machine read the checked file of a prescription,
//! where `PrescriptionReading` says so, for the pharmacist who will take it in hand.

use serde_json::{Value, json};
use shared::api::{App, Worker};
use shared::audit::Origin;
use shared::platform::error::{Error, Result};
use shared::platform::objects::ObjectCreated;
use shared::prescriptions::suggest::Known;
use shared::prescriptions::{Transcribed, document};

/// The worker as it is served and tested.
pub const WORKER: Worker = shared::worker!(handle);

/// Reads one file; an event that comes again changes nothing.
///
/// # Errors
/// An event of another sort; or DynamoDB, S3 or Textract does not answer: the event is delivered again, then kept.
pub async fn handle(app: &App, event: Value) -> Result<Value> {
    let created = ObjectCreated::from_event(&event)?;
    let stray = || Error::unknown_event("this object is no checked file of a prescription");
    let id = document::of_checked_key(&created.key).ok_or_else(stray)?;
    let origin = Origin::new(event.get("id").and_then(Value::as_str).unwrap_or("prescriptions-read"), None);
    let known = async || Ok(Known::of(&*app.browsing().index().await?));
    let reader = app.prescription_reader();
    let transcribed = app.prescriptions()?.transcribe(&origin, id, &created.key, reader.as_ref(), known).await?;
    let outcome = match transcribed {
        Transcribed::Read => "read",
        Transcribed::Unreadable => "unreadable",
        Transcribed::Nothing => "nothing",
    };
    Ok(json!({"prescription": id, "outcome": outcome}))
}
