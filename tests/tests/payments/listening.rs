//! Events whose webhooks were lost are heard within the hour.

use std::time::Duration;

use serde_json::json;

use super::till::Till;

#[tokio::test]
async fn a_chargeback_whose_webhook_was_lost_is_heard() {
    let till = Till::open().await;
    let id = till.held(1, "card").await;
    till.shop.transition(&id, "verified").await;
    till.wake(&id).await;
    let intent = till.stored(&id).await.payment.online().unwrap().attempts[0].reference.clone();
    till.cloud.peers().lock().stripe.dispute(&intent).unwrap();
    till.events();
    till.run_dry(Duration::from_mins(5)).await;
    assert_eq!(till.order_of(1, &id).await["payment"]["problem"], json!(null));
    assert!(till.listen().await["events"].as_u64().unwrap() >= 1);
    assert_eq!(till.order_of(1, &id).await["payment"]["problem"], "disputed");
}

#[tokio::test]
async fn what_is_known_is_neither_asked_nor_written_again() {
    let till = Till::open().await;
    let (card, paypal) = (till.held(1, "card").await, till.held(2, "paypal").await);
    till.tell_all().await;
    till.listen().await;
    let asked = || {
        let state = till.cloud.peers().lock();
        let calls = state.stripe.calls().iter().chain(state.paypal.calls());
        calls.filter(|seen| !seen.request.path.contains("events")).count()
    };
    let (before, versions) = (asked(), [till.stored(&card).await.version, till.stored(&paypal).await.version]);
    till.wait(Duration::from_mins(60));
    till.listen().await;
    assert_eq!(asked(), before);
    assert_eq!([till.stored(&card).await.version, till.stored(&paypal).await.version], versions);
}

#[tokio::test]
async fn what_a_customer_agreed_to_is_heard_and_accepted_by_the_worker() {
    let till = Till::open().await;
    let id = till.order(1, "paypal").await;
    let intent = till.intent(1, &id).await;
    till.pays(&intent);
    till.events();
    till.listen().await;
    assert_eq!(till.status(1, &id).await.1, "pending", "listening moves no money");
    till.wake(&id).await;
    assert_eq!(till.status(1, &id).await.1, "authorized");
}

#[tokio::test]
async fn a_provider_that_does_not_answer_is_heard_the_next_time() {
    use peers::fault::{Fault, Kind};
    let till = Till::open().await;
    till.held(1, "card").await;
    let fault = Fault::at("/v1/events", Kind::BreakBefore);
    till.cloud.peers().lock().faults.add(fault);
    let failed = (payments_listen::WORKER.run)(&till.shop.world.app, json!({})).await;
    assert!(failed.is_err());
    assert!(till.listen().await["events"].as_u64().unwrap() >= 1);
}

#[tokio::test]
async fn events_behind_a_full_page_are_heard_too() {
    let till = Till::open().await;
    let id = till.order(1, "paypal").await;
    let intent = till.intent(1, &id).await;
    till.pays(&intent);
    till.events();
    // PayPal shows three hundred at once.
    for _ in 0..2 {
        till.wait(Duration::from_secs(2));
        till.cloud.peers().lock().paypal.is_busy(200);
    }
    till.events();
    assert!(till.listen().await["events"].as_u64().unwrap() > 400);
    till.wake(&id).await;
    assert_eq!(till.status(1, &id).await.1, "authorized");
}
