//! Orders take one permitted step after the other, cost what their lines cost, and are listed where they stand.

use shared::orders::order::Order;
use shared::orders::status::Status;
use shared::platform::dynamo::{from_item, s};

use super::Tables;

pub(super) fn find(tables: &Tables) -> Vec<String> {
    let mut found: Vec<_> = tables.orders.values().flat_map(|order| [steps(order), sums(order)]).flatten().collect();
    for (key, item) in tables.items("orders", "ORDER#", "ORDER") {
        let order: Order = from_item(item.clone()).expect("an order");
        let listed = format!("STATUS#{}", order.status.as_str());
        if item.get("status_key") != Some(&s(&listed)) {
            found.push(format!("{} is {} and not listed there", key.pk, order.status.as_str()));
        }
    }
    found
}

fn steps(order: &Order) -> Option<String> {
    let steps: Vec<Status> = order.history.iter().map(|step| step.status).collect();
    let right = steps.first() == Some(&Status::Placed)
        && steps.last() == Some(&order.status)
        && steps.windows(2).all(|pair| pair[0].may_become(pair[1]));
    (!right).then(|| format!("{} is {} after {steps:?}", order.id, order.status.as_str()))
}

fn sums(order: &Order) -> Option<String> {
    let totals = &order.totals;
    let lines: i64 = order.lines.iter().map(|line| line.offer.price.amount() * i64::from(line.quantity)).sum();
    let discounts: i64 = order.lines.iter().map(|line| line.discount).sum();
    let total = totals.subtotal.amount() - totals.discount.amount() + totals.delivery.amount();
    let right =
        totals.subtotal.amount() == lines && totals.total.amount() == total && totals.discount.amount() == discounts;
    (!right).then(|| format!("{}: lines for {lines} less {discounts} come to {totals:?}", order.id))
}
