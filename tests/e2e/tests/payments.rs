//! Paying online, at stand-ins for the providers that the functions and a browser talk to as to the providers themselves.

use e2e::{Person, Product, Shop, Stack, address, covers, eventually, unique};
use serde_json::{Value, json};

/// An order that is to be paid by card.
async fn card_order(person: &Person, product: &Product) -> Value {
    order_by("card", person, product).await
}

/// An order that is to be paid so.
async fn order_by(method: &str, person: &Person, product: &Product) -> Value {
    person.fill_cart(&[(product, 2)]).await;
    let body = json!({"address": address(), "payment_method": method, "prescription_ids": []});
    person.post("/v1/orders", &body).key(&unique()).await.body(201)
}

fn path(order: &Value, rest: &str) -> String {
    format!("/v1/orders/{}{rest}", order["id"].as_str().unwrap())
}

/// Pays as Stripe's script in a browser does, by one of its cards for tests; the status of its answer.
async fn pay(shop: &Shop, client: &Value, card: &str) -> u16 {
    let secret = client["client_secret"].as_str().unwrap();
    let intent = secret.split_once("_secret_").unwrap().0;
    let url = Stack::read().payments_url.expect("the stack has a stand-in for Stripe");
    let form = format!("client_secret={secret}&payment_method={card}");
    let request = shop.guest.http().post(format!("{url}/v1/payment_intents/{intent}/confirm")).body(form);
    let key = client["publishable_key"].as_str().unwrap();
    request.header("authorization", format!("Bearer {key}")).send().await.unwrap().status().as_u16()
}

/// Waits until the payment of an order has come to `status`.
async fn paid(person: &Person, order: &Value, status: &str) -> Value {
    eventually(status, || async {
        let current = person.current(order).await;
        (current["payment"]["status"] == status).then_some(current)
    })
    .await
}

#[tokio::test]
async fn a_card_is_held_when_the_customer_pays_and_taken_when_a_pharmacist_has_checked() {
    covers!("payments-methods", "payments-start", "payments-settle", "payments-stripe-webhook");
    let shop = Shop::open();
    let methods = shop.guest.get("/v1/payments/methods").await.body(200);
    let names: Vec<_> = methods["items"].as_array().unwrap().iter().map(|one| one["method"].clone()).collect();
    assert_eq!(names, ["cod", "card", "paypal"]);
    let (anna, product) = (shop.customer().await, shop.product("otc", 450, 20).await);
    let order = card_order(&anna, &product).await;
    assert_eq!(order["holds"][0]["code"], "payment_required");
    let pharmacist = shop.pharmacist().await;
    pharmacist.transition(&order, "verified").await.problem(409, "payment_required");
    let back = json!({"return_url": "http://localhost:3000/orders"});
    let started = anna.post(&path(&order, "/payment"), &back).await.body(200);
    assert_eq!(pay(&shop, &started["client"], "pm_card_chargeDeclined").await, 402);
    assert_eq!(pay(&shop, &started["client"], "pm_card_visa").await, 200);
    // Nobody comes back from the page: the event alone tells.
    paid(&anna, &order, "authorized").await;
    anna.post(&path(&order, "/payment"), &back).await.problem(409, "already_paid");
    pharmacist.transition(&order, "verified").await.expect(200);
    let current = paid(&anna, &order, "captured").await;
    assert_eq!(current["payment"]["captured"], current["totals"]["total"]);
    pharmacist.transition(&order, "packed").await.expect(200);
}

#[tokio::test]
async fn what_was_taken_goes_back_when_it_is_asked_for_and_when_the_order_is_cancelled() {
    covers!("payments-confirm", "payments-refund", "payments-list-refunds");
    let shop = Shop::open();
    let (anna, product) = (shop.customer().await, shop.product("otc", 450, 20).await);
    let order = card_order(&anna, &product).await;
    let back = json!({"return_url": "http://localhost:3000/orders"});
    let started = anna.post(&path(&order, "/payment"), &back).await.body(200);
    assert_eq!(pay(&shop, &started["client"], "pm_card_visa").await, 200);
    let confirmed = anna.post(&path(&order, "/payment/confirm"), &json!({})).await.body(200);
    assert_eq!(confirmed["payment"]["status"], "authorized");
    let pharmacist = shop.pharmacist().await;
    let ask = json!({"amount": {"amount": 100, "currency": "USD"}, "reason": "One pack was damaged."});
    pharmacist.post(&path(&order, "/refunds"), &ask).key(&unique()).await.problem(409, "not_captured");
    pharmacist.transition(&order, "verified").await.expect(200);
    paid(&anna, &order, "captured").await;
    pharmacist.post(&path(&order, "/refunds"), &ask).key(&unique()).await.expect(202);
    eventually("the refund", || async {
        let refunds = anna.get(&path(&order, "/refunds")).await.body(200);
        (refunds["items"][0]["status"] == "succeeded").then_some(())
    })
    .await;
    anna.cancel(&order).await.expect(200);
    let current = paid(&anna, &order, "refunded").await;
    assert_eq!(current["payment"]["refunded"], current["totals"]["total"]);
    let stranger = shop.customer().await;
    stranger.get(&path(&order, "/refunds")).await.problem(404, "not_found");
    stranger.post(&path(&order, "/payment/confirm"), &json!({})).await.problem(404, "not_found");
}

#[tokio::test]
async fn an_event_that_nobody_has_signed_is_refused() {
    covers!("payments-stripe-webhook");
    let shop = Shop::open();
    let event = json!({"id": "evt_1", "object": "event", "type": "payment_intent.succeeded", "data": {"object": {}}});
    shop.guest.post("/v1/payments/stripe/webhook", &event).await.problem(400, "invalid_signature");
}

#[tokio::test]
async fn cash_is_not_paid_for_online() {
    covers!("payments-start", "payments-confirm");
    let shop = Shop::open();
    let (anna, product) = (shop.customer().await, shop.product("otc", 450, 5).await);
    let order = anna.order(&[(&product, 1)], &[]).await;
    let back = json!({"return_url": "http://localhost:3000/orders"});
    anna.post(&path(&order, "/payment"), &back).await.problem(409, "not_payable");
    anna.post(&path(&order, "/payment/confirm"), &json!({})).await.problem(409, "not_payable");
    let elsewhere = json!({"return_url": "http://localhost:3000.example/orders"});
    anna.post(&path(&order, "/payment"), &elsewhere).await.invalid_field("return_url", "not_allowed");
}

/// Presses a button of the page that a payment leads to; where one is led then.
async fn press(shop: &Shop, client: &Value, act: &str) {
    assert_eq!(client["kind"], "redirect");
    let page = client["url"].as_str().unwrap();
    let request = shop.guest.http().post(page).body(format!("act={act}"));
    // Nothing answers where one is led back to.
    let _ = request.send().await;
}

#[tokio::test]
async fn what_a_customer_agrees_to_at_paypal_is_held_and_taken_once_a_pharmacist_has_checked() {
    covers!("payments-start", "payments-confirm", "payments-settle", "payments-paypal-webhook");
    let shop = Shop::open();
    let (anna, product) = (shop.customer().await, shop.product("otc", 450, 20).await);
    let back = json!({"return_url": "http://localhost:3000/orders"});
    let (told, gone) = (order_by("paypal", &anna, &product).await, order_by("paypal", &anna, &product).await);
    let started = anna.post(&path(&told, "/payment"), &back).await.body(200);
    press(&shop, &started["client"], "pay").await;
    let confirmed = anna.post(&path(&told, "/payment/confirm"), &json!({})).await.body(200);
    assert!(["authorized", "pending"].contains(&confirmed["payment"]["status"].as_str().unwrap()), "{confirmed}");
    paid(&anna, &told, "authorized").await;
    // Nobody comes back from the page: the event alone tells.
    let started = anna.post(&path(&gone, "/payment"), &back).await.body(200);
    press(&shop, &started["client"], "pay").await;
    paid(&anna, &gone, "authorized").await;
    let pharmacist = shop.pharmacist().await;
    pharmacist.transition(&told, "verified").await.expect(200);
    let current = paid(&anna, &told, "captured").await;
    assert_eq!(current["payment"]["captured"], current["totals"]["total"]);
    anna.cancel(&gone).await.expect(200);
    paid(&anna, &gone, "voided").await;
}

#[tokio::test]
async fn an_event_that_paypal_has_not_signed_is_refused() {
    covers!("payments-paypal-webhook");
    let shop = Shop::open();
    let event = json!({"id": "WH-1", "event_type": "PAYMENT.CAPTURE.COMPLETED", "resource": {"id": "2GG"}});
    shop.guest.post("/v1/payments/paypal/webhook", &event).await.problem(400, "invalid_signature");
}

#[tokio::test]
async fn a_provider_that_is_not_taken_is_not_there() {
    covers!("payments-esewa-return", "payments-close-refund", "payments-bkash-webhook");
    let shop = Shop::open();
    let message = json!({"Type": "Notification", "TopicArn": "arn:aws:sns:ap-southeast-1:000000000000:bkash"});
    shop.guest.post("/v1/payments/bkash/webhook", &message).await.problem(404, "not_found");
    // The local pharmacy sells in USD, which eSewa does not take.
    shop.guest.post("/v1/payments/esewa/return", &json!({"data": "e30="})).await.problem(404, "not_found");
    shop.guest.post("/v1/payments/esewa/return", &json!({"data": ""})).await.invalid_field("data", "invalid_data");
    let (anna, product) = (shop.customer().await, shop.product("otc", 450, 20).await);
    let order = card_order(&anna, &product).await;
    let close = path(&order, "/refunds/rfd_01JD4Z8QK0000000000000000G/close");
    let reference = json!({"reference": "0007TS9"});
    shop.pharmacist().await.post(&close, &reference).await.problem(404, "not_found");
    anna.post(&close, &reference).await.problem(403, "forbidden");
}

#[tokio::test]
async fn the_providers_lists_of_events_are_listened_to() {
    covers!("payments-listen");
    let shop = Shop::open();
    let heard = shop.aws.invoke("payments-listen", &json!({"source": "aws.events", "detail": {}})).await;
    assert!(heard["events"].is_number(), "{heard}");
}
