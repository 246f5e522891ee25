//! Prescriptions in DynamoDB: `RX#<id>`, with the index `by_owner` for patients and `by_status` for the staff queue.
//!
//! Beside them stand `FILE#<sha256>` / `<owner>#<id>`, who has uploaded which bytes, and `OWNER#<id>` / `ANNOUNCED`, how
//! many files of prescriptions somebody has announced on the last day they did. Neither has the attributes of the indexes.

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use serde::{Deserialize, Serialize};

use super::prescription::{Prescription, Status};
use crate::platform::clock::Date;
use crate::platform::dynamo::{
    Expression, Item, Key, Outcome, Table, Write, failure, from_item, n, s, to_item, transact, value,
};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PrescriptionId, UserId};

/// How many files of prescriptions one person may announce on one day: each lets 10 MB in and has them checked.
pub const MOST_A_DAY: i64 = 20;

/// The prescription as its item holds it: itself, and the keys of the indexes.
#[derive(Serialize, Deserialize)]
struct Record {
    #[serde(flatten)]
    prescription: Prescription,
    /// The partition of `by_status`.
    status_key: String,
}

/// The table of prescriptions.
#[derive(Clone, Debug)]
pub struct PrescriptionStore {
    pub(super) table: Table,
}

pub(super) fn key(id: PrescriptionId) -> Key {
    Key::new(format!("RX#{id}"), "RX")
}

pub(super) fn announced_key(owner: &UserId) -> Key {
    Key::new(format!("OWNER#{owner}"), "ANNOUNCED")
}

fn file_partition(sha256: &str) -> String {
    format!("FILE#{sha256}")
}

pub(super) fn file_key(sha256: &str, owner: &UserId, id: PrescriptionId) -> Key {
    Key::new(file_partition(sha256), format!("{owner}#{id}"))
}

pub(super) fn whatever_is_there() -> Expression {
    Expression::new("attribute_exists(pk) OR attribute_not_exists(pk)")
}

/// An index to list prescriptions by.
#[derive(Clone, Copy, Debug)]
pub enum Index<'a> {
    /// A patient's, newest first.
    Owner(&'a UserId),
    /// All in one stored state, oldest first.
    Status(Status),
}

/// Some prescriptions in the order of an index.
#[derive(Debug)]
pub struct Batch {
    /// The prescriptions.
    pub prescriptions: Vec<Prescription>,
    /// Whether others come after them.
    pub more: bool,
}

pub(super) fn status_key(status: Status) -> String {
    format!("STATUS#{}", status.as_str())
}

impl PrescriptionStore {
    /// In the prescriptions' table.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// One prescription as the last write left it.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn get(&self, id: PrescriptionId) -> Result<Option<Prescription>> {
        self.table.get_latest(&key(id)).await?.map(Self::from_item).transpose()
    }

    /// Several prescriptions, in any order; those that do not exist are absent.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn get_many(&self, ids: &[PrescriptionId]) -> Result<Vec<Prescription>> {
        let keys: Vec<Key> = ids.iter().copied().map(key).collect();
        let items = self.table.get_many(&keys).await?;
        items.into_iter().map(Self::from_item).collect()
    }

    /// The prescription in an item.
    ///
    /// # Errors
    /// An item of another shape.
    pub fn from_item(item: Item) -> Result<Prescription> {
        Ok(from_item::<Record>(item)?.prescription)
    }

    /// The write of a transaction that stores `changed` in place of the version it was read at.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub fn save(&self, changed: &Prescription) -> Result<TransactWriteItem> {
        let read_at = changed.version;
        let next = Prescription { version: read_at + 1, ..changed.clone() };
        let condition = Expression::new("version = :read_at").value(":read_at", AttributeValue::N(read_at.to_string()));
        self.table.replace(Self::to_item(&next)?, condition)
    }

    /// Holds a transaction to the prescription still standing: approved or spent (perhaps by this very order), and not
    /// past its last day.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub fn still_good(&self, id: PrescriptionId, today: Date) -> Result<TransactWriteItem> {
        let condition = Expression::new("#status IN (:approved, :spent) AND valid_until >= :today")
            .name("#status", "status")
            .value(":approved", value(Status::Approved)?)
            .value(":spent", value(Status::Spent)?)
            .value(":today", s(today));
        self.table.check(&key(id), condition)
    }

    /// Stores `changed` in place of the version it was read at, together with `others`; what is stored then, or `None`
    /// where somebody else was first.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn replace(&self, changed: Prescription, others: Vec<TransactWriteItem>) -> Result<Option<Prescription>> {
        let mut writes = vec![self.save(&changed)?];
        writes.extend(others);
        Ok(match transact(self.table.client(), writes).await? {
            Outcome::Done => Some(Prescription { version: changed.version + 1, ..changed }),
            Outcome::Refused(_) => None,
        })
    }

    /// Stores a new prescription, together with `others`, and counts its files; whether its owner had so many left for
    /// `today`.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn create(&self, new: &Prescription, others: Vec<TransactWriteItem>, today: Date) -> Result<bool> {
        let files = i64::try_from(new.sheets.count()).map_err(Error::internal)?;
        let more = self.count_more(&new.owner, today, files)?;
        // The last try is for who was not first of the day because of a rival of their own.
        for count in [more.clone(), self.count_first(&new.owner, today, files)?, more] {
            let mut writes = vec![count, self.table.create(Self::to_item(new)?)?];
            writes.extend(others.iter().cloned());
            if let Outcome::Done = transact(self.table.client(), writes).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn count_more(&self, owner: &UserId, today: Date, files: i64) -> Result<TransactWriteItem> {
        let condition = Expression::new("#day = :today AND #count <= :most")
            .name("#day", "day")
            .name("#count", "count")
            .value(":today", s(today))
            .value(":most", n(MOST_A_DAY - files))
            .value(":files", n(files));
        self.table.update(&announced_key(owner), "SET #count = #count + :files", condition)
    }

    fn count_first(&self, owner: &UserId, today: Date, files: i64) -> Result<TransactWriteItem> {
        let condition = Expression::new("attribute_not_exists(#day) OR #day < :today")
            .name("#day", "day")
            .name("#count", "count")
            .value(":today", s(today))
            .value(":files", n(files));
        self.table.update(&announced_key(owner), "SET #day = :today, #count = :files", condition)
    }

    /// Up to `limit` prescriptions of an index, from the one after `after` on.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn batch(&self, index: Index<'_>, after: Option<PrescriptionId>, limit: i32) -> Result<Batch> {
        let (name, attribute, partition, oldest_first) = match index {
            Index::Owner(owner) => ("by_owner", "owner", owner.to_string(), false),
            Index::Status(status) => ("by_status", "status_key", status_key(status), true),
        };
        let start = after.map(|id| {
            let place = [(attribute.to_owned(), s(&partition)), ("id".to_owned(), s(id))];
            key(id).attributes().into_iter().chain(place).collect()
        });
        let request = self.table.client().query().table_name(self.table.name()).index_name(name);
        let answer = request
            .key_condition_expression("#partition = :partition")
            .expression_attribute_names("#partition", attribute)
            .expression_attribute_values(":partition", s(&partition))
            .set_exclusive_start_key(start)
            .scan_index_forward(oldest_first)
            .limit(limit)
            .send()
            .await
            .map_err(failure)?;
        let more = answer.last_evaluated_key.is_some();
        let prescriptions = answer.items.unwrap_or_default().into_iter().map(Self::from_item).collect::<Result<_>>()?;
        Ok(Batch { prescriptions, more })
    }

    /// The write of a transaction that remembers that `owner` has uploaded these bytes; a second time changes nothing.
    ///
    /// # Errors
    /// None in practice: the builder is complete.
    pub fn remember_file(&self, sha256: &str, owner: &UserId, id: PrescriptionId) -> Result<Write> {
        self.table.replace(file_key(sha256, owner, id).attributes(), whatever_is_there())
    }

    /// Notes on a prescription that waits for its file which bytes are about to be copied for it, and remembers who has
    /// uploaded them: both or neither, so that whoever deletes the prescription finds all there is of it. What is stored
    /// then, or `None` where somebody else was first.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn note_check(&self, waiting: Prescription, sha256: &str) -> Result<Option<Prescription>> {
        if waiting.checking.iter().any(|noted| noted == sha256) {
            return Ok(Some(waiting));
        }
        let uploaded = self.remember_file(sha256, &waiting.owner, waiting.id)?;
        let mut noted = waiting;
        noted.checking.push(sha256.to_owned());
        self.replace(noted, vec![uploaded]).await
    }

    /// Whether anybody but `owner` has uploaded these bytes.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn file_of_another(&self, sha256: &str, owner: &UserId) -> Result<bool> {
        // `owner`'s own entries lie between these two; `$` is the character after `#`.
        let before = self.any_file(sha256, "sk < :edge", format!("{owner}#"));
        let after = self.any_file(sha256, "sk > :edge", format!("{owner}$"));
        Ok(before.await? || after.await?)
    }

    async fn any_file(&self, sha256: &str, range: &str, edge: String) -> Result<bool> {
        let request = self.table.client().query().table_name(self.table.name()).consistent_read(true).limit(1);
        let answer = request
            .key_condition_expression(format!("pk = :file AND {range}"))
            .expression_attribute_values(":file", s(file_partition(sha256)))
            .expression_attribute_values(":edge", s(edge))
            .send()
            .await
            .map_err(failure)?;
        Ok(answer.items.is_some_and(|items| !items.is_empty()))
    }

    fn to_item(prescription: &Prescription) -> Result<Item> {
        let record = Record { status_key: status_key(prescription.status), prescription: prescription.clone() };
        to_item(&key(prescription.id), record)
    }
}
