//! What people choose: topics, quiet hours, languages, and the one click that ends it.

use std::time::Duration;

use serde_json::json;
use shared::identity::Role;
use support::{event, user};

use super::post::{ANNA, Post};

#[tokio::test]
async fn at_night_a_text_message_waits_for_the_morning_there_and_comes_once() {
    let mut post = Post::open().await;
    post.choose(json!({"sms": true, "time_zone": "Asia/Kathmandu"})).await;
    let order = post.order().await;
    for step in ["verified", "packed"] {
        post.step(order, step).await;
    }
    post.go_round().await;
    // 22:00 in Kathmandu.
    post.world.clock.advance(Duration::from_mins(6 * 60 + 15));
    post.step(order, "shipped").await;
    let records = post.changes().await;
    for _ in 0..3 {
        post.plan_of(&records).await.unwrap();
        post.deliver().await;
    }
    assert_eq!((post.mails().len(), post.texts().len()), (2, 0), "the mail about the order has come");
    assert_eq!(post.remind().await["queued"], 0);
    // 07:59 there.
    post.world.clock.advance(Duration::from_mins(9 * 60 + 59));
    assert_eq!(post.remind().await["queued"], 0);
    post.world.clock.advance(Duration::from_mins(1));
    assert_eq!(post.remind().await["queued"], 1);
    post.deliver().await;
    assert_eq!((post.mails().len(), post.texts().len()), (2, 1));
    assert_eq!(post.remind().await["queued"], 0);
    post.plan_of(&records).await.unwrap();
    post.deliver().await;
    assert_eq!((post.mails().len(), post.texts().len()), (2, 1), "once");
    assert_eq!(post.inbox(ANNA).await.iter().filter(|kind| *kind == "order_shipped").count(), 1);
}

#[tokio::test]
async fn who_turns_a_topic_off_while_something_waits_is_not_told() {
    let mut post = Post::open().await;
    post.choose(json!({"sms": true, "time_zone": "Asia/Kathmandu"})).await;
    let order = post.order().await;
    for step in ["verified", "packed"] {
        post.step(order, step).await;
    }
    post.world.clock.advance(Duration::from_mins(6 * 60 + 15));
    post.step(order, "shipped").await;
    post.go_round().await;
    post.choose(json!({"sms": true, "kinds": {"orders": false}})).await;
    post.world.clock.advance(Duration::from_hours(12));
    assert_eq!(post.remind().await["queued"], 1);
    post.deliver().await;
    assert_eq!(post.texts().len(), 0);
}

#[tokio::test]
async fn one_click_turns_a_topic_off_and_looking_at_the_page_does_not() {
    let mut post = Post::open().await;
    post.order().await;
    post.go_round().await;
    let mail = post.mails()[0].clone();
    assert_eq!(mail.header("List-Unsubscribe-Post"), Some("List-Unsubscribe=One-Click"));
    let link = mail.header("List-Unsubscribe").unwrap().trim_matches(['<', '>']).to_owned();
    assert!(mail.text.contains(&link));
    let token = link.rsplit('/').next().unwrap().to_owned();
    let click = async |function: &str| {
        let endpoint = registry::ENDPOINTS.iter().find(|one| one.name() == function).unwrap().endpoint;
        let method = if function.contains("show") { "GET" } else { "POST" };
        let mut event = event(method, "/x", &[("token", &token)], None, None);
        event["headers"]["content-type"] = json!("application/x-www-form-urlencoded");
        event["body"] = json!("List-Unsubscribe=One-Click");
        post.world.send(endpoint, &event).await
    };
    let wants = async || post.world.app.profiles().get(&user(ANNA)).await.unwrap().preferences.notifications.kinds;
    let page = click("notifications-show-unsubscribe").await;
    assert_eq!((page.status, page.text.contains("<button>")), (200, true));
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    assert!(wants().await.orders, "looking changes nothing");
    for _ in 0..2 {
        assert_eq!(click("notifications-unsubscribe").await.status, 200);
    }
    assert!(!wants().await.orders && wants().await.reminders);
    post.world.clock.advance(Duration::from_secs(1));
    post.order().await;
    post.go_round().await;
    assert_eq!((post.mails().len(), post.inbox(ANNA).await.len()), (1, 2), "the inbox goes on");
}

#[tokio::test]
async fn people_are_written_to_in_their_language() {
    let mut post = Post::open().await;
    let body = Some(json!({"preferences": {"language": "ne"}}));
    let set = post.call(ANNA, Role::Customer, "profile-update", "/v1/profile", body).await;
    assert_eq!(set.status, 200, "{}", set.text);
    post.order().await;
    post.go_round().await;
    assert!(post.mails()[0].subject.contains("अर्डर"), "{:?}", post.mails()[0]);
    let list = post.call(ANNA, Role::Customer, "notifications-list", "/v1/notifications", None).await;
    assert!(list.body["items"][0]["title"].as_str().unwrap().contains("अर्डर"));
}

#[tokio::test]
async fn settings_are_replaced_as_a_whole_and_kept_by_other_changes() {
    let post = Post::open().await;
    post.choose(json!({"sms": true, "kinds": {"reminders": false}, "time_zone": "Asia/Dhaka"})).await;
    let body = Some(json!({"preferences": {"notifications": {"sms": false}}}));
    let changed = post.call(ANNA, Role::Customer, "profile-update", "/v1/profile", body).await;
    let kept = &changed.body["preferences"]["notifications"];
    assert_eq!((&kept["sms"], &kept["kinds"]["reminders"]), (&json!(false), &json!(false)));
    assert_eq!((&kept["time_zone"], &kept["quiet_hours"]["from"]), (&json!("Asia/Dhaka"), &json!("21:00")));
    post.choose(json!({})).await;
    let read = post.call(ANNA, Role::Customer, "profile-get", "/v1/profile", None).await;
    let standard = json!({"email": true, "sms": false, "read_receipts": true, "time_zone": null,
        "quiet_hours": {"from": "21:00", "to": "08:00"},
        "kinds": {"orders": true, "prescriptions": true, "consultations": true, "reminders": true, "watches": true, "carts": false}});
    assert_eq!(read.body["preferences"]["notifications"], standard);
    let wrong = json!({"quiet_hours": {"from": "25:00", "to": "08:00"}, "time_zone": "Nepal/Moon", "colour": 1});
    let path = "/v1/profile/notifications";
    let refused = post.call(ANNA, Role::Customer, "notifications-set", path, Some(wrong)).await;
    assert_eq!(refused.status, 400, "{}", refused.text);
    for field in ["quiet_hours.from", "time_zone", "colour"] {
        assert!(refused.fields().contains(&field), "{field}: {:?}", refused.fields());
    }
}

#[tokio::test]
async fn who_has_asked_to_be_erased_is_told_nothing() {
    let mut post = Post::open().await;
    post.order().await;
    post.plan().await;
    let key = shared::accounts::AccountStore::erasure_key(&user(ANNA));
    let put = post.world.dynamo.put_item().table_name("accounts").set_item(Some(key.attributes()));
    put.send().await.unwrap();
    assert_eq!(post.deliver().await, 0);
    assert_eq!((post.mails().len(), post.inbox(ANNA).await.len()), (0, 0));
}
