//! The trail in DynamoDB: `DAY#<day>#<shard>` / entry id; by the person whose data it is in the index `by_subject`, by who
//! acted in `by_actor`, by `<action>#<shard>` in `by_action`.
//!
//! A day and an action are spread over [`SHARDS`] partitions, since one takes a thousand writes a second and every read
//! of a record is a write here. Entry ids order by time, so days and indexes are read in order and from any point on.

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::TransactWriteItem;

use super::action::Action;
use super::entry::Entry;
use crate::platform::clock::Date;
use crate::platform::crypto;
use crate::platform::dynamo::{Item, Key, Outcome, Table, failure, s, to_item, transact};
use crate::platform::error::{Error, Result};
use crate::platform::signing::SigningKeys;

/// Over how many partitions a day, and an action, is spread.
pub const SHARDS: u128 = 8;

/// Appends to the trail; there is no way to change or delete what is on it.
#[derive(Clone, Debug)]
pub struct Audit {
    pub(super) table: Table,
    keys: SigningKeys,
}

/// The partition of a day.
pub(super) fn day_partition(day: Date, shard: u128) -> String {
    format!("DAY#{day}#{shard}")
}

/// The partition of an action in the index.
pub(super) fn action_partition(action: Action, shard: u128) -> String {
    format!("{action}#{shard}")
}

fn item(entry: &Entry) -> Result<Item> {
    let shard = entry.id.ulid().random() % SHARDS;
    let mut item = to_item(&Key::new(day_partition(entry.at.date(), shard), entry.id.to_string()), entry)?;
    item.insert("action_key".to_owned(), s(action_partition(entry.action, shard)));
    Ok(item)
}

impl Audit {
    /// In the table of the trail; `keys` has the one that keys the fingerprints.
    pub fn new(table: Table, keys: SigningKeys) -> Self {
        Self { table, keys }
    }

    /// What stands on the trail for an address or a number that is nobody's, or may be: the same for the same, and of no
    /// use to who has the trail but not the key.
    ///
    /// # Errors
    /// 503 while the keys are not known.
    pub fn fingerprint(&self, identifier: &str) -> Result<String> {
        let hash = self.keys.ring()?.lasting(format!("audit identifier\0{identifier}").as_bytes());
        Ok(format!("unknown_{}", crypto::fingerprint(&hash)))
    }

    /// Puts `entry` on the trail, on its own: for reads, before their answer, and for refusals.
    ///
    /// # Errors
    /// 503 whatever the cause: what cannot be put on the trail must not happen.
    pub async fn append(&self, entry: &Entry) -> Result<()> {
        let put = self.table.client().put_item().table_name(self.table.name()).set_item(Some(item(entry)?));
        match put.condition_expression("attribute_not_exists(pk)").send().await {
            Ok(_) => Ok(()),
            // The id is new: what lies there already is this entry, written by a try whose answer was lost.
            Err(error) if error.as_service_error().is_some_and(PutItemError::is_conditional_check_failed_exception) => {
                Ok(())
            }
            Err(error) => Err(Error::unavailable(failure(error))),
        }
    }

    /// Puts all of `entries` on the trail, or none: for an answer that shows several people. At most a hundred.
    ///
    /// # Errors
    /// 503 whatever the cause.
    pub async fn append_all(&self, entries: &[Entry]) -> Result<()> {
        let writes = entries.iter().map(|entry| self.action(entry)).collect::<Result<Vec<_>>>()?;
        match transact(self.table.client(), writes).await {
            Ok(Outcome::Done) => Ok(()),
            Ok(Outcome::Refused(_)) => Err(Error::unavailable("a new entry of the trail was there already")),
            Err(error) => Err(Error::unavailable(error)),
        }
    }

    /// `outcome`; where it is a refusal, what `entry` says of it is on the trail before it is answered. That a service does
    /// not answer refuses nobody.
    ///
    /// # Errors
    /// Those of `outcome`; 503 where the trail cannot be written.
    pub async fn noting<T>(&self, outcome: Result<T>, entry: impl FnOnce() -> Entry) -> Result<T> {
        match outcome {
            Err(refusal) if refusal.is_refusal() => {
                self.append(&entry()).await?;
                Err(refusal)
            }
            outcome => outcome,
        }
    }

    /// The write that puts `entry` on the trail in the same transaction as what it records.
    ///
    /// # Errors
    /// None in practice: an entry is always an item.
    pub fn action(&self, entry: &Entry) -> Result<TransactWriteItem> {
        self.table.create(item(entry)?)
    }
}
