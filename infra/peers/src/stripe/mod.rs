//! Stripe: payment intents by card that are captured by hand, and refunds.

mod intent;
mod params;
mod refund;

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

pub use intent::{Intent, Status};
use params::Params;
pub use refund::{Refund, RefundStatus};

/// The key that the shop calls with.
pub const SECRET_KEY: &str = "sk_test_local_peer";
/// The key that browsers call with.
pub const PUBLISHABLE_KEY: &str = "pk_test_local_peer";
/// What events are signed with.
pub const WEBHOOK_SECRET: &str = "whsec_local_peer";

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Value,
    /// Whether it is kept under the call's key: what fails a check of its parameters is not.
    pub kept: bool,
}

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

/// A call.
#[derive(Clone, Debug)]
pub struct Request {
    /// `GET` or `POST`.
    pub method: String,
    /// Without its query.
    pub path: String,
    /// The query or the form.
    pub form: String,
    /// The `Authorization` header.
    pub authorization: String,
    /// The `Idempotency-Key` header.
    pub idempotency_key: Option<String>,
}

#[derive(Clone, Debug)]
struct Kept {
    path: String,
    form: String,
    answer: Answer,
}

/// A call as it was made, for who counts them.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The call.
    pub request: Request,
    /// The status it got; 0 where the connection broke.
    pub status: u16,
}

/// Stripe.
#[derive(Debug, Default)]
pub struct Stripe {
    intents: BTreeMap<String, Intent>,
    /// Every intent as it was before its last change, for stale reads.
    before: BTreeMap<String, Intent>,
    refunds: Vec<Refund>,
    kept: BTreeMap<String, Kept>,
    events: Vec<Value>,
    seen: Vec<Seen>,
    made: u32,
    /// The time, where it is not the machine's.
    now: Option<i64>,
    /// Whether refunds wait for [`Self::settle_refunds`].
    pub slow_refunds: bool,
}

/// The machine's time, in seconds since 1970.
pub fn unix_now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

impl Stripe {
    /// Answers a call. `stale` is whether it is to show how things stood before.
    pub fn answer(&mut self, request: &Request, stale: bool) -> Answer {
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
        let Some(key) = request.idempotency_key.as_ref().filter(|_| request.method == "POST") else {
            return self.route(request, who, stale);
        };
        if key.is_empty() || key.len() > 255 {
            return Answer::error(400, "idempotency_error", "idempotency_key_invalid", "Keys have 1 to 255 characters");
        }
        if let Some(kept) = self.kept.get(key) {
            if kept.path != request.path || kept.form != request.form {
                let message =
                    "Keys for idempotent requests can only be used with the same parameters they were first used with";
                return Answer::error(400, "idempotency_error", "idempotency_key_reused", message);
            }
            return kept.answer.clone();
        }
        let answer = self.route(request, who, stale);
        if answer.kept {
            self.keep(request, &answer);
        }
        answer
    }

    /// Keeps an answer under the call's key, if it has one: a failure too.
    pub fn keep(&mut self, request: &Request, answer: &Answer) {
        if let Some(key) = &request.idempotency_key {
            let kept = Kept { path: request.path.clone(), form: request.form.clone(), answer: answer.clone() };
            self.kept.insert(key.clone(), kept);
        }
    }

    /// The answer that is kept under the call's key.
    pub fn kept(&self, request: &Request) -> Option<Answer> {
        let kept = self.kept.get(request.idempotency_key.as_ref()?)?;
        (kept.path == request.path && kept.form == request.form).then(|| kept.answer.clone())
    }

    /// Notes a call.
    pub fn note(&mut self, request: &Request, status: u16) {
        self.seen.push(Seen { request: request.clone(), status });
    }

    /// All calls so far.
    pub fn calls(&self) -> &[Seen] {
        &self.seen
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
        self.events.push(json!({
            "id": id, "object": "event", "api_version": null, "created": self.now(), "livemode": false, "type": kind,
            "data": {"object": object}, "pending_webhooks": 1, "request": {"id": null, "idempotency_key": null},
        }));
    }

    /// The events that have not been taken yet.
    pub fn take_events(&mut self) -> Vec<Value> {
        std::mem::take(&mut self.events)
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
        json!({"intents": intents, "calls": self.seen.len()})
    }
}

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    Shop,
    Browser,
}
