//! What lies in a cart and was not ordered is told to who has asked for it, once, and to nobody else.

use serde_json::json;
use shared::identity::Role;
use shared::platform::clock::Timestamp;
use shared::platform::ids::ProductId;

use super::post::{ANNA, Post};

const WAITING: &str = "cart_waiting";
const SUBJECT: &str = "Your cart is still here";

/// A product on sale.
async fn product(post: &Post) -> ProductId {
    let product = ProductId::generate(post.world.clock.now());
    let medicine = support::medicine("Paracetamol", "500 mg", shared::catalog::LegalStatus::Otc);
    let stock = shared::catalog::Stock {
        offer: support::offer(product, 500, &medicine),
        available: 9,
        reserved: 0,
        sold: 0,
        version: 1,
        housing: shared::catalog::lots::Housing::default(),
    };
    let item = shared::catalog::StockStore::to_item(&stock).unwrap();
    post.world.dynamo.put_item().table_name("catalog").set_item(Some(item)).send().await.unwrap();
    product
}

async fn put(post: &mut Post, product: ProductId, quantity: u32) {
    let path = format!("/v1/cart/items/{product}");
    let answer = post.call(ANNA, Role::Customer, "cart-put-item", &path, Some(json!({"quantity": quantity}))).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    post.plan().await;
}

async fn clear(post: &mut Post) {
    let answer = post.call(ANNA, Role::Customer, "cart-clear", "/v1/cart", None).await;
    assert!(answer.status < 300, "{}", answer.text);
    post.plan().await;
}

fn until(post: &Post, at: &str) {
    let at = Timestamp::parse(at).unwrap();
    post.world.clock.advance(at.since(post.world.clock.now()));
}

/// How often Anna was told: in her inbox, and by mail.
async fn told(post: &Post) -> (usize, usize) {
    post.deliver().await;
    let inbox = post.inbox(ANNA).await.iter().filter(|kind| *kind == WAITING).count();
    (inbox, post.mails().iter().filter(|mail| mail.subject == SUBJECT).count())
}

#[tokio::test]
async fn a_cart_that_was_left_for_a_day_is_told_once_to_who_has_asked() {
    let mut post = Post::open().await;
    post.choose(json!({"kinds": {"carts": true}})).await;
    let (one, other) = (product(&post).await, product(&post).await);
    // At ten in the morning.
    put(&mut post, one, 1).await;
    until(&post, "2026-11-21T09:30:00Z");
    assert_eq!(post.remind().await, json!({"queued": 0, "dropped": 0}));
    put(&mut post, other, 2).await;
    until(&post, "2026-11-21T10:30:00Z");
    assert_eq!(post.remind().await, json!({"queued": 0, "dropped": 0}), "she was there an hour ago");
    until(&post, "2026-11-22T09:45:00Z");
    assert_eq!(post.remind().await, json!({"queued": 1, "dropped": 0}));
    assert_eq!(told(&post).await, (1, 1));
    let mail = post.mails().into_iter().find(|mail| mail.subject == SUBJECT).unwrap();
    assert!(!mail.text.contains("Paracetamol") && mail.header("List-Unsubscribe").is_some(), "{}", mail.text);
    put(&mut post, one, 3).await;
    until(&post, "2026-11-25T09:45:00Z");
    assert_eq!(post.remind().await, json!({"queued": 0, "dropped": 0}));
    assert_eq!(told(&post).await, (1, 1));
    // Emptied and filled again, it is another.
    clear(&mut post).await;
    put(&mut post, one, 1).await;
    until(&post, "2026-11-26T10:45:00Z");
    assert_eq!(post.remind().await, json!({"queued": 1, "dropped": 0}));
    assert_eq!(told(&post).await, (2, 2));
}

#[tokio::test]
async fn without_consent_with_an_empty_cart_or_after_an_order_nobody_is_told() {
    for what in ["nothing was asked for", "it was taken back", "emptied", "ordered"] {
        let mut post = Post::open().await;
        if what != "nothing was asked for" {
            post.choose(json!({"kinds": {"carts": true}})).await;
        }
        let product = product(&post).await;
        put(&mut post, product, 1).await;
        match what {
            "it was taken back" => post.choose(json!({"kinds": {"carts": false}})).await,
            "emptied" => clear(&mut post).await,
            "ordered" => {
                post.buy(product).await;
                post.plan().await;
            }
            _ => {}
        }
        until(&post, "2026-11-21T10:30:00Z");
        assert_eq!(post.remind().await, json!({"queued": 0, "dropped": 1}), "{what}");
        assert_eq!(told(&post).await, (0, 0), "{what}");
    }
}

#[tokio::test]
async fn a_change_that_is_planned_twice_and_a_queue_that_is_down_tell_once() {
    let mut post = Post::open().await;
    post.choose(json!({"kinds": {"carts": true}})).await;
    let path = format!("/v1/cart/items/{}", product(&post).await);
    post.call(ANNA, Role::Customer, "cart-put-item", &path, Some(json!({"quantity": 1}))).await;
    let records = post.changes().await;
    post.plan_of(&records).await.unwrap();
    post.plan_of(&records).await.unwrap();
    until(&post, "2026-11-21T10:30:00Z");
    post.cloud.queues().down = true;
    let worker = registry::WORKERS.iter().find(|one| one.name == "notifications-remind").unwrap();
    assert!((worker.run)(&post.world.app, json!({})).await.is_err());
    post.cloud.queues().down = false;
    assert_eq!(post.remind().await, json!({"queued": 1, "dropped": 0}));
    assert_eq!(post.remind().await, json!({"queued": 0, "dropped": 0}));
    assert_eq!(told(&post).await, (1, 1));
}
