//! What a storm must not get past: other sums, another order's payment, money that comes a second too late or just in time, and
//! more that goes back than was taken.

use std::time::Duration;

use peers::fault::{Fault, Kind};
use serde_json::json;

use super::invariants::{self, Placed};
use super::till::{TOTAL, Till};

/// Changes the first attempt of an order as it is stored, as a client of ours that is broken would.
async fn alter(till: &Till, id: &str, change: impl FnOnce(&mut shared::payments::Attempt)) {
    let mut order = till.stored(id).await;
    change(&mut order.payment.online_mut().unwrap().attempts[0]);
    let save = till.shop.world.app.orders().store.save(&order).unwrap();
    shared::platform::dynamo::transact(&till.shop.world.dynamo, vec![save]).await.unwrap();
}

fn calls_to(till: &Till, path: &str) -> usize {
    let state = till.cloud.peers().lock();
    let calls = state.paypal.calls().iter().chain(state.bkash.calls()).chain(state.stripe.calls());
    calls.filter(|seen| seen.request.path.contains(path)).count()
}

#[tokio::test]
async fn in_a_storm_of_wrong_sums_no_order_advances_and_no_money_is_kept() {
    for method in ["card", "paypal", "bkash"] {
        let till = Till::taking(method).await;
        let id = till.order(1, method).await;
        let intent = till.intent(1, &id).await;
        alter(&till, &id, |attempt| attempt.amount += 5).await;
        till.pays(&intent);
        till.wait(Duration::from_secs(3));
        till.confirm(1, &id).await;
        till.run_dry(Duration::from_mins(40)).await;
        assert_eq!(till.status(1, &id).await, ("cancelled".to_owned(), "voided".to_owned()), "{method}");
        assert_eq!(till.money(&id), (0, 0, 0, 0, 0), "{method}");
    }
}

#[tokio::test]
async fn in_a_storm_another_orders_payment_never_pays_for_this_one() {
    for method in ["card", "paypal", "bkash"] {
        let till = Till::taking(method).await;
        let (id, other) = (till.order(1, method).await, till.order(2, method).await);
        let (_, theirs) = (till.intent(1, &id).await, till.intent(2, &other).await);
        alter(&till, &id, |attempt| attempt.reference.clone_from(&theirs)).await;
        till.pays(&theirs);
        till.wait(Duration::from_secs(3));
        till.confirm(1, &id).await;
        till.run_dry(Duration::from_mins(3)).await;
        assert_eq!(till.status(1, &id).await.1, "pending", "{method}");
    }
}

#[tokio::test]
async fn in_a_storm_in_which_stripe_fails_to_open_a_payment_it_is_opened_under_another_key() {
    for kind in [Kind::FailBefore, Kind::FailAfter] {
        let till = Till::open().await;
        let id = till.order(1, "card").await;
        till.cloud.peers().lock().faults.add(Fault::at("/v1/payment_intents", kind));
        let intent = till.intent(1, &id).await;
        assert_eq!(till.intent(1, &id).await, intent, "{kind:?}: who comes again is led to the same");
        till.pays(&intent);
        till.confirm(1, &id).await;
        assert_eq!(till.money(&id), (TOTAL, 0, 0, 0, 0), "{kind:?}");
        assert_eq!(till.status(1, &id).await.1, "authorized", "{kind:?}");
    }
}

#[tokio::test]
async fn in_a_storm_that_loses_every_event_who_has_paid_in_time_keeps_the_order() {
    for (method, over) in [("card", 2), ("esewa", 18)] {
        let till = Till::taking(method).await;
        let id = till.order(1, method).await;
        let intent = till.intent(1, &id).await;
        till.wait(Duration::from_mins(29));
        till.pays(&intent);
        till.events();
        till.wait(Duration::from_mins(over));
        till.run_dry(Duration::from_mins(5)).await;
        let paid = if method == "esewa" { "captured" } else { "authorized" };
        assert_eq!(till.status(1, &id).await, ("placed".to_owned(), paid.to_owned()), "{method}");
        let placed = [Placed { buyer: 1, id, method }];
        invariants::hold(&till, &placed, method).await;
    }
}

#[tokio::test]
async fn in_a_storm_nothing_is_accepted_too_late_or_for_what_was_called_off() {
    for (method, accepts) in [("paypal", "/authorize"), ("bkash", "/execute")] {
        let till = Till::taking(method).await;
        let (late, off) = (till.order(1, method).await, till.order(2, method).await);
        let (first, second) = (till.intent(1, &late).await, till.intent(2, &off).await);
        assert_eq!(till.shop.cancel(2, &off).await.status, 200);
        till.pays(&second);
        till.confirm(2, &off).await;
        till.wait(Duration::from_mins(31));
        till.pays(&first);
        till.confirm(1, &late).await;
        till.run_dry(Duration::from_mins(5)).await;
        for (buyer, id) in [(1, &late), (2, &off)] {
            assert_eq!(till.status(buyer, id).await, ("cancelled".to_owned(), "voided".to_owned()), "{method}");
        }
        assert_eq!(calls_to(&till, accepts), 0, "{method}");
    }
}

#[tokio::test]
async fn in_a_storm_what_was_called_off_is_let_go_and_not_taken_first() {
    for method in ["card", "paypal"] {
        for kind in [Kind::BreakBefore, Kind::FailBefore, Kind::Busy] {
            let till = Till::taking(method).await;
            let id = till.held(1, method).await;
            assert_eq!(till.shop.transition(&id, "verified").await.status, 200, "{method}");
            till.cloud.peers().lock().faults.add(Fault::at("/capture", kind));
            till.wake(&id).await;
            assert_eq!(till.shop.cancel(1, &id).await.status, 200, "{method}");
            till.run_dry(Duration::from_mins(5)).await;
            assert_eq!(till.status(1, &id).await, ("cancelled".to_owned(), "voided".to_owned()), "{method} {kind:?}");
            assert_eq!(till.money(&id), (0, 0, 0, 0, 0), "{method} {kind:?}");
        }
    }
}

#[tokio::test]
async fn in_a_storm_no_more_is_asked_back_than_was_taken() {
    for (method, refunds) in [("card", "/v1/refunds"), ("paypal", "/refund"), ("bkash", "/refund/payment/transaction")]
    {
        let till = Till::taking(method).await;
        let id = till.order(1, method).await;
        let intent = till.intent(1, &id).await;
        till.pays(&intent);
        till.confirm(1, &id).await;
        assert_eq!(till.shop.transition(&id, "verified").await.status, 200, "{method}");
        till.wake(&id).await;
        let ask = json!({"reason": "x", "amount": {"amount": 1000, "currency": till.currency()}});
        assert_eq!(till.refund(&id, "k1", ask.clone()).await.status, 202, "{method}");
        assert_eq!(till.refund(&id, "k2", ask).await.code(), "refund_too_large", "{method}");
        // Called off while the first is on its way, and its answer is lost.
        till.cloud.peers().lock().faults.add(Fault::at(refunds, Kind::BreakAfter));
        till.wake(&id).await;
        assert_eq!(till.shop.cancel(1, &id).await.status, 200, "{method}");
        till.run_dry(Duration::from_mins(6)).await;
        assert_eq!(till.money(&id), (0, TOTAL, TOTAL, 1, 2), "{method}");
        invariants::hold(&till, &[Placed { buyer: 1, id, method }], method).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_storm_of_many_at_once_each_thing_happens_once() {
    for method in ["card", "paypal", "bkash"] {
        let till = Till::taking(method).await;
        let id = till.order(1, method).await;
        let intent = till.intent(1, &id).await;
        till.pays(&intent);
        till.wait(Duration::from_secs(3));
        let both = || futures_util::future::join3(till.confirm(1, &id), till.wake(&id), till.wake(&id));
        both().await;
        till.run_dry(Duration::from_mins(2)).await;
        assert_eq!(till.shop.transition(&id, "verified").await.status, 200, "{method}");
        both().await;
        till.run_dry(Duration::from_mins(2)).await;
        // The staff asks for a part while workers are at another, and nothing that was promised is forgotten.
        let ask = |n: i64| {
            let body = json!({"reason": "x", "amount": {"amount": 100 + n, "currency": till.currency()}});
            let till = &till;
            let id = &id;
            async move { till.refund(id, &format!("k{n}"), body).await }
        };
        let asked = futures_util::future::join3(
            futures_util::future::join_all((0..4).map(ask)),
            futures_util::future::join_all((0..4).map(|_| till.wake(&id))),
            till.sweep(),
        );
        let (answers, ..) = asked.await;
        let promised = answers.iter().filter(|answer| answer.status == 202).map(|answer| answer.body["id"].clone());
        let promised: Vec<_> = promised.collect();
        till.run_dry(Duration::from_mins(6)).await;
        let refunds = till.stored(&id).await.payment.online().unwrap().refunds.clone();
        for id in &promised {
            assert!(refunds.iter().any(|one| json!(one.id) == *id), "{method}: {id} was promised and is forgotten");
        }
        assert_eq!(till.money(&id).4, promised.len(), "{method}: {refunds:?}");
        invariants::hold(&till, &[Placed { buyer: 1, id: id.clone(), method }], method).await;
    }
}

#[tokio::test]
async fn in_a_storm_of_events_by_made_up_certificates_nobody_is_asked_without_end() {
    for method in ["paypal", "bkash"] {
        let till = Till::taking(method).await;
        let id = till.order(1, method).await;
        let intent = till.intent(1, &id).await;
        till.pays(&intent);
        let asked = till.asked();
        let body = json!({"id": "WH-forged", "event_type": "PAYMENT.CAPTURE.COMPLETED", "resource": {"id": "2GG"}})
            .to_string();
        for n in 0..50 {
            let answer = if method == "paypal" {
                let mut headers = till.paypal_headers(&body, 0);
                let made_up = format!("{}/v1/notifications/certs/CERT-{n}", till.paypal_url());
                headers
                    .iter_mut()
                    .filter(|(name, _)| *name == "paypal-cert-url")
                    .for_each(|one| one.1.clone_from(&made_up));
                till.tell_by(method, &body, &headers).await
            } else {
                let known = "SimpleNotificationService-0123abcd";
                let made_up = format!("SimpleNotificationService-{n}");
                till.tell_bkash(&till.sns("Notification", &body, 0).replace(known, &made_up)).await
            };
            if n < 3 {
                invariants::refused(&answer, method);
            } else {
                // Whoever signs truly sends it again after a server's fault alone.
                assert_eq!((answer.status, answer.code()), (503, "provider_unavailable"), "{method}: {}", answer.text);
                assert!(answer.headers.contains_key("retry-after"), "{method}");
            }
        }
        assert_eq!(till.cloud.peers().lock().certificates_asked, 3, "{method}");
        assert_eq!(till.asked(), asked, "{method}: nor is asked about a payment");
        // A minute later, what is really signed is heard.
        till.wait(Duration::from_mins(1));
        let event = match method {
            "paypal" => till.events().pop().unwrap(),
            _ => json!({"trxID": "T", "transactionStatus": "Completed", "merchantInvoiceNumber": "x"}),
        };
        assert_eq!(till.tell(&event).await.status, 200, "{method}");
        assert_eq!(till.cloud.peers().lock().certificates_asked, 4, "{method}");
    }
}

#[tokio::test]
async fn in_a_storm_in_which_esewa_takes_another_sum_no_order_advances() {
    for paid in [5, TOTAL - 5, TOTAL + 5] {
        let till = Till::taking("esewa").await;
        let id = till.order(1, "esewa").await;
        let intent = till.intent(1, &id).await;
        till.cloud.peers().lock().esewa.pay_other(&intent, paid).unwrap();
        till.wait(Duration::from_secs(3));
        till.confirm(1, &id).await;
        assert_eq!(till.status(1, &id).await.1, "pending", "{paid}");
        assert_eq!(till.shop.transition(&id, "verified").await.code(), "payment_required", "{paid}");
        let refunds = till.stored(&id).await.payment.refunds().to_vec();
        let by_hand: Vec<_> = refunds.iter().map(|refund| (refund.state, refund.amount)).collect();
        assert_eq!(by_hand, [(shared::payments::RefundState::Manual, paid)], "it goes back by hand");
    }
}

#[tokio::test]
async fn in_a_storm_of_stale_and_forged_events_none_is_heard() {
    let till = Till::open().await;
    let id = till.order(1, "card").await;
    let intent = till.intent(1, &id).await;
    let asked = till.asked();
    let secret = peers::stripe::WEBHOOK_SECRET;
    let event = json!({"id": "evt_forged", "object": "event", "type": "payment_intent.succeeded",
        "data": {"object": {"id": intent, "metadata": {"order": id}}}});
    let (event, by_paypal) = (event.to_string(), json!({"id": "WH-forged", "event_type": "PAYMENT.CAPTURE.COMPLETED"}));
    let by_paypal = by_paypal.to_string();
    let ipn = json!({"trxID": "T", "transactionStatus": "Completed", "merchantInvoiceNumber": "x"}).to_string();
    for off in [-400, 400] {
        invariants::refused(&till.tell_as(&event, off, secret).await, "stale, Stripe");
        let headers = till.paypal_headers(&by_paypal, off);
        invariants::refused(&till.tell_by("paypal", &by_paypal, &headers).await, "stale, PayPal");
        invariants::refused(&till.tell_bkash(&till.sns("Notification", &ipn, off)).await, "stale, bKash");
    }
    invariants::refused(&till.tell_as(&event, 0, "whsec_forged").await, "forged, Stripe");
    let mut headers = till.paypal_headers(&by_paypal, 0);
    headers[1].1 = peers::call::rfc3339(till.shop.world.clock.now().seconds() + 1);
    invariants::refused(&till.tell_by("paypal", &by_paypal, &headers).await, "forged, PayPal");
    let altered = till.sns("Notification", &ipn, 0).replace("Completed", "Initiated");
    invariants::refused(&till.tell_bkash(&altered).await, "forged, bKash");
    assert_eq!(till.asked(), asked, "nobody is asked");
}
