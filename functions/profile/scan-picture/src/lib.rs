//! Object created in the media bucket under `incoming/avatars/`: checks an uploaded profile picture and shows it.

use serde_json::{Value, json};
use shared::accounts::{Checked, PictureUpload};
use shared::api::{App, Worker};
use shared::platform::error::{Error, Result};
use shared::platform::objects::ObjectCreated;
use shared::worker;

/// The worker as it is served and tested.
pub const WORKER: Worker = worker!(handle);

/// Checks one upload; an event that comes again changes nothing.
///
/// # Errors
/// An event of another sort; or DynamoDB or S3 does not answer, and the event comes again.
pub async fn handle(app: &App, event: Value) -> Result<Value> {
    let created = ObjectCreated::from_event(&event)?;
    let upload = PictureUpload::of_key(&created.key)
        .ok_or_else(|| Error::unknown_event("this is no key of a profile picture"))?;
    let outcome = match app.profile_pictures()?.check(&upload).await? {
        Checked::Shown => "shown",
        Checked::Refused(reason) => reason,
        Checked::Overtaken => "overtaken",
    };
    Ok(json!({"picture": upload.picture, "outcome": outcome}))
}
