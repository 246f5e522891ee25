//! Moves money: woken by the stream of the orders' table, for orders with something to be done now, and every minute for all
//! that is due.
//!
//! A record of the stream is only a hint: the order is read anew, and one that fails stays due, so no record is ever given back
//! to the stream, doubled ones do nothing, and their order does not matter.
//!
//! Called by hand with `{"ask": ["ord_…"]}`, it asks the providers about these orders, whatever is due.

use serde_json::{Value, json};
use shared::api::{App, Worker};
use shared::audit::Origin;
use shared::platform::error::Result;
use shared::platform::ids::OrderId;
use shared::worker;

/// The worker as it is served and tested.
pub const WORKER: Worker = worker!(handle).knows_providers();

/// Settles the orders that the event names, or asks about them; every order that is due, where it comes from the schedule.
///
/// # Errors
/// The list of what is due cannot be read: the next minute does it.
pub async fn handle(app: &App, event: Value) -> Result<Value> {
    let settling = app.settling().await?;
    let origin = Origin::new("payments-settle", None);
    let list = |name: &str| event.get(name).and_then(Value::as_array);
    let settled = match (list("Records"), list("ask")) {
        (Some(records), _) => {
            let mut named: Vec<OrderId> = records.iter().filter_map(order).collect();
            named.sort_unstable();
            named.dedup();
            settling.settle_all(&named, &origin).await
        }
        (None, Some(asked)) => {
            let id = |id: &Value| OrderId::parse(id.as_str()?).ok();
            let named: Vec<OrderId> = asked.iter().filter_map(id).collect();
            settling.ask_all(&named, &origin).await
        }
        (None, None) => settling.sweep(&origin).await?,
    };
    tracing::info!(payments.orders = settled.orders, payments.failed = settled.failed);
    Ok(json!({"batchItemFailures": [], "orders": settled.orders, "failed": settled.failed}))
}

fn order(record: &Value) -> Option<OrderId> {
    let key = record.pointer("/dynamodb/Keys/pk/S")?.as_str()?;
    OrderId::parse(key.strip_prefix("ORDER#")?).ok()
}
