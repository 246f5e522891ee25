//! Orders: each step is told once, whatever is repeated, lost or killed.

use std::time::Duration;

use serde_json::json;
use shared::identity::Role;
use support::cloud::Killed;

use super::post::{ANNA, EMAIL, PHONE, Post};

#[tokio::test]
async fn each_step_of_an_order_is_told_once_and_says_nothing_of_what_was_bought() {
    let mut post = Post::open().await;
    post.choose(json!({"sms": true})).await;
    let order = post.order().await;
    post.go_round().await;
    for step in ["verified", "packed", "shipped", "delivered"] {
        post.world.clock.advance(Duration::from_mins(1));
        post.step(order, step).await;
        post.go_round().await;
    }
    let kinds = ["order_delivered", "order_shipped", "order_packed", "order_verified", "order_placed"];
    assert_eq!(post.inbox(ANNA).await, kinds);
    let subjects: Vec<_> = post.mails().iter().map(|mail| mail.subject.clone()).collect();
    assert_eq!(subjects, ["We have your order", "Your order is on its way", "Your order was delivered"]);
    let texts = post.texts();
    assert_eq!(texts.len(), 1, "{texts:?}");
    let number = post.call(ANNA, Role::Customer, "orders-get", &format!("/v1/orders/{order}"), None).await;
    let number = number.body["number"].as_str().unwrap().to_owned();
    assert!(post.mails().iter().all(|mail| mail.text.contains(&number)));
    assert!(post.mails()[1].text.contains("TRACK-7") && texts[0].text.contains(&number));
    for message in post.cloud.messages().all() {
        assert!(!message.text.contains("Paracetamol") && !message.subject.contains(&number), "{message:?}");
    }
}

#[tokio::test]
async fn what_comes_twice_late_and_in_any_order_is_told_once() {
    let mut post = Post::open().await;
    let order = post.order().await;
    let placed = post.changes().await;
    post.step(order, "verified").await;
    let verified = post.changes().await;
    for records in [&verified, &placed, &placed, &verified, &placed] {
        post.plan_of(records).await.unwrap();
        post.deliver().await;
    }
    assert_eq!(post.inbox(ANNA).await.len(), 2);
    assert_eq!(post.mails().len(), 1, "{:?}", post.mails());
    post.world.clock.advance(Duration::from_hours(20 * 24));
    post.plan_of(&placed).await.unwrap();
    post.deliver().await;
    assert_eq!(post.mails().len(), 1, "even after weeks");
}

#[tokio::test]
async fn an_order_that_waits_says_so_and_one_that_was_erased_is_told_to_nobody() {
    let mut post = Post::open().await;
    let order = post.order().await;
    post.change_order(order, |order, _| order.lines[0].waited = true).await;
    post.go_round().await;
    let mut kinds = post.inbox(ANNA).await;
    kinds.sort();
    assert_eq!(kinds, ["order_held", "order_placed"]);
    post.change_order(order, |order, _| {
        *order = order.stripped(&support::user(77), order.history[0].at.date());
        order.history.push(shared::orders::order::Step {
            status: shared::orders::status::Status::Cancelled,
            ..order.history[0].clone()
        });
    })
    .await;
    assert_eq!(post.plan().await, 0);
}

#[tokio::test]
async fn what_was_decided_on_a_return_is_told_once_and_that_it_was_asked_for_is_no_news() {
    let mut post = Post::open().await;
    let order = post.order().await;
    for step in ["verified", "packed", "shipped", "delivered"] {
        post.step(order, step).await;
    }
    post.go_round().await;
    let seen = post.call(ANNA, Role::Customer, "orders-get", &format!("/v1/orders/{order}"), None).await;
    let (number, product) = (seen.body["number"].as_str().unwrap(), &seen.body["items"][0]["product_id"]);
    for (decision, told) in
        [("reject", vec!["return_rejected"]), ("approve", vec!["order_returned", "return_approved"])]
    {
        post.world.clock.advance(Duration::from_mins(1));
        let (known, mails) = (post.inbox(ANNA).await.len(), post.mails().len());
        let path = format!("/v1/orders/{order}/returns");
        let body = json!({"lines": [{"product_id": product, "quantity": 1}], "reason": "The pack was open."});
        let asked = post.call(ANNA, Role::Customer, "orders-request-return", &path, Some(body)).await;
        assert_eq!(asked.status, 201, "{}", asked.text);
        assert_eq!(post.plan().await, 0, "they know that they have asked");
        let path = format!("{path}/{}/resolve", asked.body["id"].as_str().unwrap());
        let body = Some(json!({"decision": decision, "note": "We have looked at it."}));
        let resolved = post.call(9, Role::PharmacyAdmin, "orders-resolve-return", &path, body).await;
        assert_eq!(resolved.status, 200, "{}", resolved.text);
        let records = post.changes().await;
        for _ in 0..2 {
            post.plan_of(&records).await.unwrap();
            post.deliver().await;
        }
        let inbox = post.inbox(ANNA).await;
        let mut new = inbox[..inbox.len() - known].to_vec();
        new.sort();
        assert_eq!(new, told);
        let sent = post.mails()[mails..].to_vec();
        assert_eq!(sent.len(), 1, "{sent:?}");
        assert!(sent[0].text.contains(number) && !sent[0].text.contains("looked at it"), "{sent:?}");
    }
}

#[tokio::test]
async fn a_batch_that_cannot_be_queued_comes_again_as_a_whole() {
    let mut post = Post::open().await;
    for _ in 0..3 {
        post.order().await;
        post.world.clock.advance(Duration::from_secs(1));
    }
    let records = post.changes().await;
    post.cloud.queues().partial = true;
    assert_eq!(post.plan_of(&records).await.unwrap_err().code(), "unavailable");
    post.cloud.queues().partial = false;
    post.plan_of(&records).await.unwrap();
    assert_eq!(post.cloud.queues().waiting().len(), 5, "two came twice");
    post.deliver().await;
    assert_eq!((post.mails().len(), post.inbox(ANNA).await.len()), (3, 3));
    let mut broken = records[0].clone();
    broken["dynamodb"]["NewImage"]["lines"] = json!({"S": "none"});
    if broken["dynamodb"]["Keys"]["sk"]["S"] == "ORDER" {
        assert!(post.plan_of(&[broken]).await.is_err());
    }
}

#[tokio::test]
async fn killed_anywhere_it_is_told_and_a_text_message_never_twice() {
    let mut finished = false;
    for call in 0..30 {
        for kill in [Killed::Before, Killed::After] {
            let mut post = Post::open().await;
            post.choose(json!({"sms": true, "quiet_hours": null})).await;
            let order = post.order().await;
            for step in ["verified", "packed"] {
                post.step(order, step).await;
            }
            post.go_round().await;
            let mails = post.mails().len();
            post.step(order, "shipped").await;
            post.plan().await;
            let batch = post.cloud.queues().take(10, 0);
            finished = post.cloud.run_until(call, kill, post.hand_over(batch.clone())).await.is_some();
            // Lambda's time is over, and the queue hands it over again once the lease is.
            post.world.clock.advance(Duration::from_mins(11));
            post.hand_over(batch.clone()).await;
            post.world.clock.advance(Duration::from_mins(11));
            post.hand_over(batch).await;
            let at = format!("{kill:?} call {call}");
            let shipped = post.mails().len() - mails;
            assert!((1..=2).contains(&shipped), "{at}: {shipped} mails");
            let texts = post.texts().len();
            assert!(texts <= 1, "{at}: {texts} text messages");
            assert!(!finished || texts == 1, "{at}: {texts} text messages");
            assert_eq!(post.inbox(ANNA).await.iter().filter(|kind| *kind == "order_shipped").count(), 1, "{at}");
        }
        if finished {
            assert!(call >= 6, "only {call} calls were made");
            return;
        }
    }
    panic!("it never finished");
}

#[tokio::test]
async fn two_at_once_send_one_mail() {
    let mut post = Post::open().await;
    post.order().await;
    post.plan().await;
    let batch = post.cloud.queues().take(10, 0);
    let hands = (0..5).map(|_| post.hand_over(batch.clone()));
    futures_util::future::join_all(hands).await;
    post.deliver().await;
    assert_eq!((post.mails().len(), post.inbox(ANNA).await.len()), (1, 1));
}

#[tokio::test]
async fn what_ses_does_not_take_is_tried_again_and_then_a_dead_letter() {
    let mut post = Post::open().await;
    post.order().await;
    post.plan().await;
    post.cloud.messages().down = true;
    assert_eq!(post.deliver().await, 1);
    assert_eq!(post.inbox(ANNA).await, ["order_placed"], "the inbox has it all the same");
    post.cloud.messages().down = false;
    assert_eq!(post.cloud.queues().redrive(), 1);
    assert_eq!(post.deliver().await, 0);
    assert_eq!(post.cloud.messages().to(EMAIL).len(), 1);
    assert_eq!(post.cloud.messages().to(PHONE).len(), 0, "nobody asked for text messages");
}

#[tokio::test]
async fn who_paid_at_the_door_is_told_once_that_cash_was_paid_out() {
    use shared::payments::Closed;
    let mut post = Post::open().await;
    let order = post.order().await;
    for step in ["verified", "packed", "shipped", "delivered"] {
        post.step(order, step).await;
    }
    post.go_round().await;
    post.world.clock.advance(Duration::from_mins(1));
    let (now, staff) = (post.world.clock.now(), support::user(9));
    post.change_order(order, |order, _| {
        let left = order.cash_left();
        order.payment.ask_in_cash((Some(100), left), "broken".to_owned(), &staff, now).unwrap();
    })
    .await;
    assert_eq!(post.plan().await, 0, "nothing was paid out yet");
    post.change_order(order, |order, _| {
        let id = order.payment.refunds()[0].id;
        let closed = Closed { by: staff.clone(), at: now, note: None };
        *order = order.with_cash_paid_out(id, "R-17", closed).unwrap();
    })
    .await;
    post.go_round().await;
    assert_eq!(post.inbox(ANNA).await.first().map(String::as_str), Some("refund_made"));
    assert_eq!(post.mails().last().unwrap().subject, "Money is on its way back to you");
}
