//! The trail in DynamoDB: `DAY#<day>#<shard>` / entry id, and by the person whose data it is in the index `by_subject`.
//!
//! A day is spread over [`SHARDS`] partitions, since one takes a thousand writes a second and every read of a record is
//! a write here. Entry ids order by time, so both the days and the index are read in order and from any point on.

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::TransactWriteItem;

use super::entry::Entry;
use crate::platform::dynamo::{Item, Key, Table, failure, to_item};
use crate::platform::error::{Error, Result};

/// Over how many partitions a day is spread.
pub const SHARDS: u128 = 8;

/// Appends to the trail; there is no way to change or delete what is on it.
#[derive(Clone, Debug)]
pub struct Audit {
    pub(super) table: Table,
}

fn key(entry: &Entry) -> Key {
    Key::new(format!("DAY#{}#{}", entry.at.date(), entry.id.ulid().random() % SHARDS), entry.id.to_string())
}

fn item(entry: &Entry) -> Result<Item> {
    to_item(&key(entry), entry)
}

impl Audit {
    /// In the table of the trail.
    pub fn new(table: Table) -> Self {
        Self { table }
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

    /// The write that puts `entry` on the trail in the same transaction as what it records.
    ///
    /// # Errors
    /// None in practice: an entry is always an item.
    pub fn action(&self, entry: &Entry) -> Result<TransactWriteItem> {
        self.table.create(item(entry)?)
    }
}
