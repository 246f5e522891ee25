//! A shop that is paid online, and everybody who has to do with its money.

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

/// A shop that is paid online.
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

    /// The same in Nepal, where eSewa is.
    pub async fn open_in_npr() -> Self {
        let settings = [("currency", "\"NPR\""), ("payment_methods", "\"cod,card,esewa\"")];
        let (shop, cloud) = Shop::counted_with(&settings).await;
        let product = shop.product_in("NPR", 500, 100).await;
        Self { shop, cloud, product }
    }

    /// The same in Bangladesh, where bKash is.
    pub async fn open_in_bdt() -> Self {
        let settings = [("currency", "\"BDT\""), ("payment_methods", "\"cod,card,bkash\"")];
        let (shop, cloud) = Shop::counted_with(&settings).await;
        let product = shop.product_in("BDT", 500, 100).await;
        Self { shop, cloud, product }
    }

    /// A shop that takes `method`.
    pub async fn taking(method: &str) -> Self {
        match method {
            "esewa" => Self::open_in_npr().await,
            "bkash" => Self::open_in_bdt().await,
            _ => Self::open().await,
        }
    }

    /// Sends what a browser has brought back from eSewa.
    pub async fn came_back(&self, data: &str) -> Answer {
        let body = json!({"data": data});
        let event = event("POST", "/v1/payments/esewa/return", &[], None, Some(&body));
        self.shop.world.send(&payments_esewa_return::ENDPOINT, &event).await
    }

    /// The staff closes a refund that was made by hand.
    pub async fn close_refund(&self, id: &str, refund: &str, reference: &str) -> Answer {
        let token = self.shop.world.token(&user(9), Role::PharmacyAdmin);
        let (path, body) = ("/v1/orders/x/refunds/y/close", json!({"reference": reference}));
        let event = event("POST", path, &[("id", id), ("refund_id", refund)], Some(&token), Some(&body));
        self.shop.world.send(&payments_close_refund::ENDPOINT, &event).await
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

    /// Starts to pay: what the provider calls that which the customer's browser is given.
    pub async fn intent(&self, buyer: u32, id: &str) -> String {
        let started = self.start(buyer, id).await;
        assert_eq!(started.status, 200, "{}", started.text);
        self.led_to(&started)
    }

    /// What the provider calls that which a customer is given who has started to pay.
    pub fn led_to(&self, started: &Answer) -> String {
        let client = &started.body["client"];
        let text = |name: &str| client[name].as_str().unwrap().to_owned();
        match client["kind"].as_str().unwrap() {
            "stripe" => text("client_secret").split_once("_secret_").unwrap().0.to_owned(),
            "redirect" => text("url").rsplit('/').next().unwrap().to_owned(),
            kind => {
                assert_eq!(kind, "form");
                let fields = client["fields"].as_array().unwrap().iter();
                let text = |value: &Value| value.as_str().unwrap().to_owned();
                let fields = fields.map(|field| (text(&field["name"]), text(&field["value"]))).collect();
                match self.cloud.peers().lock().esewa.submit(&fields) {
                    Ok(intent) => intent,
                    // Who comes back to the form of an attempt is where they were.
                    Err(refusal) => {
                        assert_eq!(refusal, "duplicate transaction UUID");
                        fields["transaction_uuid"].clone()
                    }
                }
            }
        }
    }

    /// The customer's bank lets them pay; or they agree on the provider's page.
    pub fn pays(&self, intent: &str) {
        let mut state = self.cloud.peers().lock();
        if intent.starts_with("pi_") {
            state.stripe.pay(intent).unwrap();
        } else if intent.starts_with("TR") {
            state.bkash.agree(intent, None).unwrap();
        } else if intent.contains('-') {
            state.esewa.pay(intent).unwrap();
        } else {
            state.paypal.agree(intent, false).unwrap();
        }
    }

    /// An order whose money is held.
    pub async fn held(&self, buyer: u32, method: &str) -> String {
        let id = self.order(buyer, method).await;
        let intent = self.intent(buyer, &id).await;
        self.pays(&intent);
        let confirmed = self.confirm(buyer, &id).await;
        assert_eq!(confirmed.body["payment"]["status"], "authorized", "{}", confirmed.text);
        id
    }

    /// Sends an event as its provider would, now.
    pub async fn tell(&self, event: &Value) -> Answer {
        let body = event.to_string();
        if event.get("merchantInvoiceNumber").is_some() {
            return self.tell_bkash(&self.sns("Notification", &body, 0)).await;
        }
        if event.get("event_type").is_none() {
            return self.tell_as(&body, 0, peers::stripe::WEBHOOK_SECRET).await;
        }
        let headers = self.paypal_headers(&body, 0);
        self.tell_by("paypal", &body, &headers).await
    }

    /// A message of bKash's topic, `off` seconds from now.
    pub fn sns(&self, kind: &str, message: &str, off: i64) -> String {
        let time = peers::call::rfc3339(self.shop.world.clock.now().seconds() + off);
        peers::webhook::sns_message(kind, message, &time, &self.bkash_url())
    }

    pub fn bkash_url(&self) -> String {
        self.shop.world.app.config().bkash_url.clone().unwrap()
    }

    /// Sends a message to bKash's webhook.
    pub async fn tell_bkash(&self, message: &str) -> Answer {
        self.tell_by("bkash", message, &[("x-amz-sns-message-type", "Notification".to_owned())]).await
    }

    /// What PayPal would send with `body`, `off` seconds from now.
    pub fn paypal_headers(&self, body: &str, off: i64) -> Vec<(&'static str, String)> {
        let time = peers::call::rfc3339(self.shop.world.clock.now().seconds() + off);
        let certificate = format!("{}/v1/notifications/certs/CERT-peer", self.paypal_url());
        peers::webhook::paypal_headers(body, &time, peers::paypal::WEBHOOK_ID, &certificate)
    }

    pub fn paypal_url(&self) -> String {
        self.shop.world.app.config().paypal_url.clone().unwrap()
    }

    /// Sends a body that was signed with `secret`, `off` seconds from now.
    pub async fn tell_as(&self, body: &str, off: i64, secret: &str) -> Answer {
        let time = self.shop.world.clock.now().seconds() + off;
        self.tell_signed(body, &peers::webhook::stripe_signature(body, time, &[secret])).await
    }

    pub async fn tell_signed(&self, body: &str, signature: &str) -> Answer {
        self.tell_by("stripe", body, &[("stripe-signature", signature.to_owned())]).await
    }

    /// Sends a body with these headers to a provider's webhook.
    pub async fn tell_by(&self, provider: &str, body: &str, headers: &[(&'static str, String)]) -> Answer {
        self.shop.world.clock.advance(Duration::from_millis(1));
        let mut event = event("POST", &format!("/v1/payments/{provider}/webhook"), &[], None, None);
        for (name, value) in headers {
            event["headers"][name] = json!(value);
        }
        event["headers"]["content-type"] = json!("application/json; charset=utf-8");
        event["body"] = json!(body);
        let endpoint = match provider {
            "stripe" => &payments_stripe_webhook::ENDPOINT,
            "bkash" => &payments_bkash_webhook::ENDPOINT,
            _ => &payments_paypal_webhook::ENDPOINT,
        };
        self.shop.world.send(endpoint, &event).await
    }

    /// What the pharmacy sells in.
    pub fn currency(&self) -> String {
        self.shop.world.app.config().currency.as_str().to_owned()
    }

    /// How many calls the providers have got.
    pub fn asked(&self) -> usize {
        let state = self.cloud.peers().lock();
        let calls = [state.stripe.calls(), state.paypal.calls(), state.esewa.calls(), state.bkash.calls()];
        calls.iter().map(|calls| calls.len()).sum()
    }

    /// All events that the providers have to tell by now.
    pub fn events(&self) -> Vec<Value> {
        let mut state = self.cloud.peers().lock();
        let mut events = state.stripe.take_events();
        events.extend(state.paypal.take_events());
        events.extend(state.bkash.take_events());
        events
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

    /// The worker that listens to the providers' lists of events.
    pub async fn listen(&self) -> Value {
        (payments_listen::WORKER.run)(&self.shop.world.app, json!({"source": "aws.events"})).await.unwrap()
    }

    /// Time passes, for us and for the providers.
    pub fn wait(&self, time: Duration) {
        self.shop.world.clock.advance(time);
        self.cloud.peers().lock().set_now(self.shop.world.clock.now().seconds());
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

    /// What the providers have of an order: held, taken and given back, how many captures, how many refunds.
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
        for payment in state.esewa.payments().filter(|payment| id.contains(&payment.uuid[..26])) {
            money.1 += payment.taken();
            money.2 += payment.refunded;
            money.4 += payment.refunds;
        }
        for payment in state.bkash.payments().filter(|payment| id.ends_with(payment.invoice.split('-').next().unwrap()))
        {
            money.1 += payment.taken();
            money.2 += payment.refunds.iter().map(|refund| refund.amount).sum::<i64>();
            money.3 += u32::from(payment.taken() > 0);
            money.4 += payment.refunds.len();
        }
        for order in state.paypal.orders().filter(|order| order.custom_id.starts_with(id)) {
            let refunds: Vec<_> = order.refunds.iter().filter(|refund| refund.counts()).collect();
            money.0 += order.held();
            money.1 += order.taken();
            money.2 += refunds.iter().map(|refund| refund.amount).sum::<i64>();
            money.3 += order.captures;
            money.4 += refunds.len();
        }
        money
    }

    /// How often the providers were asked to let somebody pay for an order.
    pub fn opened(&self, id: &str) -> usize {
        let state = self.cloud.peers().lock();
        let named =
            |metadata: &std::collections::BTreeMap<String, String>| metadata.get("order").is_some_and(|one| one == id);
        let cards = state.stripe.intents().filter(|intent| named(&intent.metadata)).count();
        let bare = id.strip_prefix("ord_").unwrap_or(id);
        cards
            + state.paypal.orders().filter(|order| order.custom_id.starts_with(id)).count()
            + state.esewa.payments().filter(|payment| id.contains(&payment.uuid[..26])).count()
            + state.bkash.payments().filter(|payment| payment.invoice.starts_with(bare)).count()
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
