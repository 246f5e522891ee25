//! Watches a product.

use serde_json::json;

use super::super::shopper::Shopper;

/// Does it.
pub async fn run(who: &mut Shopper, name: &'static str) {
    let path = format!("{}/watch", who.dice.one_of(&who.market.shelves).path());
    who.ask(name, |client| client.put(&path, &json!({"back_in_stock": true}))).await;
}
