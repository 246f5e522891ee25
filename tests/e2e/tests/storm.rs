//! The storm against the deployed stack: events that are lost, doubled, shuffled, forged and stale, providers that break off
//! before and after they have done what they were asked for, and people who call off what they have just paid. Afterwards the
//! tables and the providers' ledger say the same.

use std::time::Duration;

use e2e::{Person, Product, Shop, Stack, address, covers, unique};
use peers::{call, paypal, stripe, webhook};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

/// How long it may take until everything is in its place: what was not answered is looked at after a minute.
const PATIENCE: Duration = Duration::from_secs(300);

/// What becomes of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// It is kept, and its money was taken.
    Kept,
    /// It is kept, and a part went back.
    Refunded,
    /// It is called off before a pharmacist has looked at it.
    CalledOff,
    /// It is called off after its money was taken.
    GivenBack,
}

/// What befalls its events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Events {
    /// None of them comes.
    Lost,
    /// They come three times, in another order.
    Doubled,
}

/// One order of the storm.
struct Boat<'a> {
    shop: &'a Shop,
    method: &'static str,
    /// What goes wrong with each call that moves money.
    fault: &'static str,
    events: Events,
    end: End,
}

impl Boat<'_> {
    fn payments_url(&self) -> String {
        Stack::read().payments_url.expect("the stack has stand-ins for the providers")
    }

    /// Something goes wrong with the next call to `path` that is about `about`.
    async fn hit(&self, path: &str, about: &str) {
        let fault = json!({"path": path, "about": about, "kind": self.fault});
        let request = self.shop.guest.http().post(format!("{}/_faults", self.payments_url())).body(fault.to_string());
        assert_eq!(request.send().await.unwrap().status().as_u16(), 200);
    }

    async fn shown(&self, path: &str) -> Value {
        let answer = self.shop.guest.http().get(format!("{}{path}", self.payments_url())).send().await.unwrap();
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    }

    /// What the provider has of an order.
    async fn ledger(&self, id: &str) -> Value {
        let ledger = self.shown("/_ledger").await;
        let all = if self.method == "card" { &ledger["stripe"]["intents"] } else { &ledger["paypal"]["orders"] };
        let ours: Vec<_> = all.as_array().unwrap().iter().filter(|one| one.to_string().contains(id)).collect();
        assert_eq!(ours.len(), 1, "one attempt for {id}: {ours:?}");
        ours[0].clone()
    }

    /// Sends an event as its provider would, `off` seconds from now, with something added to its body after it was signed.
    async fn tell(&self, event: &Value, off: i64, added: &str) -> u16 {
        let (body, now) = (event.to_string(), call::unix_now() + off);
        let (path, headers) = if self.method == "card" {
            let signature = webhook::stripe_signature(&body, now, &[stripe::WEBHOOK_SECRET]);
            ("/v1/payments/stripe/webhook", vec![("stripe-signature", signature)])
        } else {
            let certificate = format!("{}/v1/notifications/certs/CERT-peer", self.payments_url());
            let headers = webhook::paypal_headers(&body, &call::rfc3339(now), paypal::WEBHOOK_ID, &certificate);
            ("/v1/payments/paypal/webhook", headers)
        };
        let mut sent = self.shop.guest.post_nothing(path).body("application/json", format!("{body}{added}"));
        for (name, value) in headers {
            sent = sent.header(name, &value);
        }
        sent.await.status
    }

    /// The events of an order so far come, as often and in the order that the weather has.
    async fn weather(&self, id: &str) {
        let events = self.shown(&format!("/_events?about={id}")).await["events"].as_array().cloned().unwrap();
        for event in &events {
            assert_eq!(self.tell(event, 0, " ").await, 400, "forged");
            assert_eq!(self.tell(event, -330, "").await, 400, "stale");
            assert_eq!(self.tell(event, 330, "").await, 400, "of tomorrow");
        }
        if self.events == Events::Doubled {
            for event in events.iter().rev().chain(&events).chain(events.iter().rev()) {
                assert_eq!(self.tell(event, 0, "").await, 200);
            }
        }
    }

    /// Waits until `is` holds of the order, while the worker runs as its schedule has it.
    async fn until(&self, person: &Person, order: &Value, what: &str, is: impl Fn(&Value) -> bool) -> Value {
        let start = Instant::now();
        loop {
            let current = person.current(order).await;
            if is(&current) {
                return current;
            }
            assert!(start.elapsed() < PATIENCE, "{} {:?}: waited in vain for {what}: {current}", self.method, self.end);
            self.shop.aws.invoke("payments-settle", &json!({"source": "aws.events"})).await;
            sleep(Duration::from_secs(5)).await;
        }
    }

    /// Pays as a browser does, and comes back.
    async fn pays(&self, person: &Person, order: &Value) -> Value {
        let path = |rest: &str| format!("/v1/orders/{}{rest}", order["id"].as_str().unwrap());
        let back = json!({"return_url": "http://localhost:3000/orders"});
        let started = person.post(&path("/payment"), &back).await.body(200);
        let client = &started["client"];
        let page = if self.method == "card" {
            let intent = client["client_secret"].as_str().unwrap().split_once("_secret_").unwrap().0;
            format!("{}/pay/stripe/{intent}", self.payments_url())
        } else {
            let page = client["url"].as_str().unwrap();
            let name = page.rsplit('/').next().unwrap();
            self.hit(&format!("/v2/checkout/orders/{name}/authorize"), "").await;
            page.to_owned()
        };
        // Nothing answers where one is led back to.
        drop(self.shop.guest.http().post(page).body("act=pay").send().await);
        let confirmed = person.post(&path("/payment/confirm"), &json!({})).await;
        assert!([200, 503].contains(&confirmed.status), "{}", confirmed.text());
        self.weather(order["id"].as_str().unwrap()).await;
        self.until(person, order, "the hold", |order| order["payment"]["status"] == "authorized").await
    }

    /// Has a pharmacist check the order, so that its money is taken.
    async fn checked(&self, person: &Person, order: &Value) -> Value {
        let ours = self.ledger(order["id"].as_str().unwrap()).await;
        let path = if self.method == "card" {
            format!("/v1/payment_intents/{}/capture", ours["id"].as_str().unwrap())
        } else {
            format!("/v2/payments/authorizations/{}/capture", ours["hold"].as_str().unwrap())
        };
        self.hit(&path, "").await;
        self.shop.pharmacist().await.transition(order, "verified").await.expect(200);
        self.until(person, order, "the capture", |order| order["payment"]["status"] == "captured").await
    }

    /// Something goes wrong with what gives money back.
    async fn hit_giving_back(&self, id: &str) {
        let ours = self.ledger(id).await;
        let intent = ours["id"].as_str().unwrap();
        if self.method == "card" {
            self.hit("/v1/refunds", intent).await;
            self.hit(&format!("/v1/payment_intents/{intent}/cancel"), "").await;
        } else {
            self.hit("/refund", id).await;
            self.hit(&format!("/v2/payments/authorizations/{}/void", ours["hold"].as_str().unwrap()), "").await;
        }
    }

    /// From the cart to where it ends.
    async fn sails(&self, product: &Product) -> (Person, String) {
        let person = self.shop.customer().await;
        person.fill_cart(&[(product, 2)]).await;
        let body = json!({"address": address(), "payment_method": self.method, "prescription_ids": []});
        let order = person.post("/v1/orders", &body).key(&unique()).await.body(201);
        let id = order["id"].as_str().unwrap().to_owned();
        let lose = self.shop.guest.http().post(format!("{}/_events/lose", self.payments_url())).body(id.clone());
        assert_eq!(lose.send().await.unwrap().status().as_u16(), 200);
        self.pays(&person, &order).await;
        if self.end != End::CalledOff {
            self.checked(&person, &order).await;
        }
        self.hit_giving_back(&id).await;
        match self.end {
            End::Kept => {}
            End::Refunded => {
                let ask = json!({"amount": {"amount": 99, "currency": "USD"}, "reason": "One pack was damaged."});
                let path = format!("/v1/orders/{id}/refunds");
                self.shop.pharmacist().await.post(&path, &ask).key(&unique()).await.expect(202);
                let done = |order: &Value| order["payment"]["refunded"]["amount"] == 99;
                self.until(&person, &order, "the refund", done).await;
            }
            End::CalledOff | End::GivenBack => {
                person.cancel(&order).await.expect(200);
                let wanted = if self.end == End::CalledOff { "voided" } else { "refunded" };
                self.until(&person, &order, wanted, |order| order["payment"]["status"] == wanted).await;
            }
        }
        self.weather(&id).await;
        let rest = |order: &Value| order["payment"]["in_progress"].is_null();
        self.until(&person, &order, "nothing to be under way", rest).await;
        (person, id)
    }

    /// What the storm has left of it.
    async fn is_in_place(&self, (person, id): (Person, String)) {
        let order = person.get(&format!("/v1/orders/{id}")).await.body(200);
        let context = format!("{} {} {:?} {:?}: {order}", self.method, self.fault, self.events, self.end);
        let payment = &order["payment"];
        let sum = |name: &str| payment[name]["amount"].as_i64().unwrap();
        let due = sum("due");
        let (held, captured, refunded, captures) = match self.end {
            End::Kept => (0, due, 0, 1),
            End::Refunded => (0, due, 99, 1),
            End::CalledOff => (0, 0, 0, 0),
            End::GivenBack => (0, due, due, 1),
        };
        let ours = self.ledger(&id).await;
        let theirs = ["held", "captured", "refunded", "captures"].map(|name| ours[name].as_i64().unwrap());
        assert_eq!(theirs, [held, captured, refunded, captures], "{context}: {ours}");
        assert_eq!((sum("captured"), sum("refunded")), (captured, refunded), "{context}");
        let refunds = ours["refunds"].as_array().unwrap().len();
        assert_eq!(refunds, usize::from(refunded > 0), "{context}: {ours}");
        let items = self.shop.aws.items_with(&[&id]).await;
        let entries: Vec<&str> = items
            .iter()
            .filter(|(_, item)| item["action"]["S"] == "payment.change")
            .filter_map(|(_, item)| item["detail"]["S"].as_str())
            .collect();
        for step in ["authorized", "captured", "refunded", "voided"] {
            let times = entries.iter().filter(|entry| **entry == step).count();
            assert!(times <= 1, "{context}: {step} stands {times} times on the trail");
        }
        for (table, item) in &items {
            let text = item.to_string();
            for secret in [stripe::SECRET_KEY, stripe::WEBHOOK_SECRET, paypal::CLIENT_SECRET, "_secret_"] {
                assert!(!text.contains(secret), "{context}: {table} holds {secret}");
            }
            assert!(item.get("wake").is_none(), "{context}: it is still to be woken");
        }
    }
}

/// A storm over one way to pay: each end in another weather.
async fn storm(method: &'static str) {
    let shop = Shop::open();
    let product = shop.product("otc", 450, 40).await;
    let boats = [
        ("break_before", Events::Lost, End::Kept),
        ("break_after", Events::Doubled, End::Kept),
        ("fail_before", Events::Doubled, End::Refunded),
        ("break_after", Events::Lost, End::Refunded),
        ("break_after", Events::Doubled, End::CalledOff),
        ("fail_after", Events::Lost, End::CalledOff),
        ("fail_after", Events::Doubled, End::GivenBack),
        ("break_before", Events::Lost, End::GivenBack),
    ];
    let boats = boats.map(|(fault, events, end)| Boat { shop: &shop, method, fault, events, end });
    let arrived = futures_util::future::join_all(boats.iter().map(|boat| boat.sails(&product))).await;
    for (boat, order) in boats.iter().zip(arrived) {
        boat.is_in_place(order).await;
    }
    // Four of them are kept, and nothing of the others is reserved any more.
    shop.expect_stock(&product, 40 - 8, 8).await;
}

#[tokio::test]
async fn a_storm_over_cards_leaves_ledger_and_tables_the_same() {
    covers!("payments-start", "payments-confirm", "payments-settle", "payments-refund", "payments-stripe-webhook");
    Box::pin(storm("card")).await;
}

#[tokio::test]
async fn a_storm_over_paypal_leaves_ledger_and_tables_the_same() {
    covers!("payments-start", "payments-confirm", "payments-settle", "payments-refund", "payments-paypal-webhook");
    Box::pin(storm("paypal")).await;
}
