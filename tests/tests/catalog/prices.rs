//! Prices that were, alternatives and suggestions.

use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::identity::Role;

use crate::store::{NOWHERE, Store, price};

const DAY: u64 = 24 * 3600;

async fn history(store: &Store, id: &str, query: &str) -> Value {
    let path = format!("/v1/products/x/prices{query}");
    let answer = store.ask(&catalog_price_history::ENDPOINT, &path, Some(id)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body
}

fn amounts(history: &Value) -> Vec<i64> {
    history["items"].as_array().unwrap().iter().map(|one| one["price"]["amount"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn every_price_is_kept_with_its_time_and_the_lowest_is_of_thirty_days() {
    let store = Store::open().await;
    let id = store.product(json!({"price": price(500)})).await;
    let first = history(&store, &id, "").await;
    assert_eq!((amounts(&first), &first["lowest_30_days"]["amount"]), (vec![500], &json!(500)));
    for amount in [300, 700, 600] {
        store.wait(20 * DAY);
        assert_eq!(store.update(Role::PharmacyAdmin, &id, json!({"price": price(amount)})).await.status, 200);
    }
    // What changes nothing is no price of its own.
    store.update(Role::PharmacyAdmin, &id, json!({"price": price(600), "description": "New."})).await;
    let now = history(&store, &id, "").await;
    assert_eq!(amounts(&now), [600, 700, 300, 500]);
    let items = now["items"].as_array().unwrap();
    assert_eq!(items[0]["to"], Value::Null);
    assert!(items.iter().zip(items.iter().skip(1)).all(|(after, before)| after["from"] == before["to"]));
    // The 3.00 was asked until twenty days ago.
    assert_eq!(now["lowest_30_days"]["amount"], 300);
    store.wait(15 * DAY);
    assert_eq!(history(&store, &id, "").await["lowest_30_days"]["amount"], 600);
    let page = history(&store, &id, "?limit=2").await;
    assert_eq!(amounts(&page), [600, 700]);
    for limit in 1..=4 {
        let (mut found, mut query) = (Vec::new(), format!("?limit={limit}"));
        loop {
            let page = history(&store, &id, &query).await;
            assert!(amounts(&page).len() <= limit, "{page}");
            found.extend(amounts(&page));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            query = format!("?limit={limit}&cursor={cursor}");
        }
        assert_eq!(found, [600, 700, 300, 500], "{limit} on a page");
    }
    let gone = store.ask(&catalog_price_history::ENDPOINT, "/v1/products/x/prices", Some(NOWHERE)).await;
    assert_eq!(gone.status, 404);
}

#[tokio::test]
async fn of_many_who_change_a_price_at_once_each_begins_where_another_ends() {
    let store = Store::open().await;
    let id = store.product(json!({"price": price(500)})).await;
    store.wait(DAY);
    let change = async |amount| store.update(Role::PharmacyAdmin, &id, json!({"price": price(amount)})).await;
    let changed = join_all((1..=5).map(|n| change(100 * n))).await;
    let done = changed.iter().filter(|answer| answer.status == 200).count();
    assert!(done > 0 && changed.iter().all(|answer| matches!(answer.status, 200 | 503)), "{changed:?}");
    let found = history(&store, &id, "").await;
    let items = found["items"].as_array().unwrap();
    assert!(items.len() > 1, "{found}");
    assert!(items.iter().zip(items.iter().skip(1)).all(|(after, before)| after["from"] == before["to"]), "{found}");
    let in_order = |one: &Value| one["to"].as_str().is_none_or(|to| one["from"].as_str().unwrap() <= to);
    assert!(items.iter().all(in_order), "{found}");
}

#[tokio::test]
async fn what_nobody_was_asked_is_no_price_that_was() {
    let store = Store::open().await;
    let id = store.product(json!({"price": price(100), "status": "draft"})).await;
    store.wait(DAY);
    let change = async |body: Value| {
        assert_eq!(store.update(Role::PharmacyAdmin, &id, body).await.status, 200);
        store.wait(DAY);
    };
    change(json!({"price": price(500)})).await;
    change(json!({"status": "active"})).await;
    let now = history(&store, &id, "").await;
    assert_eq!((amounts(&now), &now["lowest_30_days"]["amount"]), (vec![500], &json!(500)));
    // Off sale and on again at another price: it was asked until it went off, and from when it came back.
    change(json!({"status": "draft"})).await;
    change(json!({"price": price(200)})).await;
    change(json!({"price": price(600), "status": "active"})).await;
    let now = history(&store, &id, "").await;
    assert_eq!((amounts(&now), &now["lowest_30_days"]["amount"]), (vec![600, 500], &json!(500)));
    assert!(now["items"][0]["from"].as_str() > now["items"][1]["to"].as_str(), "{now}");
}

#[tokio::test]
async fn alternatives_are_by_the_orange_book() {
    let store = Store::open().await;
    let of = |name: &str, code: &str, cents: i64| json!({"name": name, "te_code": code, "price": price(cents)});
    let id = store.product(of("Ours", "AB1", 500)).await;
    store.product(of("Equivalent", "AB1", 400)).await;
    store.product(of("Other code", "AB2", 300)).await;
    store.product(json!({"name": "Other medicine", "ingredients": [{"name": "zinc", "strength": "1 mg"}]})).await;
    let answer = store.ask(&catalog_alternatives::ENDPOINT, "/v1/products/x/alternatives", Some(&id)).await;
    let found: Vec<_> = answer.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["product"]["name"].clone(), one["kind"].clone(), one["saves"]["amount"].clone()))
        .collect();
    assert_eq!(
        found,
        [
            (json!("Equivalent"), json!("generic_equivalent"), json!(100)),
            (json!("Other code"), json!("same_ingredient"), Value::Null),
        ]
    );
    let bad = store.create(Role::PharmacyAdmin, json!({"te_code": "good", "gtin": "09506000134353"})).await;
    assert_eq!(bad.fields(), ["gtin", "te_code"]);
}

#[tokio::test]
async fn a_seller_cannot_call_a_product_equivalent_by_themselves() {
    let store = Store::open().await;
    let id = store.create(Role::Seller, json!({})).await.body["id"].as_str().unwrap().to_owned();
    store.update(Role::PharmacyAdmin, &id, json!({"status": "active"})).await;
    let changed = store.update(Role::Seller, &id, json!({"te_code": "AB"})).await;
    assert_eq!((changed.status, &changed.body["status"]), (200, &json!("draft")));
}

#[tokio::test]
async fn substances_are_found_and_suggested_by_their_other_names() {
    let store = Store::open().await;
    let usp = json!({"name": "Tylenol", "brand": "Tylenol", "ingredients": [{"name": "acetaminophen", "strength": "500 mg"}]});
    store.product(usp).await;
    store.product(json!({"name": "Napa", "ingredients": [{"name": "paracetamol", "strength": "500 mg"}]})).await;
    let mut found = store.names("?query=paracetamol").await;
    found.sort_unstable();
    assert_eq!(found, ["Napa", "Tylenol"]);
    assert_eq!(store.names("?query=acetaminophen").await.len(), 2);
    let suggest = |query: &'static str| store.ask(&catalog_suggest::ENDPOINT, query, None);
    let answer = suggest("/v1/products/suggest?q=tyl").await;
    let kinds: Vec<_> = answer.body["items"].as_array().unwrap().iter().map(|one| one["kind"].clone()).collect();
    assert_eq!(kinds, ["brand", "product"]);
    let answer = suggest("/v1/products/suggest?q=pai").await;
    assert_eq!(answer.body["items"][0], json!({"text": "pain", "kind": "category", "id": "pain"}));
    assert_eq!(suggest("/v1/products/suggest").await.fields(), ["q"]);
}
