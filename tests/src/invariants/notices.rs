//! Each order lies in its customer's inbox as placed, and no step of it twice.

use std::collections::BTreeMap;

use super::Tables;

/// What is told of an order once; that money went back, or that a lot was called back, may be told of again.
const ONCE: [&str; 6] =
    ["order_placed", "order_verified", "order_packed", "order_shipped", "order_delivered", "order_cancelled"];

/// What lies in inboxes.
pub(super) fn of(tables: &Tables) -> usize {
    tables.items("notifications", "USER#", "INBOX#").count()
}

pub(super) fn find(tables: &Tables) -> Vec<String> {
    let mut told = BTreeMap::<(String, String, String), usize>::new();
    for (key, notice) in tables.json("notifications", "USER#", "INBOX#") {
        let text =
            |pointer: &str| notice.pointer(pointer).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
        if text("/about/type") == "order" && ONCE.contains(&text("/kind").as_str()) {
            let person = key.pk.trim_start_matches("USER#").to_owned();
            *told.entry((person, text("/about/id"), text("/kind"))).or_default() += 1;
        }
    }
    let twice = told.iter().filter(|(_, times)| **times > 1);
    let mut found: Vec<_> = twice
        .map(|((person, order, kind), times)| format!("{person} was told {times} times: {kind} of {order}"))
        .collect();
    for order in tables.orders.values() {
        let (person, id) = (order.customer.to_string(), order.id.to_string());
        if !told.contains_key(&(person.clone(), id.clone(), "order_placed".to_owned())) {
            found.push(format!("{person} was never told that {id} was placed"));
        }
    }
    found
}
