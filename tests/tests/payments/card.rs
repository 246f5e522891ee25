//! A card, from the order to the money and back.

use std::time::Duration;

use serde_json::{Value, json};

use super::till::{TOTAL, Till};

fn codes(holds: &Value) -> Vec<&str> {
    holds.as_array().unwrap().iter().map(|hold| hold["code"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_card_is_held_then_checked_then_taken() {
    let till = Till::open().await;
    let id = till.order(1, "card").await;
    let order = till.order_of(1, &id).await;
    assert_eq!(order["payment"]["status"], "pending");
    assert_eq!(order["payment"]["due"], json!({"amount": TOTAL, "currency": "USD"}));
    assert_eq!(codes(&order["holds"]), ["payment_required"]);
    assert_eq!(till.shop.transition(&id, "verified").await.code(), "payment_required");

    let intent = till.intent(1, &id).await;
    assert_eq!(till.intent(1, &id).await, intent, "starting again goes on with the same");
    till.pays(&intent);
    let confirmed = till.confirm(1, &id).await;
    assert_eq!(confirmed.body["payment"]["status"], "authorized", "{}", confirmed.text);
    assert!(confirmed.body["payment"]["held_until"].is_string());
    assert_eq!(till.money(&id), (TOTAL, 0, 0, 0, 0), "nothing is taken before a pharmacist has said yes");
    assert_eq!(till.start(1, &id).await.code(), "already_paid");

    assert_eq!(till.shop.transition(&id, "verified").await.status, 200);
    assert_eq!(till.shop.transition(&id, "packed").await.code(), "payment_not_captured");
    assert_eq!(till.money(&id).1, 0, "the worker alone moves money");
    till.wake(&id).await;
    assert_eq!(till.status(1, &id).await, ("verified".to_owned(), "captured".to_owned()));
    assert_eq!(till.money(&id), (0, TOTAL, 0, 1, 0));
    for to in ["packed", "shipped", "delivered"] {
        assert_eq!(till.shop.transition(&id, to).await.status, 200, "{to}");
    }
    assert_eq!(till.payment_trail(&id).await, ["authorized", "captured"]);
    till.tell_all().await;
    till.run_dry(Duration::from_mins(10)).await;
    assert_eq!(till.money(&id), (0, TOTAL, 0, 1, 0));
    assert_eq!(till.payment_trail(&id).await, ["authorized", "captured"]);
}

#[tokio::test]
async fn cash_is_as_ever() {
    let till = Till::open().await;
    let id = till.order(1, "cod").await;
    assert_eq!(till.start(1, &id).await.code(), "not_payable");
    assert_eq!(till.confirm(1, &id).await.code(), "not_payable");
    for to in ["verified", "packed", "shipped", "delivered"] {
        assert_eq!(till.shop.transition(&id, to).await.status, 200, "{to}");
    }
    assert_eq!(till.status(1, &id).await.1, "captured");
    assert_eq!(till.refund(&id, "k", json!({"reason": "broken"})).await.code(), "not_captured");
}

#[tokio::test]
async fn an_order_that_nobody_pays_expires_and_gives_its_stock_back() {
    let till = Till::open().await;
    let id = till.order(1, "card").await;
    let (unpaid, intent) = (till.order(2, "card").await, till.intent(1, &id).await);
    assert_eq!(till.shop.stock(till.product).await, (96, 4, 0));
    till.run_dry(Duration::from_mins(29)).await;
    assert_eq!(till.status(1, &id).await.0, "placed");
    till.run_dry(Duration::from_mins(3)).await;
    for (buyer, id) in [(1, &id), (2, &unpaid)] {
        assert_eq!(till.status(buyer, id).await, ("cancelled".to_owned(), "voided".to_owned()));
        let order = till.order_of(buyer, id).await;
        assert_eq!(order["history"][1]["by"], "system");
    }
    assert_eq!(till.shop.stock(till.product).await, (100, 0, 0));
    assert!(till.cloud.peers().lock().stripe.pay(&intent).is_err(), "the door is shut");
    assert_eq!(till.start(1, &id).await.code(), "not_payable");
}

#[tokio::test]
async fn who_pays_in_the_last_second_keeps_their_order() {
    let till = Till::open().await;
    let id = till.order(1, "card").await;
    let intent = till.intent(1, &id).await;
    till.run_dry(Duration::from_mins(29)).await;
    till.pays(&intent);
    till.events();
    till.run_dry(Duration::from_mins(5)).await;
    assert_eq!(
        till.status(1, &id).await,
        ("placed".to_owned(), "authorized".to_owned()),
        "asked before it is cancelled"
    );
}

#[tokio::test]
async fn a_payment_is_found_without_the_customer_and_without_events() {
    let till = Till::open().await;
    let id = till.order(1, "card").await;
    let intent = till.intent(1, &id).await;
    till.pays(&intent);
    till.events();
    till.run_dry(Duration::from_mins(3)).await;
    assert_eq!(till.status(1, &id).await.1, "authorized");
}

#[tokio::test]
async fn a_declined_card_can_be_tried_again() {
    let till = Till::open().await;
    let id = till.order(1, "card").await;
    let intent = till.intent(1, &id).await;
    till.cloud.peers().lock().stripe.decline(&intent).unwrap();
    till.tell_all().await;
    let order = till.order_of(1, &id).await;
    assert_eq!((&order["payment"]["status"], &order["payment"]["problem"]), (&json!("pending"), &json!("declined")));
    assert_eq!(till.intent(1, &id).await, intent);
    till.pays(&intent);
    till.tell_all().await;
    assert_eq!(till.status(1, &id).await.1, "authorized");
}

#[tokio::test]
async fn cancelling_lets_go_of_a_hold_and_gives_back_what_was_taken() {
    let till = Till::open().await;
    let (held, taken) = (till.order(1, "card").await, till.order(2, "card").await);
    for (buyer, id) in [(1, &held), (2, &taken)] {
        let intent = till.intent(buyer, id).await;
        till.pays(&intent);
        till.tell_all().await;
    }
    till.shop.transition(&taken, "verified").await;
    till.wake(&taken).await;
    for (buyer, id) in [(1, &held), (2, &taken)] {
        assert_eq!(till.shop.cancel(buyer, id).await.status, 200);
        till.wake(id).await;
    }
    assert_eq!(till.status(1, &held).await, ("cancelled".to_owned(), "voided".to_owned()));
    assert_eq!(till.status(2, &taken).await, ("cancelled".to_owned(), "refunded".to_owned()));
    assert_eq!(till.money(&held), (0, 0, 0, 0, 0));
    assert_eq!(till.money(&taken), (0, TOTAL, TOTAL, 1, 1));
    assert_eq!(till.payment_trail(&held).await, ["authorized", "voided"]);
    assert_eq!(till.payment_trail(&taken).await, ["authorized", "captured", "refunded"]);
    till.tell_all().await;
    till.run_dry(Duration::from_mins(10)).await;
    assert_eq!(till.money(&taken), (0, TOTAL, TOTAL, 1, 1));
}

#[tokio::test]
async fn a_hold_that_runs_out_is_told_before_and_stops_the_order_after() {
    let till = Till::open().await;
    let id = till.order(1, "card").await;
    let intent = till.intent(1, &id).await;
    till.pays(&intent);
    till.confirm(1, &id).await;
    till.wait(Duration::from_hours(6 * 24 + 1));
    assert_eq!(codes(&till.order_of(1, &id).await["holds"]), ["authorization_expiring"]);
    till.wait(Duration::from_hours(24));
    till.events();
    till.sweep().await;
    let order = till.order_of(1, &id).await;
    assert_eq!((&order["payment"]["status"], &order["payment"]["problem"]), (&json!("pending"), &json!("hold_lost")));
    assert_eq!(till.shop.transition(&id, "verified").await.code(), "payment_required");
    let second = till.intent(1, &id).await;
    assert_ne!(second, intent);
    till.pays(&second);
    till.tell_all().await;
    assert_eq!(till.status(1, &id).await, ("placed".to_owned(), "authorized".to_owned()));
}

#[tokio::test]
async fn the_staff_gives_back_no_more_than_was_taken() {
    let till = Till::open().await;
    let id = till.order(1, "card").await;
    assert_eq!(till.refund(&id, "k0", json!({"reason": "broken"})).await.code(), "not_captured");
    let intent = till.intent(1, &id).await;
    till.pays(&intent);
    till.confirm(1, &id).await;
    assert_eq!(till.refund(&id, "k0", json!({"reason": "broken"})).await.code(), "not_captured");
    till.shop.transition(&id, "verified").await;
    till.wake(&id).await;
    let sum = |amount: i64| json!({"amount": {"amount": amount, "currency": "USD"}, "reason": "broken"});
    let asked = till.refund(&id, "k1", sum(500)).await;
    assert_eq!((asked.status, &asked.body["status"]), (202, &json!("requested")), "{}", asked.text);
    let again = till.refund(&id, "k1", sum(500)).await;
    assert_eq!((again.status, &again.body), (202, &asked.body));
    assert_eq!(till.refund(&id, "k1", sum(501)).await.code(), "idempotency_key_reused");
    let too_much = till.refund(&id, "k2", sum(1000)).await;
    assert_eq!((too_much.status, too_much.code()), (422, "refund_too_large"));
    assert_eq!(too_much.body["problems"][0]["refundable"]["amount"], TOTAL - 500);
    till.cloud.peers().lock().stripe.slow_refunds = true;
    till.wake(&id).await;
    assert_eq!(till.order_of(1, &id).await["payment"]["in_progress"], "refund");
    till.cloud.peers().lock().stripe.settle_refunds(peers::stripe::RefundStatus::Succeeded);
    till.tell_all().await;
    let order = till.order_of(1, &id).await;
    assert_eq!(
        (&order["payment"]["status"], &order["payment"]["refunded"]["amount"]),
        (&json!("captured"), &json!(500))
    );
    let rest = till.refund(&id, "k3", json!({"reason": "all of it"})).await;
    assert_eq!(rest.body["amount"]["amount"], TOTAL - 500);
    till.cloud.peers().lock().stripe.slow_refunds = false;
    till.wake(&id).await;
    assert_eq!(till.status(1, &id).await.1, "refunded");
    assert_eq!(till.money(&id), (0, TOTAL, TOTAL, 1, 2));
    assert_eq!(till.refund(&id, "k4", json!({"reason": "more"})).await.code(), "refund_too_large");
}

#[tokio::test]
async fn a_refund_that_fails_can_be_asked_for_again() {
    let till = Till::open().await;
    let id = till.order(1, "card").await;
    let intent = till.intent(1, &id).await;
    till.pays(&intent);
    till.confirm(1, &id).await;
    till.shop.transition(&id, "verified").await;
    till.wake(&id).await;
    till.cloud.peers().lock().stripe.slow_refunds = true;
    till.refund(&id, "k1", json!({"reason": "broken"})).await;
    till.wake(&id).await;
    till.cloud.peers().lock().stripe.settle_refunds(peers::stripe::RefundStatus::Failed);
    till.tell_all().await;
    assert_eq!(till.status(1, &id).await.1, "captured");
    till.cloud.peers().lock().stripe.slow_refunds = false;
    assert_eq!(till.refund(&id, "k2", json!({"reason": "again"})).await.status, 202);
    till.wake(&id).await;
    assert_eq!(till.status(1, &id).await.1, "refunded");
    assert_eq!(till.money(&id), (0, TOTAL, TOTAL, 1, 1));
}

#[tokio::test]
async fn a_dispute_shuts_refunds_and_does_not_cancel() {
    let till = Till::open().await;
    let id = till.order(1, "card").await;
    let intent = till.intent(1, &id).await;
    till.pays(&intent);
    till.confirm(1, &id).await;
    till.shop.transition(&id, "verified").await;
    till.wake(&id).await;
    till.events();
    till.cloud.peers().lock().stripe.dispute(&intent).unwrap();
    till.tell_all().await;
    let order = till.order_of(1, &id).await;
    assert_eq!((&order["status"], &order["payment"]["problem"]), (&json!("verified"), &json!("disputed")));
    assert_eq!(codes(&order["holds"]), ["payment_review"]);
    assert_eq!(till.refund(&id, "k1", json!({"reason": "broken"})).await.code(), "disputed");
}

#[tokio::test]
async fn another_persons_order_is_not_there() {
    let till = Till::open().await;
    let id = till.order(1, "card").await;
    assert_eq!(till.start(2, &id).await.status, 404);
    assert_eq!(till.confirm(2, &id).await.status, 404);
    assert_eq!(till.start(1, "ord_01J8ZQ4N8T6V5W3X2Y1Z0A9B8C").await.status, 404);
}

#[tokio::test]
async fn a_provider_that_is_down_loses_nothing() {
    let till = Till::open().await;
    let id = till.order(1, "card").await;
    let break_next = |path: &str, kind| {
        let fault = peers::fault::Fault::at(path, kind);
        till.cloud.peers().lock().faults.add(fault);
    };
    for kind in [peers::fault::Kind::BreakBefore, peers::fault::Kind::BreakAfter, peers::fault::Kind::Busy] {
        break_next("/v1/payment_intents", kind);
        let down = till.start(1, &id).await;
        assert_eq!((down.status, down.code()), (503, "provider_unavailable"), "{}", down.text);
        assert!(down.headers.contains_key("retry-after"));
    }
    let intent = till.intent(1, &id).await;
    assert_eq!(till.cloud.peers().lock().stripe.intents().count(), 1, "the same key made the same intent");
    till.pays(&intent);
    break_next(&intent, peers::fault::Kind::FailBefore);
    let event = till.events().pop().unwrap();
    assert_eq!(till.tell(&event).await.status, 200, "it is noted");
    assert_eq!(till.status(1, &id).await.1, "pending");
    till.run_dry(Duration::from_mins(2)).await;
    assert_eq!(till.status(1, &id).await.1, "authorized");
}

#[tokio::test]
async fn news_that_do_not_show_yet_are_looked_for_again() {
    let till = Till::open().await;
    let id = till.order(1, "card").await;
    let intent = till.intent(1, &id).await;
    till.pays(&intent);
    let stale = peers::fault::Fault::at(&intent, peers::fault::Kind::Stale);
    let fault = peers::fault::Fault { method: "GET".to_owned(), ..stale };
    till.cloud.peers().lock().faults.add(fault);
    till.tell_all().await;
    assert_eq!(till.status(1, &id).await.1, "pending", "the read lags behind the event");
    till.wait(Duration::from_secs(16));
    till.sweep().await;
    assert_eq!(till.status(1, &id).await.1, "authorized");
}
