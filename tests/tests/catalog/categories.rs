//! Categories: the tree, and what keeps it one.

use futures_util::future::{join, join_all};
use serde_json::json;
use shared::identity::Role;

use crate::store::Store;

#[tokio::test]
async fn categories_are_a_tree_in_their_order() {
    let store = Store::open().await;
    let skin = store.put_category("skin", json!({"name": "Skin", "position": 2})).await;
    assert_eq!((skin.status, &skin.body["version"]), (201, &json!(1)));
    store.put_category("acne", json!({"name": "Acne", "parent_id": "skin"})).await;
    let same = store.put_category("skin", json!({"name": "Skin", "position": 2})).await;
    assert_eq!((same.status, &same.body["version"]), (200, &json!(1)));
    let moved = store.put_category("skin", json!({"name": "Skin and hair", "position": 0})).await;
    assert_eq!((moved.status, &moved.body["version"]), (200, &json!(2)));
    store.put_category("pain", json!({"name": "Pain", "position": 1})).await;
    let tree = store.tree().await;
    assert_eq!(tree["items"][0]["name"], "Skin and hair");
    assert_eq!(tree["items"][0]["children"][0]["id"], "acne");
    assert_eq!(tree["items"][0]["children"][0]["parent_id"], "skin");
    assert_eq!(tree["items"][1]["id"], "pain");
    let cycle = store.put_category("skin", json!({"name": "Skin", "parent_id": "acne"})).await;
    assert_eq!((cycle.status, cycle.fields()), (400, vec!["parent_id"]));
    assert_eq!(store.put_category("No Slug", json!({"name": "x"})).await.fields(), ["id"]);
}

#[tokio::test]
async fn a_category_in_use_stays() {
    let store = Store::open().await;
    store.category("skin", None).await;
    store.category("acne", Some("skin")).await;
    let id = store.product(json!({"category_id": "acne"})).await;
    assert_eq!(store.remove_category("skin").await.code(), "category_in_use");
    assert_eq!(store.remove_category("acne").await.code(), "category_in_use");
    store.update(Role::PharmacyAdmin, &id, json!({"category_id": "pain"})).await;
    assert_eq!(store.remove_category("acne").await.status, 204);
    assert_eq!(store.remove_category("acne").await.status, 404);
    assert_eq!(store.remove_category("pain").await.code(), "category_in_use");
    store.retire(Role::PharmacyAdmin, &id).await;
    assert_eq!(store.remove_category("pain").await.status, 204);
    let back = store.update(Role::PharmacyAdmin, &id, json!({"status": "active"})).await;
    assert_eq!((back.status, back.fields()), (400, vec!["category_id"]));
    let back = store.update(Role::PharmacyAdmin, &id, json!({"status": "active", "category_id": "skin"})).await;
    assert_eq!(back.status, 200, "{}", back.text);
    assert_eq!(store.remove_category("skin").await.code(), "category_in_use");
}

#[tokio::test]
async fn no_product_is_left_in_a_category_that_is_removed_at_the_same_time() {
    let store = Store::open().await;
    for round in 0..10 {
        let category = format!("c{round}");
        store.category(&category, None).await;
        let creating = store.create(Role::PharmacyAdmin, json!({"category_id": category}));
        let (created, removed) = join(creating, store.remove_category(&category)).await;
        let outcome = (created.status, removed.status);
        assert!(matches!(outcome, (201, 409) | (400, 204)), "{outcome:?} {} {}", created.text, removed.text);
    }
}

#[tokio::test]
async fn two_moves_at_once_make_no_circle() {
    let store = Store::open().await;
    for round in 0..10 {
        let (a, b) = (format!("a{round}"), format!("b{round}"));
        store.category(&a, None).await;
        store.category(&b, None).await;
        let below = |parent: &str| json!({"name": "x", "parent_id": parent});
        let moves = [store.put_category(&a, below(&b)), store.put_category(&b, below(&a))];
        let mut statuses: Vec<_> = join_all(moves).await.into_iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 400]);
    }
}
