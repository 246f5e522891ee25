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
    assert_eq!(order["payment"]["contested"]["amount"], TOTAL);
    assert_eq!(till.shop.transition(&id, "packed").await.code(), "disputed", "the goods stay here");
}

#[tokio::test]
async fn a_dispute_that_is_won_is_over_and_one_that_is_lost_has_taken_its_money() {
    for won in [true, false] {
        let till = Till::open().await;
        let id = till.held(1, "card").await;
        assert_eq!(till.shop.transition(&id, "verified").await.status, 200);
        till.wake(&id).await;
        let intent = till.stored(&id).await.payment.online().unwrap().attempts[0].reference.clone();
        till.cloud.peers().lock().stripe.dispute(&intent).unwrap();
        till.tell_all().await;
        assert_eq!(till.order_of(1, &id).await["payment"]["problem"], "disputed");
        till.cloud.peers().lock().stripe.close_dispute(&intent, won).unwrap();
        till.tell_all().await;
        let order = till.order_of(1, &id).await;
        assert_eq!(order["payment"]["problem"], Value::Null, "{won}");
        let refund = || till.refund(&id, "k1", json!({"reason": "broken"}));
        if won {
            assert_eq!(order["payment"]["contested"], Value::Null);
            assert_eq!(till.shop.transition(&id, "packed").await.status, 200);
            assert_eq!(refund().await.status, 202);
        } else {
            assert_eq!(order["payment"]["contested"]["amount"], TOTAL);
            assert_eq!(till.shop.transition(&id, "packed").await.code(), "payment_not_captured");
            assert_eq!(refund().await.code(), "refund_too_large", "nothing is left");
        }
    }
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

/// A shop that delivers for nothing.
async fn delivering_for_nothing() -> Till {
    let (shop, cloud) = crate::shop::Shop::counted_with(&[("delivery_fee", "0")]).await;
    let product = shop.product(30, 100, shared::catalog::LegalStatus::Otc).await;
    Till { shop, cloud, product }
}

#[tokio::test]
async fn an_order_that_costs_nothing_waits_for_nobody_to_pay() {
    let till = delivering_for_nothing().await;
    let endpoint = |name: &str| registry::ENDPOINTS.iter().find(|one| one.name() == name).unwrap().endpoint;
    let (staff, code) = ((&support::user(9), shared::identity::Role::PharmacyAdmin), [("code", "ALL-OFF")]);
    let terms = Some(json!({"kind": "percent", "value": 100}));
    let route = ("PUT", "/v1/coupons/ALL-OFF");
    let made = till.shop.as_somebody(staff, endpoint("coupons-put"), route, &code, &[], terms).await;
    assert_eq!(made.status, 201, "{}", made.text);
    till.shop.put(1, till.product, 2).await;
    let (route, body) = (("PUT", "/v1/cart/coupon"), Some(json!({"code": "ALL-OFF"})));
    till.shop.as_customer(1, endpoint("cart-set-coupon"), route, &[], &[], body).await;
    let order = till.shop.order_with(1, "free", json!({"payment_method": "card"})).await;
    assert_eq!((order.status, &order.body["totals"]["total"]["amount"]), (201, &json!(0)), "{}", order.text);
    assert_eq!(order.body["payment"]["pay_by"], Value::Null);
    let id = order.body["id"].as_str().unwrap();
    assert_eq!(till.start(1, id).await.code(), "already_paid");
    till.run_dry(Duration::from_mins(40)).await;
    assert_eq!(till.status(1, id).await.0, "placed", "it does not expire");
    assert!(codes(&till.order_of(1, id).await["holds"]).is_empty());
    for to in ["verified", "packed", "shipped", "delivered"] {
        assert_eq!(till.shop.transition(id, to).await.status, 200, "{to}");
    }
    assert_eq!(till.money(id), (0, 0, 0, 0, 0));
}

#[tokio::test]
async fn so_little_that_no_card_takes_it_is_paid_otherwise() {
    let till = delivering_for_nothing().await;
    till.shop.put(1, till.product, 1).await;
    let refused = till.shop.order_with(1, "little", json!({"payment_method": "card"})).await;
    assert_eq!((refused.status, refused.code()), (422, "checkout_problems"), "{}", refused.text);
    assert_eq!(refused.body["problems"][0]["code"], "method_unavailable");
    assert_eq!(till.shop.order_with(1, "cash", json!({"payment_method": "cod"})).await.status, 201);
}

#[tokio::test]
async fn a_hold_that_runs_out_is_told_of_a_day_before() {
    use shared::payments::Trouble;
    let till = Till::open().await;
    let id = till.held(1, "card").await;
    let trouble = async || {
        let order = till.stored(&id).await;
        order.payment.online().unwrap().trouble(till.shop.world.clock.now())
    };
    assert_eq!(trouble().await, None);
    till.wait(Duration::from_hours(6 * 24 + 1));
    till.sweep().await;
    assert_eq!(trouble().await, Some(Trouble::HoldExpiring));
    assert_eq!(till.shop.transition(&id, "verified").await.status, 200);
    assert_eq!(trouble().await, None);
}

#[tokio::test]
async fn a_customer_comes_back_to_a_page_of_any_allowed_origin() {
    let settings = [("allowed_origins", "\"https://shop.example,https://shop.example.org\"")];
    let (shop, cloud) = crate::shop::Shop::counted_with(&settings).await;
    let product = shop.product(500, 100, shared::catalog::LegalStatus::Otc).await;
    let till = Till { shop, cloud, product };
    let id = till.order(1, "card").await;
    let start = async |page: &str| {
        let (route, body) = (("POST", "/v1/orders/x/payment"), Some(json!({"return_url": page})));
        let parameters = [("id", id.as_str())];
        till.shop.as_customer(1, &payments_start::ENDPOINT, route, &parameters, &[], body).await.status
    };
    for good in ["https://shop.example/orders", "https://shop.example.org/orders", "https://shop.example.org"] {
        assert_eq!(start(good).await, 200, "{good}");
    }
    for wrong in ["https://shop.example.com/", "https://shop.example@evil.example/", "http://shop.example/"] {
        assert_eq!(start(wrong).await, 400, "{wrong}");
    }
}

#[tokio::test]
async fn nobody_gives_their_own_money_back() {
    let till = Till::open().await;
    let id = till.held(1, "card").await;
    assert_eq!(till.shop.transition(&id, "verified").await.status, 200);
    till.wake(&id).await;
    let own = till.shop.world.token(&support::user(1), shared::identity::Role::PharmacyAdmin);
    let body = json!({"reason": "I do not want it"});
    let mut event = support::event("POST", "/v1/orders/x/refunds", &[("id", &id)], Some(&own), Some(&body));
    event["headers"]["idempotency-key"] = json!("own");
    let refused = till.shop.world.send(&payments_refund::ENDPOINT, &event).await;
    assert_eq!((refused.status, refused.code()), (403, "own_order"), "{}", refused.text);
    let asked = till.refund(&id, "k", json!({"reason": "broken"})).await;
    let refund = asked.body["id"].as_str().unwrap();
    let (path, parameters) = ("/v1/orders/x/refunds/y/close", [("id", id.as_str()), ("refund_id", refund)]);
    let body = json!({"reference": "re_1"});
    let event = support::event("POST", path, &parameters, Some(&own), Some(&body));
    let refused = till.shop.world.send(&payments_close_refund::ENDPOINT, &event).await;
    assert_eq!((refused.status, refused.code()), (403, "own_order"), "{}", refused.text);
    let trail = till.shop.trail(&support::user(1)).await;
    assert!(trail.iter().any(|(_, _, outcome)| outcome == "refused"), "{trail:?}");
}
