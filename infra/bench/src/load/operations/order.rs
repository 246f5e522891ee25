//! Looks at an order that is on its way.

use super::super::shopper::Shopper;

/// Does it.
pub async fn run(who: &mut Shopper, name: &'static str) {
    let Some(order) = who.open_order() else { return };
    who.ask(name, |client| client.get(&format!("/v1/orders/{order}"))).await;
}
