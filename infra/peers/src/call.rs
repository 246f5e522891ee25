//! Calls as the peers get them, and what they keep of them.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

/// A call.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// `GET` or `POST`.
    pub method: String,
    /// Without its query.
    pub path: String,
    /// The query of a `GET`, or else the body.
    pub form: String,
    /// The `Authorization` header.
    pub authorization: String,
    /// What repetitions are told by: the `Idempotency-Key` or the `PayPal-Request-Id` header.
    pub key: Option<String>,
    /// All headers, by their names in lower case.
    pub headers: BTreeMap<String, String>,
}

impl Request {
    /// A header.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(String::as_str).unwrap_or_default()
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body; `null` is none.
    pub body: Value,
    /// Whether it is kept under the call's key.
    pub kept: bool,
}

/// A call as it was made, for who counts them.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The call.
    pub request: Request,
    /// The status it got; 0 where the connection broke.
    pub status: u16,
    /// The body that it got.
    pub answer: String,
}

#[derive(Clone, Debug)]
struct Kept {
    path: String,
    form: String,
    answer: Answer,
}

/// That a key was used for something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reused;

/// What a peer keeps of its calls.
#[derive(Debug, Default)]
pub struct Book {
    kept: BTreeMap<String, Kept>,
    seen: Vec<Seen>,
}

impl Book {
    /// Keeps an answer under the call's key, if it has one.
    pub fn keep(&mut self, request: &Request, answer: &Answer) {
        if let Some(key) = &request.key {
            let kept = Kept { path: request.path.clone(), form: request.form.clone(), answer: answer.clone() };
            self.kept.insert(key.clone(), kept);
        }
    }

    /// The answer that is kept under the call's key, if one is.
    ///
    /// # Errors
    /// The key was used for something else.
    pub fn kept(&self, request: &Request) -> Result<Option<Answer>, Reused> {
        let Some(kept) = request.key.as_ref().and_then(|key| self.kept.get(key)) else { return Ok(None) };
        let same = kept.path == request.path && kept.form == request.form;
        if same { Ok(Some(kept.answer.clone())) } else { Err(Reused) }
    }

    /// Notes a call.
    pub fn note(&mut self, request: &Request, answer: Option<&Answer>) {
        let status = answer.map_or(0, |answer| answer.status);
        let answer = answer.map(|answer| answer.body.to_string()).unwrap_or_default();
        self.seen.push(Seen { request: request.clone(), status, answer });
    }

    /// All calls so far.
    pub fn calls(&self) -> &[Seen] {
        &self.seen
    }
}

/// A provider.
pub trait Peer {
    /// Answers a call. `stale` is whether it is to show how things stood before.
    fn answer(&mut self, request: &Request, stale: bool) -> Answer;

    /// What it keeps of calls.
    fn book(&mut self) -> &mut Book;

    /// How it says that something went wrong.
    fn failed(&self) -> Answer;

    /// How it says that there is too much at once.
    fn busy(&self) -> Answer;
}

/// The machine's time, in seconds since 1970.
pub fn unix_now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// A time as providers write it.
pub fn rfc3339(seconds: i64) -> String {
    let time = time::OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(time::OffsetDateTime::UNIX_EPOCH);
    time.format(&time::format_description::well_known::Rfc3339).unwrap_or_default()
}

/// The parts of a form or a query.
pub fn form(text: &str) -> BTreeMap<String, String> {
    form_urlencoded::parse(text.as_bytes()).map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}
