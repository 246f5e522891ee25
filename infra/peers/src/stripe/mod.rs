//! Stripe: payment intents by card that are captured by hand, and refunds.

mod dispute;
mod intent;
mod params;
mod refund;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::call::{Answer, Book, Peer, Request, Reused, Seen, unix_now};
pub use intent::{Intent, Status};
use params::Params;
pub use refund::{Refund, RefundStatus};

/// The key that the shop calls with.
pub const SECRET_KEY: &str = "sk_test_local_peer";
/// The key that browsers call with.
pub const PUBLISHABLE_KEY: &str = "pk_test_local_peer";
/// What events are signed with.
pub const WEBHOOK_SECRET: &str = "whsec_local_peer";

impl Answer {
    fn ok(body: Value) -> Self {
        Self { status: 200, body, kept: true }
    }

    /// A refusal, as Stripe words it.
    pub fn error(status: u16, kind: &str, code: &str, message: &str) -> Self {
        Self { status, body: json!({"error": {"type": kind, "code": code, "message": message}}), kept: status != 400 }
    }

    /// A refusal that comes of how an object stands, and is kept.
    fn refused(code: &str, message: &str) -> Self {
        Self { kept: true, ..Self::error(400, "invalid_request_error", code, message) }
    }

    fn missing(what: &str) -> Self {
        Self::error(404, "invalid_request_error", "resource_missing", &format!("No such {what}"))
    }
}

/// Stripe.
#[derive(Debug, Default)]
pub struct Stripe {
    intents: BTreeMap<String, Intent>,
    /// Every intent as it was before its last change, for stale reads.
    before: BTreeMap<String, Intent>,
    refunds: Vec<Refund>,
    book: Book,
    events: Vec<Value>,
    /// All events that ever were, the newest last.
    told: Vec<Value>,
    made: u32,
    /// The time, where it is not the machine's.
    now: Option<i64>,
    /// Whether refunds wait for [`Self::settle_refunds`].
    pub slow_refunds: bool,
}

impl Stripe {
    /// Answers a call. `stale` is whether it is to show how things stood before.
    fn answer(&mut self, request: &Request, stale: bool) -> Answer {
        self.run_out();
        let who = match request
            .authorization
            .strip_prefix("Bearer ")
            .or_else(|| request.authorization.strip_prefix("Basic "))
        {
            Some(SECRET_KEY) => Who::Shop,
            Some(PUBLISHABLE_KEY) => Who::Browser,
            _ => return Answer::error(401, "invalid_request_error", "api_key_invalid", "Invalid API Key provided"),
        };
        let Some(key) = request.key.as_ref().filter(|_| request.method == "POST") else {
            return self.route(request, who, stale);
        };
        if key.is_empty() || key.len() > 255 {
            return Answer::error(400, "idempotency_error", "idempotency_key_invalid", "Keys have 1 to 255 characters");
        }
        match self.book.kept(request) {
            Ok(Some(answer)) => answer,
            Ok(None) => {
                let answer = self.route(request, who, stale);
                if answer.kept {
                    self.book.keep(request, &answer);
                }
                answer
            }
            Err(Reused) => {
                let message =
                    "Keys for idempotent requests can only be used with the same parameters they were first used with";
                Answer::error(400, "idempotency_error", "idempotency_key_reused", message)
            }
        }
    }

    /// All calls so far.
    pub fn calls(&self) -> &[Seen] {
        self.book.calls()
    }

    fn route(&mut self, request: &Request, who: Who, stale: bool) -> Answer {
        let params = match Params::read(&request.form) {
            Ok(params) => params,
            Err(answer) => return answer,
        };
        let path: Vec<&str> = request.path.trim_matches('/').split('/').collect();
        match (request.method.as_str(), path.as_slice(), who) {
            ("POST", ["v1", "payment_intents"], Who::Shop) => self.create(params),
            ("GET", ["v1", "payment_intents", id], _) => self.show(id, params, who, stale),
            ("POST", ["v1", "payment_intents", id, "confirm"], _) => self.confirm(id, params, who),
            ("POST", ["v1", "payment_intents", id, "capture"], Who::Shop) => self.capture(id, params),
            ("POST", ["v1", "payment_intents", id, "cancel"], Who::Shop) => self.cancel(id, params),
            ("POST", ["v1", "refunds"], Who::Shop) => self.refund(params),
            ("GET", ["v1", "events"], Who::Shop) => self.list_events(params),
            ("GET", ["v1", "disputes"], Who::Shop) => self.list_disputes(params),
            ("GET", ["v1", "disputes", id], Who::Shop) => self.show_dispute(id, params),
            ("POST", ["v1", "disputes", id], Who::Shop) => self.answer_dispute(id, params, false),
            ("POST", ["v1", "disputes", id, "close"], Who::Shop) => self.answer_dispute(id, params, true),
            ("GET", ["v1", "refunds"], Who::Shop) => self.list_refunds(params),
            ("GET", ["v1", "refunds", id], Who::Shop) => self.show_refund(id, params),
            (_, _, Who::Browser) => {
                Answer::error(403, "invalid_request_error", "secret_key_required", "This needs a secret key")
            }
            _ => Answer::error(404, "invalid_request_error", "url_invalid", "Unrecognized request URL"),
        }
    }

    fn now(&self) -> i64 {
        self.now.unwrap_or_else(unix_now)
    }

    /// Sets the time, in seconds since 1970.
    pub fn set_now(&mut self, seconds: i64) {
        self.now = Some(seconds);
        self.run_out();
    }

    fn id(&mut self, prefix: &str) -> String {
        self.made += 1;
        format!("{prefix}_peer{:012}", self.made)
    }

    fn happened(&mut self, kind: &str, object: Value) {
        let id = self.id("evt");
        let event = json!({
            "id": id, "object": "event", "api_version": null, "created": self.now(), "livemode": false, "type": kind,
            "data": {"object": object}, "pending_webhooks": 1, "request": {"id": null, "idempotency_key": null},
        });
        self.events.push(event.clone());
        self.told.push(event);
    }

    /// All events that ever were, the newest last.
    pub(crate) fn told(&self) -> &[Value] {
        &self.told
    }

    /// The events that have not been taken yet.
    pub fn take_events(&mut self) -> Vec<Value> {
        std::mem::take(&mut self.events)
    }

    /// The events since a time, the newest first, of the types that are asked for.
    fn list_events(&self, mut params: Params) -> Answer {
        let limit = params.amount("limit").ok().flatten().and_then(|limit| usize::try_from(limit).ok()).unwrap_or(10);
        let since = params.amount("created[gte]").ok().flatten().unwrap_or(0);
        let (types, after) = (params.list("types"), params.take("starting_after"));
        if let Err(answer) = params.nothing_else() {
            return answer;
        }
        if limit > 100 || types.len() > 20 {
            return Answer::error(400, "invalid_request_error", "parameter_invalid", "limit or types");
        }
        let wanted = |event: &&Value| {
            event["created"].as_i64().is_some_and(|created| created >= since)
                && (types.is_empty() || types.iter().any(|kind| event["type"] == kind.as_str()))
        };
        let all: Vec<&Value> = self.told.iter().rev().filter(wanted).collect();
        let start = after.and_then(|after| all.iter().position(|event| event["id"] == after.as_str()));
        let rest: Vec<&Value> = all.into_iter().skip(start.map_or(0, |start| start + 1)).collect();
        let data: Vec<&Value> = rest.iter().take(limit).copied().collect();
        Answer::ok(json!({"object": "list", "data": data, "has_more": rest.len() > limit, "url": "/v1/events"}))
    }

    /// The intents, by their ids.
    pub fn intents(&self) -> impl Iterator<Item = &Intent> {
        self.intents.values()
    }

    /// The refunds, the first at the front.
    pub fn refunds(&self) -> &[Refund] {
        &self.refunds
    }

    /// What was really done.
    pub fn ledger(&self) -> Value {
        let intents: Vec<_> = self.intents.values().map(|intent| intent.ledger(&self.refunds)).collect();
        json!({"intents": intents, "calls": self.calls().len()})
    }
}

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    Shop,
    Browser,
}

impl Peer for Stripe {
    fn answer(&mut self, request: &Request, stale: bool) -> Answer {
        Self::answer(self, request, stale)
    }

    fn book(&mut self) -> &mut Book {
        &mut self.book
    }

    fn failed(&self) -> Answer {
        Answer { kept: true, ..Answer::error(500, "api_error", "internal", "Something went wrong") }
    }

    fn busy(&self) -> Answer {
        Answer::error(429, "invalid_request_error", "rate_limit", "Too many requests")
    }
}
