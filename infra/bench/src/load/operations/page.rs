//! Opens a page of the catalogue.

use super::super::shopper::Shopper;

/// Does it.
pub async fn run(who: &mut Shopper, name: &'static str) {
    who.ask(name, |client| client.get("/v1/products?limit=24&sort=-created_at")).await;
}
