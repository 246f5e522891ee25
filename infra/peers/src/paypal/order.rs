//! Orders, from their making to the hold.

use serde_json::{Map, Value, json};

use super::body::{Body, Sum};
use super::payment::{Capture, Refund};
use super::{PayPal, missing, refused, unprocessable};
use crate::call::{Answer, rfc3339};
use crate::pages;

/// How long money is held, in seconds.
const HOLD: i64 = 29 * 24 * 3600;
/// How long an order is kept that nobody agrees to, in seconds.
const KEPT: i64 = 3 * 3600;

/// How far an order has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The payer has yet to agree.
    PayerActionRequired,
    /// The payer has agreed.
    Approved,
    /// It was authorized.
    Completed,
}

/// How money that was authorized stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// It is held.
    Created,
    /// It was captured.
    Captured,
    /// It was let go.
    Voided,
}

/// An order.
#[derive(Clone, Debug)]
pub struct Order {
    /// Its id.
    pub id: String,
    /// How far it has come.
    pub status: Status,
    /// What is to be paid.
    pub sum: Sum,
    /// What the shop has noted with it.
    pub custom_id: String,
    /// What the shop numbers it by.
    pub invoice_id: String,
    /// The authorization's id and state, once there is one.
    pub hold: Option<(String, Hold)>,
    /// The capture.
    pub capture: Option<Capture>,
    /// The refunds.
    pub refunds: Vec<Refund>,
    /// How often money was captured.
    pub captures: u32,
    return_url: String,
    cancel_url: String,
    created: i64,
    held_at: i64,
    declines: bool,
}

macro_rules! given {
    ($result:expr) => {
        match $result {
            Ok(value) => value,
            Err(answer) => return answer,
        }
    };
}
pub(super) use given;

impl Order {
    /// What is held.
    pub fn held(&self) -> i64 {
        if matches!(self.hold, Some((_, Hold::Created))) { self.sum.amount } else { 0 }
    }

    /// What was taken.
    pub fn taken(&self) -> i64 {
        self.capture.as_ref().filter(|capture| capture.is_done()).map_or(0, |capture| capture.amount)
    }

    pub(super) fn related(&self) -> Value {
        json!({"related_ids": {"order_id": self.id}})
    }

    pub(super) fn authorization(&self) -> Option<Value> {
        let (id, hold) = self.hold.as_ref()?;
        let status = match hold {
            Hold::Created => "CREATED",
            Hold::Captured => "CAPTURED",
            Hold::Voided => "VOIDED",
        };
        Some(json!({"id": id, "status": status, "amount": self.sum.json(), "custom_id": self.custom_id,
            "invoice_id": self.invoice_id, "expiration_time": rfc3339(self.held_at + HOLD),
            "create_time": rfc3339(self.held_at), "supplementary_data": self.related()}))
    }

    fn json(&self, host: &str) -> Value {
        let status = match self.status {
            Status::PayerActionRequired => "PAYER_ACTION_REQUIRED",
            Status::Approved => "APPROVED",
            Status::Completed => "COMPLETED",
        };
        let mut unit = json!({"reference_id": "default", "custom_id": self.custom_id, "invoice_id": self.invoice_id,
            "amount": self.sum.json()});
        let captures: Vec<_> = self.capture.iter().map(|capture| capture.json(self)).collect();
        let refunds: Vec<_> = self.refunds.iter().map(|refund| refund.json(self)).collect();
        let mut payments = Map::new();
        for (name, list) in [
            ("authorizations", self.authorization().into_iter().collect()),
            ("captures", captures),
            ("refunds", refunds),
        ] {
            if !list.is_empty() {
                payments.insert(name.to_owned(), Value::Array(list));
            }
        }
        if let Some(unit) = unit.as_object_mut().filter(|_| !payments.is_empty()) {
            unit.insert("payments".to_owned(), Value::Object(payments));
        }
        let own = format!("http://{host}/v2/checkout/orders/{}", self.id);
        let mut links = vec![json!({"href": own, "rel": "self", "method": "GET"})];
        if self.status == Status::PayerActionRequired {
            let page = format!("http://{host}/pay/paypal/{}", self.id);
            links.push(json!({"href": page, "rel": "payer-action", "method": "GET"}));
        }
        json!({"id": self.id, "intent": "AUTHORIZE", "status": status, "purchase_units": [unit],
            "payment_source": {"paypal": {"email_address": "payer@example.com"}},
            "create_time": rfc3339(self.created), "links": links})
    }

    pub(super) fn ledger(&self) -> Value {
        let refunds: Vec<_> = self.refunds.iter().map(|refund| refund.json(self)).collect();
        let refunded: i64 = self.refunds.iter().filter(|refund| refund.counts()).map(|refund| refund.amount).sum();
        let hold = self.hold.as_ref().map(|(id, _)| id);
        json!({"id": self.id, "custom_id": self.custom_id, "amount": self.sum.json(), "hold": hold, "held": self.held(),
            "captured": self.taken(), "captures": self.captures, "refunded": refunded, "refunds": refunds})
    }
}

impl PayPal {
    pub(super) fn create(&mut self, body: Map<String, Value>, host: &str) -> Answer {
        let mut body = Body::new(body);
        let invalid = || refused(400, "INVALID_REQUEST", "MISSING_REQUIRED_PARAMETER");
        let (intent, units) = (body.text("intent"), body.list("purchase_units"));
        let source = body.object("payment_source");
        given!(body.nothing_else());
        if intent.as_deref() != Some("AUTHORIZE") {
            return unprocessable("UNSUPPORTED_INTENT");
        }
        let [Value::Object(unit)] = units.as_slice() else { return invalid() };
        let mut unit = Body::new(unit.clone());
        let (custom_id, invoice_id) = (unit.text("custom_id"), unit.text("invoice_id"));
        unit.text("reference_id");
        let sum = given!(unit.sum("amount"));
        given!(unit.nothing_else());
        let (Some(custom_id), Some(invoice_id), Some(sum)) = (custom_id, invoice_id, sum) else { return invalid() };
        if custom_id.len() > 127 || invoice_id.len() > 127 {
            return refused(400, "INVALID_REQUEST", "INVALID_STRING_LENGTH");
        }
        let Some(mut source) = source else { return invalid() };
        let Some(mut paypal) = source.object("paypal") else { return invalid() };
        given!(source.nothing_else());
        let Some(mut experience) = paypal.object("experience_context") else { return invalid() };
        given!(paypal.nothing_else());
        let (return_url, cancel_url) = (experience.text("return_url"), experience.text("cancel_url"));
        let values: [(&str, &[&str]); 5] = [
            ("shipping_preference", &["GET_FROM_FILE", "NO_SHIPPING", "SET_PROVIDED_ADDRESS"]),
            ("user_action", &["CONTINUE", "PAY_NOW"]),
            // What PayPal's own client sends unasked.
            ("contact_preference", &["NO_CONTACT_INFO", "UPDATE_CONTACT_INFO", "RETAIN_CONTACT_INFO"]),
            ("landing_page", &["LOGIN", "GUEST_CHECKOUT", "NO_PREFERENCE", "BILLING"]),
            ("payment_method_preference", &["UNRESTRICTED", "IMMEDIATE_PAYMENT_REQUIRED"]),
        ];
        let known =
            values.into_iter().all(|(name, some)| experience.text(name).is_none_or(|one| some.contains(&one.as_str())));
        given!(experience.nothing_else());
        let (Some(return_url), Some(cancel_url)) = (return_url, cancel_url) else { return invalid() };
        if !known {
            return refused(400, "INVALID_REQUEST", "INVALID_PARAMETER_VALUE");
        }
        let taken = |order: &Order| order.invoice_id == invoice_id && order.capture.is_some();
        if self.orders.values().any(taken) {
            return unprocessable("DUPLICATE_INVOICE_ID");
        }
        let order = Order {
            id: self.id(),
            status: Status::PayerActionRequired,
            sum,
            custom_id,
            invoice_id,
            hold: None,
            capture: None,
            refunds: Vec::new(),
            captures: 0,
            return_url,
            cancel_url,
            created: self.now(),
            held_at: 0,
            declines: false,
        };
        let body = order.json(host);
        self.orders.insert(order.id.clone(), order);
        Answer { status: 201, body, kept: true }
    }

    pub(super) fn show(&self, id: &str, host: &str, stale: bool) -> Answer {
        let before = self.before.get(id).filter(|_| stale);
        match before.or_else(|| self.order(id)).filter(|order| self.is_kept(order)) {
            Some(order) => Answer { status: 200, body: order.json(host), kept: false },
            None => missing(),
        }
    }

    /// Nobody knows any more of an order that nobody has agreed to.
    fn is_kept(&self, order: &Order) -> bool {
        order.status != Status::PayerActionRequired || order.created + KEPT > self.now()
    }

    fn order(&self, id: &str) -> Option<&Order> {
        self.orders.get(id).filter(|order| self.is_kept(order))
    }

    pub(super) fn authorize(&mut self, id: &str, body: Map<String, Value>, host: &str) -> Answer {
        given!(Body::new(body).nothing_else());
        let Some(order) = self.order(id) else { return missing() };
        match order.status {
            Status::PayerActionRequired => return unprocessable("ORDER_NOT_APPROVED"),
            Status::Completed => return unprocessable("ORDER_ALREADY_AUTHORIZED"),
            Status::Approved if order.declines => return unprocessable("INSTRUMENT_DECLINED"),
            Status::Approved => {}
        }
        let authorization = self.id();
        self.change(id, |order, now| {
            (order.status, order.held_at) = (Status::Completed, now);
            order.hold = Some((authorization, Hold::Created));
        });
        self.tell_hold(id, "PAYMENT.AUTHORIZATION.CREATED");
        Answer { status: 201, ..self.show(id, host, false) }
    }

    pub(super) fn tell_hold(&mut self, id: &str, kind: &str) {
        if let Some(hold) = self.orders.get(id).and_then(Order::authorization) {
            self.happened(kind, hold);
        }
    }

    /// The payer agrees on PayPal's page; `declines` is whether their bank will say no.
    ///
    /// # Errors
    /// There is no such order, or they have agreed already.
    pub fn agree(&mut self, id: &str, declines: bool) -> Result<(), Answer> {
        let order = self.order(id).ok_or_else(missing)?;
        if order.status != Status::PayerActionRequired {
            return Err(unprocessable("ORDER_ALREADY_APPROVED"));
        }
        self.change(id, |order, _| (order.status, order.declines) = (Status::Approved, declines));
        if let Some(order) = self.orders.get(id) {
            let event = order.json("peer");
            self.happened("CHECKOUT.ORDER.APPROVED", event);
        }
        Ok(())
    }

    /// The page on which the payer agrees.
    pub fn page(&self, id: &str) -> Option<String> {
        let order = self.orders.get(id)?;
        let about = order.sum.json();
        let about = format!("{} {}", about.get("value")?.as_str()?, about.get("currency_code")?.as_str()?);
        Some(pages::page("A stand-in for PayPal", &about, &pages::ACTS))
    }

    /// Does what was chosen on the page; where to go then.
    pub fn act(&mut self, id: &str, act: &str) -> Option<String> {
        // Whoever has agreed already is led back as well.
        let _ = match act {
            "pay" => self.agree(id, false),
            "decline" => self.agree(id, true),
            _ => Ok(()),
        };
        let order = self.orders.get(id)?;
        let to = if act == "close" { &order.cancel_url } else { &order.return_url };
        Some(pages::with(to, "token", id))
    }

    /// Lets go of the holds whose time is over.
    pub(super) fn run_out(&mut self) {
        let now = self.now();
        let over = |order: &&Order| order.held() > 0 && order.held_at + HOLD <= now;
        let over: Vec<String> = self.orders.values().filter(over).map(|order| order.id.clone()).collect();
        for id in over {
            self.let_go(&id);
        }
    }

    pub(super) fn let_go(&mut self, id: &str) {
        self.change(id, |order, _| {
            if let Some((_, hold)) = &mut order.hold {
                *hold = Hold::Voided;
            }
        });
        self.tell_hold(id, "PAYMENT.AUTHORIZATION.VOIDED");
    }

    pub(super) fn change(&mut self, id: &str, change: impl FnOnce(&mut Order, i64)) {
        let now = self.now();
        if let Some(order) = self.orders.get_mut(id) {
            self.before.insert(id.to_owned(), order.clone());
            change(order, now);
        }
    }
}
