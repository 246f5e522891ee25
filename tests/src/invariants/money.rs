//! No payment is under way, none has said two things, and what the provider has is what the orders say.

use std::collections::BTreeMap;

use serde_json::Value;
use shared::orders::order::Order;
use shared::orders::status::Status;
use shared::payments::{Online, PaymentMethod};
use shared::platform::ids::OrderId;

use super::Tables;

/// The states of orders that are on their way, or with their customer.
const LEFT: [Status; 3] = [Status::Packed, Status::Shipped, Status::Delivered];

fn online(tables: &Tables) -> impl Iterator<Item = (&Order, &Online)> {
    tables.orders.values().filter_map(|order| Some((order, order.payment.online()?)))
}

/// The payments online.
pub(super) fn of(tables: &Tables) -> usize {
    online(tables).count()
}

pub(super) fn find(tables: &Tables) -> Vec<String> {
    let mut found = Vec::new();
    for (order, payment) in online(tables) {
        if payment.op.is_some() || payment.wake {
            found.push(format!("{}: something is still to be done: {:?}", order.id, payment.op));
        }
        let kept = payment.taken() - payment.returned();
        if order.status == Status::Cancelled && kept != 0 {
            found.push(format!("{} was called off, and {kept} is kept of it", order.id));
        }
        if LEFT.contains(&order.status) && payment.taken() < payment.due.amount() {
            found.push(format!("{} is {} without its money", order.id, order.status.as_str()));
        }
    }
    found.extend(trail(tables));
    found
}

/// Each step of a payment stands on the trail once in a row.
fn trail(tables: &Tables) -> Vec<String> {
    let mut steps = BTreeMap::<String, BTreeMap<&str, String>>::new();
    for (key, entry) in tables.json("audit", "DAY#", "aud_") {
        if entry["action"] == "payment.change" {
            let (order, step) =
                (entry["object"].as_str().unwrap_or_default(), entry["detail"].as_str().unwrap_or_default());
            steps.entry(order.to_owned()).or_default().insert(&key.sk, step.to_owned());
        }
    }
    let mut found = Vec::new();
    for (order, steps) in steps {
        let steps: Vec<_> = steps.into_values().collect();
        if steps.windows(2).any(|pair| pair[0] == pair[1]) {
            found.push(format!("{order}: a step stands twice on the trail: {steps:?}"));
        }
    }
    found
}

/// What of a provider's ledger is not what the orders say that are paid by it. Its entries are Stripe's `intents`, or PayPal's
/// `orders`.
///
/// # Panics
/// Where they are no list, or one has no id.
pub fn against_ledger(tables: &Tables, method: PaymentMethod, entries: &Value) -> Vec<String> {
    let by_it = || online(tables).filter(move |(order, _)| order.payment.method() == method);
    let attempts =
        by_it().flat_map(|(order, payment)| payment.attempts.iter().map(move |one| (one.reference.as_str(), order.id)));
    let attempts: BTreeMap<&str, OrderId> = attempts.collect();
    let mut sums = BTreeMap::<OrderId, [i64; 4]>::new();
    let mut found = Vec::new();
    for entry in entries.as_array().expect("the ledger of a provider") {
        let id = entry["id"].as_str().expect("the id of an entry");
        let entered = ["held", "captured", "refunded", "captures"].map(|name| entry[name].as_i64().unwrap_or_default());
        let [held, captured, refunded, _] = entered;
        match attempts.get(id) {
            Some(order) => {
                let sum = sums.entry(*order).or_default();
                for (sum, by) in sum.iter_mut().zip(entered) {
                    *sum += by;
                }
            }
            // One that was opened for nobody, with nothing in it, is given up by itself.
            None if held == 0 && captured == refunded => {}
            None => found.push(format!("{id} has money and belongs to no order: {entry}")),
        }
    }
    for (order, payment) in by_it() {
        let said = (payment.taken(), payment.returned());
        let [held, captured, refunded, captures] = sums.get(&order.id).copied().unwrap_or_default();
        if said != (captured, refunded) {
            let has = (captured, refunded);
            found.push(format!("{} says that {said:?} was taken and returned, the provider {has:?}", order.id));
        }
        if order.status == Status::Cancelled && (held, captured) != (0, refunded) {
            let has = [held, captured, refunded];
            found.push(format!("{} was called off; the provider has held, taken and returned {has:?}", order.id));
        }
        if usize::try_from(captures).is_ok_and(|captures| captures > payment.attempts.len()) {
            found.push(format!("{} was captured {captures} times", order.id));
        }
        if !payment.attempts.is_empty() && !sums.contains_key(&order.id) {
            found.push(format!("{} was tried to be paid, and the provider knows nothing of it", order.id));
        }
    }
    found
}
