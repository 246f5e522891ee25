//! The pharmacist receives units of a lot, again and again of the same few.

use serde_json::json;

use super::super::shopper::Shopper;

/// How many lots a product has beside the one that it began with.
const LOTS: usize = 6;

/// Does it.
pub async fn run(who: &mut Shopper, name: &'static str) {
    let (market, turn) = (&who.market, who.dice.below(LOTS));
    let any = who.dice.below(market.shelves.len() + market.prescribed.len());
    // Of the first there are to be few.
    let product = market.shelves.iter().chain(&market.prescribed).nth(any.max(1)).map(e2e::Product::path);
    let path = format!("{}/lots", product.unwrap_or_default());
    let body = json!({"number": format!("LOAD-{turn}"), "expires_on": "2099-12-31", "quantity": 5 + turn});
    market.pharmacist.post_once(name, &path, &body).await;
}
