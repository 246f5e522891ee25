//! Stream of the catalogue's table, filtered to products and to what sellers say of themselves: who watches a product that costs
//! less now, or can be had again, gets a notice into the queue; and what a seller is called now is written on all that they sell.
//!
//! Both are one function, since a shard of a stream has room for two readers and the other is `catalog-index-stock`. A batch that
//! fails anywhere fails as a whole and is split by Lambda until the record at fault is alone: what was queued already is queued
//! twice, and told once; a product that has the name is left alone. What a seller is called is asked when the work begins, so
//! that an old record never brings an old name back.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use shared::api::{App, Worker};
use shared::platform::error::{Error, Result};
use shared::platform::ids::UserId;
use shared::worker;

/// The worker as it is served and tested.
pub const WORKER: Worker = worker!(handle);

/// To how many products of a seller a name is brought at once; a change of the seller that this makes goes on with the next.
const AT_ONCE: u16 = 1_000;

/// Follows a batch of changes.
///
/// # Errors
/// A record of a shape that nobody knows; SQS or DynamoDB does not answer: the batch comes again.
pub async fn handle(app: &App, event: Value) -> Result<Value> {
    let records = event.get("Records").and_then(Value::as_array);
    let records = records.ok_or_else(|| Error::unknown_event("this is no batch of a stream"))?;
    let (sellers, products): (Vec<_>, Vec<_>) = records.iter().cloned().partition(is_of_a_seller);
    let told = app.watchmen()?.tell(&products).await?;
    let sellers = sellers.iter().map(seller).collect::<Result<BTreeSet<_>>>()?;
    let mut named = 0;
    for seller in &sellers {
        named += app.sellers().follow(seller, AT_ONCE).await?;
    }
    tracing::info!(watches.told = told, sellers.followed = sellers.len(), products.named = named);
    Ok(json!({ "told": told, "named": named }))
}

fn is_of_a_seller(record: &Value) -> bool {
    record.pointer("/dynamodb/Keys/sk/S").and_then(Value::as_str) == Some("SELLER")
}

fn seller(record: &Value) -> Result<UserId> {
    let key = record.pointer("/dynamodb/Keys/pk/S").and_then(Value::as_str).unwrap_or_default();
    let id = key.strip_prefix("SELLER#").unwrap_or_default();
    UserId::parse(id).map_err(|invalid| Error::unknown_event("this is no change of a seller").caused_by(invalid))
}
