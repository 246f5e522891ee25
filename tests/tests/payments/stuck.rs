//! A refund that a provider neither makes nor refuses: somebody is told, and there is a way out.

use std::time::Duration;

use peers::fault::{Fault, Kind};
use serde_json::json;
use shared::payments::{RefundState, Trouble};

use super::till::{TOTAL, Till};

const REFUND: &str = "/refund/payment/transaction";

/// An order of which 500 are to go back, which bKash fails at for as long as `hours`; with what bKash calls its payment.
async fn failing(till: &Till, hours: u64) -> (String, String, String) {
    let id = till.order(1, "bkash").await;
    let intent = till.intent(1, &id).await;
    till.pays(&intent);
    assert_eq!(till.confirm(1, &id).await.body["payment"]["status"], "captured");
    let body = json!({"amount": {"amount": 500, "currency": "BDT"}, "reason": "broken"});
    let asked = till.refund(&id, "k", body).await;
    assert_eq!(asked.status, 202, "{}", asked.text);
    for _ in 0..hours * 6 {
        {
            let mut state = till.cloud.peers().lock();
            state.faults.clear();
            state.faults.add(Fault::at(REFUND, Kind::FailBefore));
        }
        till.wait(Duration::from_mins(10));
        till.sweep().await;
    }
    till.cloud.peers().lock().faults.clear();
    (id, intent, asked.body["id"].as_str().unwrap().to_owned())
}

async fn trouble(till: &Till, id: &str) -> Option<Trouble> {
    till.stored(id).await.payment.online().unwrap().trouble(till.shop.world.clock.now())
}

#[tokio::test]
async fn after_an_hour_somebody_is_told_and_the_provider_is_tried_on() {
    let till = Till::open_in_bdt().await;
    let (id, _, _) = failing(&till, 2).await;
    assert_eq!(trouble(&till, &id).await, Some(Trouble::RefundUnanswered));
    till.run_dry(Duration::from_mins(3)).await;
    assert_eq!(trouble(&till, &id).await, None);
    assert_eq!(till.money(&id), (0, TOTAL, 500, 1, 1));
}

#[tokio::test]
async fn after_a_day_it_is_made_by_hand_and_never_sent_again() {
    let till = Till::open_in_bdt().await;
    let (id, intent, refund) = failing(&till, 26).await;
    assert_eq!(trouble(&till, &id).await, Some(Trouble::RefundManual));
    let order = till.order_of(1, &id).await;
    assert!(order["holds"].as_array().unwrap().iter().any(|hold| hold["code"] == "refund_manual"), "{order}");
    // bKash answers again.
    till.run_dry(Duration::from_mins(10)).await;
    assert_eq!(till.money(&id), (0, TOTAL, 0, 1, 0), "nothing is sent any more");
    let early = till.close_refund(&id, &refund, "RFD1").await;
    assert_eq!((early.status, early.code()), (409, "refund_not_seen"), "{}", early.text);
    till.cloud.peers().lock().bkash.give_back_by_hand(&intent, 500);
    let closed = till.close_refund(&id, &refund, "RFD1").await;
    assert_eq!((closed.status, &closed.body["status"]), (200, &json!("succeeded")), "{}", closed.text);
    assert_eq!(trouble(&till, &id).await, None);
    assert_eq!(till.order_of(1, &id).await["payment"]["refunded"]["amount"], 500);
    // What is left goes back by itself, and what was made by hand is not taken for it.
    assert_eq!(till.shop.cancel(1, &id).await.status, 200);
    till.wake(&id).await;
    till.run_dry(Duration::from_mins(5)).await;
    assert_eq!(till.status(1, &id).await, ("cancelled".to_owned(), "refunded".to_owned()));
    assert_eq!(till.money(&id), (0, TOTAL, TOTAL, 1, 2));
}

#[tokio::test]
async fn a_refund_that_went_through_unseen_is_not_made_again_by_hand() {
    let till = Till::open_in_bdt().await;
    let (id, intent, refund) = failing(&till, 26).await;
    // It was made after all, long after it was given up.
    till.cloud.peers().lock().bkash.give_back_by_hand(&intent, 500);
    till.wait(Duration::from_hours(24));
    till.sweep().await;
    let online = till.stored(&id).await.payment.online().cloned().unwrap();
    assert_eq!((online.refunds[0].state, online.returned()), (RefundState::Manual, 500), "the daily look shows it");
    assert_eq!(till.close_refund(&id, &refund, "RFD1").await.status, 200);
    assert_eq!(till.money(&id), (0, TOTAL, 500, 1, 1));
}

#[tokio::test]
async fn an_order_of_a_restored_table_is_asked_about_though_nothing_is_due() {
    let till = Till::open().await;
    let id = till.held(1, "card").await;
    assert_eq!(till.shop.transition(&id, "verified").await.status, 200);
    till.wake(&id).await;
    let settled = till.stored(&id).await;
    // After the money was taken, the staff gave a part back on the provider's pages, and nobody was told.
    let intent = settled.payment.online().unwrap().attempts[0].reference.clone();
    till.cloud.peers().lock().stripe.give_back_by_hand(&intent, 500).unwrap();
    till.events();
    till.run_dry(Duration::from_mins(5)).await;
    assert_eq!(till.order_of(1, &id).await["payment"]["refunded"]["amount"], 0, "nothing is due");
    let ask = json!({"ask": [id, "no order"]});
    let asked = (payments_settle::WORKER.run)(&till.shop.world.app, ask).await.unwrap();
    assert_eq!((&asked["orders"], &asked["failed"]), (&json!(1), &json!(0)));
    assert_eq!(till.order_of(1, &id).await["payment"]["refunded"]["amount"], 500);
}
