//! Every quarter of an hour: writes a snapshot of all that is on sale, where enough has changed since the last, so that an instance
//! that begins to search reads it in place of the table.
//!
//! Two at once write the same; killed before the one write that counts, the last snapshot stays, and all that was changed since it
//! is still read beside it.

use serde_json::{Value, json};
use shared::api::{App, Worker};
use shared::platform::error::Result;
use shared::worker;

/// The worker as it is served and tested.
pub const WORKER: Worker = worker!(handle);

/// Writes one where it is worth it. Whatever the event says, it comes from the schedule.
///
/// # Errors
/// DynamoDB or S3 does not answer: the next run begins anew.
pub async fn handle(app: &App, _event: Value) -> Result<Value> {
    let written = app.snapshot_writer()?.run().await?;
    tracing::info!(
        snapshot.products = written.products,
        snapshot.bytes = written.bytes,
        snapshot.whole = written.whole
    );
    Ok(json!({"products": written.products, "bytes": written.bytes, "whole": written.whole}))
}
