//! Orders that can never go out let go of what was set aside for them.

use std::time::Duration;

use serde_json::{Value, json};
use shared::catalog::LegalStatus;
use shared::platform::ids::{OrderId, PrescriptionId, ProductId};
use shared::prescriptions::Status as Rx;
use shared::prescriptions::prescription::{Rejection, Review};
use support::cloud::{Cloud, Killed};
use support::user;

use super::Shop;
use super::again::set;

async fn open() -> (Shop, Cloud) {
    Shop::counted().await
}

async fn run(shop: &Shop) -> Value {
    (orders_release::WORKER.run)(&shop.world.app, json!({})).await.unwrap()
}

/// An order of one that waits for the review of its prescription.
async fn waiting(shop: &Shop, key: &str) -> (OrderId, PrescriptionId, ProductId) {
    let product = shop.product(100, 9, LegalStatus::Prescription).await;
    let rx = shop.prescription(1, Rx::Pending, product, 1).await;
    shop.put(1, product, 1).await;
    let order = shop.order(1, key, &[rx]).await;
    assert_eq!(order.body["holds"][0]["code"], "prescription_review", "{}", order.text);
    (order.body["id"].as_str().unwrap().parse().unwrap(), rx, product)
}

impl Shop {
    /// A pharmacist rejects a prescription.
    pub async fn reject(&self, rx: PrescriptionId) {
        let at = self.world.clock.now();
        let rejection = Some(Rejection { code: "illegible".to_owned(), reason: "It cannot be read.".to_owned() });
        self.change_rx(rx, |prescription| {
            prescription.status = Rx::Rejected;
            prescription.review = Some(Review { by: user(9), at, rejection });
        })
        .await;
    }
}

async fn status(shop: &Shop, order: OrderId) -> Value {
    shop.get_order(1, &order.to_string()).await.body["status"].clone()
}

fn hours(shop: &Shop, hours: u64) {
    shop.world.clock.advance(Duration::from_hours(hours));
}

#[tokio::test]
async fn an_order_whose_prescription_is_gone_lets_its_stock_go_in_time() {
    let (shop, _cloud) = open().await;
    let (rejected, rx, product) = waiting(&shop, "rejected").await;
    let (withdrawn, other, _) = waiting(&shop, "withdrawn").await;
    let (pending, ..) = waiting(&shop, "pending").await;
    hours(&shop, 100);
    assert_eq!(run(&shop).await, json!({"released": 0}), "a review may take its time");
    shop.reject(rx).await;
    hours(&shop, 1);
    shop.withdraw(other).await;
    let hold = shop.get_order(1, &rejected.to_string()).await.body["holds"][0].clone();
    assert_eq!((&hold["code"], &hold["since"]), (&json!("prescription_rejected"), &json!("2026-11-24T14:00:00.000Z")));
    hours(&shop, 70);
    assert_eq!(run(&shop).await["released"], 0);
    assert_eq!(shop.stock(product).await, (8, 1, 0));
    hours(&shop, 1);
    assert_eq!(run(&shop).await, json!({"released": 1}));
    assert_eq!((status(&shop, rejected).await, status(&shop, withdrawn).await), (json!("cancelled"), json!("placed")));
    assert_eq!(shop.stock(product).await, (9, 0, 0));
    hours(&shop, 1);
    assert_eq!(run(&shop).await, json!({"released": 1}));
    assert_eq!((status(&shop, withdrawn).await, status(&shop, pending).await), (json!("cancelled"), json!("placed")));
    assert_eq!(run(&shop).await, json!({"released": 0}), "once");
    let seen = shop.get_order(1, &rejected.to_string()).await;
    let last = seen.body["history"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["by"], &seen.body["payment"]["status"]), (&json!("system"), &json!("voided")));
    let trail = shop.trail(&user(1)).await;
    assert_eq!(trail.iter().filter(|(_, action, _)| action == "order.release").count(), 2);
}

#[tokio::test]
async fn an_order_that_another_prescription_may_cover_stays() {
    let (shop, _cloud) = open().await;
    let product = shop.product(100, 9, LegalStatus::Prescription).await;
    let gone = shop.prescription(1, Rx::Pending, product, 1).await;
    let pending = shop.prescription(1, Rx::Pending, product, 1).await;
    shop.put(1, product, 1).await;
    let order = shop.order(1, "key", &[gone, pending]).await;
    let id: OrderId = order.body["id"].as_str().unwrap().parse().unwrap();
    shop.reject(gone).await;
    hours(&shop, 200);
    assert_eq!(run(&shop).await["released"], 0);
    shop.review(pending, Rx::Approved).await;
    assert_eq!(run(&shop).await["released"], 0, "it can be verified");
    assert_eq!(status(&shop, id).await, "placed");
}

#[tokio::test]
async fn a_prescription_for_something_else_keeps_no_stock() {
    let (shop, _cloud) = open().await;
    let (one, two) =
        (shop.product(100, 9, LegalStatus::Prescription).await, shop.product(100, 9, LegalStatus::Prescription).await);
    let (filled, pending) =
        (shop.prescription(1, Rx::Approved, one, 1).await, shop.prescription(1, Rx::Pending, two, 1).await);
    shop.put(1, one, 1).await;
    shop.put(1, two, 1).await;
    let order = shop.order(1, "key", &[filled, pending]).await;
    let id: OrderId = order.body["id"].as_str().unwrap().parse().unwrap();
    hours(&shop, 1);
    shop.reject(pending).await;
    hours(&shop, 71);
    assert_eq!(run(&shop).await["released"], 0);
    hours(&shop, 1);
    assert_eq!(run(&shop).await, json!({"released": 1}));
    assert_eq!(status(&shop, id).await, "cancelled");
    assert_eq!((shop.stock(one).await, shop.stock(two).await), ((9, 0, 0), (9, 0, 0)));
    assert_eq!(shop.rx(filled).await.lines[0].fills, [], "its fill is to be had again");
}

#[tokio::test]
async fn a_prescription_whose_file_was_refused_keeps_no_stock() {
    let (shop, _cloud) = open().await;
    let (order, rx, product) = waiting(&shop, "key").await;
    hours(&shop, 24);
    shop.review(rx, Rx::Refused).await;
    hours(&shop, 47);
    assert_eq!(run(&shop).await["released"], 0);
    hours(&shop, 1);
    assert_eq!(run(&shop).await, json!({"released": 1}), "three days after it was placed");
    assert_eq!((status(&shop, order).await, shop.stock(product).await), (json!("cancelled"), (9, 0, 0)));
}

#[tokio::test]
async fn other_prescriptions_that_cover_nothing_put_it_off_once() {
    let (shop, _cloud) = open().await;
    for key in ["none", "unsent", "something-else"] {
        let (order, rx, product) = waiting(&shop, key).await;
        shop.reject(rx).await;
        hours(&shop, 71);
        let given = match key {
            "none" => Vec::new(),
            "unsent" => vec![shop.prescription(1, Rx::AwaitingUpload, product, 1).await],
            _ => {
                let other = shop.product(100, 9, LegalStatus::Prescription).await;
                vec![shop.prescription(1, Rx::Approved, other, 1).await]
            }
        };
        let id = order.to_string();
        set(&shop, 1, &id, &given, None).await.expect(200);
        hours(&shop, 1);
        assert_eq!(run(&shop).await["released"], 0, "{key}: there is time for another");
        if key == "unsent" {
            shop.review(given[0], Rx::Refused).await;
        }
        hours(&shop, 70);
        // Once more changes nothing about when it ends.
        let again = shop.prescription(1, Rx::Refused, product, 1).await;
        set(&shop, 1, &id, &[again], None).await.expect(200);
        assert_eq!(run(&shop).await["released"], 0, "{key}");
        hours(&shop, 1);
        assert_eq!(run(&shop).await, json!({"released": 1}), "{key}");
        assert_eq!((status(&shop, order).await, shop.stock(product).await), (json!("cancelled"), (9, 0, 0)), "{key}");
    }
}

#[tokio::test]
async fn an_order_that_could_be_verified_now_stays() {
    let (shop, _cloud) = open().await;
    let (order, rx, product) = waiting(&shop, "key").await;
    shop.reject(rx).await;
    shop.relegate(product, LegalStatus::Otc).await;
    hours(&shop, 100);
    assert_eq!(run(&shop).await["released"], 0);
    assert_eq!(shop.transition(&order.to_string(), "verified").await.status, 200);
}

#[tokio::test]
async fn by_hand_an_order_is_released_at_once_and_only_one_that_nothing_covers() {
    let (shop, _cloud) = open().await;
    let (order, rx, _) = waiting(&shop, "key").await;
    let by_hand = async |id: Value| (orders_release::WORKER.run)(&shop.world.app, json!({"order": id})).await;
    assert_eq!(by_hand(json!(order)).await.unwrap()["released"], 0);
    shop.reject(rx).await;
    assert_eq!(by_hand(json!(order)).await.unwrap(), json!({"released": 1}));
    assert_eq!(by_hand(json!(order)).await.unwrap()["released"], 0);
    assert_eq!(by_hand(json!("all")).await.unwrap_err().code(), "unknown_event");
}

#[tokio::test]
async fn killed_anywhere_it_releases_once() {
    for call in 0..20 {
        for kill in [Killed::Before, Killed::After] {
            let (shop, cloud) = open().await;
            let (order, rx, product) = waiting(&shop, "key").await;
            shop.reject(rx).await;
            hours(&shop, 73);
            let finished = cloud.run_until(call, kill, run(&shop)).await.is_some();
            let at = format!("{kill:?} call {call}");
            run(&shop).await;
            assert_eq!(
                (status(&shop, order).await, shop.stock(product).await),
                (json!("cancelled"), (9, 0, 0)),
                "{at}"
            );
            assert_eq!(run(&shop).await, json!({"released": 0}), "{at}");
            if finished {
                assert!(call >= 4, "only {call} calls were made");
                return;
            }
        }
    }
    panic!("it never finished");
}
