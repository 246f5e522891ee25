//! What sellers are called: said by them, shown beside all that they sell.

use futures_util::future::join;
use serde_json::{Value, json};
use shared::identity::Role;
use support::cloud::{Killed, cloudy_world};

use crate::store::Store;

async fn shown(store: &Store, id: &str) -> Value {
    store.get(id, Some(Role::PharmacyAdmin)).await.body["seller"].clone()
}

/// A product of the seller that the staff has put on sale.
async fn theirs(store: &Store) -> String {
    let draft = store.create(Role::Seller, json!({})).await;
    assert_eq!(draft.status, 201, "{}", draft.text);
    let id = draft.body["id"].as_str().unwrap().to_owned();
    assert_eq!(store.update(Role::PharmacyAdmin, &id, json!({"status": "active"})).await.status, 200);
    id
}

async fn called(store: &Store, name: &str) {
    let answer = store.name_seller(json!(name)).await;
    assert_eq!((answer.status, &answer.body["display_name"]), (200, &json!(name)), "{}", answer.text);
}

#[tokio::test]
async fn a_seller_is_called_by_their_name_wherever_they_sell() {
    let store = Store::open().await;
    assert_eq!(store.seller_profile().await.status, 404, "nobody has said");
    let before = theirs(&store).await;
    assert!(shown(&store, &before).await["display_name"].is_null());
    called(&store, "Everest Medico").await;
    assert_eq!(store.seller_profile().await.body["display_name"], "Everest Medico");
    let after = theirs(&store).await;
    assert_eq!(shown(&store, &after).await["display_name"], "Everest Medico");
    assert_eq!(store.follow_seller().await.unwrap()["named"], 1);
    assert_eq!(store.follow_seller().await.unwrap()["named"], 0, "all have it");
    let ours = store.product(json!({})).await;
    store.wait(60);
    let list = store.list("").await.body;
    for card in list["items"].as_array().unwrap() {
        let name = if card["id"] == json!(ours) { Value::Null } else { json!("Everest Medico") };
        assert_eq!(card["seller"]["display_name"], name, "{card}");
    }
    assert!(shown(&store, &ours).await.is_null(), "the pharmacy itself");
}

#[tokio::test]
async fn a_name_is_brought_to_some_products_at_once_and_goes_on_where_it_came() {
    let store = Store::open().await;
    store.product(json!({})).await;
    called(&store, "Everest Medico").await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(theirs(&store).await);
        store.wait(60);
    }
    let seller = shown(&store, &ids[0]).await["id"].as_str().unwrap().parse().unwrap();
    let sold = store.world.app.product_store().sold_by(&seller, None, 100).await.unwrap();
    assert_eq!(sold.iter().map(ToString::to_string).collect::<Vec<_>>(), ids, "theirs alone");
    called(&store, "Annapurna Medico").await;
    let sellers = store.world.app.sellers();
    let reached = async || sellers.get(&seller).await.unwrap().reached.map(|id| id.to_string());
    for (named, place) in [(2, &ids[1]), (2, &ids[3]), (1, &ids[3]), (0, &ids[3])] {
        assert_eq!(sellers.follow(&seller, 2).await.unwrap(), named);
        assert_eq!(reached().await.as_ref(), Some(place));
    }
    for id in &ids {
        assert_eq!(shown(&store, id).await["display_name"], "Annapurna Medico");
    }
    called(&store, "Everest Medico").await;
    assert_eq!(reached().await, None, "another name begins anew");
    assert_eq!(sellers.follow(&seller, 2).await.unwrap(), 2);
}

#[tokio::test]
async fn the_name_of_who_left_is_taken_off_what_they_sold() {
    let store = Store::open().await;
    called(&store, "Everest Medico").await;
    let id = theirs(&store).await;
    let seller = shown(&store, &id).await["id"].as_str().unwrap().parse().unwrap();
    store.world.app.sellers().store.forget(&seller).await.unwrap();
    assert_eq!(store.follow_seller().await.unwrap()["named"], 1);
    assert!(shown(&store, &id).await["display_name"].is_null());
    assert_eq!(store.seller_profile().await.status, 404);
}

#[tokio::test]
async fn a_new_name_is_no_new_term_of_sale() {
    let store = Store::open().await;
    called(&store, "Everest Medico").await;
    let id = theirs(&store).await;
    let before = store.stock(&id).await.offer;
    called(&store, "Annapurna Medico").await;
    assert_eq!(store.follow_seller().await.unwrap()["named"], 1);
    let after = store.stock(&id).await.offer;
    assert_eq!(after.version, before.version);
    let name = |offer: &shared::catalog::Offer| offer.seller().unwrap().name.unwrap().to_string();
    assert_eq!((name(&before), name(&after)), ("Everest Medico".to_owned(), "Annapurna Medico".to_owned()));
}

#[tokio::test]
async fn a_name_is_one_that_people_can_read_and_not_the_houses() {
    let store = Store::open().await;
    for bad in
        [json!("Apothecary Official"), json!("a\u{202e}bc"), json!(""), json!("x".repeat(61)), json!(7), Value::Null]
    {
        let answer = store.name_seller(bad.clone()).await;
        assert_eq!((answer.status, answer.fields()), (400, vec!["display_name"]), "{bad}: {}", answer.text);
    }
    assert_eq!(store.seller_profile().await.status, 404);
}

#[tokio::test]
async fn a_name_that_is_said_twice_is_written_once() {
    let store = Store::open().await;
    called(&store, "Everest Medico").await;
    called(&store, "Everest Medico").await;
    assert_eq!(store.seller_profile().await.body["version"], 1);
}

#[tokio::test]
async fn a_name_is_changed_ten_times_in_a_day() {
    let store = Store::open().await;
    for number in 0..10 {
        called(&store, &format!("Everest {number}")).await;
        store.wait(60);
    }
    let refused = store.name_seller(json!("Everest 10")).await;
    assert_eq!((refused.status, refused.code()), (429, "rate_limited"), "{}", refused.text);
    assert!(refused.headers.contains_key("retry-after"));
    called(&store, "Everest 9").await;
    store.wait(24 * 60 * 60 - 10 * 60);
    called(&store, "Everest 10").await;
    assert_eq!(store.name_seller(json!("Everest 11")).await.status, 429, "only the first has passed");
}

#[tokio::test]
async fn a_product_that_is_made_while_its_seller_is_renamed_has_the_new_name_in_the_end() {
    for _ in 0..5 {
        let store = Store::open().await;
        called(&store, "Everest Medico").await;
        let (draft, ()) = join(store.create(Role::Seller, json!({})), called(&store, "Annapurna Medico")).await;
        assert_eq!(draft.status, 201, "{}", draft.text);
        store.follow_seller().await.unwrap();
        let id = draft.body["id"].as_str().unwrap();
        assert_eq!(shown(&store, id).await["display_name"], "Annapurna Medico");
    }
}

#[tokio::test]
async fn following_that_is_killed_anywhere_is_finished_by_the_next() {
    for call in 0.. {
        let (world, cloud) = cloudy_world().await;
        let store = Store::of(world).await;
        let ids = [theirs(&store).await, theirs(&store).await];
        called(&store, "Everest Medico").await;
        let finished = cloud.run_until(call, Killed::After, store.follow_seller()).await.is_some();
        store.follow_seller().await.unwrap();
        for id in &ids {
            assert_eq!(shown(&store, id).await["display_name"], "Everest Medico", "call {call}");
        }
        if finished {
            assert!(call > 3, "only {call} calls were made");
            return;
        }
    }
}
