//! The storm: killed at every call, before and after it took effect; afterwards, what is held, taken and given back at the
//! provider is what the orders say, and no more.

use std::time::Duration;

use serde_json::json;
use support::cloud::Killed;

use super::invariants::{self, Placed};
use super::till::{TOTAL, Till};

/// Far more calls than any use-case makes.
const MOST: usize = 40;

/// What is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Start,
    Confirm,
    Event,
    Capture,
    Void,
    GiveBack,
    Refund,
    Expire,
}

/// The ways to pay that storms are over.
const METHODS: [&str; 4] = ["card", "paypal", "bkash", "esewa"];

/// Whether there is such an act: bKash and eSewa hold nothing and tell no events, and eSewa's money goes back by hand.
fn has(method: &str, act: Act) -> bool {
    match method {
        "bkash" => !matches!(act, Act::Event | Act::Capture | Act::Void),
        "esewa" => matches!(act, Act::Start | Act::Confirm | Act::Expire),
        _ => true,
    }
}

/// Brings an order to where the act begins, kills it at one call, and lets everything run dry; whether it was killed.
async fn killed_at(method: &str, act: Act, call: usize, kill: Killed) -> bool {
    let till = Till::taking(method).await;
    let currency = if method == "bkash" { "BDT" } else { "USD" };
    let id = till.order(1, method).await;
    let mut intent = String::new();
    if act != Act::Start {
        intent = till.intent(1, &id).await;
    }
    if !matches!(act, Act::Start | Act::Expire) {
        till.pays(&intent);
    }
    let event = till.events().pop();
    if matches!(act, Act::Capture | Act::Void | Act::GiveBack | Act::Refund) {
        match &event {
            Some(event) => drop(till.tell(event).await),
            None => drop(till.confirm(1, &id).await),
        }
        till.wake(&id).await;
    }
    if matches!(act, Act::Capture | Act::GiveBack | Act::Refund) {
        assert_eq!(till.shop.transition(&id, "verified").await.status, 200);
    }
    if matches!(act, Act::GiveBack | Act::Refund) {
        till.wake(&id).await;
    }
    if matches!(act, Act::Void | Act::GiveBack) {
        assert_eq!(till.shop.cancel(1, &id).await.status, 200);
    }
    if act == Act::Refund {
        let body = json!({"reason": "broken", "amount": {"amount": 400, "currency": currency}});
        assert_eq!(till.refund(&id, "k", body).await.status, 202);
    }
    if act == Act::Expire {
        // eSewa's door does not shut at once.
        till.wait(Duration::from_mins(if method == "esewa" { 46 } else { 31 }));
    }
    let work = async {
        match act {
            Act::Start => drop(till.start(1, &id).await),
            Act::Confirm => drop(till.confirm(1, &id).await),
            Act::Event => drop(till.tell(event.as_ref().unwrap()).await),
            _ => till.wake(&id).await,
        }
    };
    let killed = till.cloud.run_until(call, kill, work).await.is_none();
    let context = format!("{method}: {act:?} killed {kill:?} call {call}");

    // Whoever was killed comes again, as customers, Stripe and the schedule do.
    match act {
        Act::Start => {
            // Whoever was killed while renewing a token that all share is waited for.
            till.wait(Duration::from_secs(20));
            intent = till.intent(1, &id).await;
            till.pays(&intent);
        }
        Act::Event => assert_eq!(till.tell(event.as_ref().unwrap()).await.status, 200, "{context}"),
        _ => {}
    }
    till.run_dry(Duration::from_mins(6)).await;
    till.tell_all().await;
    till.run_dry(Duration::from_mins(2)).await;

    let (order, payment) = till.status(1, &id).await;
    let (held, taken, returned, captures, refunds) = till.money(&id);
    let expected = match act {
        Act::Start | Act::Confirm if method == "esewa" => ("placed", "captured", (0, TOTAL, 0, 0, 0)),
        Act::Start | Act::Confirm if method == "bkash" => ("placed", "captured", (0, TOTAL, 0, 1, 0)),
        Act::Start | Act::Confirm | Act::Event => ("placed", "authorized", (TOTAL, 0, 0, 0, 0)),
        Act::Capture => ("verified", "captured", (0, TOTAL, 0, 1, 0)),
        Act::Void => ("cancelled", "voided", (0, 0, 0, 0, 0)),
        Act::GiveBack => ("cancelled", "refunded", (0, TOTAL, TOTAL, 1, 1)),
        Act::Refund => ("verified", "captured", (0, TOTAL, 400, 1, 1)),
        Act::Expire => ("cancelled", "voided", (0, 0, 0, 0, 0)),
    };
    assert_eq!((order.as_str(), payment.as_str(), (held, taken, returned, captures, refunds)), expected, "{context}");
    remains(&till, &id, &context).await;
    let attempts = till.stored(&id).await.payment.online().unwrap().attempts.len();
    // bKash knows no keys: what was opened and not written down is another, which nobody was handed.
    let opened = till.opened(&id);
    assert!(opened == attempts || method == "bkash", "{context}: {opened} were opened for {attempts}");
    killed
}

/// What every storm leaves behind.
async fn remains(till: &Till, id: &str, context: &str) {
    let order = till.stored(id).await;
    let online = order.payment.online().unwrap();
    assert!(online.op.is_none() && !online.wake, "{context}: something is under way for ever");
    assert!(online.next_at.is_none_or(|at| at > till.shop.world.clock.now()), "{context}: it is due for ever");
    let trail = till.payment_trail(id).await;
    let mut steps = trail.clone();
    steps.dedup();
    assert_eq!(trail, steps, "{context}: a step stands twice on the trail");
    if online.status().as_str() != "pending" {
        assert_eq!(trail.last().map(String::as_str), Some(online.status().as_str()), "{context}");
    }
    let (available, reserved, sold) = till.shop.stock(till.product).await;
    let expected = if order.status.as_str() == "cancelled" { 0 } else { 2 };
    assert_eq!((available + reserved + sold, reserved), (100, expected), "{context}: stock");
    let state = till.cloud.peers().lock();
    let mut sent = std::collections::BTreeMap::new();
    let calls = state.stripe.calls().iter().chain(state.paypal.calls());
    let acts = calls.filter(|seen| seen.request.method == "POST" && !seen.request.path.starts_with("/v1/oauth2/"));
    for seen in acts {
        let key = seen.request.key.clone().expect("every POST has its key");
        let what = (seen.request.path.clone(), seen.request.form.clone());
        assert_eq!(*sent.entry(key.clone()).or_insert_with(|| what.clone()), what, "{context}: {key} has two bodies");
    }
}

async fn killed_everywhere(act: Act) {
    let methods = METHODS.into_iter().filter(|method| has(method, act));
    for (method, kill) in methods.flat_map(|method| [(method, Killed::Before), (method, Killed::After)]) {
        for call in 0..MOST {
            if !Box::pin(killed_at(method, act, call, kill)).await {
                assert!(call > 1, "{act:?} makes calls");
                break;
            }
        }
    }
}

#[tokio::test]
async fn starting_survives_being_killed() {
    killed_everywhere(Act::Start).await;
}

#[tokio::test]
async fn confirming_survives_being_killed() {
    killed_everywhere(Act::Confirm).await;
}

#[tokio::test]
async fn an_event_survives_being_killed() {
    killed_everywhere(Act::Event).await;
}

#[tokio::test]
async fn a_capture_survives_being_killed() {
    killed_everywhere(Act::Capture).await;
}

#[tokio::test]
async fn a_void_survives_being_killed() {
    killed_everywhere(Act::Void).await;
}

#[tokio::test]
async fn giving_back_survives_being_killed() {
    killed_everywhere(Act::GiveBack).await;
}

#[tokio::test]
async fn a_refund_survives_being_killed() {
    killed_everywhere(Act::Refund).await;
}

#[tokio::test]
async fn expiring_survives_being_killed() {
    killed_everywhere(Act::Expire).await;
}

/// The ways to pay, each with where its calls can be hit.
const HIT: [(&str, &[&str]); 2] = [
    ("card", &["/capture", "/cancel", "/v1/refunds", "/v1/payment_intents/"]),
    ("paypal", &["/authorize", "/capture", "/void", "/refund", "/v2/checkout/orders/", "/v1/oauth2/token"]),
];

#[tokio::test]
async fn every_fault_of_the_provider_leaves_the_same_money() {
    use peers::fault::{Fault, Kind};
    for kind in [Kind::FailBefore, Kind::FailAfter, Kind::BreakBefore, Kind::BreakAfter, Kind::Busy, Kind::Stale] {
        for (method, path) in HIT.iter().flat_map(|(method, paths)| paths.iter().map(move |path| (*method, *path))) {
            let till = Till::open().await;
            let context = format!("{method}: {kind:?} at {path}");
            let verb = if path.ends_with('/') { "GET" } else { "" };
            let fault = Fault { method: verb.to_owned(), ..Fault::at(path, kind) };
            let (kept, cancelled) = (till.order(1, method).await, till.order(2, method).await);
            for (buyer, id) in [(1, &kept), (2, &cancelled)] {
                let intent = till.intent(buyer, id).await;
                till.pays(&intent);
                if path == "/authorize" {
                    till.cloud.peers().lock().faults.add(fault.clone());
                }
                till.confirm(buyer, id).await;
                till.run_dry(Duration::from_mins(3)).await;
                assert_eq!(till.status(buyer, id).await.1, "authorized", "{context}");
            }
            till.cloud.peers().lock().faults.add(fault.clone());
            till.shop.transition(&kept, "verified").await;
            till.wake(&kept).await;
            till.run_dry(Duration::from_mins(3)).await;
            let asked =
                till.refund(&kept, "k", json!({"reason": "x", "amount": {"amount": 99, "currency": "USD"}})).await;
            assert_eq!(asked.status, 202, "{context}: {}", asked.text);
            till.shop.cancel(2, &cancelled).await;
            till.cloud.peers().lock().faults.add(fault);
            till.wake(&kept).await;
            till.wake(&cancelled).await;
            till.run_dry(Duration::from_mins(5)).await;
            till.tell_all().await;
            assert_eq!(till.money(&kept), (0, TOTAL, 99, 1, 1), "{context}");
            assert_eq!(till.money(&cancelled), (0, 0, 0, 0, 0), "{context}");
            assert_eq!(till.status(1, &kept).await.1, "captured", "{context}");
            assert_eq!(till.status(2, &cancelled).await.1, "voided", "{context}");
            let placed = [(1, kept), (2, cancelled)].map(|(buyer, id)| Placed { buyer, id, method });
            invariants::hold(&till, &placed, &context).await;
        }
    }
}
