//! Stream of the catalogue's table, filtered to stock: tells shoppers when a product is running low, out, or back, and
//! writes down what has moved.
//!
//! The stream keeps the changes of a product in order, may bring some twice, and goes on from the first that failed. A
//! change is noted with the version of the stock it comes from, and an older one never undoes a newer one.

use serde_json::{Value, json};
use shared::api::{App, Worker};
use shared::catalog::stock_change::StockChange;
use shared::platform::error::Result;
use shared::worker;

/// The worker as it is served and tested.
pub const WORKER: Worker = worker!(handle);

/// Follows a batch of changes, and says where to go on when one fails.
///
/// # Errors
/// None: what fails is in the answer.
pub async fn handle(app: &App, event: Value) -> Result<Value> {
    let records = event.get("Records").and_then(Value::as_array);
    for record in records.into_iter().flatten() {
        if let Err(error) = follow(app, record).await {
            tracing::error!(
                error.code = error.code(),
                error.cause = error.cause(),
                "a change of stock was not followed"
            );
            let failed = record.pointer("/dynamodb/SequenceNumber");
            return Ok(json!({"batchItemFailures": [{"itemIdentifier": failed}]}));
        }
    }
    Ok(json!({"batchItemFailures": []}))
}

async fn follow(app: &App, record: &Value) -> Result<()> {
    let Some(change) = StockChange::from_record(record)? else { return Ok(()) };
    if change.is_news() {
        app.products().follow_stock(change.product, change.after, change.version).await?;
    }
    if change.has_moved {
        app.stock_adjustments().write_down(change.product).await?;
    }
    Ok(())
}
