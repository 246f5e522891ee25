//! Requests for erasure, in the accounts' table.
//!
//! - `USER#<user>` / `ERASURE`: that a person is being erased, and how much of theirs has been deleted so far.
//! - `ERASURES` / `<due>#<user or prescription>`: what is to be done when; the oldest first.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use super::counts::Counts;
use super::request::{Due, ErasureRequest};
use crate::accounts::AccountStore;
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{
    Expression, Item, Key, Outcome, Table, Write, failure, from_item, n, s, to_item, transact, write,
};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PrescriptionId, UserId};

const QUEUE: &str = "ERASURES";
/// How many entries are read at once.
const PAGE: i32 = 25;

/// The requests.
#[derive(Clone, Debug)]
pub struct ErasureStore {
    table: Table,
    accounts: AccountStore,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    what: Due,
}

/// Some of what is due.
#[derive(Debug)]
pub struct Batch {
    /// The oldest first.
    pub due: Vec<(Key, Due)>,
    /// Where the next batch goes on, if there is one.
    pub next: Option<Key>,
}

fn queue_key(due_at: Timestamp, of: impl std::fmt::Display) -> Key {
    Key::new(QUEUE, format!("{due_at}#{of}"))
}

fn whatever_is_there() -> Expression {
    Expression::new("attribute_exists(pk) OR attribute_not_exists(pk)")
}

impl ErasureStore {
    /// In the accounts' table.
    pub fn new(table: Table, accounts: AccountStore) -> Self {
        Self { table, accounts }
    }

    /// The request of `user`, if there is one.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn request(&self, user: &UserId) -> Result<Option<ErasureRequest>> {
        self.table.get_latest(&AccountStore::erasure_key(user)).await?.map(from_item).transpose()
    }

    /// Stores a request together with `entry`, and hides the profile from others; the request that stands then, which is
    /// an earlier one where there is one.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn open(&self, request: ErasureRequest, entry: &Write) -> Result<ErasureRequest> {
        let queued = Entry { what: Due::Person(request.clone()) };
        let writes = vec![
            self.table.create(to_item(&AccountStore::erasure_key(&request.user), &request)?)?,
            self.table.create(to_item(&queue_key(request.due_at, &request.user), queued)?)?,
            entry.clone(),
        ];
        let mut with_profile = writes.clone();
        with_profile.push(self.accounts.hide(&request.user)?);
        // Who was killed on the way through registration has no profile to hide.
        for writes in [with_profile, writes] {
            if let Outcome::Done = transact(self.table.client(), writes).await? {
                return Ok(request);
            }
            if let Some(earlier) = self.request(&request.user).await? {
                return Ok(earlier);
            }
        }
        Err(Error::busy())
    }

    /// The write of a transaction that queues the deletion of a prescription.
    ///
    /// # Errors
    /// None in practice: an entry is always an item.
    pub fn keep(&self, id: PrescriptionId, until: Timestamp) -> Result<Write> {
        let item = to_item(&queue_key(until, id), Entry { what: Due::Prescription(id) })?;
        self.table.replace(item, whatever_is_there())
    }

    /// What is due at `now`, from after `after` on.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn due(&self, now: Timestamp, after: Option<&Key>) -> Result<Batch> {
        // `$` is the character after `#`.
        let query = self.table.client().query().table_name(self.table.name()).consistent_read(true).limit(PAGE);
        let answer = query
            .key_condition_expression("pk = :queue AND sk < :end")
            .expression_attribute_values(":queue", s(QUEUE))
            .expression_attribute_values(":end", AttributeValue::S(format!("{now}$")))
            .set_exclusive_start_key(after.map(Key::attributes))
            .send()
            .await
            .map_err(failure)?;
        let next = answer.last_evaluated_key.as_ref().and_then(Key::of);
        let read = |item: Item| {
            let key = Key::of(&item).ok_or_else(|| Error::internal("an item without a key"))?;
            Ok((key, from_item::<Entry>(item)?.what))
        };
        let due = answer.items.unwrap_or_default().into_iter().map(read).collect::<Result<_>>()?;
        Ok(Batch { due, next })
    }

    /// Adds `counts` to how much of what belonged to `user` has been deleted; nothing where the request is done by now.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn note(&self, user: &UserId, counts: Counts) -> Result<()> {
        let parts: Vec<_> = counts.parts().into_iter().filter(|(_, count)| *count > 0).collect();
        if parts.is_empty() {
            return Ok(());
        }
        let mut requested = Expression::new("attribute_exists(pk)");
        for (name, count) in &parts {
            requested = requested.name(&format!("#{name}"), name).value(&format!(":{name}"), n(*count));
        }
        let sums: Vec<_> = parts.iter().map(|(name, _)| format!("#{name} :{name}")).collect();
        let add = format!("ADD {}", sums.join(", "));
        // A transaction of one: tried again after a time-out it still adds once.
        let action = self.table.update(&AccountStore::erasure_key(user), &add, requested)?;
        transact(self.table.client(), vec![action]).await.map(|_| ())
    }

    /// How much of what belonged to `user` has been deleted so far.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn noted(&self, user: &UserId) -> Result<Counts> {
        let item = self.table.get_latest(&AccountStore::erasure_key(user)).await?;
        Ok(item.map(from_item).transpose()?.unwrap_or_default())
    }

    /// Takes a request off the queue and puts `entry` on the trail, once; nothing where somebody else has.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn finish(&self, request: &ErasureRequest, entry: Write) -> Result<()> {
        let there = Expression::new("attribute_exists(pk)");
        let writes = vec![
            self.table.delete(&AccountStore::erasure_key(&request.user), there)?,
            self.table.delete(&queue_key(request.due_at, &request.user), whatever_is_there())?,
            entry,
        ];
        transact(self.table.client(), writes).await.map(|_| ())
    }

    /// Takes an entry off the queue.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn done(&self, key: &Key) -> Result<()> {
        let delete = self.table.delete(key, whatever_is_there())?;
        write(self.table.client(), delete).await.map(|_| ())
    }
}
