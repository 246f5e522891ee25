//! A clinic for the tests of consultations: people, doctors that the pool knows, and WebSockets.

use std::sync::atomic::{AtomicU32, Ordering};

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use shared::api::{App, answer, answer_socket};
use shared::identity::Role;
use support::cloud::{Cloud, cloudy_world};
use support::{Answer, World, event, user};

/// Somebody of a role. The first four are in the pool, too.
#[derive(Clone, Copy)]
pub struct Person(pub u32, pub Role);

pub const ANNA: Person = Person(1, Role::Customer);
pub const BORIS: Person = Person(2, Role::Customer);
pub const DORA: Person = Person(3, Role::Doctor);
pub const DAN: Person = Person(4, Role::Doctor);
pub const PAULA: Person = Person(5, Role::PharmacyAdmin);
pub const ADMIN: Person = Person(6, Role::SuperAdmin);

/// What a patient asks.
pub const QUESTION: &str = "It has itched for two days. What can I do?";

pub struct Clinic {
    pub world: World,
    pub cloud: Cloud,
    made: AtomicU32,
}

impl Clinic {
    pub async fn open() -> Self {
        let (world, cloud) = cloudy_world().await;
        for (name, role) in [("anna", ANNA.1), ("boris", BORIS.1), ("dora", DORA.1), ("dan", DAN.1)] {
            cloud.pool().add(&format!("{name}@example.org"), "tigers sleep in june", &[role], "CONFIRMED");
        }
        Self { world, cloud, made: AtomicU32::new(0) }
    }

    /// A text that was not there before: a key, the name of a message.
    pub fn name(&self) -> String {
        format!("00000000-0000-4000-9000-{:012x}", self.made.fetch_add(1, Ordering::SeqCst))
    }

    /// Calls an endpoint on an instance.
    pub async fn call_on(&self, app: &App, who: Person, function: &str, id: &str, body: Option<Value>) -> Answer {
        self.ask(app, who, function, &[("id", id)], "", body).await
    }

    pub async fn call(&self, who: Person, function: &str, id: &str, body: Option<Value>) -> Answer {
        self.call_on(&self.world.app, who, function, id, body).await
    }

    /// Calls an endpoint with a query.
    pub async fn search(&self, who: Person, function: &str, id: &str, query: &str) -> Answer {
        self.ask(&self.world.app, who, function, &[("id", id)], query, None).await
    }

    pub async fn ask(
        &self,
        app: &App,
        who: Person,
        function: &str,
        parameters: &[(&str, &str)],
        query: &str,
        body: Option<Value>,
    ) -> Answer {
        let endpoint = registry::ENDPOINTS.iter().find(|one| one.name() == function).unwrap().endpoint;
        let route = shared::identity::access::route(function).unwrap();
        let token = self.world.token(&user(who.0), who.1);
        let path = format!("{}?{query}", route.path);
        let mut event = event(route.method, &path, parameters, Some(&token), body.as_ref());
        event["headers"]["idempotency-key"] = json!(self.name());
        Answer::of(answer(app, endpoint, lambda_http::request::from_str(&event.to_string()).unwrap()).await)
    }

    /// A consultation that Anna has requested; its id.
    pub async fn requested(&self) -> String {
        let answer = self.request(ANNA, QUESTION).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.body["id"].as_str().unwrap().to_owned()
    }

    pub async fn request(&self, who: Person, text: &str) -> Answer {
        self.call(who, "consultations-request", "", Some(json!({"topic": "A rash", "text": text}))).await
    }

    pub async fn assign(&self, id: &str, doctor: Person) -> Answer {
        self.call(PAULA, "consultations-assign", id, Some(json!({"doctor_id": user(doctor.0)}))).await
    }

    /// A consultation of Anna that Dora has; its id.
    pub async fn assigned(&self) -> String {
        let id = self.requested().await;
        let answer = self.assign(&id, DORA).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        id
    }

    /// Sends a message by a request; its id.
    pub async fn say(&self, who: Person, id: &str, text: &str) -> String {
        let answer = self.call(who, "chat-post", id, Some(json!({"client_id": self.name(), "text": text}))).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.body["id"].as_str().unwrap().to_owned()
    }

    /// The texts of a consultation as somebody reads them, all pages.
    pub async fn texts(&self, who: Person, id: &str) -> Vec<String> {
        self.messages(who, id).await.iter().map(|one| one["text"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// The messages of a consultation, all pages.
    pub async fn messages(&self, who: Person, id: &str) -> Vec<Value> {
        let mut after = "msg_00000000000000000000000000".to_owned();
        let mut all = Vec::new();
        loop {
            let page = self.search(who, "chat-history", id, &format!("after={after}&limit=100")).await;
            assert_eq!(page.status, 200, "{}", page.text);
            all.extend(page.body["items"].as_array().unwrap().iter().cloned());
            match page.body["next_cursor"].as_str() {
                Some(next) => after = next.to_owned(),
                None => return all,
            }
        }
    }

    /// Opens a WebSocket; its id.
    pub async fn connect(&self, who: Person) -> String {
        let ticket = self.call(who, "chat-ticket", "", None).await;
        assert_eq!(ticket.status, 201, "{}", ticket.text);
        let connection = format!("conn-{}=", self.made.fetch_add(1, Ordering::SeqCst));
        let ticket = ticket.body["ticket"].as_str().unwrap().to_owned();
        assert_eq!(self.open_with(&connection, &ticket, None).await, 200);
        connection
    }

    /// Opens a WebSocket with a ticket, from a page; the status.
    pub async fn open_with(&self, connection: &str, ticket: &str, page: Option<&str>) -> u64 {
        let mut event = socket_event("CONNECT", "$connect", connection);
        event["queryStringParameters"] = json!({"ticket": ticket});
        if let Some(page) = page {
            event["headers"] = json!({"Origin": page});
        }
        self.happens(&self.world.app, "chat-connect", &event).await
    }

    pub async fn happens(&self, app: &App, function: &str, event: &Value) -> u64 {
        let socket = registry::SOCKETS.iter().find(|one| one.name == function).unwrap();
        let answer = answer_socket(app, socket, event).await;
        assert_eq!(answer.as_object().unwrap().len(), 1, "an answer holds a status and nothing else");
        answer["statusCode"].as_u64().unwrap()
    }

    /// Sends a frame on a connection, to an instance.
    pub async fn frame_on(&self, app: &App, connection: &str, frame: &Value) {
        let mut event = socket_event("MESSAGE", "$default", connection);
        event["body"] = json!(frame.to_string());
        assert_eq!(self.happens(app, "chat-frame", &event).await, 200);
    }

    pub async fn frame(&self, connection: &str, frame: &Value) {
        self.frame_on(&self.world.app, connection, frame).await;
    }

    /// What came on a connection since this was asked last.
    pub fn came(&self, connection: &str) -> Vec<Value> {
        self.cloud.sockets().take(connection)
    }

    /// What came, by their types.
    pub fn types(&self, connection: &str) -> Vec<String> {
        self.came(connection).iter().map(|frame| frame["type"].as_str().unwrap().to_owned()).collect()
    }

    pub fn message(&self, id: &str, text: &str) -> Value {
        json!({"type": "send", "consultation_id": id, "client_id": self.name(), "text": text})
    }

    /// Everything that is in a table, as text.
    pub async fn table(&self, name: &str) -> Vec<std::collections::HashMap<String, AttributeValue>> {
        self.world.dynamo.scan().table_name(name).send().await.unwrap().items.unwrap_or_default()
    }

    /// The keys in the table of consultations, but for answers, counters and connections.
    pub async fn keys(&self) -> Vec<String> {
        let text =
            |item: &std::collections::HashMap<String, AttributeValue>, name: &str| item[name].as_s().unwrap().clone();
        let items = self.table("consultations").await;
        let keys = items.iter().map(|item| format!("{} {}", text(item, "pk"), text(item, "sk")));
        let mut keys: Vec<_> = keys.filter(|key| key.starts_with("CON#")).collect();
        keys.sort();
        keys
    }

    /// The trail: action and outcome of every entry on `object` by somebody.
    pub async fn trail(&self, who: Person, object: &str) -> Vec<(String, String)> {
        let text = |value: &AttributeValue| value.as_s().unwrap().clone();
        let items = self.table("audit").await;
        let own = items.iter().filter(|item| item.get("actor").is_some_and(|by| text(by) == user(who.0).to_string()));
        let of_object = own.filter(|item| text(&item["object"]) == object);
        of_object.map(|item| (text(&item["action"]), text(&item["outcome"]))).collect()
    }
}

pub fn socket_event(kind: &str, route: &str, connection: &str) -> Value {
    json!({
        "requestContext": {"routeKey": route, "eventType": kind, "connectionId": connection, "requestId": "test-request",
                           "stage": "v1", "identity": {"sourceIp": "203.0.113.7"}},
        "isBase64Encoded": false,
    })
}
