//! PayPal: orders that are authorized and captured by hand, and refunds.

mod body;
mod order;
mod payment;

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::call::{Answer, Book, Peer, Request, Reused, Seen, rfc3339, unix_now};
use crate::certificates;
pub use order::{Hold, Order, Status};
pub use payment::{Refund, RefundStatus};

/// What the shop calls itself.
pub const CLIENT_ID: &str = "client-id-local-peer";
/// What it is let in by.
pub const CLIENT_SECRET: &str = "client-secret-local-peer";
/// The webhook that events are sent to.
pub const WEBHOOK_ID: &str = "8PT597110X687430L";

/// How long a token is good, in seconds.
const TOKEN: i64 = 9 * 3600;
/// The longest `PayPal-Request-Id`.
const MAX_KEY: usize = 108;

/// PayPal.
#[derive(Debug, Default)]
pub struct PayPal {
    orders: BTreeMap<String, Order>,
    /// Every order as it was before its last change, for stale reads.
    before: BTreeMap<String, Order>,
    book: Book,
    events: Vec<Value>,
    /// All events that ever were, the newest last.
    told: Vec<Value>,
    /// The tokens, and until when each is good.
    tokens: BTreeMap<String, i64>,
    made: u32,
    /// The time, where it is not the machine's.
    now: Option<i64>,
    /// Whether refunds wait for [`Self::settle_refunds`].
    pub slow_refunds: bool,
    /// Whether captures wait for [`Self::settle_captures`].
    pub slow_captures: bool,
}

/// A refusal, as PayPal words it.
pub(super) fn refused(status: u16, name: &str, issue: &str) -> Answer {
    let body = json!({"name": name, "message": "The request was refused.", "debug_id": "peer",
        "details": [{"issue": issue, "description": issue}], "links": []});
    Answer { status, body, kept: false }
}

/// What cannot be done as things stand.
pub(super) fn unprocessable(issue: &str) -> Answer {
    refused(422, "UNPROCESSABLE_ENTITY", issue)
}

fn missing() -> Answer {
    refused(404, "RESOURCE_NOT_FOUND", "INVALID_RESOURCE_ID")
}

impl PayPal {
    fn route(&mut self, request: &Request, stale: bool) -> Answer {
        let path: Vec<&str> = request.path.trim_matches('/').split('/').collect();
        let host = request.header("host").to_owned();
        match (request.method.as_str(), path.as_slice()) {
            ("POST", ["v1", "oauth2", "token"]) => return self.let_in(request),
            _ if !self.is_let_in(request) => return refused(401, "INVALID_TOKEN", "INVALID_TOKEN"),
            ("GET", ["v2", "checkout", "orders", id]) => return self.show(id, &host, stale),
            ("GET", ["v1", "notifications", "webhooks-events"]) => return self.list_events(request),
            ("POST", _) => {}
            _ => return missing(),
        }
        if !request.form.is_empty() && !request.header("content-type").starts_with("application/json") {
            return refused(415, "UNSUPPORTED_MEDIA_TYPE", "UNSUPPORTED_MEDIA_TYPE");
        }
        if let ["v1", "notifications", "verify-webhook-signature"] = path.as_slice() {
            return verified(&request.form);
        }
        // Without an id every call is a new act; ours has to have one.
        match &request.key {
            Some(key) if (1..=MAX_KEY).contains(&key.len()) => {}
            _ => return refused(400, "INVALID_REQUEST", "PAYPAL_REQUEST_ID_REQUIRED"),
        }
        match self.book.kept(request) {
            Ok(Some(answer)) => return answer,
            Ok(None) => {}
            Err(Reused) => return unprocessable("PAYPAL_REQUEST_ID_PREVIOUSLY_USED"),
        }
        // A body may be left out where there is nothing to say.
        let text = if request.form.is_empty() { "{}" } else { &request.form };
        let body = match serde_json::from_str::<Value>(text) {
            Ok(Value::Object(body)) => body,
            _ => return refused(400, "INVALID_REQUEST", "MALFORMED_REQUEST_JSON"),
        };
        let answer = match path.as_slice() {
            ["v2", "checkout", "orders"] => self.create(body, &host),
            ["v2", "checkout", "orders", id, "authorize"] => self.authorize(id, body, &host),
            ["v2", "payments", "authorizations", id, "capture"] => self.capture(id, body),
            ["v2", "payments", "authorizations", id, "void"] => self.void(id, body),
            ["v2", "payments", "captures", id, "refund"] => self.refund(id, body),
            _ => missing(),
        };
        if answer.status < 300 {
            self.book.keep(request, &answer);
        }
        answer
    }

    fn let_in(&mut self, request: &Request) -> Answer {
        let basic = STANDARD.encode(format!("{CLIENT_ID}:{CLIENT_SECRET}"));
        if request.authorization != format!("Basic {basic}") || request.form != "grant_type=client_credentials" {
            return refused(401, "invalid_client", "INVALID_CLIENT");
        }
        let token = format!("A21AA-{}", self.id());
        self.tokens.insert(token.clone(), self.now() + TOKEN);
        let body = json!({"access_token": token, "token_type": "Bearer", "app_id": "APP-peer", "expires_in": TOKEN,
            "scope": "https://uri.paypal.com/services/payments/payment", "nonce": "peer"});
        Answer { status: 200, body, kept: false }
    }

    fn is_let_in(&self, request: &Request) -> bool {
        let token = request.authorization.strip_prefix("Bearer ");
        token.and_then(|token| self.tokens.get(token)).is_some_and(|until| *until > self.now())
    }

    /// All tokens end before their time.
    pub fn revoke_tokens(&mut self) {
        self.tokens.clear();
    }

    fn now(&self) -> i64 {
        self.now.unwrap_or_else(unix_now)
    }

    /// Sets the time, in seconds since 1970.
    pub fn set_now(&mut self, seconds: i64) {
        self.now = Some(seconds);
        self.run_out();
    }

    fn id(&mut self) -> String {
        self.made += 1;
        format!("PEER{:013}", self.made)
    }

    fn happened(&mut self, kind: &str, resource: Value) {
        let id = format!("WH-{}", self.id());
        let event = json!({"id": id, "event_version": "1.0", "create_time": rfc3339(self.now()), "resource_type": "peer",
            "event_type": kind, "summary": kind, "resource": resource, "links": []});
        self.events.push(event.clone());
        self.told.push(event);
    }

    /// So many things happen that are no payments of the shop's.
    pub fn is_busy(&mut self, events: usize) {
        for _ in 0..events {
            self.happened("BILLING.PLAN.CREATED", json!({"id": "P-1"}));
        }
    }

    /// All events that ever were, the newest last.
    pub(crate) fn told(&self) -> &[Value] {
        &self.told
    }

    /// The events that have not been taken yet.
    pub fn take_events(&mut self) -> Vec<Value> {
        std::mem::take(&mut self.events)
    }

    /// The events since a time, the newest first, as PayPal lists them.
    fn list_events(&self, request: &Request) -> Answer {
        let mut query = crate::call::form(&request.form);
        let start = query.remove("start_time").unwrap_or_default();
        let size = query.remove("page_size").and_then(|size| size.parse::<usize>().ok()).unwrap_or(10);
        let end = query.remove("end_time");
        if !query.is_empty() || size == 0 || size > 300 {
            return refused(400, "INVALID_REQUEST", "INVALID_PARAMETER_VALUE");
        }
        let since = |event: &&Value| {
            let time = event["create_time"].as_str().unwrap_or_default();
            time >= start.as_str() && end.as_deref().is_none_or(|end| time.get(..19) <= end.get(..19))
        };
        let events: Vec<_> = self.told.iter().rev().filter(since).take(size).cloned().collect();
        let count = events.len();
        Answer { status: 200, body: json!({"events": events, "count": count, "links": []}), kept: false }
    }

    /// The orders, by their ids.
    pub fn orders(&self) -> impl Iterator<Item = &Order> {
        self.orders.values()
    }

    /// All calls so far.
    pub fn calls(&self) -> &[Seen] {
        self.book.calls()
    }

    /// What was really done.
    pub fn ledger(&self) -> Value {
        let orders: Vec<_> = self.orders.values().map(Order::ledger).collect();
        json!({"orders": orders, "calls": self.calls().len()})
    }
}

/// Whether an event that the shop asks about is signed as it says.
fn verified(form: &str) -> Answer {
    let asked: Value = serde_json::from_str(form).unwrap_or_default();
    let text = |name: &str| asked.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let event = form.split_once(r#""webhook_event":"#).map(|(_, rest)| rest.trim_end().trim_end_matches('}'));
    // The braces at the end are those of the event and one more.
    let event = event.map(|event| {
        let open = event.matches('{').count().saturating_sub(event.matches('}').count());
        format!("{event}{}", "}".repeat(open))
    });
    let checksum = crc32fast::hash(event.unwrap_or_default().as_bytes());
    let signed = format!("{}|{}|{}|{checksum}", text("transmission_id"), text("transmission_time"), text("webhook_id"));
    let good = text("transmission_sig") == certificates::paypal_signature(&signed);
    let status = if good { "SUCCESS" } else { "FAILURE" };
    Answer { status: 200, body: json!({"verification_status": status}), kept: false }
}

impl Peer for PayPal {
    fn answer(&mut self, request: &Request, stale: bool) -> Answer {
        self.run_out();
        self.route(request, stale)
    }

    fn book(&mut self) -> &mut Book {
        &mut self.book
    }

    fn failed(&self) -> Answer {
        refused(500, "INTERNAL_SERVER_ERROR", "INTERNAL_SERVER_ERROR")
    }

    fn busy(&self) -> Answer {
        refused(429, "RATE_LIMIT_REACHED", "RATE_LIMIT_REACHED")
    }
}
