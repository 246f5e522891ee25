//! A post office for the tests: the streams of the tables lead to the queue, and the queue to people.

use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};
use shared::accounts::{Email, FullName, Phone};
use shared::api::answer;
use shared::identity::Role;
use shared::orders::order::Order;
use shared::platform::dynamo::{Item, Table, from_item, to_item};
use shared::platform::ids::OrderId;
use shared::prescriptions::{Prescription, PrescriptionStore};
use support::cloud::{Cloud, Message, Waiting, cloudy_world};
use support::{Answer, Streams, World, event, offer, review_rules, user};

/// Whose address is so.
pub const ANNA: u32 = 1;
pub const EMAIL: &str = "anna@example.org";
pub const PHONE: &str = "+9779812345678";

pub struct Post {
    pub world: World,
    pub cloud: Cloud,
    streams: Streams,
    made: AtomicU32,
}

impl Post {
    /// One with Anna, who has an address and a telephone.
    pub async fn open() -> Self {
        let (world, cloud) = cloudy_world().await;
        // So that not every order is held.
        Box::pin(review_rules(&world.app)).await;
        let streams = Streams::of(world.dynamo.clone(), &["orders", "prescriptions", "consultations"]);
        let (email, name) = (Email::parse(EMAIL).unwrap(), FullName::parse("Anna Rai").unwrap());
        world.make_profile(&user(ANNA), email, name).await;
        let mut profile = world.app.profiles().get(&user(ANNA)).await.unwrap();
        profile.phone = Some(Phone::parse(PHONE).unwrap());
        let item = to_item(&shared::platform::dynamo::Key::new(format!("USER#{}", user(ANNA)), "PROFILE"), &profile);
        world.dynamo.put_item().table_name("accounts").set_item(Some(item.unwrap())).send().await.unwrap();
        Self { world, cloud, streams, made: AtomicU32::new(0) }
    }

    /// What has changed since this was asked last.
    pub async fn changes(&mut self) -> Vec<Value> {
        self.streams.changes().await
    }

    /// Plans what is told of these records.
    pub async fn plan_of(&self, records: &[Value]) -> shared::platform::error::Result<Value> {
        run(&self.world, "notifications-plan", json!({ "Records": records })).await
    }

    /// Plans what is told of all that has changed; how much that is.
    pub async fn plan(&mut self) -> u64 {
        let records = self.changes().await;
        let planned = self.plan_of(&records).await.unwrap_or_else(|error| panic!("{error} {:?}", error.cause()));
        planned["planned"].as_u64().unwrap()
    }

    /// Hands over all that can be seen within `seconds`, batch by batch, until the queue is empty; how many went to the dead
    /// letters.
    pub async fn deliver_within(&self, seconds: u64) -> usize {
        loop {
            let batch = self.cloud.queues().take(10, seconds);
            if batch.is_empty() {
                return self.cloud.queues().dead().len();
            }
            self.hand_over(batch).await;
        }
    }

    pub async fn deliver(&self) -> usize {
        self.deliver_within(0).await
    }

    /// Hands over one batch; what fails goes back.
    pub async fn hand_over(&self, batch: Vec<Waiting>) {
        let records: Vec<_> =
            batch.iter().map(|one| json!({"messageId": one.id, "body": one.body, "eventSource": "aws:sqs"})).collect();
        let done = run(&self.world, "notifications-send", json!({ "Records": records })).await;
        let failed: Vec<String> = match done {
            Ok(answer) => {
                let failed = answer["batchItemFailures"].as_array().unwrap().iter();
                failed.map(|one| one["itemIdentifier"].as_str().unwrap().to_owned()).collect()
            }
            Err(_) => batch.iter().map(|one| one.id.clone()).collect(),
        };
        for message in batch.into_iter().filter(|one| failed.contains(&one.id)) {
            self.cloud.queues().give_back(message);
        }
    }

    /// Plans and delivers.
    pub async fn go_round(&mut self) {
        self.plan().await;
        self.deliver().await;
    }

    pub async fn remind(&self) -> Value {
        let done = run(&self.world, "notifications-remind", json!({})).await;
        done.unwrap_or_else(|error| panic!("{error} {:?}", error.cause()))
    }

    pub fn mails(&self) -> Vec<Message> {
        self.cloud.messages().to(EMAIL)
    }

    pub fn texts(&self) -> Vec<Message> {
        self.cloud.messages().to(PHONE)
    }

    /// Calls an endpoint as somebody.
    pub async fn call(&self, who: u32, role: Role, function: &str, path: &str, body: Option<Value>) -> Answer {
        let endpoint = registry::ENDPOINTS.iter().find(|one| one.name() == function).unwrap().endpoint;
        let route = shared::identity::access::route(function).unwrap();
        let token = self.world.token(&user(who), role);
        let mut event = event(route.method, path, &parameters(route.path, path), Some(&token), body.as_ref());
        event["headers"]["idempotency-key"] =
            json!(format!("00000000-0000-4000-9000-{:012x}", self.made.fetch_add(1, Ordering::SeqCst)));
        Answer::of(answer(&self.world.app, endpoint, lambda_http::request::from_str(&event.to_string()).unwrap()).await)
    }

    /// Sets how Anna may be written to.
    pub async fn choose(&self, settings: Value) {
        let path = "/v1/profile/notifications";
        let set = self.call(ANNA, Role::Customer, "notifications-set", path, Some(settings)).await;
        assert_eq!(set.status, 200, "{}", set.text);
    }

    /// The kinds of notices in an inbox, the newest first.
    pub async fn inbox(&self, who: u32) -> Vec<String> {
        let list = self.call(who, Role::Customer, "notifications-list", "/v1/notifications?limit=100", None).await;
        assert_eq!(list.status, 200, "{}", list.text);
        let items = list.body["items"].as_array().unwrap();
        items.iter().map(|item| item["kind"].as_str().unwrap().to_owned()).collect()
    }

    /// An order of Anna, as it is stored.
    pub async fn order(&self) -> OrderId {
        let product = shared::platform::ids::ProductId::generate(self.world.clock.now());
        let medicine = support::medicine("Paracetamol", "500 mg", shared::catalog::LegalStatus::Otc);
        let stock = shared::catalog::Stock {
            offer: offer(product, 500, &medicine),
            available: 9,
            reserved: 0,
            sold: 0,
            version: 1,
            housing: shared::catalog::lots::Housing::default(),
        };
        let item = shared::catalog::StockStore::to_item(&stock).unwrap();
        self.world.dynamo.put_item().table_name("catalog").set_item(Some(item)).send().await.unwrap();
        self.buy(product).await
    }

    /// An order of Anna of one of a product.
    pub async fn buy(&self, product: shared::platform::ids::ProductId) -> OrderId {
        let path = format!("/v1/cart/items/{product}");
        let body = Some(json!({"quantity": 1}));
        let put = self.call(ANNA, Role::Customer, "cart-put-item", &path, body).await;
        assert_eq!(put.status, 200, "{}", put.text);
        let address = json!({"recipient": "Anna Rai", "line1": "1 Lakeside Road", "city": "Pokhara",
            "postal_code": "33700", "country": "NP", "phone": PHONE});
        let body = json!({"address": address, "payment_method": "cod"});
        let placed = self.call(ANNA, Role::Customer, "checkout-place-order", "/v1/orders", Some(body)).await;
        assert_eq!(placed.status, 201, "{}", placed.text);
        placed.body["id"].as_str().unwrap().parse().unwrap()
    }

    /// Moves an order along.
    pub async fn step(&self, order: OrderId, to: &str) {
        let path = format!("/v1/orders/{order}/transitions");
        let body = json!({"to": to, "tracking": "TRACK-7"});
        let moved = self.call(9, Role::PharmacyAdmin, "orders-transition", &path, Some(body)).await;
        assert_eq!(moved.status, 200, "{}", moved.text);
    }

    /// Changes an order as it is stored.
    pub async fn change_order(&self, id: OrderId, change: impl FnOnce(&mut Order, &mut Item)) {
        let key = shared::platform::dynamo::Key::new(format!("ORDER#{id}"), "ORDER");
        let mut item = Table::new(self.world.dynamo.clone(), "orders").get_latest(&key).await.unwrap().unwrap();
        let mut order: Order = from_item(item.clone()).unwrap();
        change(&mut order, &mut item);
        order.version += 1;
        item.extend(to_item(&key, &order).unwrap());
        self.world.dynamo.put_item().table_name("orders").set_item(Some(item)).send().await.unwrap();
    }

    pub fn prescriptions(&self) -> PrescriptionStore {
        PrescriptionStore::new(Table::new(self.world.dynamo.clone(), "prescriptions"))
    }

    /// Changes a prescription as it is stored.
    pub async fn change_prescription(
        &self,
        id: shared::platform::ids::PrescriptionId,
        change: impl FnOnce(&mut Prescription),
    ) {
        let store = self.prescriptions();
        let mut prescription = store.get(id).await.unwrap().unwrap();
        change(&mut prescription);
        assert!(store.replace(prescription, Vec::new()).await.unwrap().is_some());
    }
}

async fn run(world: &World, function: &str, event: Value) -> shared::platform::error::Result<Value> {
    let worker = registry::WORKERS.iter().find(|one| one.name == function).unwrap();
    (worker.run)(&world.app, event).await
}

/// The parameters of a path, by the braces of its route.
fn parameters<'a>(route: &'a str, path: &'a str) -> Vec<(&'a str, &'a str)> {
    let path = path.split('?').next().unwrap_or_default();
    let pairs = route.split('/').zip(path.split('/'));
    pairs.filter_map(|(name, value)| Some((name.strip_prefix('{')?.strip_suffix('}')?, value))).collect()
}
