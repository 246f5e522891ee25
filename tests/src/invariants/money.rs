//! No payment is under way, none has said two things, and what the provider has is what the orders say.

use std::collections::{BTreeMap, BTreeSet};

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

/// What of Stripe's ledger (`{"intents": […]}`) is not what the orders by card say.
///
/// # Panics
/// Where it is not such a ledger.
pub fn against_ledger(tables: &Tables, ledger: &Value) -> Vec<String> {
    let by_card = || online(tables).filter(|(order, _)| order.payment.method() == PaymentMethod::Card);
    let attempts = by_card()
        .flat_map(|(order, payment)| payment.attempts.iter().map(move |one| (one.reference.as_str(), order.id)));
    let attempts: BTreeMap<&str, OrderId> = attempts.collect();
    let mut sums = BTreeMap::<OrderId, [i64; 4]>::new();
    let mut found = Vec::new();
    for intent in ledger["intents"].as_array().expect("the ledger of Stripe") {
        let id = intent["id"].as_str().expect("the id of an intent");
        let [held, captured, refunded, captures] =
            ["held", "captured", "refunded", "captures"].map(|name| intent[name].as_i64().unwrap_or_default());
        match attempts.get(id) {
            Some(order) => {
                let sum = sums.entry(*order).or_default();
                for (sum, by) in sum.iter_mut().zip([held, captured, refunded, captures]) {
                    *sum += by;
                }
            }
            // One that was opened for nobody, with nothing in it, is given up by itself.
            None if held == 0 && captured == refunded => {}
            None => found.push(format!("{id} has money and belongs to no order: {intent}")),
        }
    }
    let known: BTreeSet<_> = sums.keys().copied().collect();
    for (order, payment) in by_card() {
        let [held, captured, refunded, captures] = sums.get(&order.id).copied().unwrap_or_default();
        if (payment.taken(), payment.returned()) != (captured, refunded) {
            let said = (payment.taken(), payment.returned());
            found.push(format!(
                "{} says that {said:?} was taken and returned, the provider {captured} and {refunded}",
                order.id
            ));
        }
        if order.status == Status::Cancelled && (held, captured) != (0, refunded) {
            found.push(format!(
                "{} was called off, and the provider holds {held} and keeps {captured} less {refunded}",
                order.id
            ));
        }
        if usize::try_from(captures).is_ok_and(|captures| captures > payment.attempts.len()) {
            found.push(format!("{} was captured {captures} times", order.id));
        }
        if !payment.attempts.is_empty() && !known.contains(&order.id) {
            found.push(format!("{} was tried to be paid, and the provider knows nothing of it", order.id));
        }
    }
    found
}
