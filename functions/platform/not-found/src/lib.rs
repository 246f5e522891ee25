//! Answers what no route of the API takes: 404, or 405 with the methods that the path takes, as a problem that a page may read.

use serde_json::Value;
use shared::api::{App, Worker, elsewhere};
use shared::platform::error::Result;
use shared::worker;

/// The worker as it is served and tested.
pub const WORKER: Worker = worker!(handle, without a database);

/// Answers one request.
///
/// # Errors
/// None.
pub async fn handle(_app: &App, event: Value) -> Result<Value> {
    Ok(elsewhere(&event).await)
}
