//! Event `Object Created` under `incoming/pages/` of the media bucket: checks an uploaded picture of a page.

use serde_json::Value;
use shared::api::{App, Worker};
use shared::content::images::IncomingImage;
use shared::platform::error::{Error, Result};
use shared::platform::objects::ObjectCreated;
use shared::worker;

/// The worker as it is served and tested.
pub const WORKER: Worker = worker!(handle);

/// Checks one upload.
///
/// # Errors
/// An event of something else; or S3 or DynamoDB does not answer, and the event comes again.
pub async fn handle(app: &App, event: Value) -> Result<Value> {
    let created = ObjectCreated::from_event(&event)?;
    let incoming = IncomingImage::parse(&created.key)
        .ok_or_else(|| Error::unknown_event("this is no key of a picture of a page"))?;
    app.page_images()?.accept(&incoming).await?;
    Ok(Value::Null)
}
