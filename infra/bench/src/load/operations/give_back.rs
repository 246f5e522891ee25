//! Gives a unit of a delivered order back, which the pharmacist takes.

use serde_json::json;

use super::super::shopper::Shopper;

/// Does it.
pub async fn run(who: &mut Shopper, name: &'static str) {
    let Some((id, product)) = who.has.delivered.pop() else { return };
    let path = format!("/v1/orders/{id}/returns");
    let body = json!({"lines": [{"product_id": product, "quantity": 1}], "reason": "It was open."});
    let asked = who.me.post_once(name, &path, &body).await;
    if asked.status != 201 {
        return;
    }
    let resolve = format!("{path}/{}/resolve", asked.json()["id"].as_str().unwrap_or_default());
    let body = json!({"decision": "approve", "note": "Sorry."});
    who.market.pharmacist.ask("return resolve", |client| client.post(&resolve, &body)).await;
}
