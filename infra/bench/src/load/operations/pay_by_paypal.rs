//! Orders by PayPal, and agrees on the page of its stand-in as a browser does.

use serde_json::json;

use super::super::shopper::Shopper;

/// Does it.
pub async fn run(who: &mut Shopper, name: &'static str) {
    let product = who.dice.one_of(&who.market.shelves).id.clone();
    if !who.put("cart put", &product, 1).await {
        return;
    }
    let Some(order) = who.place(name, "paypal", &[]).await else { return };
    let path = format!("/v1/orders/{}", order["id"].as_str().unwrap_or_default());
    let back = json!({"return_url": "http://localhost:3000/orders"});
    let started = who.ask("payment start", |client| client.post(&format!("{path}/payment"), &back)).await;
    if started.status != 200 {
        return;
    }
    let page = started.json()["client"]["url"].as_str().unwrap_or_default().to_owned();
    // Nothing answers where one is led back to.
    drop(who.market.shop.guest.http().post(page).body("act=pay").send().await);
    if who.dice.below(3) > 0 {
        who.ask("payment confirm", |client| client.post(&format!("{path}/payment/confirm"), &json!({}))).await;
    }
}
