//! bKash, from the order to the money and back.

use std::time::Duration;

use peers::fault::{Fault, Kind};
use serde_json::json;

use super::till::{TOTAL, Till};

const BKASH: &str = "bkash";

fn calls(till: &Till, path: &str) -> usize {
    let state = till.cloud.peers().lock();
    state.bkash.calls().iter().filter(|seen| seen.request.path.contains(path)).count()
}

async fn paid(till: &Till, buyer: u32) -> String {
    let id = till.order(buyer, BKASH).await;
    let intent = till.intent(buyer, &id).await;
    till.pays(&intent);
    let confirmed = till.confirm(buyer, &id).await;
    assert_eq!(confirmed.body["payment"]["status"], "captured", "{}", confirmed.text);
    id
}

#[tokio::test]
async fn what_a_customer_agrees_to_is_taken_once_we_accept() {
    let till = Till::open_in_bdt().await;
    let id = till.order(1, BKASH).await;
    let intent = till.intent(1, &id).await;
    till.wait(Duration::from_secs(3));
    assert_eq!(till.confirm(1, &id).await.body["payment"]["status"], "pending", "nobody has agreed");
    till.pays(&intent);
    till.wait(Duration::from_secs(3));
    assert_eq!(till.money(&id).1, 0, "agreeing moves no money");
    assert_eq!(till.confirm(1, &id).await.body["payment"]["status"], "captured");
    for _ in 0..3 {
        assert_eq!(till.confirm(1, &id).await.status, 200);
    }
    assert_eq!(calls(&till, "/execute"), 1);
    for to in ["verified", "packed"] {
        assert_eq!(till.shop.transition(&id, to).await.status, 200, "{to}");
    }
    assert_eq!(till.payment_trail(&id).await, ["captured"]);
    assert_eq!(till.money(&id), (0, TOTAL, 0, 1, 0));
}

#[tokio::test]
async fn a_customer_who_agrees_and_goes_away_is_found() {
    let till = Till::open_in_bdt().await;
    let id = till.order(1, BKASH).await;
    let intent = till.intent(1, &id).await;
    till.pays(&intent);
    till.run_dry(Duration::from_mins(3)).await;
    assert_eq!(till.status(1, &id).await, ("placed".to_owned(), "captured".to_owned()));
}

#[tokio::test]
async fn nothing_is_accepted_too_late_or_for_an_order_that_was_called_off() {
    let till = Till::open_in_bdt().await;
    let (late, cancelled) = (till.order(1, BKASH).await, till.order(2, BKASH).await);
    let (first, second) = (till.intent(1, &late).await, till.intent(2, &cancelled).await);
    till.run_dry(Duration::from_mins(29)).await;
    assert_eq!(till.shop.cancel(2, &cancelled).await.status, 200);
    till.pays(&second);
    till.confirm(2, &cancelled).await;
    till.wait(Duration::from_mins(2));
    till.pays(&first);
    till.confirm(1, &late).await;
    till.run_dry(Duration::from_mins(5)).await;
    for (buyer, id) in [(1, &late), (2, &cancelled)] {
        assert_eq!(till.status(buyer, id).await, ("cancelled".to_owned(), "voided".to_owned()));
        assert_eq!(till.money(id), (0, 0, 0, 0, 0));
    }
    assert_eq!(calls(&till, "/execute"), 0);
}

#[tokio::test]
async fn who_has_no_balance_begins_anew_and_the_page_before_is_never_accepted() {
    let till = Till::open_in_bdt().await;
    let id = till.order(1, BKASH).await;
    let first = till.intent(1, &id).await;
    till.cloud.peers().lock().bkash.agree(&first, Some("2023")).unwrap();
    let declined = till.confirm(1, &id).await;
    assert_eq!(declined.body["payment"]["problem"], "declined", "{}", declined.text);
    let second = till.intent(1, &id).await;
    let third = till.intent(1, &id).await;
    assert!(first != second && second != third, "bKash shows its page once");
    till.pays(&second);
    till.pays(&third);
    till.run_dry(Duration::from_mins(10)).await;
    assert_eq!(till.status(1, &id).await.1, "captured");
    assert_eq!(till.money(&id), (0, TOTAL, 0, 1, 0), "one of both");
}

#[tokio::test]
async fn an_acceptance_without_an_answer_is_looked_for_before_it_is_sent_again() {
    for kind in [Kind::BreakBefore, Kind::BreakAfter, Kind::FailBefore, Kind::FailAfter, Kind::Busy] {
        let till = Till::open_in_bdt().await;
        let id = till.order(1, BKASH).await;
        let intent = till.intent(1, &id).await;
        till.pays(&intent);
        till.cloud.peers().lock().faults.add(Fault::at("/execute", kind));
        assert_eq!(till.confirm(1, &id).await.status, 200, "{kind:?}");
        let asked = calls(&till, "/execute");
        till.wait(Duration::from_secs(20));
        till.sweep().await;
        assert_eq!(calls(&till, "/execute"), asked, "{kind:?}: bKash wants half a minute");
        till.run_dry(Duration::from_mins(4)).await;
        assert_eq!(till.status(1, &id).await.1, "captured", "{kind:?}");
        assert_eq!(till.money(&id), (0, TOTAL, 0, 1, 0), "{kind:?}");
    }
}

#[tokio::test]
async fn cancelling_gives_back_once_whatever_becomes_of_the_answer() {
    for kind in [Kind::BreakBefore, Kind::BreakAfter, Kind::FailBefore, Kind::FailAfter, Kind::Busy] {
        let till = Till::open_in_bdt().await;
        let id = paid(&till, 1).await;
        let fault = Fault::at("/refund/payment/transaction", kind);
        till.cloud.peers().lock().faults.add(fault);
        assert_eq!(till.shop.cancel(1, &id).await.status, 200);
        till.wake(&id).await;
        till.run_dry(Duration::from_mins(5)).await;
        assert_eq!(till.status(1, &id).await, ("cancelled".to_owned(), "refunded".to_owned()), "{kind:?}");
        assert_eq!(till.money(&id), (0, TOTAL, TOTAL, 1, 1), "{kind:?}");
    }
}

#[tokio::test]
async fn parts_of_the_same_sum_go_back_each_once() {
    let till = Till::open_in_bdt().await;
    let id = paid(&till, 1).await;
    let sum = |amount: i64| json!({"amount": {"amount": amount, "currency": "BDT"}, "reason": "broken"});
    for key in ["k1", "k2"] {
        assert_eq!(till.refund(&id, key, sum(500)).await.status, 202);
    }
    let fault = |kind| Fault::at("/refund/payment/transaction", kind);
    till.cloud.peers().lock().faults.add(fault(Kind::BreakAfter));
    till.wake(&id).await;
    till.run_dry(Duration::from_mins(5)).await;
    assert_eq!(till.money(&id), (0, TOTAL, 1000, 1, 2));
    assert_eq!(till.order_of(1, &id).await["payment"]["refunded"]["amount"], 1000);
    assert_eq!(till.refund(&id, "k3", sum(500)).await.code(), "refund_too_large");
    let refunds = till.stored(&id).await.payment.online().unwrap().refunds.clone();
    assert!(refunds.iter().all(|refund| refund.reference.is_some()), "{refunds:?}");
}

#[tokio::test]
async fn all_instances_share_one_token_which_is_asked_for_twice_an_hour_at_most() {
    let till = Till::open_in_bdt().await;
    paid(&till, 1).await;
    let another = till.shop.world.another_instance().await;
    let token = || till.cloud.peers().lock().bkash.grants.len();
    assert_eq!(token(), 1);
    let record = json!({"source": "aws.events"});
    (payments_settle::WORKER.run)(&another, record).await.unwrap();
    let id = till.order(2, BKASH).await;
    till.intent(2, &id).await;
    assert_eq!(token(), 1, "one token for all");
    for _ in 0..10 {
        till.wait(Duration::from_mins(13));
        let id = till.order(3, BKASH).await;
        till.start(3, &id).await;
    }
    let state = till.cloud.peers().lock();
    assert_eq!(state.bkash.blocked, 0);
    for window in state.bkash.grants.windows(3) {
        assert!(window[2] - window[0] > 3600, "{:?}", state.bkash.grants);
    }
}

#[tokio::test]
async fn another_sum_or_order_never_advances_an_order() {
    let till = Till::open_in_bdt().await;
    let (cheap, dear) = (till.order(1, BKASH).await, till.order(2, BKASH).await);
    let (first, second) = (till.intent(1, &cheap).await, till.intent(2, &dear).await);
    till.pays(&first);
    // What was agreed to for another order is put in the place of this one's.
    let mut order = till.stored(&dear).await;
    order.payment.online_mut().unwrap().attempts[0].reference = first;
    let orders = till.shop.world.app.orders();
    shared::platform::dynamo::write(&till.shop.world.dynamo, orders.store.save(&order).unwrap()).await.unwrap();
    till.wait(Duration::from_secs(3));
    assert_eq!(till.confirm(2, &dear).await.body["payment"]["status"], "pending");
    assert_eq!(calls(&till, "/execute"), 0, "{second}");
}

#[tokio::test]
async fn what_the_staff_gives_back_in_the_portal_is_not_taken_for_a_refund_of_ours() {
    for ours in [300, 200] {
        let till = Till::open_in_bdt().await;
        let id = paid(&till, 1).await;
        let intent = till.stored(&id).await.payment.online().unwrap().attempts[0].reference.clone();
        till.cloud.peers().lock().bkash.give_back_by_hand(&intent, 300);
        let body = json!({"amount": {"amount": ours, "currency": "BDT"}, "reason": "broken"});
        assert_eq!(till.refund(&id, "k", body).await.status, 202);
        till.wake(&id).await;
        till.run_dry(Duration::from_mins(3)).await;
        assert_eq!(till.money(&id), (0, TOTAL, 300 + ours, 1, 2), "both went back");
        assert_eq!(till.order_of(1, &id).await["payment"]["refunded"]["amount"], 300 + ours);
    }
}

#[tokio::test]
async fn a_sum_that_bkash_does_not_take_is_said_to_whoever_wants_to_pay() {
    let till = Till::open_in_bdt().await;
    till.cloud.peers().lock().bkash.least = TOTAL + 1;
    let id = till.order(1, BKASH).await;
    let refused = till.start(1, &id).await;
    assert_eq!((refused.status, refused.code()), (409, "not_payable"), "{}", refused.text);
    till.cloud.peers().lock().bkash.least = TOTAL;
    assert_eq!(till.start(1, &id).await.status, 200);
}
