//! What clients were told, to be held against what is.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use e2e::Answer;
use serde_json::Value;

use super::caller::Caller;

/// What was posted under a key, and what was answered.
#[derive(Clone, Debug)]
pub struct Keyed {
    /// By whom.
    pub caller: Arc<Caller>,
    /// Where.
    pub path: String,
    /// What.
    pub body: Value,
    /// Under which key.
    pub key: String,
    /// The status.
    pub status: u16,
    /// The answer.
    pub said: Value,
}

/// An answer that was 5xx.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// What was asked, with ids taken out: `GET /v1/orders/…`.
    pub to: String,
    /// The status.
    pub status: u16,
    /// When it was asked.
    pub began: Instant,
    /// The request's id, where a function of ours has answered; the gateway's own answers have none.
    pub request_id: Option<String>,
    /// What the function's log gives as its cause, once somebody has looked there.
    pub cause: Option<String>,
}

/// What was written in a consultation, and accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Which consultation.
    pub consultation: String,
    /// What its author called it.
    pub client_id: String,
    /// Which message it became.
    pub message: String,
}

/// All of it.
#[derive(Debug, Default)]
pub struct Book(Mutex<Pages>);

/// The pages of the book.
#[derive(Clone, Debug, Default)]
pub struct Pages {
    /// Orders that were placed: whose, and which.
    pub orders: Vec<(String, String)>,
    /// What was answered to posts with keys.
    pub keyed: Vec<Keyed>,
    /// Messages that were accepted.
    pub said: Vec<Said>,
    /// What was answered 5xx.
    pub broken: Vec<Broken>,
}

impl Book {
    fn open(&self) -> MutexGuard<'_, Pages> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A customer was told that an order is placed.
    pub fn placed(&self, customer: &str, order: &str) {
        self.open().orders.push((customer.to_owned(), order.to_owned()));
    }

    /// Remembers an answer to a key.
    pub fn keep(&self, keyed: Keyed) {
        self.open().keyed.push(keyed);
    }

    /// A message was accepted.
    pub fn said(&self, said: Said) {
        self.open().said.push(said);
    }

    /// Remembers an answer that is 5xx, to what was asked then.
    pub fn broke(&self, answer: &Answer, began: Instant) {
        let to = answer.to.split(['/', '?']).map(|part| if is_own(part) { "…" } else { part });
        let to = to.collect::<Vec<_>>().join("/");
        let is_ours = answer.header("content-type") == Some("application/problem+json");
        let request_id = answer.header("x-request-id").filter(|_| is_ours).map(str::to_owned);
        self.open().broken.push(Broken { to, status: answer.status, began, request_id, cause: None });
    }

    /// What is in it.
    pub fn pages(&self) -> Pages {
        self.open().clone()
    }
}

/// Whether a part of a path is of one request alone.
fn is_own(part: &str) -> bool {
    part.len() > 4 && part.contains(|letter: char| letter.is_ascii_digit()) || part.contains('=')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_queries_are_of_one_request_and_names_are_not() {
        let own = ["ord_01JD4Z8QK0000000000000000A", "limit=20"].map(is_own);
        assert_eq!((own, ["v1", "orders", "GET "].map(is_own)), ([true; 2], [false; 3]));
    }
}
