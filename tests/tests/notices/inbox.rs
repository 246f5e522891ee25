//! The inbox: what was told, what was read, and whose it is.

use std::time::Duration;

use serde_json::{Value, json};
use shared::identity::Role;
use shared::platform::ids::NoticeId;

use super::post::{ANNA, Post};

/// A post office with five notices of Anna.
async fn filled() -> Post {
    let mut post = Post::open().await;
    let order = post.order().await;
    for step in ["verified", "packed", "shipped", "delivered"] {
        post.go_round().await;
        post.world.clock.advance(Duration::from_mins(1));
        post.step(order, step).await;
    }
    post.go_round().await;
    post
}

async fn list(post: &Post, who: u32, query: &str) -> Value {
    let path = format!("/v1/notifications?{query}");
    let list = post.call(who, Role::Customer, "notifications-list", &path, None).await;
    assert_eq!(list.status, 200, "{}", list.text);
    list.body
}

async fn read(post: &Post, who: u32, body: Value) -> Value {
    let read = post.call(who, Role::Customer, "notifications-read", "/v1/notifications/read", Some(body)).await;
    assert_eq!(read.status, 200, "{}", read.text);
    read.body["unread"].clone()
}

fn ids(page: &Value) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn pages_go_through_the_inbox_and_what_was_read_stays_read() {
    let post = filled().await;
    let (mut found, mut query) = (Vec::new(), "limit=2".to_owned());
    loop {
        let page = list(&post, ANNA, &query).await;
        assert_eq!(page["unread"], 5);
        found.extend(ids(&page));
        match page["next_cursor"].as_str() {
            Some(cursor) => query = format!("limit=2&cursor={cursor}"),
            None => break,
        }
    }
    let all = list(&post, ANNA, "limit=100").await;
    assert_eq!(found, ids(&all));
    assert!(found.is_sorted_by(|a, b| a > b), "{found:?}");
    assert_eq!(all["items"][0]["about"]["type"], "order");
    assert_eq!(read(&post, ANNA, json!({"ids": [found[0], found[0]]})).await, 4);
    let at = list(&post, ANNA, "").await["items"][0]["read_at"].clone();
    post.world.clock.advance(Duration::from_mins(1));
    assert_eq!(read(&post, ANNA, json!({"ids": [found[0]]})).await, 4);
    assert_eq!(list(&post, ANNA, "").await["items"][0]["read_at"], at, "the first time counts");
    assert_eq!(ids(&list(&post, ANNA, "unread=true").await), found[1..]);
    assert_eq!(read(&post, ANNA, json!({"up_to": found[3]})).await, 2);
    assert_eq!(ids(&list(&post, ANNA, "unread=true&limit=1").await), found[1..2]);
    assert_eq!(read(&post, ANNA, json!({"up_to": found[0]})).await, 0);
    assert_eq!(ids(&list(&post, ANNA, "unread=true").await), Vec::<String>::new());
    assert_eq!(ids(&list(&post, ANNA, "unread=false").await).len(), 5);
}

#[tokio::test]
async fn nobody_reads_or_touches_the_inbox_of_another() {
    let post = filled().await;
    let found = ids(&list(&post, ANNA, "").await);
    assert_eq!(ids(&list(&post, 2, "").await), Vec::<String>::new());
    assert_eq!(read(&post, 2, json!({"ids": found})).await, 0);
    assert_eq!(read(&post, 2, json!({"up_to": found[0]})).await, 0);
    assert_eq!(list(&post, ANNA, "").await["unread"], 5);
    let cursor = list(&post, ANNA, "limit=1").await["next_cursor"].as_str().unwrap().to_owned();
    let path = format!("/v1/notifications?cursor={cursor}");
    let stolen = post.call(2, Role::Customer, "notifications-list", &path, None).await;
    assert_eq!((stolen.status, stolen.fields()), (400, vec!["cursor"]));
    let made_up = NoticeId::generate(post.world.clock.now());
    assert_eq!(read(&post, 2, json!({"ids": [made_up]})).await, 0);
    let table = post.world.dynamo.scan().table_name("notifications").send().await.unwrap();
    let of_two = format!("USER#{}", support::user(2));
    let made = table.items.unwrap_or_default().into_iter().any(|item| item["pk"].as_s().unwrap() == &of_two);
    assert!(!made, "reading makes nothing");
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_named() {
    let post = Post::open().await;
    let many: Vec<_> = (0..101).map(|_| NoticeId::generate(post.world.clock.now())).collect();
    for (body, field) in [
        (json!({}), "ids"),
        (json!({"ids": [], "up_to": "ntc_01JD4Z8QK0000000000000000G"}), "up_to"),
        (json!({"ids": ["seven"]}), "ids[0]"),
        (json!({"ids": many}), "ids"),
        (json!({"up_to": "ord_01JD4Z8QK0000000000000000G"}), "up_to"),
    ] {
        let path = "/v1/notifications/read";
        let refused = post.call(ANNA, Role::Customer, "notifications-read", path, Some(body.clone())).await;
        assert_eq!((refused.status, refused.fields()), (400, vec![field]), "{body}");
    }
    let path = "/v1/notifications?unread=perhaps&limit=0";
    let refused = post.call(ANNA, Role::Customer, "notifications-list", path, None).await;
    assert_eq!((refused.status, refused.fields()), (400, vec!["unread", "limit"]));
}
