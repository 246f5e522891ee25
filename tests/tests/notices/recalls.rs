//! Recalls: who has got what was called back is told once, at any hour and whatever they have turned off.

use std::time::Duration;

use serde_json::json;
use shared::catalog::lots::{Housing, LotNumber};
use shared::catalog::recalls::RecallClass;
use shared::catalog::{LegalStatus, Stock, StockStore};
use shared::identity::Role;
use shared::orders::recalled::Recalled;
use shared::platform::clock::Timestamp;
use shared::platform::ids::{LotId, OrderId, ProductId, RecallId};
use support::cloud::Killed;
use support::{PLAIN, medicine, offer};

use super::post::{ANNA, Post};

/// Who wants to be told of nothing, in the middle of the night.
async fn open() -> Post {
    let post = Post::open().await;
    post.choose(json!({
        "email": false, "sms": false, "kinds": {"orders": false}, "quiet_hours": {"from": "00:00", "to": "23:59"},
    }))
    .await;
    post
}

/// An order that is with Anna.
async fn delivered(post: &Post) -> OrderId {
    let order = post.order().await;
    for step in ["verified", "packed", "shipped", "delivered"] {
        post.step(order, step).await;
    }
    order
}

/// Marks an order, as the worker of recalls does.
async fn mark(post: &Post, order: OrderId, at: Timestamp, out: bool) {
    post.change_order(order, |order, _| {
        order.recalls.push(Recalled {
            id: RecallId::first_at(at),
            product_id: order.lines[0].offer.product_id,
            lot: LotId::first_at(at),
            number: LotNumber::parse("B2247A").unwrap(),
            class: RecallClass::parse(1).unwrap(),
            reason: "Some tablets are too strong.".to_owned(),
            at,
            out,
        });
    })
    .await;
}

#[tokio::test]
async fn a_person_is_told_of_a_recall_once_whatever_they_have_turned_off() {
    let mut post = open().await;
    let orders = [delivered(&post).await, delivered(&post).await];
    post.go_round().await;
    assert_eq!((post.mails().len(), post.texts().len()), (0, 0), "of orders they want to hear nothing");
    let at = post.world.clock.now();
    let known = post.inbox(ANNA).await.len();
    for order in orders {
        mark(&post, order, at, true).await;
        let records = post.changes().await;
        for _ in 0..2 {
            post.plan_of(&records).await.unwrap();
            post.deliver().await;
        }
        post.world.clock.advance(Duration::from_mins(1));
    }
    let inbox = post.inbox(ANNA).await;
    assert_eq!((inbox.len() - known, inbox.iter().filter(|kind| *kind == "order_recalled").count()), (1, 1));
    let (mails, texts) = (post.mails(), post.texts());
    assert_eq!((mails.len(), texts.len()), (1, 1), "{mails:?} {texts:?}");
    for message in mails.iter().chain(&texts) {
        for health in ["Paracetamol", "strong", "B2247A"] {
            assert!(!message.text.contains(health) && !message.subject.contains(health), "{message:?}");
        }
        assert!(!message.text.contains("/unsubscribe/"), "it cannot be turned off: {message:?}");
    }
    // Another recall is another matter.
    mark(&post, orders[0], post.world.clock.now(), true).await;
    post.go_round().await;
    assert_eq!((post.mails().len(), post.texts().len()), (2, 2));
}

#[tokio::test]
async fn of_what_has_not_left_the_house_the_customer_is_told_nothing() {
    let mut post = open().await;
    let order = post.order().await;
    post.go_round().await;
    mark(&post, order, post.world.clock.now(), false).await;
    assert_eq!(post.plan().await, 0);
}

#[tokio::test]
async fn what_an_order_shows_of_a_recall_is_behind_the_sign_in() {
    let post = open().await;
    let order = delivered(&post).await;
    mark(&post, order, post.world.clock.now(), true).await;
    let seen = post.call(ANNA, Role::Customer, "orders-get", &format!("/v1/orders/{order}"), None).await;
    assert_eq!(seen.body["recalls"][0]["reason"], "Some tablets are too strong.", "{}", seen.text);
}

#[tokio::test]
async fn killed_anywhere_a_recall_is_told_and_by_text_message_never_twice() {
    let mut finished = false;
    for call in 0..30 {
        for kill in [Killed::Before, Killed::After] {
            let mut post = open().await;
            let order = delivered(&post).await;
            post.go_round().await;
            mark(&post, order, post.world.clock.now(), true).await;
            post.plan().await;
            let batch = post.cloud.queues().take(10, 0);
            finished = post.cloud.run_until(call, kill, post.hand_over(batch.clone())).await.is_some();
            for _ in 0..2 {
                post.world.clock.advance(Duration::from_mins(11));
                post.hand_over(batch.clone()).await;
            }
            let at = format!("{kill:?} call {call}");
            assert!((1..=2).contains(&post.mails().len()), "{at}: {} mails", post.mails().len());
            let texts = post.texts().len();
            assert!(texts <= 1 && (!finished || texts == 1), "{at}: {texts} text messages");
            assert_eq!(post.inbox(ANNA).await.iter().filter(|kind| *kind == "order_recalled").count(), 1, "{at}");
        }
        if finished {
            assert!(call >= 6, "only {call} calls were made");
            return;
        }
    }
    panic!("it never finished");
}

/// Two orders of Anna with units of one lot are with her, and she was told of them; the lot.
async fn sold(post: &mut Post) -> String {
    let product = ProductId::generate(post.world.clock.now());
    let offer = offer(product, 500, &medicine(PLAIN, "500 mg", LegalStatus::Otc));
    let stock = Stock { offer, available: 0, reserved: 0, sold: 0, version: 1, housing: Housing::default() };
    let item = StockStore::to_item(&stock).unwrap();
    post.world.dynamo.put_item().table_name("catalog").set_item(Some(item)).send().await.unwrap();
    let path = format!("/v1/products/{product}/lots");
    let body = json!({"number": "A", "expires_on": "2028-01-31", "quantity": 5});
    let lot = post.call(9, Role::PharmacyAdmin, "catalog-receive-lot", &path, Some(body)).await;
    assert_eq!(lot.status, 201, "{}", lot.text);
    for _ in 0..2 {
        let order = post.buy(product).await;
        for step in ["verified", "packed", "shipped"] {
            post.step(order, step).await;
        }
    }
    post.go_round().await;
    lot.body["id"].as_str().unwrap().to_owned()
}

async fn follow(post: &Post) {
    (orders_follow_recalls::WORKER.run)(&post.world.app, json!({})).await.unwrap();
}

#[tokio::test]
async fn from_the_recall_to_the_mail_the_worker_may_be_killed_anywhere_and_nobody_is_told_twice() {
    for call in 0..40 {
        let mut finished = false;
        for kill in [Killed::Before, Killed::After] {
            let mut post = open().await;
            let lot = sold(&mut post).await;
            let body = json!({"reason": "Some tablets are too strong.", "reference": "D-1", "class": 1});
            let path = format!("/v1/lots/{lot}/recall");
            let recalled = post.call(9, Role::PharmacyAdmin, "catalog-recall-lot", &path, Some(body)).await;
            assert_eq!(recalled.status, 202, "{}", recalled.text);
            finished = post.cloud.run_until(call, kill, follow(&post)).await.is_some();
            post.go_round().await;
            for _ in 0..2 {
                follow(&post).await;
                post.go_round().await;
            }
            let at = format!("{kill:?} call {call}");
            assert_eq!((post.mails().len(), post.texts().len()), (1, 1), "{at}");
            assert_eq!(post.inbox(ANNA).await.iter().filter(|kind| *kind == "order_recalled").count(), 1, "{at}");
        }
        if finished {
            assert!(call >= 5, "only {call} calls were made");
            return;
        }
    }
    panic!("it never finished");
}
