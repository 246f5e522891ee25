//! Writes that a client may repeat: a record of the key, written in the transaction that has the effect.
//!
//! The record and the effect are one transaction, so there is no "in progress" that a killed function could leave
//! behind: either both are written, and a repetition finds that it was done, or neither is, and a repetition starts anew.
//! The answer is what was read after the effect; whoever of all who repeat it is first to write it down decides it for all.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::time::Duration;

use super::clock::Timestamp;
use super::dynamo::{Expression, Item, Key, Table, Updated, Write, from_item, n, s, to_item, update_returning};
use super::error::{Error, Kind, Result};
use super::ids::UserId;
use crate::platform::wording;

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

/// What an earlier request with the same key has left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken<T> {
    /// Its answer.
    Answered(T),
    /// Its effect, and no answer yet.
    Unanswered,
}

#[derive(Serialize, Deserialize)]
struct Record {
    fingerprint: String,
    /// JSON, as text: it is given back, never looked into. Absent until the first who comes to it has written it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
    /// In seconds since 1970, for DynamoDB's time to live.
    expires_at: i64,
}

impl Attempt {
    /// Keys are per caller and `route`; `route` names the object too where the path does.
    pub fn new(user: &UserId, route: &str, idempotency: &Idempotency) -> Self {
        let partition = format!("IDEMPOTENCY#{user}#{route}#{}", idempotency.key);
        Self { key: Key::new(partition, "ANSWER"), fingerprint: idempotency.fingerprint.clone() }
    }

    /// The write of the transaction that takes the key, unless it is taken already.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub fn take(&self, table: &Table, now: Timestamp) -> Result<Write> {
        self.take_for(table, None, now)
    }

    /// The same where the answer is known before the transaction: it is written with it.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub fn take_with(&self, table: &Table, answer: &impl Serialize, now: Timestamp) -> Result<Write> {
        let answer = serde_json::to_string(answer).map_err(Error::internal)?;
        self.take_for(table, Some(answer), now)
    }

    /// What came of the key before; nothing where it is free.
    ///
    /// # Errors
    /// As [`Self::taken`], or DynamoDB does not answer.
    pub async fn find<T: DeserializeOwned>(&self, table: &Table, now: Timestamp) -> Result<Option<Taken<T>>> {
        match table.get_latest(&self.key).await? {
            Some(item) => self.taken(item, now),
            None => Ok(None),
        }
    }

    fn take_for(&self, table: &Table, answer: Option<String>, now: Timestamp) -> Result<Write> {
        let expires_at = now.plus(KEPT).seconds();
        let record = Record { fingerprint: self.fingerprint.clone(), answer, expires_at };
        // DynamoDB removes what has expired within days, not at once.
        let free = Expression::new("attribute_not_exists(pk) OR expires_at <= :now").value(":now", n(now.seconds()));
        table.replace(to_item(&self.key, record)?, free)
    }

    /// What came of the key before, by the record that refused [`Self::take`]; nothing where that has expired meanwhile.
    ///
    /// # Errors
    /// 422 where the request that took the key had another body.
    pub fn taken<T: DeserializeOwned>(&self, item: Item, now: Timestamp) -> Result<Option<Taken<T>>> {
        let record: Record = from_item(item)?;
        if record.expires_at <= now.seconds() {
            return Ok(None);
        }
        if record.fingerprint != self.fingerprint {
            return Err(reused());
        }
        let answer = record.answer.as_deref().map(serde_json::from_str).transpose().map_err(Error::internal)?;
        Ok(Some(answer.map_or(Taken::Unanswered, Taken::Answered)))
    }

    /// Writes down `answer` for a key that is taken, unless it has one: the answer that all who come with the key get.
    /// Twice is once.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn answer<T: Serialize + DeserializeOwned>(&self, table: &Table, answer: T) -> Result<T> {
        let text = serde_json::to_string(&answer).map_err(Error::internal)?;
        let taken = Expression::new("fingerprint = :fingerprint")
            .value(":fingerprint", s(&self.fingerprint))
            .value(":answer", s(text));
        let update = table.update(&self.key, "SET answer = if_not_exists(answer, :answer)", taken)?;
        let Updated::Done(item) = update_returning(table.client(), update).await? else { return Ok(answer) };
        let record: Record = from_item(item)?;
        record.answer.map_or(Ok(answer), |first| serde_json::from_str(&first).map_err(Error::internal))
    }
}

/// The refusal of a key that came before with another body.
pub fn reused() -> Error {
    let detail = wording::edge::idempotency_key_reused();
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
        let record = Record { fingerprint: fingerprint.to_owned(), answer: Some("7".to_owned()), expires_at };
        to_item(&attempt(fingerprint).key, record).unwrap()
    }

    #[test]
    fn the_same_request_gets_the_stored_answer() {
        let now = Timestamp::from_millis(0);
        assert_eq!(attempt("body").taken(stored("body", 1), now).unwrap(), Some(Taken::Answered(7_u8)));
    }

    #[test]
    fn another_body_under_the_same_key_is_refused() {
        let error = attempt("other").taken::<u8>(stored("body", 1), Timestamp::from_millis(0)).unwrap_err();
        assert_eq!((error.kind(), error.code()), (Kind::Unprocessable, "idempotency_key_reused"));
    }

    #[test]
    fn an_expired_answer_is_none() {
        assert_eq!(attempt("other").taken::<u8>(stored("body", 1), Timestamp::from_millis(1000)).unwrap(), None);
    }
}
