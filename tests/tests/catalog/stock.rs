//! Stock: adjustments that repeat and race, and what shoppers are told of it.

use std::time::Duration;

use futures_util::future::{join, join_all};
use serde_json::json;
use shared::identity::Role;
use support::cloud::{Killed, cloudy_world};

use crate::store::{NOWHERE, Store, price};

/// An adjustment of so many units of a lot.
fn count(delta: i64, lot: &str) -> serde_json::Value {
    json!({"delta": delta, "reason": "count", "lot_id": lot})
}

#[tokio::test]
async fn fifty_repetitions_of_an_adjustment_adjust_once() {
    let store = Store::open().await;
    let id = store.product(json!({})).await;
    let lot = store.lot(&id, "A1", "2028-01-31", 1).await;
    let delivery = count(6, &lot);
    let answers = join_all((0..50).map(|_| async {
        loop {
            let answer = store.adjust(Role::PharmacyAdmin, &id, "delivery-1", delivery.clone()).await;
            // Fifty at once may be told to try again, which is what a client does.
            if answer.status != 503 {
                return answer;
            }
        }
    }))
    .await;
    let expected = json!({"on_hand": 7, "reserved": 0, "available": 7, "version": 3});
    assert!(answers.iter().all(|answer| answer.status == 200 && answer.body == expected), "{answers:?}");
    let first = answers.iter().filter(|answer| !answer.headers.contains_key("idempotency-replayed")).count();
    assert_eq!((first, store.stock(&id).await.available, store.movements(&id).await), (1, 7, vec![6]));
    let other = store.adjust(Role::PharmacyAdmin, &id, "delivery-1", count(8, &lot)).await;
    assert_eq!((other.status, other.code()), (422, "idempotency_key_reused"));
}

#[tokio::test]
async fn adjustments_at_once_add_up() {
    let store = Store::open().await;
    let id = store.product(json!({})).await;
    let lot = store.lot(&id, "A1", "2028-01-31", 1).await;
    join_all((0..12).map(|n| {
        let (store, id, lot) = (&store, &id, &lot);
        async move {
            let body = count(n + 1, lot);
            while store.adjust(Role::PharmacyAdmin, id, &format!("k{n}"), body.clone()).await.status == 503 {}
        }
    }))
    .await;
    let mut movements = store.movements(&id).await;
    movements.sort_unstable();
    assert_eq!(movements, (1..=12).collect::<Vec<_>>());
    assert_eq!(store.stock(&id).await.available, 1 + movements.iter().sum::<i64>());
}

#[tokio::test]
async fn what_is_not_there_cannot_be_taken_away() {
    let store = Store::open().await;
    let id = store.product(json!({})).await;
    let lot = store.lot(&id, "A1", "2028-01-31", 3).await;
    let broken = json!({"delta": -4, "reason": "damage"});
    let answer = store.adjust(Role::PharmacyAdmin, &id, "out", broken.clone()).await;
    assert_eq!((answer.status, answer.code()), (409, "insufficient_stock"));
    assert_eq!(answer.body["problems"][0]["available"], 3);
    // A refusal is no answer to keep: the same request succeeds when there is enough.
    store.adjust(Role::PharmacyAdmin, &id, "more", count(1, &lot)).await;
    let answer = store.adjust(Role::PharmacyAdmin, &id, "out", broken).await;
    assert_eq!((answer.status, &answer.body["available"]), (200, &json!(0)));
}

#[tokio::test]
async fn an_adjustment_needs_its_key_and_its_fields() {
    let store = Store::open().await;
    let id = store.product(json!({})).await;
    let body = json!({"delta": 0, "reason": ""});
    assert_eq!(store.adjust(Role::PharmacyAdmin, &id, "k", body.clone()).await.fields(), ["delta", "reason"]);
    assert_eq!(store.adjust(Role::PharmacyAdmin, &id, "", body).await.code(), "idempotency_key_required");
    let gone = store.adjust(Role::PharmacyAdmin, NOWHERE, "k", json!({"delta": -1, "reason": "theft"})).await;
    assert_eq!(gone.status, 404);
    let more = json!({"delta": 1, "reason": "count"});
    assert_eq!(store.adjust(Role::PharmacyAdmin, &id, "k", more).await.fields(), ["lot_id"]);
    let strange = count(1, "lot_01JD4Z8QK0000000000000000A");
    assert_eq!(store.adjust(Role::PharmacyAdmin, &id, "k", strange).await.fields(), ["lot_id"]);
}

#[tokio::test]
async fn late_news_of_the_stock_never_undoes_later_news() {
    let store = Store::open().await;
    let id = store.product(json!({})).await;
    let availability = || async { store.get(&id, None).await.body["availability"].clone() };
    assert_eq!(availability().await, "out");
    store.news(&[(&id, 0, 9, 2)]).await;
    assert_eq!(availability().await, "in_stock");
    store.news(&[(&id, 1, 0, 8), (&id, 9, 3, 5)]).await;
    assert_eq!(availability().await, "out");
    store.news(&[(&id, 0, 9, 2)]).await;
    assert_eq!(availability().await, "out");
    store.news(&[(&id, 0, 4, 9), (&id, 4, 3, 10)]).await;
    assert_eq!(availability().await, "low");
}

#[tokio::test]
async fn a_record_that_fails_is_named_and_what_came_before_it_is_done() {
    let store = Store::open().await;
    let id = store.product(json!({})).await;
    let answer = store.news(&[(&id, 0, 9, 2), ("no-product", 0, 9, 2), (&id, 9, 0, 3)]).await;
    assert_eq!(answer, json!({"batchItemFailures": [{"itemIdentifier": "1"}]}));
    assert_eq!(store.get(&id, None).await.body["availability"], "in_stock");
    // Of a product that is not there, there is nothing to tell.
    assert_eq!(store.news(&[(NOWHERE, 0, 9, 2)]).await, json!({"batchItemFailures": []}));
}

#[tokio::test]
async fn news_of_the_stock_and_a_change_of_the_product_both_last() {
    let store = Store::open().await;
    let id = store.product(json!({})).await;
    for round in 0..5 {
        let (before, after) = if round % 2 == 0 { (0, 9) } else { (9, 0) };
        let version = round + 2;
        let news = [(id.as_str(), before, after, version)];
        let told = store.news(&news);
        let changed = store.update(Role::PharmacyAdmin, &id, json!({"price": price(100 + version)}));
        let (_, changed) = join(told, changed).await;
        assert_eq!(changed.status, 200, "{}", changed.text);
        let product = store.get(&id, Some(Role::PharmacyAdmin)).await.body;
        assert_eq!(product["availability"], if after == 9 { "in_stock" } else { "out" });
        assert_eq!(product["price"]["amount"], 100 + version);
    }
}

#[tokio::test]
async fn an_adjustment_killed_anywhere_counts_once_when_it_is_repeated() {
    for call in 0.. {
        let mut finished = false;
        for kill in [Killed::Before, Killed::After] {
            let (world, cloud) = cloudy_world().await;
            let store = Store::of(world).await;
            let id = store.product(json!({})).await;
            let lot = store.lot(&id, "A1", "2028-01-31", 1).await;
            let adjust = || store.adjust(Role::PharmacyAdmin, &id, "k", count(6, &lot));
            finished = cloud.run_until(call, kill, adjust()).await.is_some();
            let again = adjust().await;
            assert_eq!((again.status, &again.body["available"]), (200, &json!(7)), "{kill:?} call {call}");
            assert_eq!((store.stock(&id).await.available, store.movements(&id).await), (7, vec![6]));
        }
        if finished {
            assert!(call > 2, "only {call} calls were made");
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_adjustments_at_once_none_is_turned_away() {
    let (world, cloud) = cloudy_world().await;
    let store = Store::of(world).await;
    let id = store.product(json!({})).await;
    let lot = store.lot(&id, "A1", "2028-01-31", 1).await;
    cloud.measure(Duration::ZERO);
    let answers = join_all((0..50).map(|n| {
        let (store, id, lot) = (&store, &id, &lot);
        async move { store.adjust(Role::PharmacyAdmin, id, &format!("k{n}"), count(n + 1, lot)).await }
    }))
    .await;
    let statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, vec![200; 50]);
    // Nothing that another may have changed stands between a request and its write.
    let transactions = cloud.measured().iter().filter(|call| call.name == "TransactWriteItems").count();
    assert_eq!(transactions, 50);
    let total = 1 + (1..=50).sum::<i64>();
    assert_eq!((store.stock(&id).await.available, store.movements(&id).await.len()), (total, 50));
}

#[tokio::test]
async fn a_seller_adjusts_own_stock_alone() {
    let store = Store::open().await;
    let own = store.create(Role::Seller, json!({})).await.body["id"].as_str().unwrap().to_owned();
    let pharmacys = store.product(json!({})).await;
    let lot = json!({"number": "A1", "expires_on": "2028-01-31", "quantity": 4});
    assert_eq!(store.receive(Role::Seller, &own, "a", lot.clone()).await.status, 201);
    assert_eq!(store.receive(Role::Seller, &pharmacys, "b", lot).await.status, 404);
    let broken = json!({"delta": -1, "reason": "damage"});
    assert_eq!(store.adjust(Role::Seller, &own, "c", broken.clone()).await.body["available"], 3);
    assert_eq!(store.adjust(Role::Seller, &pharmacys, "d", broken).await.status, 404);
    assert_eq!(
        (store.lots(Role::Seller, &own).await.status, store.lots(Role::Seller, &pharmacys).await.status),
        (200, 404)
    );
    assert_eq!((store.stock(&pharmacys).await.available, store.movements(&pharmacys).await), (0, vec![]));
}
