//! Every fault of the providers that take the money when the customer pays, eSewa and bKash: what is kept and what goes back is
//! the same, whatever went wrong on the way.

use std::time::Duration;

use peers::fault::{Fault, Kind};
use serde_json::json;

use super::invariants::{self, Placed};
use super::till::{TOTAL, Till};

/// All ways to go wrong.
const KINDS: [Kind; 6] =
    [Kind::FailBefore, Kind::FailAfter, Kind::BreakBefore, Kind::BreakAfter, Kind::Busy, Kind::Stale];
/// Where calls of bKash can be hit.
const BKASH: [&str; 7] = [
    "/token/grant",
    "/checkout/create",
    "/checkout/execute",
    "/checkout/payment/status",
    "/refund/payment/transaction",
    "/refund/payment/status",
    "/token/refresh",
];

/// Starts to pay as often as it takes.
async fn intent(till: &Till, buyer: u32, id: &str) -> String {
    let mut led_to = None;
    for _ in 0..5 {
        let started = till.start(buyer, id).await;
        if started.status == 200 {
            led_to = Some(till.led_to(&started));
            break;
        }
        assert_eq!((started.status, started.code()), (503, "provider_unavailable"), "{}", started.text);
        till.wait(Duration::from_secs(20));
    }
    assert!(led_to.is_some(), "nobody can pay for {id}");
    led_to.unwrap()
}

#[tokio::test]
async fn every_fault_of_bkash_leaves_the_same_money() {
    for (kind, path) in KINDS.into_iter().flat_map(|kind| BKASH.map(|path| (kind, path))) {
        let till = Till::open_in_bdt().await;
        let context = format!("{kind:?} at {path}");
        let hit = || {
            let mut state = till.cloud.peers().lock();
            state.faults.clear();
            state.faults.add(Fault::at(path, kind));
        };
        let (kept, cancelled) = (till.order(1, "bkash").await, till.order(2, "bkash").await);
        for (buyer, id) in [(1, &kept), (2, &cancelled)] {
            hit();
            let intent = intent(&till, buyer, id).await;
            till.pays(&intent);
            hit();
            drop(till.confirm(buyer, id).await);
            till.run_dry(Duration::from_mins(4)).await;
            assert_eq!(till.status(buyer, id).await.1, "captured", "{context}");
        }
        assert_eq!(till.shop.transition(&kept, "verified").await.status, 200, "{context}");
        // The token is renewed meanwhile.
        till.wait(Duration::from_mins(50));
        hit();
        let part = json!({"reason": "x", "amount": {"amount": 99, "currency": "BDT"}});
        assert_eq!(till.refund(&kept, "k", part).await.status, 202, "{context}");
        till.wake(&kept).await;
        hit();
        assert_eq!(till.shop.cancel(2, &cancelled).await.status, 200, "{context}");
        till.wake(&cancelled).await;
        till.run_dry(Duration::from_mins(8)).await;
        till.cloud.peers().lock().faults.clear();
        till.tell_all().await;
        // Who could not get a token twice has to wait for an hour.
        till.run_dry(Duration::from_mins(if path.contains("/token/") { 75 } else { 4 })).await;
        assert_eq!(till.money(&kept), (0, TOTAL, 99, 1, 1), "{context}");
        assert_eq!(till.money(&cancelled), (0, TOTAL, TOTAL, 1, 1), "{context}");
        let placed = [(1, kept), (2, cancelled)].map(|(buyer, id)| Placed { buyer, id, method: "bkash" });
        invariants::hold(&till, &placed, &context).await;
    }
}

#[tokio::test]
async fn every_fault_of_esewa_leaves_the_same_money() {
    for kind in KINDS {
        let till = Till::open_in_npr().await;
        let context = format!("{kind:?}");
        let hit = || till.cloud.peers().lock().faults.add(Fault::at("/transaction/status/", kind));
        let orders = [till.order(1, "esewa").await, till.order(2, "esewa").await, till.order(3, "esewa").await];
        let [kept, cancelled, late] = &orders;
        for (buyer, id) in [(1, kept), (2, cancelled)] {
            let uuid = till.intent(buyer, id).await;
            till.pays(&uuid);
            hit();
            let data = till.cloud.peers().lock().esewa.data(&uuid).unwrap();
            drop(till.came_back(&data).await);
            till.run_dry(Duration::from_mins(6)).await;
            assert_eq!(till.status(buyer, id).await.1, "captured", "{context}");
        }
        let uuid = till.intent(3, late).await;
        hit();
        assert_eq!(till.shop.cancel(2, cancelled).await.status, 200, "{context}");
        till.wake(cancelled).await;
        // Nobody pays the third in time, and then somebody does.
        till.run_dry(Duration::from_mins(70)).await;
        till.pays(&uuid);
        till.wait(Duration::from_hours(24));
        hit();
        till.run_dry(Duration::from_mins(20)).await;
        for (buyer, id) in [(2, cancelled), (3, late)] {
            assert_eq!(till.status(buyer, id).await.0, "cancelled", "{context}");
            if till.stored(id).await.payment.online().unwrap().refunds.is_empty() {
                // What was answered with how it had been before comes out at the last look, three days after the beginning.
                till.wait(Duration::from_hours(48));
                till.run_dry(Duration::from_mins(20)).await;
            }
            let online = till.stored(id).await.payment.online().cloned().unwrap();
            let refund = online.refunds.first().unwrap_or_else(|| panic!("{context}: {id} is to be given back"));
            hit();
            let early = till.close_refund(id, &refund.id.to_string(), "0007TS9").await;
            assert!(["refund_not_seen", "provider_unavailable"].contains(&early.code()), "{context}: {}", early.text);
            till.cloud.peers().lock().faults.clear();
            till.cloud.peers().lock().esewa.refund(&online.attempts[0].reference, refund.amount);
            let closed = till.close_refund(id, &refund.id.to_string(), "0007TS9").await;
            assert_eq!(closed.status, 200, "{context}: {}", closed.text);
        }
        till.run_dry(Duration::from_mins(3)).await;
        let placed = (1..).zip(orders).map(|(buyer, id)| Placed { buyer, id, method: "esewa" });
        invariants::hold(&till, &placed.collect::<Vec<_>>(), &context).await;
    }
}
