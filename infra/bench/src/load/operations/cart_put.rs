//! Puts a product into the cart.

use super::super::shopper::Shopper;

/// Does it.
pub async fn run(who: &mut Shopper, name: &'static str) {
    let product = who.dice.one_of(&who.market.shelves).id.clone();
    let quantity = 1 + who.dice.below(3);
    who.put(name, &product, quantity).await;
}
