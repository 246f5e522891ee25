//! `/v1/notifications`: what people are told of by itself, through the streams, the queue and the mails of a real stack.

use e2e::{Client, PASSWORD, Person, Shop, covers, eventually};
use serde_json::{Value, json};

/// The inbox, once a notice of this kind lies in it.
async fn told(person: &Person, kind: &str) -> Value {
    eventually(&format!("a notice of {kind}"), || async {
        let page = person.get("/v1/notifications?limit=100").await.body(200);
        let found = page["items"].as_array().unwrap().iter().any(|item| item["kind"] == kind);
        found.then_some(page)
    })
    .await
}

#[tokio::test]
async fn an_order_is_told_of_by_mail_and_in_the_inbox_once() {
    covers!("notifications-plan", "notifications-send", "notifications-list", "notifications-read");
    let shop = Shop::open();
    let (anna, product) = (shop.customer().await, shop.product("otc", 450, 5).await);
    let order = anna.order(&[(&product, 1)], &[]).await;
    shop.advance(&order, &["verified", "packed", "shipped"]).await;
    let page = told(&anna, "order_shipped").await;
    let kinds: Vec<_> = page["items"].as_array().unwrap().iter().map(|item| item["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["order_shipped", "order_packed", "order_verified", "order_placed"]);
    assert_eq!(page["unread"], 4);
    let number = order["number"].as_str().unwrap();
    let mails = eventually("two mails", || async {
        let mails = shop.aws.messages_to(&anna.email).await;
        let about: Vec<_> = mails.into_iter().filter(|text| text.contains(number)).collect();
        (about.len() >= 2).then_some(about)
    })
    .await;
    assert_eq!(mails.len(), 2, "placed and shipped: {mails:?}");
    assert!(mails.iter().all(|text| !text.contains(order["items"][0]["name"].as_str().unwrap())), "{mails:?}");
    let first = page["items"][0]["id"].clone();
    assert_eq!(anna.post("/v1/notifications/read", &json!({"ids": [first]})).await.body(200), json!({"unread": 3}));
    assert_eq!(anna.post("/v1/notifications/read", &json!({"up_to": first})).await.body(200), json!({"unread": 0}));
    let other = shop.customer().await;
    assert_eq!(other.get("/v1/notifications").await.body(200)["items"], json!([]));
}

#[tokio::test]
async fn one_click_in_a_mail_turns_a_topic_off() {
    covers!("notifications-unsubscribe", "notifications-show-unsubscribe", "notifications-set");
    let shop = Shop::open();
    let (anna, product) = (shop.customer().await, shop.product("otc", 450, 5).await);
    anna.order(&[(&product, 1)], &[]).await;
    let mail = eventually("a mail about the order", || async {
        shop.aws.messages_to(&anna.email).await.into_iter().find(|text| text.contains("/v1/notifications/unsubscribe/"))
    })
    .await;
    let path = mail.split_whitespace().find(|word| word.contains("/v1/notifications/unsubscribe/")).unwrap();
    let path = &path[path.find("/v1/").unwrap()..];
    let guest: &Client = &shop.guest;
    let wants =
        async || anna.get("/v1/profile").await.body(200)["preferences"]["notifications"]["kinds"]["orders"].clone();
    let page = guest.get(path).await.expect(200);
    assert!(page.header("content-type").unwrap().starts_with("text/html"));
    assert_eq!(wants().await, true, "whoever only looks changes nothing");
    let click = || guest.post_nothing(path).body("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click");
    click().await.expect(200);
    click().await.expect(200);
    assert_eq!(wants().await, false);
    guest.post_nothing("/v1/notifications/unsubscribe/bm90LWEtdG9rZW4").await.problem(404, "not_found");
    let set = anna.put("/v1/profile/notifications", &json!({"sms": true})).await.expect(200).json();
    assert_eq!((&set["sms"], &set["kinds"]["orders"]), (&json!(true), &json!(true)));
    let wrong = anna.put("/v1/profile/notifications", &json!({"time_zone": "Nepal/Moon"})).await;
    wrong.invalid_field("time_zone", "invalid_time_zone");
}

#[tokio::test]
async fn what_is_due_is_looked_for_every_quarter_of_an_hour() {
    covers!("notifications-remind");
    let shop = Shop::open();
    let run = shop.aws.invoke("notifications-remind", &json!({"source": "aws.events", "detail": {}})).await;
    assert!(run["queued"].is_u64() && run["dropped"].is_u64(), "{run}");
}

/// How many messages the storm puts into the queue; ten thousand are in `tests/tests/notices/storm.rs`.
const STORM: usize = 300;

#[tokio::test]
async fn of_a_storm_of_messages_each_is_told_once_and_poison_holds_up_nobody() {
    covers!("notifications-send");
    let shop = Shop::open();
    let anna = shop.customer().await;
    let (mut messages, mut told) = (Vec::new(), 0_u64);
    while messages.len() < STORM {
        if messages.len() % 100 == 99 {
            messages.push(format!("{{\"event\": \"poison {}\"}}", anna.id));
            continue;
        }
        // Every tenth is a mail, the others lie in the inbox alone.
        let kind = if told % 10 == 0 { "order_placed" } else { "order_packed" };
        let event = format!("storm {told} of {}#step0", anna.id);
        let at = "2026-11-20T10:00:00.000Z";
        let body =
            json!({"event": event, "kind": kind, "to": {"person": anna.id}, "value": format!("S-{told}"), "at": at});
        // A fifth of all is there twice.
        for _ in 0..if told % 4 == 0 { 2 } else { 1 } {
            messages.push(body.to_string());
        }
        told += 1;
    }
    shop.aws.notify(&messages).await;
    let unread = eventually("all that was put into the queue", || async {
        let page = anna.get("/v1/notifications?limit=1").await.body(200);
        (page["unread"].as_u64().unwrap() >= told).then(|| page["unread"].as_u64().unwrap())
    })
    .await;
    assert_eq!(unread, told, "each lies in the inbox once");
    let mails = eventually("the mails", || async {
        let mails = shop.aws.messages_to(&anna.email).await;
        let mails: Vec<_> = mails.into_iter().filter(|text| text.contains("order S-")).collect();
        (mails.len() >= usize::try_from(told.div_ceil(10)).unwrap()).then_some(mails)
    })
    .await;
    assert_eq!(mails.len(), usize::try_from(told.div_ceil(10)).unwrap(), "each was sent once");
}

#[tokio::test]
async fn a_sign_in_with_a_new_device_is_told_of_once() {
    covers!("auth-login", "notifications-send");
    let shop = Shop::open();
    let anna = shop.customer().await;
    let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    let body = json!({"email": anna.email, "password": PASSWORD});
    for _ in 0..2 {
        shop.guest.post("/v1/auth/login", &body).header("user-agent", agent).await.expect(200);
    }
    let page = told(&anna, "new_device").await;
    let of_devices = page["items"].as_array().unwrap().iter().filter(|item| item["kind"] == "new_device");
    let details: Vec<_> = of_devices.map(|item| item["detail"].clone()).collect();
    assert_eq!(details, ["Firefox, Linux"]);
    let mails = eventually("the mail", || async {
        let mails = shop.aws.messages_to(&anna.email).await;
        let mails: Vec<_> = mails.into_iter().filter(|text| text.contains("did not know")).collect();
        (!mails.is_empty()).then_some(mails)
    })
    .await;
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert!(mails[0].contains("Firefox, Linux") && !mails[0].contains("/notifications/unsubscribe/"), "{mails:?}");
}
