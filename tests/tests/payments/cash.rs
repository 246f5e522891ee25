//! What was paid at the door goes back by hand: the staff asks for it, somebody pays it out and says so.

use std::time::Duration;

use serde_json::{Value, json};
use shared::identity::Role;
use shared::payments::RefundState;
use support::user;

use super::returns::{ask, delivered, resolve, usd};
use super::till::{TOTAL, Till};

fn of(amount: i64) -> Value {
    json!({"amount": usd(amount), "reason": "One pack was damaged."})
}

fn codes(order: &Value) -> Vec<&str> {
    order["holds"].as_array().unwrap().iter().map(|hold| hold["code"].as_str().unwrap()).collect()
}

/// How many entries of the trail say this.
async fn noted(till: &Till, action: &str, outcome: &str) -> usize {
    let trail = till.shop.trail(&user(1)).await;
    trail.iter().filter(|(_, done, ended)| done == action && ended == outcome).count()
}

#[tokio::test]
async fn cash_is_asked_back_paid_out_by_hand_and_closed() {
    let till = Till::open().await;
    let id = delivered(&till, "cod").await;
    let asked = till.refund(&id, "k", of(500)).await;
    assert_eq!((asked.status, &asked.body["status"]), (202, &json!("manual")), "{}", asked.text);
    assert_eq!(asked.body["closed_at"], Value::Null);
    let again = till.refund(&id, "k", of(500)).await;
    assert_eq!((again.status, &again.body), (202, &asked.body), "the same request asks once");
    let order = till.order_of(1, &id).await;
    assert_eq!((codes(&order), &order["payment"]["refunded"]), (vec!["refund_manual"], &usd(0)));

    let refund = asked.body["id"].as_str().unwrap();
    till.shop.world.clock.advance(Duration::from_hours(1));
    let closed = till.close_refund(&id, refund, "R-17").await;
    assert_eq!((closed.status, &closed.body["status"]), (200, &json!("succeeded")), "{}", closed.text);
    assert_ne!(closed.body["closed_at"], Value::Null);
    let again = till.close_refund(&id, refund, "R-17").await;
    assert_eq!((again.status, &again.body), (200, &closed.body), "again it changes nothing");
    assert_eq!(till.close_refund(&id, refund, "R-18").await.code(), "not_manual");
    assert_eq!(till.asked(), 0, "no provider has to do with it");

    let order = till.order_of(1, &id).await;
    assert!(codes(&order).is_empty(), "{order}");
    assert_eq!((&order["payment"]["captured"], &order["payment"]["refunded"]), (&usd(TOTAL), &usd(500)));
    assert_eq!(order["payment"]["status"], "captured");
    let stored = till.stored(&id).await;
    let one = stored.payment.refunds().first().unwrap();
    assert_eq!((one.by.as_ref(), one.state), (Some(&user(9)), RefundState::Succeeded));
    assert_eq!(one.closed.as_ref().map(|closed| &closed.by), Some(&user(9)));
    assert_eq!(noted(&till, "order.refund", "allowed").await, 2, "asked for, and closed");
}

#[tokio::test]
async fn who_pays_out_may_leave_a_note_for_the_staff() {
    let till = Till::open().await;
    let id = delivered(&till, "cod").await;
    let refund = till.refund(&id, "k", of(500)).await.body["id"].as_str().unwrap().to_owned();
    let token = till.shop.world.token(&user(8), Role::PharmacyAdmin);
    let close = async |body: Value| {
        let (path, parameters) =
            ("/v1/orders/x/refunds/y/close", [("id", id.as_str()), ("refund_id", refund.as_str())]);
        let event = support::event("POST", path, &parameters, Some(&token), Some(&body));
        till.shop.world.send(&payments_close_refund::ENDPOINT, &event).await
    };
    let wrong = close(json!({"reference": "", "note": "x".repeat(501)})).await;
    assert_eq!((wrong.status, wrong.fields()), (400, vec!["reference", "note"]), "{}", wrong.text);
    let closed = close(json!({"reference": "R-17", "note": "At the counter."})).await;
    assert_eq!(closed.status, 200, "{}", closed.text);
    assert!(!closed.text.contains("counter"), "the customer sees this too");
    let stored = till.stored(&id).await;
    let noted = stored.payment.refunds().first().unwrap().closed.clone().unwrap();
    assert_eq!((noted.by, noted.note.as_deref()), (user(8), Some("At the counter.")));
    let stripped = stored.stripped(&user(77), noted.at.date());
    let left = stripped.payment.refunds().first().unwrap();
    assert_eq!(
        (left.reason.as_ref(), left.closed.as_ref().unwrap().note.as_ref()),
        (None, None),
        "erased with the rest"
    );
    assert_eq!((left.amount, left.reference.as_deref()), (500, Some("R-17")), "the sums stay");
}

#[tokio::test]
async fn cash_that_was_not_paid_does_not_go_back() {
    let till = Till::open().await;
    let id = till.order(1, "cod").await;
    for to in ["verified", "packed", "shipped"] {
        assert_eq!(till.refund(&id, to, of(500)).await.code(), "not_captured");
        assert_eq!(till.shop.transition(&id, to).await.status, 200, "{to}");
    }
    let refused = till.refund(&id, "k", of(500)).await;
    assert_eq!((refused.status, refused.code()), (409, "not_captured"));
    assert_eq!(noted(&till, "order.refund", "refused").await, 4);
}

#[tokio::test]
async fn no_more_cash_is_paid_out_than_was_paid_whichever_way() {
    let till = Till::open().await;
    let id = delivered(&till, "cod").await;
    let back = ask(&till, &id, "a", 1).await;
    let approve = |amount: i64| json!({"decision": "approve", "refund": usd(amount)});
    let asked = till.refund(&id, "k0", of(999)).await;
    assert_eq!(asked.status, 202, "{}", asked.text);
    // What was asked for counts, though it was not paid out yet.
    let refused = resolve(&till, &id, &back, approve(501)).await;
    assert_eq!(refused.body["problems"][0]["refundable"], usd(500), "{}", refused.text);
    assert_eq!(resolve(&till, &id, &back, approve(500)).await.status, 200);
    let refused = till.refund(&id, "k1", of(1)).await;
    assert_eq!((refused.status, refused.code()), (422, "refund_too_large"), "{}", refused.text);
    assert_eq!(refused.body["problems"][0]["refundable"], usd(0));
    let all = till.refund(&id, "k2", json!({"reason": "all that is left"})).await;
    assert_eq!(all.code(), "refund_too_large", "nothing is left");
    let refund = asked.body["id"].as_str().unwrap();
    assert_eq!(till.close_refund(&id, refund, "R-17").await.status, 200);
    let order = till.order_of(1, &id).await;
    assert_eq!((&order["payment"]["status"], &order["payment"]["refunded"]), (&json!("refunded"), &usd(TOTAL)));
    assert_eq!(noted(&till, "payment.change", "allowed").await, 1, "all of it went back");
}

#[tokio::test]
async fn no_unit_is_paid_out_twice() {
    let till = Till::open().await;
    let id = delivered(&till, "cod").await;
    let units =
        |quantity: u32| json!({"reason": "broken", "lines": [{"product_id": till.product, "quantity": quantity}]});
    let back = ask(&till, &id, "a", 1).await;
    let approved = resolve(&till, &id, &back, json!({"decision": "approve", "refund": usd(500)})).await;
    assert_eq!(approved.status, 200, "{}", approved.text);
    assert_eq!(till.refund(&id, "k0", units(2)).await.code(), "refund_too_large", "one was paid out for its return");
    let asked = till.refund(&id, "k1", units(1)).await;
    assert_eq!((asked.status, &asked.body["amount"]), (202, &usd(500)), "{}", asked.text);
    assert_eq!(till.refund(&id, "k2", units(1)).await.code(), "refund_too_large");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_ask_and_close_at_once_one_does() {
    let till = Till::open().await;
    let id = delivered(&till, "cod").await;
    let keys: Vec<_> = (0..8).map(|n| format!("k{n}")).collect();
    let asked = futures_util::future::join_all(keys.iter().map(|key| till.refund(&id, key, of(TOTAL)))).await;
    assert_eq!(asked.iter().filter(|answer| answer.status == 202).count(), 1);
    let refund = till.stored(&id).await.payment.refunds().first().unwrap().id.to_string();
    let close = |n: usize| {
        let (till, id, refund) = (&till, &id, &refund);
        async move { till.close_refund(id, refund, &format!("R-{n}")).await }
    };
    let closed = futures_util::future::join_all((0..8).map(close)).await;
    assert_eq!(closed.iter().filter(|answer| answer.status == 200).count(), 1);
    assert_eq!(till.order_of(1, &id).await["payment"]["refunded"], usd(TOTAL));
    assert_eq!(noted(&till, "payment.change", "allowed").await, 1);
}

#[tokio::test]
async fn nobody_pays_out_cash_to_themselves() {
    let till = Till::open().await;
    let id = delivered(&till, "cod").await;
    let refund = till.refund(&id, "k", of(500)).await.body["id"].as_str().unwrap().to_owned();
    let own = till.shop.world.token(&user(1), Role::PharmacyAdmin);
    let (path, parameters) = ("/v1/orders/x/refunds/y/close", [("id", id.as_str()), ("refund_id", refund.as_str())]);
    let body = json!({"reference": "R-17"});
    let event = support::event("POST", path, &parameters, Some(&own), Some(&body));
    let refused = till.shop.world.send(&payments_close_refund::ENDPOINT, &event).await;
    assert_eq!((refused.status, refused.code()), (403, "own_order"), "{}", refused.text);
    assert_eq!(till.order_of(1, &id).await["payment"]["refunded"], usd(0));
}

#[tokio::test]
async fn cash_that_went_back_by_a_return_at_last_has_all_gone_back() {
    let till = Till::open().await;
    let id = delivered(&till, "cod").await;
    let asked = till.refund(&id, "k", of(TOTAL - 500)).await;
    let refund = asked.body["id"].as_str().unwrap();
    assert_eq!(till.close_refund(&id, refund, "R-17").await.status, 200);
    assert_eq!(till.order_of(1, &id).await["payment"]["status"], "captured");
    let back = ask(&till, &id, "a", 1).await;
    let approved = resolve(&till, &id, &back, json!({"decision": "approve", "refund": usd(500)})).await;
    assert_eq!(approved.status, 200, "{}", approved.text);
    let order = till.order_of(1, &id).await;
    assert_eq!((&order["payment"]["status"], &order["payment"]["refunded"]), (&json!("refunded"), &usd(TOTAL)));
    assert_eq!(noted(&till, "payment.change", "allowed").await, 1);
}

/// The staff closes a refund with this body.
pub(super) async fn close(till: &Till, id: &str, refund: &str, body: Value) -> support::Answer {
    let token = till.shop.world.token(&user(9), Role::PharmacyAdmin);
    let (path, parameters) = ("/v1/orders/x/refunds/y/close", [("id", id), ("refund_id", refund)]);
    let event = support::event("POST", path, &parameters, Some(&token), Some(&body));
    till.shop.world.send(&payments_close_refund::ENDPOINT, &event).await
}

#[tokio::test]
async fn cash_that_was_asked_back_by_mistake_stays_and_can_be_asked_back_again() {
    let till = Till::open().await;
    let id = delivered(&till, "cod").await;
    let asked = till.refund(&id, "k", of(TOTAL)).await;
    let refund = asked.body["id"].as_str().unwrap();
    let both = close(&till, &id, refund, json!({"reference": "R-17", "not_paid": true})).await;
    assert_eq!((both.status, both.fields()), (400, vec!["not_paid"]), "{}", both.text);
    assert_eq!(close(&till, &id, refund, json!({"note": "x"})).await.fields(), ["reference"]);
    let word = json!({"not_paid": true, "note": "It was another order."});
    let kept = close(&till, &id, refund, word.clone()).await;
    assert_eq!((kept.status, &kept.body["status"]), (200, &json!("failed")), "{}", kept.text);
    assert_ne!(kept.body["closed_at"], Value::Null);
    let again = close(&till, &id, refund, word).await;
    assert_eq!((again.status, &again.body), (200, &kept.body), "again it changes nothing");
    assert_eq!(till.close_refund(&id, refund, "R-17").await.code(), "not_manual");
    let order = till.order_of(1, &id).await;
    assert!(codes(&order).is_empty(), "{order}");
    assert_eq!((&order["payment"]["status"], &order["payment"]["refunded"]), (&json!("captured"), &usd(0)));
    assert_eq!(till.stored(&id).await.cash_left(), TOTAL, "all of it can be paid out");
    assert_eq!(noted(&till, "order.refund", "allowed").await, 2, "asked for, and taken back");
    let paid = till.refund(&id, "k1", of(TOTAL)).await;
    let refund = paid.body["id"].as_str().unwrap();
    assert_eq!(till.close_refund(&id, refund, "R-18").await.status, 200);
    let late = close(&till, &id, refund, json!({"not_paid": true})).await;
    assert_eq!((late.status, late.code()), (409, "not_manual"), "it was paid out");
}
