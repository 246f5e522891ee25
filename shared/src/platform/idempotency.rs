//! Writes that a client may repeat: the record of the first answer, written in the transaction that earned it.
//!
//! The record and the effect are one transaction, so there is no "in progress" that a killed function could leave
//! behind: either both are written, and a repetition finds the answer, or neither is, and a repetition starts anew.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::time::Duration;

use super::clock::Timestamp;
use super::dynamo::{Expression, Item, Key, Table, Write, from_item, n, to_item};
use super::error::{Error, Kind, Result};
use super::ids::UserId;

/// How long an answer is kept.
const KEPT: Duration = Duration::from_hours(24);

/// The `Idempotency-Key` of a write, and what it must come with each time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idempotency {
    /// A digest of the key, so that no client decides what is stored.
    pub key: String,
    /// A digest of the body.
    pub fingerprint: String,
}

/// One write that may be repeated: who, which route, which key.
#[derive(Clone, Debug)]
pub struct Attempt {
    key: Key,
    fingerprint: String,
}

/// The answer to a write, and whether an earlier request with the same key has earned it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered<T> {
    /// The answer.
    pub answer: T,
    /// Whether it is the stored one.
    pub replayed: bool,
}

#[derive(Serialize, Deserialize)]
struct Record {
    fingerprint: String,
    /// JSON, as text: it is given back, never looked into.
    answer: String,
    /// In seconds since 1970, for DynamoDB's time to live.
    expires_at: i64,
}

impl Attempt {
    /// Keys are per caller and `route`; `route` names the object too where the path does.
    pub fn new(user: &UserId, route: &str, idempotency: &Idempotency) -> Self {
        let partition = format!("IDEMPOTENCY#{user}#{route}#{}", idempotency.key);
        Self { key: Key::new(partition, "ANSWER"), fingerprint: idempotency.fingerprint.clone() }
    }

    /// The answer that an earlier request has earned, if there is one.
    ///
    /// # Errors
    /// 422 where that request had another body; or DynamoDB does not answer.
    pub async fn find<T: DeserializeOwned>(&self, table: &Table, now: Timestamp) -> Result<Option<Answered<T>>> {
        match table.get_latest(&self.key).await? {
            Some(item) => self.replay(item, now),
            None => Ok(None),
        }
    }

    /// The write of the transaction that stores `answer`, unless one is stored already.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub fn store(&self, table: &Table, answer: &impl Serialize, now: Timestamp) -> Result<Write> {
        let answer = serde_json::to_string(answer).map_err(Error::internal)?;
        let record = Record { fingerprint: self.fingerprint.clone(), answer, expires_at: now.plus(KEPT).seconds() };
        // DynamoDB removes what has expired within days, not at once.
        let free = Expression::new("attribute_not_exists(pk) OR expires_at <= :now").value(":now", n(now.seconds()));
        table.replace(to_item(&self.key, record)?, free)
    }

    /// The answer in a record that was read, or that refused [`Self::store`].
    ///
    /// # Errors
    /// 422 where the request that earned it had another body.
    pub fn replay<T: DeserializeOwned>(&self, item: Item, now: Timestamp) -> Result<Option<Answered<T>>> {
        let record: Record = from_item(item)?;
        if record.expires_at <= now.seconds() {
            return Ok(None);
        }
        if record.fingerprint != self.fingerprint {
            return Err(reused());
        }
        let answer = serde_json::from_str(&record.answer).map_err(Error::internal)?;
        Ok(Some(Answered { answer, replayed: true }))
    }
}

/// The refusal of a key that came before with another body.
pub fn reused() -> Error {
    let detail = "This Idempotency-Key came before with another body; use a new key for a new request.";
    Error::new(Kind::Unprocessable, "idempotency_key_reused", detail)
}

impl<T> Answered<T> {
    /// An answer that this request has earned itself.
    pub const fn now(answer: T) -> Self {
        Self { answer, replayed: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(fingerprint: &str) -> Attempt {
        let user = UserId::parse("0b9d5f3a-8f5e-4c5c-9d55-2f0b7f1b1c11").unwrap();
        let idempotency = Idempotency { key: "k".to_owned(), fingerprint: fingerprint.to_owned() };
        Attempt::new(&user, "orders", &idempotency)
    }

    fn stored(fingerprint: &str, expires_at: i64) -> Item {
        let record = Record { fingerprint: fingerprint.to_owned(), answer: "7".to_owned(), expires_at };
        to_item(&attempt(fingerprint).key, record).unwrap()
    }

    #[test]
    fn the_same_request_gets_the_stored_answer() {
        let now = Timestamp::from_millis(0);
        let answered = attempt("body").replay::<u8>(stored("body", 1), now).unwrap();
        assert_eq!(answered, Some(Answered { answer: 7, replayed: true }));
    }

    #[test]
    fn another_body_under_the_same_key_is_refused() {
        let error = attempt("other").replay::<u8>(stored("body", 1), Timestamp::from_millis(0)).unwrap_err();
        assert_eq!((error.kind(), error.code()), (Kind::Unprocessable, "idempotency_key_reused"));
    }

    #[test]
    fn an_expired_answer_is_none() {
        assert_eq!(attempt("other").replay::<u8>(stored("body", 1), Timestamp::from_millis(1000)).unwrap(), None);
    }
}
