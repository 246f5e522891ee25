//! The book of what an account's patients were supplied with, which rolling limits are counted by, has each order that was not
//! called off, with its units, and no other.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use shared::orders::order::Order;
use shared::orders::status::Status;
use shared::platform::ids::OrderId;

use super::Tables;

/// The orders that supply somebody.
pub(super) fn of(tables: &Tables) -> usize {
    tables.alive().filter(|order| order.erased.is_none()).count()
}

pub(super) fn find(tables: &Tables) -> Vec<String> {
    let mut found = Vec::new();
    let mut booked = BTreeSet::new();
    for (key, book) in tables.json("orders", "SUPPLIED#", "SELF") {
        let customer = key.pk.trim_start_matches("SUPPLIED#");
        for (id, supplied) in book.as_object().into_iter().flatten().filter(|(name, _)| name.starts_with("ord_")) {
            booked.insert(id.clone());
            let order = OrderId::parse(id).ok().and_then(|id| tables.orders.get(&id));
            let is_theirs =
                |order: &&Order| order.status != Status::Cancelled && order.customer.to_string() == customer;
            let Some(order) = order.filter(is_theirs) else {
                found.push(format!("{customer} is said to have {id}, which was called off or is not theirs"));
                continue;
            };
            let mut units = BTreeMap::new();
            for line in &order.lines {
                *units.entry(line.offer.product_id.to_string()).or_insert(0) += u64::from(line.quantity);
            }
            if units_of(supplied) != units {
                found.push(format!("{id} supplies {units:?}, and the book says {supplied}"));
            }
        }
    }
    let missing = tables.alive().filter(|order| order.erased.is_none() && !booked.contains(&order.id.to_string()));
    found.extend(missing.map(|order| format!("{} is in no book", order.id)));
    found
}

fn units_of(supplied: &Value) -> BTreeMap<String, u64> {
    let mut units = BTreeMap::new();
    for line in supplied["lines"].as_array().into_iter().flatten() {
        let product = line["product_id"].as_str().unwrap_or_default().to_owned();
        *units.entry(product).or_insert(0) += line["quantity"].as_u64().unwrap_or_default();
    }
    units
}
