//! Webhooks: signed events to others' systems, which the public library believes; tried for a day; to no address behind our walls.

#![recursion_limit = "256"]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a broken helper must stop the test"
)]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use shared::api::answer;
use shared::identity::Role;
use shared::notices::{About, Addressee, Notice};
use shared::notifications::NoticeKind;
use shared::platform::clock::{Clock, Timestamp};
use shared::platform::ids::OrderId;
use standardwebhooks::Webhook;
use support::cloud::{Cloud, Killed, cloudy_world, cloudy_world_at};
use support::{Answer, World, event, user};

/// What came to an address.
#[derive(Clone, Debug)]
struct Came {
    headers: HeaderMap,
    body: Vec<u8>,
}

/// An address of somebody else, on this machine.
#[derive(Clone, Default)]
struct Address {
    came: Arc<Mutex<Vec<Came>>>,
    /// What it answers; the last for ever.
    answers: Arc<Mutex<Vec<u16>>>,
}

impl Address {
    /// One that answers so, and its URL.
    async fn open(answers: &[u16]) -> (Self, String) {
        let address = Self::default();
        *address.answers.lock().unwrap() = answers.to_vec();
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}/hooks", listener.local_addr().unwrap());
        let app = axum::Router::new().fallback(take).with_state(address.clone());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        (address, url)
    }

    fn came(&self) -> Vec<Came> {
        self.came.lock().unwrap().clone()
    }
}

async fn take(State(address): State<Address>, headers: HeaderMap, body: Bytes) -> (StatusCode, HeaderMap) {
    address.came.lock().unwrap().push(Came { headers, body: body.to_vec() });
    let mut answers = address.answers.lock().unwrap();
    let status = if answers.len() > 1 { answers.remove(0) } else { answers[0] };
    let mut headers = HeaderMap::new();
    if status == 429 {
        headers.insert("retry-after", "1800".parse().unwrap());
    }
    if status == 302 {
        headers.insert("location", "http://169.254.169.254/".parse().unwrap());
    }
    (StatusCode::from_u16(status).unwrap(), headers)
}

struct Hooks {
    world: World,
    cloud: Cloud,
}

const ADMIN: (u32, Role) = (5, Role::SuperAdmin);

impl Hooks {
    async fn open() -> Self {
        let (world, cloud) = cloudy_world().await;
        Self { world, cloud }
    }

    async fn call(&self, function: &str, parameters: &[(&str, &str)], query: &str, body: Option<Value>) -> Answer {
        self.call_as(ADMIN, function, parameters, query, body).await
    }

    async fn call_as(
        &self,
        (who, role): (u32, Role),
        function: &str,
        parameters: &[(&str, &str)],
        query: &str,
        body: Option<Value>,
    ) -> Answer {
        let endpoint = registry::ENDPOINTS.iter().find(|one| one.name() == function).unwrap().endpoint;
        let route = shared::identity::access::route(function).unwrap();
        let token = self.world.token(&user(who), role);
        let path = format!("{}?{query}", route.path);
        let event = event(route.method, &path, parameters, Some(&token), body.as_ref());
        Answer::of(answer(&self.world.app, endpoint, lambda_http::request::from_str(&event.to_string()).unwrap()).await)
    }

    /// Sets an address; its secret, if it is shown.
    async fn put(&self, name: &str, body: Value) -> Answer {
        self.call("webhooks-put", &[("id", name)], "", Some(body)).await
    }

    /// Sets an address that is told of all that happens to orders; its secret.
    async fn listening(&self, name: &str, url: &str) -> String {
        let body = json!({"url": url, "events": ["order.placed", "order.shipped"]});
        let put = self.put(name, body).await;
        assert_eq!(put.status, 201, "{}", put.text);
        put.body["secret"].as_str().unwrap().to_owned()
    }

    /// That an order was placed; its id.
    async fn happens(&self) -> OrderId {
        let now = self.world.clock.now();
        let order = OrderId::generate(now);
        self.announce(order).await;
        order
    }

    async fn announce(&self, order: OrderId) {
        let person = Addressee::Person(user(1));
        let now = order.made_at();
        let notice = Notice::new(format!("{order}#step0"), NoticeKind::OrderPlaced, person, About::Order(order), now);
        self.world.app.announce(&[notice.valued("A-7")]).await.unwrap();
    }

    async fn run(&self) -> Value {
        let worker = registry::WORKERS.iter().find(|one| one.name == "webhooks-deliver").unwrap();
        let done = (worker.run)(&self.world.app, json!({})).await;
        done.unwrap_or_else(|error| panic!("{error} {:?}", error.cause()))
    }

    async fn deliveries(&self, name: &str) -> Vec<Value> {
        let list = self.call("webhooks-deliveries", &[("id", name)], "limit=100", None).await;
        assert_eq!(list.status, 200, "{}", list.text);
        list.body["items"].as_array().unwrap().clone()
    }

    async fn off(&self, name: &str) -> Value {
        let list = self.call("webhooks-list", &[], "", None).await;
        let items = list.body["items"].as_array().unwrap().clone();
        items.into_iter().find(|one| one["id"] == name).unwrap()["off"].clone()
    }
}

/// Whether the public library signs it so, at the time that it says: the library itself knows no other time than now.
fn is_believed(secret: &str, came: &Came) -> bool {
    let text = |name: &str| came.headers[name].to_str().unwrap().to_owned();
    let at = text("webhook-timestamp").parse().unwrap();
    let signed = Webhook::new(secret).unwrap().sign(&text("webhook-id"), at, &came.body).unwrap();
    text("webhook-signature").split(' ').any(|one| one == signed)
}

#[tokio::test]
async fn the_public_library_believes_what_is_posted_and_nothing_that_was_changed() {
    // The library wants the time of today.
    let millis = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
    let now = Timestamp::from_millis(i64::try_from(millis).unwrap());
    let (world, cloud) = cloudy_world_at(Clock::manual(now), &[]).await;
    let hooks = Hooks { world, cloud };
    let (address, url) = Address::open(&[204]).await;
    let secret = hooks.listening("warehouse", &url).await;
    let order = hooks.happens().await;
    assert_eq!(hooks.run().await, json!({"taken": 1, "refused": 0}));
    let came = address.came();
    assert_eq!(came.len(), 1);
    let body: Value = serde_json::from_slice(&came[0].body).unwrap();
    let expected = json!({"type": "order.placed", "timestamp": now, "data": {"order_id": order}});
    assert_eq!(body, expected, "an id and nothing else");
    assert_eq!(came[0].headers["content-type"], "application/json");
    Webhook::new(&secret).unwrap().verify(&came[0].body, &came[0].headers).unwrap();
    assert!(is_believed(&secret, &came[0]));
    let mut changed = came[0].clone();
    changed.body[0] = b' ';
    assert!(Webhook::new(&secret).unwrap().verify(&changed.body, &changed.headers).is_err());
    let other = hooks.listening("other", &url).await;
    assert!(!is_believed(&other, &came[0]));
    assert_eq!(hooks.run().await, json!({"taken": 0, "refused": 0}), "once");
    assert_eq!(hooks.deliveries("warehouse").await[0]["state"], "delivered");
}

#[tokio::test]
async fn both_secrets_sign_for_a_day_while_one_takes_the_place_of_the_other() {
    let hooks = Hooks::open().await;
    let (address, url) = Address::open(&[200]).await;
    let first = hooks.listening("warehouse", &url).await;
    let body = json!({"url": url, "events": ["order.placed"], "rotate_secret": true});
    let second = hooks.put("warehouse", body.clone()).await.body["secret"].as_str().unwrap().to_owned();
    hooks.happens().await;
    hooks.run().await;
    let came = address.came();
    assert!(is_believed(&first, &came[0]) && is_believed(&second, &came[0]));
    hooks.world.clock.advance(Duration::from_hours(24));
    hooks.world.read_keys().await;
    hooks.happens().await;
    hooks.run().await;
    let came = address.came();
    assert!(!is_believed(&first, &came[1]) && is_believed(&second, &came[1]));
    let shown = hooks.call("webhooks-list", &[], "", None).await;
    assert_eq!(shown.body["items"][0]["secret"], Value::Null, "it is shown once");
    for item in hooks.world.dynamo.scan().table_name("notifications").send().await.unwrap().items() {
        assert!(!format!("{item:?}").contains(second.trim_start_matches("whsec_")), "no table holds it");
    }
}

#[tokio::test]
async fn what_is_not_taken_is_tried_for_a_day_with_one_id_and_then_the_address_is_off() {
    let hooks = Hooks::open().await;
    let (address, url) = Address::open(&[500]).await;
    let secret = hooks.listening("warehouse", &url).await;
    hooks.happens().await;
    let started = hooks.world.clock.now();
    while hooks.off("warehouse").await.is_null() {
        hooks.run().await;
        hooks.world.clock.advance(Duration::from_mins(10));
        hooks.world.read_keys().await;
        assert!(hooks.world.clock.now().since(started) < Duration::from_hours(24), "it goes on for ever");
    }
    let came = address.came();
    assert_eq!((came.len(), hooks.off("warehouse").await), (7, json!("failed")));
    let ids: std::collections::BTreeSet<_> =
        came.iter().map(|one| one.headers["webhook-id"].clone().as_bytes().to_vec()).collect();
    assert_eq!(ids.len(), 1, "the same id each time");
    let times: std::collections::BTreeSet<_> =
        came.iter().map(|one| one.headers["webhook-timestamp"].to_str().unwrap().to_owned()).collect();
    assert_eq!(times.len(), 7, "signed anew each time");
    assert!(came.iter().all(|one| is_believed(&secret, one)));
    hooks.happens().await;
    hooks.run().await;
    assert_eq!(address.came().len(), 7, "nothing goes to what is off");
    let failed = hooks.deliveries("warehouse").await.pop().unwrap();
    assert_eq!((failed["state"].clone(), failed["attempts"].as_array().unwrap().len()), (json!("failed"), 7));
    let again = json!({"delivery_id": failed["id"]});
    let refused = hooks.call("webhooks-redeliver", &[("id", "warehouse")], "", Some(again.clone())).await;
    assert_eq!((refused.status, refused.code()), (409, "webhook_disabled"));
    let on = json!({"url": url, "events": ["order.placed"]});
    assert_eq!(hooks.put("warehouse", on).await.body["enabled"], true);
    let asked = hooks.call("webhooks-redeliver", &[("id", "warehouse")], "", Some(again)).await;
    assert_eq!((asked.status, &asked.body["state"]), (202, &json!("pending")));
    hooks.run().await;
    assert_eq!(address.came().len(), 8);
}

#[tokio::test]
async fn an_address_is_heard_when_it_asks_for_patience_moves_or_goes() {
    let hooks = Hooks::open().await;
    let (busy, url) = Address::open(&[429, 204]).await;
    hooks.listening("busy", &url).await;
    hooks.happens().await;
    for (minutes, came) in [(0, 1), (5, 1), (24, 1), (31, 2)] {
        hooks.world.clock.advance(Duration::from_mins(minutes));
        hooks.run().await;
        assert_eq!(busy.came().len(), came, "after {minutes} minutes");
    }
    let (moved, url) = Address::open(&[302]).await;
    hooks.listening("moved", &url).await;
    let (gone, url) = Address::open(&[410]).await;
    hooks.listening("gone", &url).await;
    hooks.happens().await;
    hooks.run().await;
    assert_eq!((moved.came().len(), gone.came().len()), (1, 1));
    assert_eq!((hooks.off("moved").await, hooks.off("gone").await), (Value::Null, json!("gone")));
    let moved = hooks.deliveries("moved").await;
    assert_eq!(moved[0]["attempts"][0]["status"], 302, "a redirection is not followed");
    let body = json!({"url": "http://127.0.0.1:9/", "events": ["order.placed"]});
    assert_eq!(hooks.put("nobody", body).await.status, 201);
    hooks.happens().await;
    hooks.run().await;
    assert_eq!(hooks.deliveries("nobody").await[0]["attempts"][0]["error"], "no_connection");
}

#[tokio::test]
async fn an_event_that_comes_three_times_is_posted_once_to_each_that_wants_it() {
    let hooks = Hooks::open().await;
    let (one, url_one) = Address::open(&[200]).await;
    let (other, url_other) = Address::open(&[200]).await;
    hooks.listening("one", &url_one).await;
    let shipped = json!({"url": url_other, "events": ["order.shipped"]});
    assert_eq!(hooks.put("other", shipped).await.status, 201);
    let order = hooks.happens().await;
    for _ in 0..2 {
        hooks.announce(order).await;
        hooks.run().await;
    }
    assert_eq!((one.came().len(), other.came().len()), (1, 0));
}

#[tokio::test]
async fn killed_anywhere_it_is_posted_and_two_runs_at_once_post_once() {
    for call in 0..20 {
        for kill in [Killed::Before, Killed::After] {
            let hooks = Hooks::open().await;
            let (address, url) = Address::open(&[200]).await;
            hooks.listening("warehouse", &url).await;
            hooks.happens().await;
            let finished = hooks.cloud.run_until(call, kill, hooks.run()).await.is_some();
            hooks.world.clock.advance(Duration::from_mins(6));
            hooks.run().await;
            let at = format!("{kill:?} call {call}");
            let came = address.came();
            assert!((1..=2).contains(&came.len()), "{at}: {}", came.len());
            assert!(came.iter().all(|one| one.headers["webhook-id"] == came[0].headers["webhook-id"]), "{at}");
            assert_eq!(hooks.deliveries("warehouse").await[0]["state"], "delivered", "{at}");
            if finished {
                let hooks = Hooks::open().await;
                let (address, url) = Address::open(&[200]).await;
                hooks.listening("warehouse", &url).await;
                hooks.happens().await;
                futures_util::future::join_all((0..4).map(|_| hooks.run())).await;
                assert_eq!(address.came().len(), 1);
                return;
            }
        }
    }
    panic!("it never finished");
}

#[tokio::test]
async fn addresses_behind_our_walls_and_people_without_the_right_are_refused() {
    let hooks = Hooks::open().await;
    let put = async |url: &str| hooks.put("x", json!({"url": url, "events": ["order.placed"]})).await;
    for url in [
        "https://169.254.169.254/latest/meta-data/",
        "http://example.com/",
        "https://10.0.0.1/",
        "https://localhost/",
        "https://[::ffff:127.0.0.1]/",
        "https://a@b.example/",
        "https://example.com:8443/",
        "ftp://example.com/",
    ] {
        let refused = put(url).await;
        assert_eq!((refused.status, refused.fields()), (400, vec!["url"]), "{url}");
    }
    let both = hooks.put("x", json!({"url": 7, "events": ["order.lost"], "colour": "red"})).await;
    assert_eq!(both.status, 400);
    for field in ["url", "events[0]", "colour"] {
        assert!(both.fields().contains(&field), "{field}: {:?}", both.fields());
    }
    assert_eq!(hooks.put("x", json!({"url": "https://example.com/", "events": []})).await.fields(), ["events"]);
    assert_eq!(hooks.put("No Name", json!({})).await.status, 404);
    for role in [Role::PharmacyAdmin, Role::Seller, Role::Customer, Role::Doctor] {
        let refused = hooks.call_as((8, role), "webhooks-list", &[], "", None).await;
        assert_eq!((refused.status, refused.code()), (403, "forbidden"), "{role:?}");
    }
}

#[tokio::test]
async fn addresses_are_set_changed_and_taken_away_once() {
    let hooks = Hooks::open().await;
    let body = json!({"url": "https://hooks.example.com/a?b=c", "events": ["order.placed", "order.placed"]});
    let made = hooks.put("warehouse", body.clone()).await;
    assert_eq!((made.status, made.body["events"].clone()), (201, json!(["order.placed"])));
    assert_eq!(made.headers["location"], "/v1/webhooks/warehouse");
    let again = hooks.put("warehouse", body.clone()).await;
    assert_eq!((again.status, &again.body["version"], &again.body["secret"]), (200, &json!(1), &Value::Null));
    let mut off = body.clone();
    off["enabled"] = json!(false);
    let off = hooks.put("warehouse", off).await;
    assert_eq!(
        (&off.body["enabled"], &off.body["off"], &off.body["version"]),
        (&json!(false), &json!("by_hand"), &json!(2))
    );
    hooks.happens().await;
    assert_eq!(hooks.deliveries("warehouse").await.len(), 0);
    for number in 1..20 {
        assert_eq!(hooks.put(&format!("w{number}"), body.clone()).await.status, 201);
    }
    let many = hooks.put("one-more", body).await;
    assert_eq!((many.status, many.code()), (409, "too_many_webhooks"));
    for _ in 0..2 {
        assert_eq!(hooks.call("webhooks-remove", &[("id", "warehouse")], "", None).await.status, 204);
    }
    let gone = hooks.call("webhooks-deliveries", &[("id", "warehouse")], "", None).await;
    assert_eq!(gone.status, 404);
    let actions: Vec<_> = hooks
        .world
        .dynamo
        .scan()
        .table_name("audit")
        .send()
        .await
        .unwrap()
        .items()
        .iter()
        .map(|item| item["action"].as_s().unwrap().clone())
        .collect();
    let count = |action: &str| actions.iter().filter(|one| *one == action).count();
    assert_eq!((count("webhook.put"), count("webhook.remove")), (21, 1), "what changes something, once");
}

#[tokio::test]
async fn an_address_that_answers_nothing_is_waited_for_once_and_keeps_no_other_waiting() {
    let hooks = Hooks::open().await;
    let dead = json!({"url": "http://127.0.0.1:9/", "events": ["order.placed"]});
    assert_eq!(hooks.put("dead", dead).await.status, 201);
    for _ in 0..40 {
        hooks.happens().await;
    }
    let (well, url) = Address::open(&[200]).await;
    hooks.listening("well", &url).await;
    hooks.world.clock.advance(Duration::from_secs(1));
    hooks.happens().await;
    hooks.run().await;
    assert_eq!(well.came().len(), 1);
    let tried = hooks.deliveries("dead").await;
    let tries = tried.iter().filter(|one| !one["attempts"].as_array().unwrap().is_empty()).count();
    assert!((1..=10).contains(&tries), "{tries}");
    assert!(tried.iter().all(|one| one["state"] == "pending"));
}

#[tokio::test]
async fn a_secret_that_does_not_open_is_a_try_that_counts() {
    let hooks = Hooks::open().await;
    let (address, url) = Address::open(&[200]).await;
    hooks.listening("warehouse", &url).await;
    hooks.happens().await;
    let key = shared::platform::dynamo::Key::new("WEBHOOKS", "warehouse");
    let update = hooks.world.dynamo.update_item().table_name("notifications").set_key(Some(key.attributes()));
    let update = update.update_expression("SET #secret = :other").expression_attribute_names("#secret", "secret");
    update.expression_attribute_values(":other", shared::platform::dynamo::s("AAAA")).send().await.unwrap();
    assert_eq!(hooks.run().await, json!({"taken": 0, "refused": 1}));
    let tried = hooks.deliveries("warehouse").await;
    assert_eq!((tried[0]["attempts"][0]["error"].clone(), address.came().len()), (json!("secret"), 0));
}
