//! Calls an order off.

use super::super::shopper::Shopper;

/// Does it.
pub async fn run(who: &mut Shopper, name: &'static str) {
    let Some(id) = who.open_order() else { return };
    let answer = who.ask(name, |client| client.post_nothing(&format!("/v1/orders/{id}/cancel"))).await;
    if answer.status == 200 {
        who.closed(&id);
    }
}
