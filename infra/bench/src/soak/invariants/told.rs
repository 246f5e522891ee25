//! What clients were told was done, was done, for them, and once.

use std::collections::BTreeMap;

use support::invariants::Tables;

use super::Verdict;
use crate::load::book::Pages;

/// Every order that was answered with 201 is there, of the customer who was told, and no two answers name the same.
pub fn orders(pages: &Pages, tables: &Tables) -> Verdict {
    let mut found = Vec::new();
    let mut times = BTreeMap::new();
    for (customer, order) in &pages.orders {
        if tables.customer_of(order).as_deref() != Some(customer) {
            found.push(format!("{customer} was told of {order}, which is not there for them"));
        }
        *times.entry(order).or_insert(0) += 1;
    }
    let twice = times.iter().filter(|(_, times)| **times > 1);
    found.extend(twice.map(|(order, times)| format!("{order} was the answer to {times} different orders")));
    Verdict::of("orders that customers were told of are there", pages.orders.len(), found)
}

/// Every message that was answered with 201 stands in its consultation under the name that its client gave it.
pub fn messages(pages: &Pages, tables: &Tables) -> Verdict {
    let there = tables.messages();
    let is_there = |said: &crate::load::book::Said| {
        there.get(&said.message).is_some_and(|(of, name)| *of == said.consultation && *name == said.client_id)
    };
    let lost = pages.said.iter().filter(|said| !is_there(said));
    let found =
        lost.map(|said| format!("{} of {} is not there as {}", said.message, said.consultation, said.client_id));
    Verdict::of("messages that were accepted are there", pages.said.len(), found.collect())
}
