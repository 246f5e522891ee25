//! Events that are not Stripe's, not of now, or not of this order.

use std::time::Duration;

use serde_json::json;

use super::till::Till;

#[tokio::test]
async fn what_is_forged_stale_or_altered_is_refused_and_asks_nobody() {
    let till = Till::open().await;
    let id = till.order(1, "card").await;
    let intent = till.intent(1, &id).await;
    till.pays(&intent);
    let body = till.events().pop().unwrap().to_string();
    let secret = peers::stripe::WEBHOOK_SECRET;
    let calls = till.cloud.peers().lock().stripe.calls().len();
    let version = till.stored(&id).await.version;
    let now = till.shop.world.clock.now().seconds();
    let good = peers::webhook::stripe_signature(&body, now, &[secret]);
    let answers = [
        till.tell_as(&body, -301, secret).await,
        till.tell_as(&body, 301, secret).await,
        till.tell_as(&body, 0, "whsec_another").await,
        till.tell_signed(&body, "").await,
        till.tell_signed(&body, &format!("t={now}")).await,
        till.tell_signed(&body[..body.len() - 1], &good).await,
        till.tell_signed(&body.replace("\":", "\": "), &good).await,
        till.tell_signed("", &good).await,
    ];
    for answer in answers {
        assert_eq!((answer.status, answer.code()), (400, "invalid_signature"), "{}", answer.text);
    }
    assert_eq!(till.cloud.peers().lock().stripe.calls().len(), calls);
    assert_eq!(till.stored(&id).await.version, version);
    assert_eq!(till.tell_signed(&body, &good).await.status, 200);
    assert_eq!(till.status(1, &id).await.1, "authorized");
}

#[tokio::test]
async fn an_event_says_nothing_that_is_believed() {
    let till = Till::open().await;
    let id = till.order(1, "card").await;
    let intent = till.intent(1, &id).await;
    let lie = json!({"id": "evt_lie", "object": "event", "type": "payment_intent.succeeded", "data": {"object": {
        "id": intent, "object": "payment_intent", "status": "succeeded", "amount_received": 1499,
        "metadata": {"order": id}}}});
    assert_eq!(till.tell(&lie).await.status, 200);
    assert_eq!(till.status(1, &id).await, ("placed".to_owned(), "pending".to_owned()));
    for odd in [
        json!({"id": "evt_2", "object": "event", "type": "customer.created", "data": {"object": {"id": "cus_1"}}}),
        json!({"id": "evt_3", "object": "event", "type": "payment_intent.succeeded", "data": {"object": {
            "id": intent, "object": "payment_intent", "metadata": {"order": "ord_01J8ZQ4N8T6V5W3X2Y1Z0A9B8C"}}}}),
        json!({"id": "evt_4", "object": "event", "type": "payment_intent.succeeded", "data": {"object": {
            "id": "pi_unknown", "object": "payment_intent", "metadata": {"order": id}}}}),
        json!(["nothing", "of", "ours"]),
    ] {
        assert_eq!(till.tell(&odd).await.status, 200, "{odd}");
    }
    assert_eq!(till.status(1, &id).await.1, "pending");
}

#[tokio::test]
async fn an_event_twice_is_one_write() {
    let till = Till::open().await;
    let id = till.order(1, "card").await;
    let intent = till.intent(1, &id).await;
    till.pays(&intent);
    let event = till.events().pop().unwrap();
    till.tell(&event).await;
    let version = till.stored(&id).await.version;
    let calls = till.cloud.peers().lock().stripe.calls().len();
    for _ in 0..3 {
        assert_eq!(till.tell(&event).await.status, 200);
    }
    assert_eq!(till.stored(&id).await.version, version);
    assert_eq!(till.cloud.peers().lock().stripe.calls().len(), calls, "doubles do not even ask");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_event_and_the_customer_at_once_are_one_step() {
    let till = Till::open().await;
    let id = till.order(1, "card").await;
    let intent = till.intent(1, &id).await;
    till.pays(&intent);
    till.wait(Duration::from_secs(3));
    let event = till.events().pop().unwrap();
    let answers = futures_util::future::join(
        futures_util::future::join_all((0..3).map(|_| till.tell(&event))),
        futures_util::future::join_all((0..3).map(|_| till.confirm(1, &id))),
    );
    let (told, confirmed) = answers.await;
    for answer in told.iter().chain(&confirmed) {
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    assert_eq!(till.payment_trail(&id).await, ["authorized"], "one step on the trail");
}

#[tokio::test]
async fn another_sum_or_reference_never_advances_an_order() {
    let till = Till::open().await;
    let (id, other) = (till.order(1, "card").await, till.order(2, "card").await);
    let intent = till.intent(2, &other).await;
    till.pays(&intent);
    // As a client of ours that is broken would: the other order's intent stands in this one.
    let mut order = till.stored(&id).await;
    let now = till.shop.world.clock.now();
    order.payment.online_mut().unwrap().opened(1, intent, now);
    let save = till.shop.world.app.orders().store.save(&order).unwrap();
    shared::platform::dynamo::transact(&till.shop.world.dynamo, vec![save]).await.unwrap();
    till.run_dry(Duration::from_mins(3)).await;
    assert_eq!(till.status(1, &id).await, ("placed".to_owned(), "pending".to_owned()));
}
