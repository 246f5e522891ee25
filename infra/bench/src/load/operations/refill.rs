//! Orders the next fill of a prescription.

use serde_json::json;

use super::super::shopper::Shopper;

/// Does it.
pub async fn run(who: &mut Shopper, name: &'static str) {
    let Some((id, _)) = who.has.approved.clone() else { return };
    if who.has.address.is_none() {
        let kept = who.ask("address add", |client| client.post("/v1/profile/addresses", &e2e::address())).await;
        if kept.status != 201 {
            return;
        }
        who.has.address = kept.json()["id"].as_str().map(str::to_owned);
    }
    let body = json!({"address_id": who.has.address, "payment_method": "cod"});
    let answer = who.me.post_once(name, &format!("/v1/prescriptions/{id}/refills"), &body).await;
    match answer.status {
        201 => {
            let filled = who.has.in_cart;
            who.placed(&answer);
            // A refill leaves the cart alone.
            who.has.in_cart = filled;
        }
        409 => who.has.approved = None,
        _ => {}
    }
}
