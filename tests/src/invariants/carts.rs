//! Carts hold what a cart may, and remember each order of theirs once, by its key.

use std::collections::BTreeSet;

use shared::orders::cart::{Cart, MAX_LINES, MAX_ORDERS_A_DAY};
use shared::platform::dynamo::from_item;

use super::Tables;

/// The orders that carts know.
pub(super) fn of(tables: &Tables) -> usize {
    let carts = tables.items("orders", "CART#", "CART");
    carts.map(|(_, item)| from_item::<Cart>(item.clone()).expect("a cart").placed.len()).sum()
}

pub(super) fn find(tables: &Tables) -> Vec<String> {
    let mut found = Vec::new();
    for (key, item) in tables.items("orders", "CART#", "CART") {
        let cart: Cart = from_item(item.clone()).expect("a cart");
        let customer = key.pk.trim_start_matches("CART#");
        let products: BTreeSet<_> = cart.lines.iter().map(|line| line.offer.product_id).collect();
        if cart.lines.len() > MAX_LINES || products.len() != cart.lines.len() {
            found.push(format!("{customer} has {} lines of {} products", cart.lines.len(), products.len()));
        }
        let keys: BTreeSet<_> = cart.placed.iter().map(|mark| &mark.key).collect();
        let orders: BTreeSet<_> = cart.placed.iter().map(|mark| mark.order_id).collect();
        if keys.len() != cart.placed.len() || orders.len() != keys.len() || keys.len() > MAX_ORDERS_A_DAY {
            found.push(format!(
                "{customer}: {} marks of {} keys and {} orders",
                cart.placed.len(),
                keys.len(),
                orders.len()
            ));
        }
        for order in orders {
            let theirs = tables.orders.get(&order).is_some_and(|order| order.customer.to_string() == customer);
            if !theirs {
                found.push(format!("{customer} is said to have placed {order}, and has not"));
            }
        }
    }
    found
}
