//! PayPal, from the order to the money and back.

use std::time::Duration;

use peers::fault::{Fault, Kind};
use peers::paypal::RefundStatus;
use serde_json::{Value, json};

use super::till::{TOTAL, Till};

const PAYPAL: &str = "paypal";

fn calls(till: &Till, path: &str) -> usize {
    let state = till.cloud.peers().lock();
    state.paypal.calls().iter().filter(|seen| seen.request.path.contains(path)).count()
}

#[tokio::test]
async fn what_a_customer_agrees_to_is_held_then_checked_then_taken() {
    let till = Till::open().await;
    let id = till.order(1, PAYPAL).await;
    let started = till.start(1, &id).await;
    assert_eq!((started.status, &started.body["client"]["kind"]), (200, &json!("redirect")), "{}", started.text);
    let intent = till.intent(1, &id).await;
    assert_eq!(calls(&till, "/v2/checkout/orders"), 2, "starting again goes on with the same order of PayPal's");
    till.wait(Duration::from_secs(3));
    assert_eq!(till.confirm(1, &id).await.body["payment"]["status"], "pending", "nobody has agreed");
    till.pays(&intent);
    till.wait(Duration::from_secs(3));
    assert_eq!(till.money(&id), (0, 0, 0, 0, 0), "agreeing moves no money");
    let confirmed = till.confirm(1, &id).await;
    assert_eq!(confirmed.body["payment"]["status"], "authorized", "{}", confirmed.text);
    assert!(confirmed.body["payment"]["held_until"].is_string());
    assert_eq!(till.money(&id), (TOTAL, 0, 0, 0, 0));
    assert_eq!(till.start(1, &id).await.code(), "already_paid");
    for _ in 0..3 {
        assert_eq!(till.confirm(1, &id).await.status, 200);
    }
    assert_eq!(calls(&till, "/authorize"), 1);

    assert_eq!(till.shop.transition(&id, "verified").await.status, 200);
    assert_eq!(till.shop.transition(&id, "packed").await.code(), "payment_not_captured");
    till.wake(&id).await;
    assert_eq!(till.money(&id), (0, TOTAL, 0, 1, 0));
    for to in ["packed", "shipped", "delivered"] {
        assert_eq!(till.shop.transition(&id, to).await.status, 200, "{to}");
    }
    till.tell_all().await;
    till.run_dry(Duration::from_mins(10)).await;
    assert_eq!(till.money(&id), (0, TOTAL, 0, 1, 0));
    assert_eq!(till.payment_trail(&id).await, ["authorized", "captured"]);
}

#[tokio::test]
async fn a_customer_who_agrees_and_goes_away_is_found_by_the_event_and_without_it() {
    let till = Till::open().await;
    let (told, untold) = (till.order(1, PAYPAL).await, till.order(2, PAYPAL).await);
    let (first, second) = (till.intent(1, &told).await, till.intent(2, &untold).await);
    till.pays(&first);
    till.tell_all().await;
    assert_eq!(till.status(1, &told).await.1, "pending", "an event moves no money");
    assert!(till.stored(&told).await.payment.online().unwrap().wake, "it wakes the worker");
    till.wake(&told).await;
    assert_eq!(till.status(1, &told).await.1, "authorized");
    till.pays(&second);
    till.events();
    till.run_dry(Duration::from_mins(3)).await;
    assert_eq!(till.status(2, &untold).await.1, "authorized");
}

#[tokio::test]
async fn nothing_is_accepted_too_late_or_for_an_order_that_was_called_off() {
    let till = Till::open().await;
    let (late, cancelled) = (till.order(1, PAYPAL).await, till.order(2, PAYPAL).await);
    let (first, second) = (till.intent(1, &late).await, till.intent(2, &cancelled).await);
    till.run_dry(Duration::from_mins(29)).await;
    assert_eq!(till.shop.cancel(2, &cancelled).await.status, 200);
    till.pays(&second);
    assert_eq!(till.confirm(2, &cancelled).await.status, 200);
    till.wait(Duration::from_mins(2));
    till.pays(&first);
    assert_eq!(till.confirm(1, &late).await.body["payment"]["status"], "pending");
    till.tell_all().await;
    till.run_dry(Duration::from_mins(5)).await;
    for (buyer, id) in [(1, &late), (2, &cancelled)] {
        assert_eq!(till.status(buyer, id).await, ("cancelled".to_owned(), "voided".to_owned()));
        assert_eq!(till.money(id), (0, 0, 0, 0, 0));
    }
    assert_eq!(calls(&till, "/authorize"), 0);
}

#[tokio::test]
async fn who_agrees_in_time_keeps_their_order_though_nobody_was_told() {
    let till = Till::open().await;
    let id = till.order(1, PAYPAL).await;
    let intent = till.intent(1, &id).await;
    till.run_dry(Duration::from_mins(14)).await;
    till.pays(&intent);
    till.events();
    till.run_dry(Duration::from_mins(20)).await;
    assert_eq!(till.status(1, &id).await, ("placed".to_owned(), "authorized".to_owned()));
}

#[tokio::test]
async fn who_is_declined_begins_anew() {
    let till = Till::open().await;
    let id = till.order(1, PAYPAL).await;
    let intent = till.intent(1, &id).await;
    till.cloud.peers().lock().paypal.agree(&intent, true).unwrap();
    let declined = till.confirm(1, &id).await;
    let payment = &declined.body["payment"];
    assert_eq!((&payment["status"], &payment["problem"]), (&json!("pending"), &json!("declined")), "{}", declined.text);
    let second = till.intent(1, &id).await;
    assert_ne!(second, intent);
    till.pays(&second);
    till.tell_all().await;
    till.wake(&id).await;
    assert_eq!(till.status(1, &id).await.1, "authorized");
    assert_eq!(till.money(&id), (TOTAL, 0, 0, 0, 0));
}

#[tokio::test]
async fn cancelling_lets_go_of_a_hold_and_gives_back_what_was_taken() {
    let till = Till::open().await;
    let (held, taken) = (till.held(1, PAYPAL).await, till.held(2, PAYPAL).await);
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
    assert_eq!(calls(&till, "/void"), 1);
}

#[tokio::test]
async fn a_capture_that_paypal_has_not_decided_about_has_taken_nothing() {
    let till = Till::open().await;
    let (good, bad) = (till.held(1, PAYPAL).await, till.held(2, PAYPAL).await);
    till.cloud.peers().lock().paypal.slow_captures = true;
    for id in [&good, &bad] {
        till.shop.transition(id, "verified").await;
        till.wake(id).await;
        assert_eq!(till.shop.transition(id, "packed").await.code(), "payment_not_captured");
    }
    till.run_dry(Duration::from_mins(30)).await;
    assert_eq!(calls(&till, "/capture"), 2, "it is not told again and again");
    assert_eq!(till.status(1, &good).await.1, "authorized");
    // Whoever cancels meanwhile gets back what PayPal may yet take.
    assert_eq!(till.shop.cancel(1, &good).await.status, 200);
    till.wake(&good).await;
    assert_eq!(till.money(&good).4, 0);
    till.cloud.peers().lock().paypal.settle_captures(true);
    till.tell_all().await;
    till.wake(&good).await;
    assert_eq!(till.status(1, &good).await.1, "refunded");
    assert_eq!(till.money(&good), (0, TOTAL, TOTAL, 1, 1));
}

#[tokio::test]
async fn a_capture_that_paypal_declines_makes_the_customer_pay_again() {
    let till = Till::open().await;
    let id = till.held(1, PAYPAL).await;
    till.cloud.peers().lock().paypal.slow_captures = true;
    till.shop.transition(&id, "verified").await;
    till.wake(&id).await;
    till.cloud.peers().lock().paypal.settle_captures(false);
    till.tell_all().await;
    let order = till.order_of(1, &id).await;
    assert_eq!((&order["payment"]["status"], &order["payment"]["problem"]), (&json!("pending"), &json!("hold_lost")));
    assert_eq!(till.shop.transition(&id, "packed").await.code(), "payment_not_captured");
    till.cloud.peers().lock().paypal.slow_captures = false;
    let second = till.intent(1, &id).await;
    till.pays(&second);
    till.confirm(1, &id).await;
    till.wake(&id).await;
    assert_eq!(till.status(1, &id).await, ("verified".to_owned(), "captured".to_owned()));
}

#[tokio::test]
async fn the_staff_gives_back_no_more_than_was_taken() {
    let till = Till::open().await;
    let id = till.held(1, PAYPAL).await;
    assert_eq!(till.refund(&id, "k0", json!({"reason": "broken"})).await.code(), "not_captured");
    till.shop.transition(&id, "verified").await;
    till.wake(&id).await;
    let sum = |amount: i64| json!({"amount": {"amount": amount, "currency": "USD"}, "reason": "broken"});
    till.cloud.peers().lock().paypal.slow_refunds = true;
    assert_eq!(till.refund(&id, "k1", sum(500)).await.status, 202);
    assert_eq!(till.refund(&id, "k2", sum(1000)).await.code(), "refund_too_large");
    till.wake(&id).await;
    assert_eq!(till.order_of(1, &id).await["payment"]["in_progress"], "refund");
    till.cloud.peers().lock().paypal.settle_refunds(RefundStatus::Failed);
    till.tell_all().await;
    assert_eq!(till.order_of(1, &id).await["payment"]["refunded"]["amount"], 0);
    till.cloud.peers().lock().paypal.slow_refunds = false;
    assert_eq!(till.refund(&id, "k3", sum(TOTAL)).await.status, 202);
    till.wake(&id).await;
    assert_eq!(till.status(1, &id).await.1, "refunded");
    assert_eq!(till.money(&id), (0, TOTAL, TOTAL, 1, 1));
}

#[tokio::test]
async fn a_hold_that_runs_out_stops_the_order() {
    let till = Till::open().await;
    let id = till.held(1, PAYPAL).await;
    till.events();
    till.wait(Duration::from_hours(29 * 24 + 1));
    till.tell_all().await;
    let order = till.order_of(1, &id).await;
    assert_eq!((&order["payment"]["status"], &order["payment"]["problem"]), (&json!("pending"), &json!("hold_lost")));
    assert_eq!(till.shop.transition(&id, "verified").await.code(), "payment_required");
}

#[tokio::test]
async fn a_token_that_ends_before_its_time_is_asked_for_anew() {
    let till = Till::open().await;
    let id = till.order(1, PAYPAL).await;
    let intent = till.intent(1, &id).await;
    assert_eq!(calls(&till, "/v1/oauth2/token"), 1);
    till.cloud.peers().lock().paypal.revoke_tokens();
    till.pays(&intent);
    assert_eq!(till.confirm(1, &id).await.body["payment"]["status"], "authorized");
    assert_eq!(calls(&till, "/v1/oauth2/token"), 2);
}

#[tokio::test]
async fn an_old_answer_neither_keeps_what_is_held_nor_refuses_what_goes_back() {
    let till = Till::open().await;
    let (kept, cancelled) = (till.held(1, PAYPAL).await, till.held(2, PAYPAL).await);
    let grows_old = || {
        let fault = Fault { method: "GET".to_owned(), ..Fault::at("/v2/checkout/orders/", Kind::Stale) };
        till.cloud.peers().lock().faults.add(fault);
    };
    assert_eq!(till.shop.cancel(2, &cancelled).await.status, 200);
    grows_old();
    till.wake(&cancelled).await;
    assert_eq!(till.money(&cancelled), (TOTAL, 0, 0, 0, 0), "by the old answer nothing is held yet");
    till.run_dry(Duration::from_mins(3)).await;
    assert_eq!(till.money(&cancelled), (0, 0, 0, 0, 0));
    assert_eq!(till.status(2, &cancelled).await, ("cancelled".to_owned(), "voided".to_owned()));

    assert_eq!(till.shop.transition(&kept, "verified").await.status, 200);
    till.wake(&kept).await;
    let body = json!({"reason": "broken", "amount": {"amount": 99, "currency": "USD"}});
    assert_eq!(till.refund(&kept, "k", body).await.status, 202);
    grows_old();
    till.wake(&kept).await;
    assert_eq!(till.money(&kept), (0, TOTAL, 0, 1, 0), "by the old answer nothing was taken yet");
    till.run_dry(Duration::from_mins(3)).await;
    assert_eq!(till.money(&kept), (0, TOTAL, 99, 1, 1));
}

#[tokio::test]
async fn paypal_that_is_down_loses_nothing() {
    let till = Till::open().await;
    let id = till.order(1, PAYPAL).await;
    let break_next = |path: &str, kind| {
        let fault = Fault::at(path, kind);
        till.cloud.peers().lock().faults.add(fault);
    };
    for kind in [Kind::BreakBefore, Kind::FailBefore, Kind::Busy, Kind::BreakAfter] {
        break_next("/v2/checkout/orders", kind);
        let down = till.start(1, &id).await;
        assert_eq!((down.status, down.code()), (503, "provider_unavailable"), "{}", down.text);
        assert!(down.headers.contains_key("retry-after"));
    }
    let intent = till.intent(1, &id).await;
    assert_eq!(till.cloud.peers().lock().paypal.orders().count(), 1, "the same key made the same order");
    till.pays(&intent);
    break_next("/authorize", Kind::BreakBefore);
    let lost = till.confirm(1, &id).await;
    assert_eq!((lost.status, &lost.body["payment"]["in_progress"]), (200, &json!("accept")), "{}", lost.text);
    assert_eq!(till.start(1, &id).await.code(), "payment_under_way");
    till.run_dry(Duration::from_mins(2)).await;
    assert_eq!(till.status(1, &id).await.1, "authorized");
    assert_eq!(till.money(&id), (TOTAL, 0, 0, 0, 0));
}

#[tokio::test]
async fn what_is_forged_stale_or_altered_is_refused_and_asks_nobody() {
    let till = Till::open().await;
    let id = till.order(1, PAYPAL).await;
    let intent = till.intent(1, &id).await;
    till.pays(&intent);
    let body = till.events().pop().unwrap().to_string();
    let version = till.stored(&id).await.version;
    let good = till.paypal_headers(&body, 0);
    let with = |name: &'static str, value: &str| -> Vec<(&'static str, String)> {
        let mut headers = good.clone();
        headers.iter_mut().filter(|(one, _)| *one == name).for_each(|(_, old)| *old = value.to_owned());
        headers
    };
    let asked = calls(&till, "");
    let elsewhere = "https://api.paypal.com.example/v1/notifications/certs/CERT-peer";
    let certificate = format!("{}/v1/notifications/certs/CERT-peer", till.paypal_url());
    let now = peers::call::rfc3339(till.shop.world.clock.now().seconds());
    let other = peers::webhook::paypal_headers(&body, &now, "8PT597110X6874300", &certificate);
    for headers in [
        till.paypal_headers(&body, -301),
        till.paypal_headers(&body, 302),
        other,
        with("paypal-transmission-id", "another"),
        with("paypal-transmission-sig", "c2lnbmF0dXJl"),
        with("paypal-transmission-sig", ""),
        with("paypal-cert-url", elsewhere),
        with("paypal-auth-algo", "none"),
        Vec::new(),
    ] {
        let answer = till.tell_by(PAYPAL, &body, &headers).await;
        assert_eq!((answer.status, answer.code()), (400, "invalid_signature"), "{headers:?}");
    }
    for altered in [&body[..body.len() - 1], &body.replace("\":", "\": "), ""] {
        let answer = till.tell_by(PAYPAL, altered, &good).await;
        assert_eq!((answer.status, answer.code()), (400, "invalid_signature"), "{altered}");
    }
    assert_eq!(calls(&till, ""), asked, "nobody was asked but for the certificate");
    assert_eq!(till.stored(&id).await.version, version);
    assert_eq!(till.tell_by(PAYPAL, &body, &good).await.status, 200);
    till.wake(&id).await;
    assert_eq!(till.status(1, &id).await.1, "authorized");
}

#[tokio::test]
async fn an_event_says_nothing_that_is_believed() {
    let till = Till::open().await;
    let (id, by_card) = (till.order(1, PAYPAL).await, till.order(2, "card").await);
    let intent = till.intent(1, &id).await;
    let event =
        |kind: &str, resource: Value| json!({"id": format!("WH-{kind}"), "event_type": kind, "resource": resource});
    let related = json!({"related_ids": {"order_id": intent}});
    for lie in [
        event(
            "PAYMENT.CAPTURE.COMPLETED",
            json!({"id": "2GG", "custom_id": format!("{id}:pay_1"), "supplementary_data": related}),
        ),
        event(
            "CHECKOUT.ORDER.APPROVED",
            json!({"id": intent, "purchase_units": [{"custom_id": format!("{id}:pay_1")}]}),
        ),
        event("PAYMENT.CAPTURE.COMPLETED", json!({"id": "2GG", "custom_id": format!("{by_card}:pay_1")})),
        event("PAYMENT.CAPTURE.REFUNDED", json!({"id": "2GG", "custom_id": "ord_01J8ZQ4N8T6V5W3X2Y1Z0A9B8C:pay_1"})),
        event("BILLING.PLAN.CREATED", json!({"id": "P-1"})),
    ] {
        assert_eq!(till.tell(&lie).await.status, 200, "{lie}");
    }
    till.wake(&id).await;
    assert_eq!(till.status(1, &id).await, ("placed".to_owned(), "pending".to_owned()));
    assert_eq!(till.status(2, &by_card).await.1, "pending");
    assert_eq!(till.money(&id), (0, 0, 0, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_event_the_worker_and_the_customer_at_once_are_one_hold() {
    let till = Till::open().await;
    let id = till.order(1, PAYPAL).await;
    let intent = till.intent(1, &id).await;
    till.pays(&intent);
    till.wait(Duration::from_secs(3));
    let event = till.events().pop().unwrap();
    use futures_util::future::{join_all, join3};
    let told = join_all((0..2).map(|_| till.tell(&event)));
    let confirmed = join_all((0..2).map(|_| till.confirm(1, &id)));
    let woken = join_all((0..1).map(|_| till.wake(&id)));
    let (told, confirmed, _) = Box::pin(join3(told, confirmed, woken)).await;
    for answer in told.iter().chain(&confirmed) {
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    till.run_dry(Duration::from_mins(2)).await;
    assert_eq!(till.payment_trail(&id).await, ["authorized"], "one step on the trail");
    assert_eq!(till.money(&id), (TOTAL, 0, 0, 0, 0));
}

#[tokio::test]
async fn an_order_that_paypal_has_let_go_expires_and_is_begun_anew() {
    let till = Till::open().await;
    let unpaid = till.order(1, PAYPAL).await;
    till.intent(1, &unpaid).await;
    // Nobody comes by for four hours, and PayPal keeps for three what nobody agrees to.
    till.wait(Duration::from_hours(4));
    till.run_dry(Duration::from_mins(3)).await;
    assert_eq!(till.status(1, &unpaid).await, ("cancelled".to_owned(), "voided".to_owned()));

    let id = till.held(2, PAYPAL).await;
    till.events();
    till.wait(Duration::from_hours(29 * 24 + 1));
    till.sweep().await;
    assert_eq!(till.order_of(2, &id).await["payment"]["problem"], "hold_lost");
    let second = till.intent(2, &id).await;
    till.wait(Duration::from_hours(4));
    let third = till.intent(2, &id).await;
    assert_ne!(third, second, "there is a day to pay, and another page to pay on");
    till.pays(&third);
    assert_eq!(till.confirm(2, &id).await.body["payment"]["status"], "authorized");

    let cancelled = till.order(3, PAYPAL).await;
    till.intent(3, &cancelled).await;
    till.wait(Duration::from_hours(4));
    assert_eq!(till.shop.cancel(3, &cancelled).await.status, 200);
    till.run_dry(Duration::from_mins(3)).await;
    let online = till.stored(&cancelled).await.payment.online().cloned().unwrap();
    assert_eq!((online.op, online.next_at), (None, None), "nothing is tried for ever");
}

#[tokio::test]
async fn what_the_payers_bank_takes_back_is_disputed_and_its_goods_stay_here() {
    let till = Till::open().await;
    let id = till.held(1, PAYPAL).await;
    assert_eq!(till.shop.transition(&id, "verified").await.status, 200);
    till.wake(&id).await;
    let order = till.stored(&id).await.payment.online().unwrap().attempts[0].reference.clone();
    till.events();
    till.cloud.peers().lock().paypal.reverse(&order).unwrap();
    till.tell_all().await;
    let shown = till.order_of(1, &id).await;
    assert_eq!(
        (&shown["payment"]["problem"], &shown["payment"]["contested"]["amount"]),
        (&json!("disputed"), &json!(TOTAL))
    );
    assert_eq!(till.refund(&id, "k", json!({"reason": "broken"})).await.code(), "disputed");
    assert_eq!(till.shop.transition(&id, "packed").await.code(), "disputed");
}
