//! The snapshot that an instance begins to search with.

use std::time::Duration;

use serde_json::{Value, json};
use shared::api::{App, answer};
use shared::catalog::search_index::VERSION;
use shared::catalog::{Availability, SnapshotWriter};
use shared::identity::Role;
use shared::platform::ids::ProductId;
use support::cloud::{Cloud, cloudy_world};
use support::{Answer, event};

use crate::store::{Store, price};

async fn open() -> (Store, Cloud) {
    let (world, cloud) = cloudy_world().await;
    (Store::of(world).await, cloud)
}

fn zinc(name: &str) -> Value {
    json!({"name": name, "ingredients": [{"name": "zinc", "strength": "1 mg"}]})
}

async fn write(store: &Store) -> Value {
    (catalog_write_snapshot::WORKER.run)(&store.world.app, json!({})).await.unwrap()
}

/// What an instance finds that has just begun.
async fn found(app: &App, query: &str) -> Vec<String> {
    let event = event("GET", &format!("/v1/products{query}"), &[], None, None);
    let request = lambda_http::request::from_str(&event.to_string()).unwrap();
    let page = Answer::of(answer(app, &catalog_list_products::ENDPOINT, request).await);
    assert_eq!(page.status, 200, "{}", page.text);
    page.body["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
}

/// What the snapshot holds now.
fn bytes(cloud: &Cloud) -> Vec<u8> {
    let path = path(cloud);
    cloud.files().get(&path).unwrap().bytes.clone()
}

fn path(cloud: &Cloud) -> String {
    let wanted = format!("/search/index-v{VERSION}");
    cloud.files().paths().into_iter().find(|path| path.ends_with(&wanted)).unwrap()
}

#[tokio::test]
async fn an_instance_begins_with_the_snapshot_and_what_has_changed_since() {
    let (store, cloud) = open().await;
    let mut ids = Vec::new();
    for name in ["Zinc one", "Zinc two", "Zinc three"] {
        ids.push(store.product(zinc(name)).await);
    }
    assert_eq!(write(&store).await["products"], 3);
    assert!(!bytes(&cloud).is_empty());
    store.wait(3600);
    // Changed, taken off sale, new, and sold out since.
    store.update(Role::PharmacyAdmin, &ids[0], json!({"name": "Zinc first", "price": price(7)})).await;
    store.retire(Role::PharmacyAdmin, &ids[1]).await;
    store.product(zinc("Zinc four")).await;
    let app = store.world.another_instance().await;
    assert_eq!(found(&app, "?query=zinc&sort=name").await, ["Zinc first", "Zinc four", "Zinc three"]);
    assert_eq!(found(&app, "?query=one").await, [""; 0]);
    assert_eq!(found(&app, "?query=zinc&max_price=7").await, ["Zinc first"]);
    let product = ProductId::parse(&ids[2]).unwrap();
    store.world.app.products().follow_stock(product, Availability::InStock, 1).await.unwrap();
    store.wait(3);
    assert_eq!(found(&app, "?query=zinc&in_stock=true").await, ["Zinc three"], "a change is seen within three seconds");
}

#[tokio::test]
async fn what_it_reads_of_the_table_does_not_grow_with_the_catalogue() {
    let (store, cloud) = open().await;
    for name in 0..20 {
        store.product(zinc(&format!("Zinc {name}"))).await;
    }
    // A quarter of an hour before a snapshot is read again.
    store.wait(3600);
    write(&store).await;
    let app = store.world.another_instance().await;
    cloud.measure(Duration::ZERO);
    assert_eq!(found(&app, "?query=zinc&limit=100").await.len(), 20);
    let queries: Vec<_> = cloud.measured().into_iter().filter(|call| call.name == "Query").collect();
    let read: usize = queries.iter().map(|call| usize::try_from(call.capacity.read_halves).unwrap()).sum();
    assert!(read <= queries.len(), "each of {} queries finds nothing: {read}", queries.len());
}

#[tokio::test]
async fn without_a_snapshot_or_with_one_that_is_broken_or_of_another_version_the_table_is_read() {
    let (store, cloud) = open().await;
    store.product(zinc("Zinc")).await;
    assert_eq!(found(&store.world.another_instance().await, "?query=zinc").await, ["Zinc"]);
    write(&store).await;
    let (path, good) = (path(&cloud), bytes(&cloud));
    store.wait(3600);
    let mut altered = good.clone();
    *altered.last_mut().unwrap() ^= 1;
    let mut other = good.clone();
    other[8] = 99;
    for (what, bytes) in
        [("altered", altered), ("cut", good[..good.len() / 2].to_vec()), ("other", other), ("none", vec![])]
    {
        cloud.files().put(&path, "application/octet-stream", &bytes);
        assert_eq!(found(&store.world.another_instance().await, "?query=zinc").await, ["Zinc"], "{what}");
        let written = write(&store).await;
        assert_eq!((&written["whole"], &written["products"]), (&json!(true), &json!(1)), "{what}: it is made anew");
        assert_eq!(found(&store.world.another_instance().await, "?query=zinc").await, ["Zinc"], "{what}");
    }
}

#[tokio::test]
async fn the_next_snapshot_is_the_last_with_what_has_changed_and_is_written_when_it_is_worth_it() {
    let (store, cloud) = open().await;
    let id = store.product(zinc("Zinc")).await;
    assert_eq!(write(&store).await["whole"], true);
    let first = bytes(&cloud);
    store.wait(3600);
    let idle = write(&store).await;
    assert_eq!((&idle["bytes"], &idle["products"]), (&json!(0), &json!(1)), "nothing has changed");
    store.update(Role::PharmacyAdmin, &id, json!({"name": "Zinc anew"})).await;
    assert_eq!(write(&store).await["bytes"], 0, "one change is read beside it");
    store.wait(6 * 3600);
    let next = write(&store).await;
    assert_eq!((&next["whole"], next["bytes"] != 0), (&json!(false), true), "but not for ever");
    assert_ne!(bytes(&cloud), first);
    store.wait(3600);
    assert_eq!(found(&store.world.another_instance().await, "?query=anew").await, ["Zinc anew"]);
    store.wait(24 * 3600);
    assert_eq!(write(&store).await["whole"], true, "once a day it is made of the table alone");
}

#[tokio::test]
async fn two_that_write_at_once_lose_nothing() {
    let (store, _cloud) = open().await;
    for name in 0..5 {
        store.product(zinc(&format!("Zinc {name}"))).await;
    }
    let shelving = |app: &App| -> SnapshotWriter { app.snapshot_writer().unwrap() };
    let other = store.world.another_instance().await;
    let (one, two) = (shelving(&store.world.app), shelving(&other));
    let (one, two) = futures_util::future::join(one.run(), two.run()).await;
    assert_eq!((one.unwrap().products, two.unwrap().products), (5, 5));
    store.wait(3600);
    store.product(zinc("Zinc new")).await;
    assert_eq!(found(&store.world.another_instance().await, "?query=zinc").await.len(), 6);
}
