//! Orders by card, and pays at the stand-in for Stripe as its script in a browser does.

use serde_json::{Value, json};

use super::super::shopper::Shopper;

/// Does it.
pub async fn run(who: &mut Shopper, name: &'static str) {
    let product = who.dice.one_of(&who.market.shelves).id.clone();
    if !who.put("cart put", &product, 1).await {
        return;
    }
    let Some(order) = who.place(name, "card", &[]).await else { return };
    let path = format!("/v1/orders/{}", order["id"].as_str().unwrap_or_default());
    let back = json!({"return_url": "http://localhost:3000/orders"});
    let started = who.ask("payment start", |client| client.post(&format!("{path}/payment"), &back)).await;
    if started.status != 200 {
        return;
    }
    if !at_the_provider(who, &started.json()["client"]).await {
        return;
    }
    // One of three does not come back from the page: the event alone tells.
    if who.dice.below(3) > 0 {
        who.ask("payment confirm", |client| client.post(&format!("{path}/payment/confirm"), &json!({}))).await;
    }
}

/// Whether the card was taken.
async fn at_the_provider(who: &Shopper, client: &Value) -> bool {
    let text = |name: &str| client[name].as_str().unwrap_or_default().to_owned();
    let (secret, key) = (text("client_secret"), text("publishable_key"));
    let intent = secret.split("_secret_").next().unwrap_or_default();
    let url = format!("{}/v1/payment_intents/{intent}/confirm", who.market.payments_url);
    let form = format!("client_secret={secret}&payment_method=pm_card_visa");
    let request = who.market.shop.guest.http().post(url).header("authorization", format!("Bearer {key}")).body(form);
    request.send().await.is_ok_and(|answer| answer.status().is_success())
}
