//! Looks at a product.

use super::super::shopper::Shopper;

/// Does it.
pub async fn run(who: &mut Shopper, name: &'static str) {
    let path = who.dice.one_of(&who.market.shelves).path();
    who.ask(name, |client| client.get(&path)).await;
}
