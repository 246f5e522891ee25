//! Watches: told once per crossing, limited, and forgotten.

use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::catalog::Availability;
use shared::identity::Role;
use shared::platform::ids::ProductId;
use support::{Answer, Streams, user};

use crate::post::{ANNA, Post};

/// A shop whose products are watched.
struct Shop {
    post: Post,
    products: Streams,
}

fn price(amount: i64) -> Value {
    json!({"amount": amount, "currency": "USD"})
}

impl Shop {
    async fn open() -> Self {
        let post = Post::open().await;
        let category = json!({"name": "Pain"});
        post.call(90, Role::PharmacyAdmin, "catalog-put-category", "/v1/categories/pain", Some(category)).await;
        let products = Streams::of(post.world.dynamo.clone(), &["catalog"]);
        Self { post, products }
    }

    /// A product at 5.00, of which there is none.
    async fn product(&self) -> String {
        let body = json!({"name": "Ibuprofen 200 mg", "ingredients": [{"name": "ibuprofen", "strength": "200 mg"}],
            "dosage_form": "tablet", "route": "oral", "pack_size": "20 tablets", "category_id": "pain",
            "price": price(500), "legal_status": "otc"});
        let made = self.post.call(90, Role::PharmacyAdmin, "catalog-create-product", "/v1/products", Some(body)).await;
        assert_eq!(made.status, 201, "{}", made.text);
        made.body["id"].as_str().unwrap().to_owned()
    }

    async fn change(&self, id: &str, body: Value) {
        let path = format!("/v1/products/{id}");
        let changed = self.post.call(90, Role::PharmacyAdmin, "catalog-update-product", &path, Some(body)).await;
        assert_eq!(changed.status, 200, "{}", changed.text);
    }

    async fn stock(&self, id: &str, availability: Availability, version: u64) {
        let id = ProductId::parse(id).unwrap();
        self.post.world.app.products().follow_stock(id, availability, version).await.unwrap();
    }

    async fn watch(&self, who: u32, id: &str, terms: Value) -> Answer {
        let path = format!("/v1/products/{id}/watch");
        self.post.call(who, Role::Customer, "catalog-watch", &path, Some(terms)).await
    }

    async fn unwatch(&self, who: u32, id: &str) -> u16 {
        let path = format!("/v1/products/{id}/watch");
        self.post.call(who, Role::Customer, "catalog-unwatch", &path, None).await.status
    }

    async fn watched(&self, who: u32) -> Vec<Value> {
        let list = self.post.call(who, Role::Customer, "catalog-list-watches", "/v1/profile/watches", None).await;
        assert_eq!(list.status, 200, "{}", list.text);
        list.body["items"].as_array().unwrap().clone()
    }

    /// Brings what has changed to the worker as often as said, and what it tells to people.
    async fn go_round(&mut self, times: usize) {
        let event = json!({"Records": self.products.changes().await});
        for _ in 0..times {
            (catalog_follow_changes::WORKER.run)(&self.post.world.app, event.clone()).await.unwrap();
        }
        assert_eq!(self.post.deliver().await, 0);
    }
}

#[tokio::test]
async fn a_price_that_goes_below_is_told_once_and_again_when_it_does_so_again() {
    let mut shop = Shop::open().await;
    let id = shop.product().await;
    let watched = shop.watch(ANNA, &id, json!({"below": price(400)})).await;
    assert_eq!((watched.status, &watched.body["product"]["price"]), (200, &price(500)), "{}", watched.text);
    shop.go_round(1).await;
    assert_eq!(shop.post.inbox(ANNA).await, [""; 0]);
    shop.change(&id, json!({"price": price(399)})).await;
    shop.go_round(3).await;
    assert_eq!((shop.post.inbox(ANNA).await, shop.post.mails().len()), (vec!["price_dropped".to_owned()], 1));
    let mail = shop.post.mails().remove(0);
    assert!(!format!("{mail:?}").contains("buprofen"), "a mail says nothing of what is taken");
    shop.change(&id, json!({"price": price(350)})).await;
    shop.go_round(1).await;
    assert_eq!(shop.post.mails().len(), 1, "it was below already");
    for amount in [600, 300] {
        shop.change(&id, json!({"price": price(amount)})).await;
        shop.go_round(1).await;
    }
    assert_eq!(shop.post.mails().len(), 2);
    let list = shop.post.call(ANNA, Role::Customer, "notifications-list", "/v1/notifications", None).await;
    let told = &list.body["items"][0];
    assert_eq!((&told["topic"], &told["about"]), (&json!("watches"), &json!({"type": "product", "id": id})));
}

#[tokio::test]
async fn what_is_back_is_told_to_who_waits_for_it_and_to_nobody_else() {
    let mut shop = Shop::open().await;
    let id = shop.product().await;
    shop.watch(ANNA, &id, json!({"back_in_stock": true})).await;
    shop.watch(2, &id, json!({"below": price(1)})).await;
    shop.go_round(1).await;
    shop.stock(&id, Availability::Low, 1).await;
    shop.go_round(2).await;
    shop.stock(&id, Availability::InStock, 2).await;
    shop.go_round(1).await;
    assert_eq!((shop.post.inbox(ANNA).await, shop.post.mails().len()), (vec!["back_in_stock".to_owned()], 1));
    assert_eq!(shop.post.inbox(2).await, [""; 0]);
    shop.post.choose(json!({"kinds": {"watches": false}})).await;
    shop.stock(&id, Availability::Out, 3).await;
    shop.go_round(1).await;
    shop.stock(&id, Availability::Low, 4).await;
    shop.go_round(1).await;
    assert_eq!((shop.post.inbox(ANNA).await.len(), shop.post.mails().len()), (2, 1), "the inbox alone");
    assert_eq!(shop.unwatch(ANNA, &id).await, 204);
    for (availability, version) in [(Availability::Out, 5), (Availability::Low, 6)] {
        shop.stock(&id, availability, version).await;
        shop.go_round(1).await;
    }
    assert_eq!(shop.post.inbox(ANNA).await.len(), 2);
}

#[tokio::test]
async fn a_watch_is_one_however_often_it_is_set_and_another_is_not_seen() {
    let shop = Shop::open().await;
    let id = shop.product().await;
    for _ in 0..2 {
        shop.watch(ANNA, &id, json!({"back_in_stock": true})).await;
    }
    let book = shop.post.world.app.watches().store.book(&user(ANNA)).await.unwrap();
    assert_eq!((book.version, book.watches.len()), (1, 1), "the second wrote nothing");
    shop.watch(ANNA, &id, json!({"below": price(100)})).await;
    let watched = shop.watched(ANNA).await;
    assert_eq!((&watched[0]["below"], &watched[0]["back_in_stock"]), (&price(100), &json!(false)));
    assert_eq!(shop.watched(2).await, [] as [Value; 0]);
    assert_eq!((shop.unwatch(2, &id).await, shop.watched(ANNA).await.len()), (204, 1));
    // What is taken off sale is watched on, and shown as gone; nobody else can begin to.
    shop.change(&id, json!({"status": "retired"})).await;
    assert_eq!(shop.watched(ANNA).await[0]["product"], Value::Null);
    assert_eq!(shop.watch(2, &id, json!({"back_in_stock": true})).await.status, 404);
    assert_eq!(shop.watch(ANNA, &id, json!({"back_in_stock": true})).await.status, 200);
    assert_eq!(shop.watch(ANNA, "prd_01JD4Z8QK0000000000000000Z", json!({"back_in_stock": true})).await.status, 404);
    let refused = shop.watch(ANNA, &id, json!({"back_in_stock": false})).await;
    assert_eq!((refused.status, refused.fields()), (400, vec!["below"]));
}

#[tokio::test]
async fn many_at_once_never_pass_the_limit() {
    let shop = Shop::open().await;
    let mut ids = Vec::new();
    for _ in 0..54 {
        ids.push(shop.product().await);
    }
    for id in &ids[..46] {
        assert_eq!(shop.watch(ANNA, id, json!({"back_in_stock": true})).await.status, 200);
    }
    let together = ids[46..].iter().map(|id| shop.watch(ANNA, id, json!({"back_in_stock": true})));
    let mut statuses: Vec<_> = join_all(together).await.into_iter().map(|answer| answer.status).collect();
    statuses.retain(|status| *status != 503);
    assert!(statuses.iter().all(|status| [200, 409].contains(status)), "{statuses:?}");
    let accepted = statuses.iter().filter(|status| **status == 200).count();
    assert_eq!(shop.watched(ANNA).await.len(), 46 + accepted);
    assert!(46 + accepted <= 50);
    let more = shop.watch(ANNA, &ids[53], json!({"below": price(1)})).await;
    assert!(more.status == 200 || more.code() == "too_many_watches", "{}", more.text);
}

#[tokio::test]
async fn who_is_forgotten_watches_nothing_and_is_told_nothing() {
    let mut shop = Shop::open().await;
    let id = shop.product().await;
    shop.watch(ANNA, &id, json!({"back_in_stock": true})).await;
    shop.go_round(1).await;
    let store = shop.post.world.app.watches().store;
    for _ in 0..2 {
        store.forget(&user(ANNA)).await.unwrap();
    }
    assert_eq!(shop.watched(ANNA).await, [] as [Value; 0]);
    shop.stock(&id, Availability::Low, 1).await;
    shop.go_round(1).await;
    assert_eq!(shop.post.inbox(ANNA).await, [""; 0]);
}
