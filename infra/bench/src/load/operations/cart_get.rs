//! Looks at the cart.

use super::super::shopper::Shopper;

/// Does it.
pub async fn run(who: &mut Shopper, name: &'static str) {
    who.ask(name, |client| client.get("/v1/cart")).await;
}
