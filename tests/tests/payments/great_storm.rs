//! The great storm: several orders at once, paid by people who do what they like, at providers that fail before and after they
//! have done what they were asked for, with events that are lost, doubled, shuffled and forged, and functions that are killed
//! at any call. Afterwards all invariants hold. Reads that lag behind are in the storms of single faults: of one that lags for
//! longer than we wait after a call without an answer, nobody could know.

use std::time::Duration;

use serde_json::{Value, json};
use shared::identity::Role;
use shared::payments::RefundState;
use support::cloud::Killed;
use support::{Dice, user};

use super::invariants::{self, Placed};
use super::till::Till;

/// What some of the orders are cheaper by.
pub const COUPON: &str = "STORM-26";
/// How many of them may be.
pub const COUPON_USES: u32 = 2;
/// How many orders there are, and how many things happen to them.
const ORDERS: u32 = 5;
const STEPS: usize = 110;
/// Where calls are hit.
const HIT: [&str; 13] = [
    "/capture",
    "/cancel",
    "/refund",
    "/payment_intents",
    "/authorize",
    "/void",
    "/checkout/orders",
    "/oauth2/token",
    "/create",
    "/execute",
    "/payment/status",
    "/token/",
    "/transaction/status",
];

struct Storm {
    till: Till,
    dice: Dice,
    orders: Vec<Placed>,
    /// What each customer was led to last.
    led_to: Vec<Option<String>>,
    /// Events that are on their way.
    events: Vec<Value>,
    refunds: u32,
    /// What was promised: refunds that were accepted, and orders that were called off.
    promised: Vec<(usize, Value)>,
    called_off: Vec<usize>,
}

impl Storm {
    async fn brewing(methods: &[&'static str], seed: u64) -> Self {
        let till = Till::taking(methods[0]).await;
        let coupon = json!({"kind": "amount", "value": 100, "max_uses": COUPON_USES});
        let endpoint = |name: &str| registry::ENDPOINTS.iter().find(|one| one.name() == name).unwrap().endpoint;
        let (staff, at) = ((&user(9), Role::PharmacyAdmin), [("code", COUPON)]);
        let route = ("PUT", "/v1/coupons/x");
        let put = till.shop.as_somebody(staff, endpoint("coupons-put"), route, &at, &[], Some(coupon)).await;
        assert_eq!(put.status, 201, "{}", put.text);
        let mut orders = Vec::new();
        for buyer in 1..=ORDERS {
            if buyer <= COUPON_USES {
                till.shop.put(buyer, till.product, 2).await;
                let (route, code) = (("PUT", "/v1/cart/coupon"), json!({"code": COUPON}));
                let set = till.shop.as_customer(buyer, endpoint("cart-set-coupon"), route, &[], &[], Some(code)).await;
                assert_eq!(set.status, 200, "{}", set.text);
            }
            let method = methods[usize::try_from(buyer).unwrap() % methods.len()];
            let id = till.order(buyer, method).await;
            till.wait(Duration::from_secs(1));
            orders.push(Placed { buyer, id, method });
        }
        let led_to = orders.iter().map(|_| None).collect();
        Self {
            till,
            dice: Dice::of(seed),
            orders,
            led_to,
            events: Vec::new(),
            refunds: 0,
            promised: Vec::new(),
            called_off: Vec::new(),
        }
    }

    /// One thing happens.
    async fn blow(&mut self) {
        let n = self.dice.roll(self.orders.len());
        match self.dice.roll(22) {
            0..=2 => self.start(n).await,
            3..=5 => self.pay(n),
            6 => self.decline(n),
            7..=9 => self.killed_or_not(n).await,
            10 => self.hear(true).await,
            11 => self.hear(false).await,
            12 => self.forge().await,
            13 => self.step(n, "verified", &["authorized", "captured"]).await,
            14 => self.step(n, "packed", &["captured"]).await,
            15 if self.dice.roll(3) == 0 => self.cancel(n).await,
            16 => self.refund(n).await,
            17..=18 => self.fault(),
            19 => self.till.wait(Duration::from_secs(60 * u64::try_from(self.dice.roll(9)).unwrap())),
            _ => drop(self.till.sweep().await),
        }
        self.till.wait(Duration::from_secs(1));
        self.events.extend(self.till.events());
    }

    async fn start(&mut self, n: usize) {
        let (buyer, id) = (self.orders[n].buyer, self.orders[n].id.clone());
        let started = self.till.start(buyer, &id).await;
        assert!(started.status < 500 || started.status == 503, "{}", started.text);
        if started.status == 200 {
            self.led_to[n] = Some(self.till.led_to(&started));
        }
    }

    /// The customer pays, if they still can.
    fn pay(&mut self, n: usize) {
        let Some(intent) = &self.led_to[n] else { return };
        let mut state = self.till.cloud.peers().lock();
        match self.orders[n].method {
            "card" => drop(state.stripe.pay(intent)),
            "paypal" => drop(state.paypal.agree(intent, false)),
            "esewa" => drop(state.esewa.pay(intent)),
            _ => drop(state.bkash.agree(intent, None)),
        }
    }

    fn decline(&mut self, n: usize) {
        let Some(intent) = &self.led_to[n] else { return };
        let mut state = self.till.cloud.peers().lock();
        match self.orders[n].method {
            "card" => drop(state.stripe.decline(intent)),
            "paypal" => drop(state.paypal.agree(intent, true)),
            "esewa" => drop(state.esewa.act(intent, "close")),
            _ => drop(state.bkash.agree(intent, Some("2023"))),
        }
    }

    /// A function runs, and may be killed at any of its calls.
    async fn killed_or_not(&mut self, n: usize) {
        let (buyer, id) = (self.orders[n].buyer, self.orders[n].id.clone());
        let (call, kill) = (self.dice.roll(14), self.dice.one_of(&[Killed::Before, Killed::After]));
        let event = self.events.first().cloned();
        let (till, which) = (&self.till, self.dice.roll(4));
        let work = async {
            match (which, event) {
                (0, _) => drop(till.confirm(buyer, &id).await),
                (1, Some(event)) => drop(till.tell(&event).await),
                (2, _) => drop(till.shop.cancel(buyer, &id).await),
                _ => till.wake(&id).await,
            }
        };
        // Not every order is called off.
        if which == 2 && buyer % 2 == 0 {
            return;
        }
        let _ = till.cloud.run_until(call, kill, Box::pin(work)).await;
    }

    /// An event comes, or is lost; one that comes may come again.
    async fn hear(&mut self, comes: bool) {
        if self.events.is_empty() {
            return;
        }
        let place = self.dice.roll(self.events.len());
        let event = if self.dice.roll(3) == 0 { self.events[place].clone() } else { self.events.remove(place) };
        if comes {
            let answer = self.till.tell(&event).await;
            assert!([200, 503].contains(&answer.status), "{}", answer.text);
        }
    }

    /// Somebody sends what no provider has signed, or not now.
    async fn forge(&mut self) {
        let asked = self.till.asked();
        let body = json!({"id": "evt_forged", "object": "event", "type": "payment_intent.succeeded",
            "data": {"object": {"id": self.led_to[0], "metadata": {"order": self.orders[0].id}}}})
        .to_string();
        let stale = self.dice.one_of(&[-301, 301]);
        let secret = peers::stripe::WEBHOOK_SECRET;
        invariants::refused(&self.till.tell_as(&body, 0, "whsec_forged").await, "forged");
        invariants::refused(&self.till.tell_as(&body, stale, secret).await, "stale");
        let headers = self.till.paypal_headers(&body, stale);
        invariants::refused(&self.till.tell_by("paypal", &body, &headers).await, "stale");
        let ipn = json!({"trxID": "T", "transactionStatus": "Completed", "merchantInvoiceNumber": "x"}).to_string();
        invariants::refused(&self.till.tell_bkash(&self.till.sns("Notification", &ipn, stale)).await, "stale");
        assert_eq!(self.till.asked(), asked, "9: nobody is asked for what is forged or stale");
        let mut headers = self.till.paypal_headers(&body, 0);
        headers[1].1 = peers::call::rfc3339(self.till.shop.world.clock.now().seconds() + 1);
        let altered = self.till.sns("Notification", &ipn, 0).replace("Completed", "Initiated");
        let answers = [self.till.tell_by("paypal", &body, &headers).await, self.till.tell_bkash(&altered).await];
        for answer in &answers {
            // While the certificate cannot be had, nobody knows.
            assert!([400, 503].contains(&answer.status), "9: {}", answer.text);
        }
    }

    /// A pharmacist moves an order along, which its payment has to let them.
    async fn step(&self, n: usize, to: &str, paid: &[&str]) {
        let answer = self.till.shop.transition(&self.orders[n].id, to).await;
        assert!([200, 409].contains(&answer.status), "{}", answer.text);
        if answer.status == 200 {
            let status = answer.body["payment"]["status"].as_str().unwrap();
            assert!(paid.contains(&status), "3: {to} while {status}");
        }
    }

    async fn cancel(&mut self, n: usize) {
        if self.till.shop.cancel(self.orders[n].buyer, &self.orders[n].id).await.status == 200 {
            self.called_off.push(n);
        }
    }

    async fn refund(&mut self, n: usize) {
        self.refunds += 1;
        let amount = i64::try_from(self.dice.roll(900)).unwrap() + 1;
        let currency = self.till.currency();
        let body = json!({"reason": "broken", "amount": {"amount": amount, "currency": currency}});
        let answer = self.till.refund(&self.orders[n].id, &format!("refund-{}", self.refunds), body).await;
        assert!(answer.status < 500, "{}", answer.text);
        if answer.status == 202 {
            self.promised.push((n, answer.body["id"].clone()));
        }
    }

    /// What was promised is not forgotten.
    async fn promises_are_kept(&self) {
        for (n, id) in &self.promised {
            let refunds = self.till.stored(&self.orders[*n].id).await.payment.online().unwrap().refunds.clone();
            assert!(refunds.iter().any(|one| json!(one.id) == *id), "{id} was promised and is forgotten: {refunds:?}");
        }
        for n in &self.called_off {
            assert_eq!(self.till.status(self.orders[*n].buyer, &self.orders[*n].id).await.0, "cancelled");
        }
    }

    /// Something will go wrong with a call of a provider.
    fn fault(&mut self) {
        use peers::fault::{Fault, Kind};
        let kind =
            self.dice.one_of(&[Kind::FailBefore, Kind::FailAfter, Kind::BreakBefore, Kind::BreakAfter, Kind::Busy]);
        let fault = Fault::at(self.dice.one_of(&HIT), kind);
        self.till.cloud.peers().lock().faults.add(fault);
    }

    /// It calms down: what was lost stays lost, what is on its way comes in any order, and what is to be made by hand is made.
    async fn calm(&mut self) {
        self.till.cloud.peers().lock().faults.clear();
        self.till.run_dry(Duration::from_mins(75)).await;
        self.events.extend(self.till.events());
        while !self.events.is_empty() {
            let place = self.dice.roll(self.events.len());
            let event = self.events.remove(place);
            for _ in 0..2 {
                assert_eq!(self.till.tell(&event).await.status, 200);
            }
        }
        // What was paid at eSewa after it was given up is looked for for some days.
        for hours in [1, 5, 20, 50] {
            self.till.run_dry(Duration::from_mins(20)).await;
            self.by_hand().await;
            self.till.wait(Duration::from_hours(hours));
        }
        self.till.run_dry(Duration::from_mins(20)).await;
        self.by_hand().await;
        self.till.run_dry(Duration::from_mins(5)).await;
    }

    /// The staff gives back in eSewa's portal what is to go back by hand, and closes it.
    async fn by_hand(&self) {
        for one in &self.orders {
            let online = self.till.stored(&one.id).await.payment.online().cloned().unwrap();
            let manual = online.refunds.iter().filter(|refund| refund.state == RefundState::Manual);
            for refund in manual {
                let reference = &online.attempts.iter().find(|attempt| attempt.n == refund.attempt).unwrap().reference;
                assert_eq!(one.method, "esewa", "nothing else is to be made by hand: {refund:?}");
                self.till.cloud.peers().lock().esewa.refund(reference, refund.amount);
                let closed = self.till.close_refund(&one.id, &refund.id.to_string(), "0007TS9").await;
                assert_eq!(closed.status, 200, "{}", closed.text);
            }
        }
    }
}

async fn survives(methods: &[&'static str], seeds: std::ops::Range<u64>) {
    for seed in seeds {
        let mut storm = Box::pin(Storm::brewing(methods, seed)).await;
        for _ in 0..STEPS {
            Box::pin(storm.blow()).await;
        }
        Box::pin(storm.calm()).await;
        storm.promises_are_kept().await;
        invariants::hold(&storm.till, &storm.orders, &format!("storm {seed}")).await;
    }
}

#[tokio::test]
async fn a_storm_over_cards_and_paypal_leaves_everything_in_its_place() {
    survives(&["card", "paypal"], 0..6).await;
}

#[tokio::test]
async fn a_storm_over_esewa_leaves_everything_in_its_place() {
    survives(&["esewa"], 10..14).await;
}

#[tokio::test]
async fn a_storm_over_bkash_leaves_everything_in_its_place() {
    survives(&["bkash"], 20..24).await;
}
