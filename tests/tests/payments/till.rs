//! A shop that takes cards, and everybody who has to do with its money.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use shared::api::Endpoint;
use shared::catalog::LegalStatus;
use shared::identity::Role;
use shared::platform::ids::{OrderId, ProductId};
use support::cloud::Cloud;
use support::{Answer, event, user};

use crate::shop::Shop;

/// The price of what is sold, with what delivery costs.
pub const TOTAL: i64 = 1499;

/// A shop that takes cards.
pub struct Till {
    pub shop: Shop,
    pub cloud: Cloud,
    pub product: ProductId,
}

impl Till {
    pub async fn open() -> Self {
        let (shop, cloud) = Shop::counted().await;
        let product = shop.product(500, 100, LegalStatus::Otc).await;
        Self { shop, cloud, product }
    }

    /// An order of two packs by the `buyer`th person.
    pub async fn order(&self, buyer: u32, method: &str) -> String {
        self.shop.put(buyer, self.product, 2).await;
        let key = format!("key-{}", self.shop.world.clock.now());
        let order = self.shop.order_with(buyer, &key, json!({"payment_method": method})).await;
        assert_eq!(order.status, 201, "{}", order.text);
        order.body["id"].as_str().unwrap().to_owned()
    }

    async fn customer(&self, buyer: u32, endpoint: &Endpoint, path: &str, id: &str, body: Value) -> Answer {
        let token = self.shop.world.token(&user(buyer), Role::Customer);
        self.shop.world.call(endpoint, ("POST", path), &[("id", id)], Some(&token), Some(body)).await
    }

    pub async fn start(&self, buyer: u32, id: &str) -> Answer {
        let body = json!({"return_url": "https://shop.example/orders"});
        self.customer(buyer, &payments_start::ENDPOINT, "/v1/orders/x/payment", id, body).await
    }

    pub async fn confirm(&self, buyer: u32, id: &str) -> Answer {
        self.customer(buyer, &payments_confirm::ENDPOINT, "/v1/orders/x/payment/confirm", id, json!({})).await
    }

    /// Starts to pay: the intent that the customer's browser is given.
    pub async fn intent(&self, buyer: u32, id: &str) -> String {
        let started = self.start(buyer, id).await;
        assert_eq!(started.status, 200, "{}", started.text);
        assert_eq!(started.body["client"]["kind"], "stripe");
        let secret = started.body["client"]["client_secret"].as_str().unwrap();
        secret.split_once("_secret_").unwrap().0.to_owned()
    }

    /// The customer's bank lets them pay.
    pub fn pays(&self, intent: &str) {
        self.cloud.peers().lock().stripe.pay(intent).unwrap();
    }

    /// Sends an event as Stripe would, now.
    pub async fn tell(&self, event: &Value) -> Answer {
        self.tell_as(&event.to_string(), 0, peers::stripe::WEBHOOK_SECRET).await
    }

    /// Sends a body that was signed with `secret`, `off` seconds from now.
    pub async fn tell_as(&self, body: &str, off: i64, secret: &str) -> Answer {
        let time = self.shop.world.clock.now().seconds() + off;
        self.tell_signed(body, &peers::webhook::stripe_signature(body, time, &[secret])).await
    }

    pub async fn tell_signed(&self, body: &str, signature: &str) -> Answer {
        self.shop.world.clock.advance(Duration::from_millis(1));
        let mut event = event("POST", "/v1/payments/stripe/webhook", &[], None, None);
        event["headers"]["stripe-signature"] = json!(signature);
        event["headers"]["content-type"] = json!("application/json; charset=utf-8");
        event["body"] = json!(body);
        self.shop.world.send(&payments_stripe_webhook::ENDPOINT, &event).await
    }

    /// All events that Stripe has to tell by now.
    pub fn events(&self) -> Vec<Value> {
        self.cloud.peers().lock().stripe.take_events()
    }

    /// Tells all of them.
    pub async fn tell_all(&self) {
        for event in self.events() {
            let answer = self.tell(&event).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
        }
    }

    /// The worker as the stream wakes it for an order.
    pub async fn wake(&self, id: &str) {
        self.shop.world.clock.advance(Duration::from_millis(1));
        let record = json!({"dynamodb": {"Keys": {"pk": {"S": format!("ORDER#{id}")}, "sk": {"S": "ORDER"}}}});
        (payments_settle::WORKER.run)(&self.shop.world.app, json!({"Records": [record]})).await.unwrap();
    }

    /// The worker as the schedule calls it.
    pub async fn sweep(&self) -> Value {
        (payments_settle::WORKER.run)(&self.shop.world.app, json!({"source": "aws.events"})).await.unwrap()
    }

    /// Time passes, for us and for Stripe.
    pub fn wait(&self, time: Duration) {
        self.shop.world.clock.advance(time);
        self.cloud.peers().lock().stripe.set_now(self.shop.world.clock.now().seconds());
    }

    /// Sweeps until there is nothing to be done before `until`.
    pub async fn run_dry(&self, until: Duration) {
        let end = self.shop.world.clock.now().plus(until);
        while self.shop.world.clock.now() < end {
            self.wait(Duration::from_secs(61));
            self.sweep().await;
        }
    }

    pub async fn order_of(&self, buyer: u32, id: &str) -> Value {
        let answer = self.shop.get_order(buyer, id).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.body
    }

    /// The status of an order and of its payment.
    pub async fn status(&self, buyer: u32, id: &str) -> (String, String) {
        let order = self.order_of(buyer, id).await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&order["status"]), text(&order["payment"]["status"]))
    }

    /// The order as it is stored.
    pub async fn stored(&self, id: &str) -> shared::orders::order::Order {
        let id: OrderId = id.parse().unwrap();
        self.shop.world.app.orders().store.get(id).await.unwrap().unwrap()
    }

    pub async fn staff(&self, endpoint: &Endpoint, path: &str, id: &str, key: &str, body: Value) -> Answer {
        let token = self.shop.world.token(&user(9), Role::PharmacyAdmin);
        let mut event = event("POST", path, &[("id", id)], Some(&token), Some(&body));
        event["headers"]["idempotency-key"] = json!(key);
        self.shop.world.send(endpoint, &event).await
    }

    pub async fn refund(&self, id: &str, key: &str, body: Value) -> Answer {
        self.staff(&payments_refund::ENDPOINT, "/v1/orders/x/refunds", id, key, body).await
    }

    /// What Stripe has of an order: held, taken and given back, how many captures, how many refunds.
    pub fn money(&self, id: &str) -> (i64, i64, i64, u32, usize) {
        let state = self.cloud.peers().lock();
        let mut money = (0, 0, 0, 0, 0);
        for intent in
            state.stripe.intents().filter(|intent| intent.metadata.get("order").is_some_and(|order| order == id))
        {
            let refunds: Vec<_> =
                state.stripe.refunds().iter().filter(|refund| refund.intent == intent.id && refund.counts()).collect();
            money.0 += intent.held();
            money.1 += intent.received;
            money.2 += refunds.iter().map(|refund| refund.amount).sum::<i64>();
            money.3 += intent.captures;
            money.4 += refunds.len();
        }
        money
    }

    /// What an order's payment did on the trail, by time; of one moment by name, which is also how they follow each other.
    pub async fn payment_trail(&self, id: &str) -> Vec<String> {
        let items = self.shop.world.dynamo.scan().table_name("audit").send().await.unwrap().items.unwrap_or_default();
        let text = |item: &HashMap<String, AttributeValue>, name: &str| {
            item.get(name).and_then(|value| value.as_s().ok()).cloned().unwrap_or_default()
        };
        let ours = items.iter().filter(|item| text(item, "object") == id && text(item, "action") == "payment.change");
        let mut steps: Vec<_> = ours.map(|item| (text(item, "at"), text(item, "detail"))).collect();
        steps.sort_unstable();
        steps.into_iter().map(|(_, detail)| detail).collect()
    }
}
