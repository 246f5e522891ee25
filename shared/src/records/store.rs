//! Records in DynamoDB. Everything about a patient is in one partition, `PATIENT#<patient>`:
//!
//! - `A#<kind>#<record>`: allergies, conditions and medications, which screening reads in one query; `B#<kind>#<record>`: the
//!   other kinds. Each as it is now; what was taken away is not here any more.
//! - `A#looked_up#<record>`: for which products a pharmacist has looked up what a name of that record is.
//! - `V#<record>#<version>`: each version as it was, the one of now included.
//! - `GRANT#<user>`: that the owner lets somebody read.

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::try_join3;
use serde::{Deserialize, Serialize};

use super::details::Details;
use super::grant::Grant;
use super::kind::Kind;
use super::look_up::LookUp;
use super::record::{Record, says_until};
use super::screened::{ScreenedRecords, labs_do, measurements_do};
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{Expression, Item, Key, Table, Write, failure, from_item, s, to_item, write};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PatientId, RecordId, UserId};

/// What was looked up of records, beside those that screening reads.
const LOOKED_UP: &str = "A#looked_up#";
/// How many items are read at once where all of them are wanted.
const PAGE: i32 = 200;
/// How many results of laboratories screening reads at first for those of the kidneys.
const SCREENED_LABS: i32 = 100;
/// How many measurements it reads at first for a height and a weight.
const SCREENED_MEASUREMENTS: i32 = 50;
/// How many it reads at once where the first do not do.
const SCREENED_MORE: i32 = 1000;
/// How often it reads on: somebody with more on record is screened by nobody's guess.
const SCREENED_PAGES: usize = 20;

/// The table of records.
#[derive(Clone, Debug)]
pub struct RecordStore {
    pub(crate) table: Table,
}

/// A grant as its item holds it.
#[derive(Serialize, Deserialize)]
struct GrantRecord {
    #[serde(flatten)]
    grant: Grant,
    /// In seconds since 1970: the table's time to live.
    expires_at: i64,
}

/// Some records in the order of a list.
#[derive(Debug)]
pub struct Batch {
    /// Which.
    pub records: Vec<Record>,
    /// Whether others come after them.
    pub more: bool,
}

/// The partition of a patient.
pub(crate) fn partition(patient: PatientId) -> String {
    format!("PATIENT#{patient}")
}

fn prefix(kind: Kind) -> String {
    format!("{}#{kind}#", if kind.is_screened() { "A" } else { "B" })
}

fn record_key(patient: PatientId, kind: Kind, id: RecordId) -> Key {
    Key::new(partition(patient), format!("{}{id}", prefix(kind)))
}

fn versions_prefix(id: RecordId) -> String {
    format!("V#{id}#")
}

fn version_key(patient: PatientId, id: RecordId, version: u64) -> Key {
    Key::new(partition(patient), format!("{}{version:08}", versions_prefix(id)))
}

fn grant_key(patient: PatientId, to: &UserId) -> Key {
    Key::new(partition(patient), format!("GRANT#{to}"))
}

fn whatever_is_there() -> Expression {
    Expression::new("attribute_exists(pk) OR attribute_not_exists(pk)")
}

impl RecordStore {
    /// In the table of records.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// A record as it is now.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn get(&self, patient: PatientId, kind: Kind, id: RecordId) -> Result<Option<Record>> {
        self.table.get_latest(&record_key(patient, kind, id)).await?.map(from_item).transpose()
    }

    /// The writes of a transaction that store a new record, with its first version.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub fn create(&self, new: &Record) -> Result<[Write; 2]> {
        let now = self.table.create(to_item(&record_key(new.patient, new.kind(), new.id), new)?)?;
        Ok([now, self.version(new)?])
    }

    /// The writes of a transaction that put `changed` in place of the version before it, and keep both.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub fn replace(&self, changed: &Record) -> Result<[Write; 2]> {
        let key = record_key(changed.patient, changed.kind(), changed.id);
        let before = AttributeValue::N(changed.version.saturating_sub(1).to_string());
        let read_at = Expression::new("version = :read_at").value(":read_at", before);
        let now = match changed.removed_at {
            Some(_) => self.table.delete(&key, read_at)?,
            None => self.table.replace(to_item(&key, changed)?, read_at)?,
        };
        Ok([now, self.version(changed)?])
    }

    fn version(&self, record: &Record) -> Result<Write> {
        self.table.create(to_item(&version_key(record.patient, record.id, record.version), record)?)
    }

    /// Up to `limit` records of a kind, the newest first, from the one after `after` on.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn batch(&self, patient: PatientId, kind: Kind, after: Option<RecordId>, limit: i32) -> Result<Batch> {
        let start = after.map(|id| record_key(patient, kind, id).attributes());
        let (items, next) = self.query(patient, &prefix(kind), start, limit, false).await?;
        let records = items.into_iter().map(from_item).collect::<Result<_>>()?;
        Ok(Batch { records, more: next.is_some() })
    }

    /// All versions of a record, the newest first.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn versions(&self, patient: PatientId, id: RecordId) -> Result<Vec<Record>> {
        self.all(patient, &versions_prefix(id), false).await
    }

    /// All records of a kind, the oldest first.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn of_kind(&self, patient: PatientId, kind: Kind) -> Result<Vec<Record>> {
        self.all(patient, &prefix(kind), true).await
    }

    /// What screening goes by, in three queries side by side: all allergies, conditions and medications, and the results of
    /// laboratories and the measurements from the latest on, as far as any may still count. Who has many on record takes more
    /// queries. An allergy that was ruled out, and a condition that is over, are among them; each says so.
    ///
    /// # Errors
    /// DynamoDB does not answer, or there is more on record than is read.
    pub async fn screened(&self, patient: PatientId, now: Timestamp) -> Result<ScreenedRecords> {
        let labs = self.lately(patient, Kind::Labs, SCREENED_LABS, |read, unread| labs_do(read, unread, now));
        let measurements = self.lately(patient, Kind::Measurements, SCREENED_MEASUREMENTS, |read, unread| {
            measurements_do(read, unread, now)
        });
        let (items, labs, measurements) = try_join3(self.items(patient, "A#"), labs, measurements).await?;
        let mut screened = ScreenedRecords::default();
        for item in items {
            match Key::of(&item).is_some_and(|key| key.sk.starts_with(LOOKED_UP)) {
                true => screened.looked_up.push(from_item(item)?),
                false => {
                    let record: Record = from_item(item)?;
                    screened.places.push((record.id, record.version));
                    screened.details.push(record.details);
                }
            }
        }
        for latest in labs.into_iter().chain(measurements) {
            match latest {
                Details::Labs(lab) => screened.labs.push(lab),
                Details::Measurements(measurement) => screened.measurements.push(measurement),
                _ => {}
            }
        }
        Ok(screened)
    }

    /// What records of a kind say from the newest on, up to where `do_they` finds that what says nothing of a later time than this
    /// adds nothing to it.
    async fn lately(
        &self,
        patient: PatientId,
        kind: Kind,
        first: i32,
        do_they: impl Fn(&[Details], Timestamp) -> bool,
    ) -> Result<Vec<Details>> {
        let (mut read, mut after, mut limit) = (Vec::new(), None, first);
        for _ in 0..SCREENED_PAGES {
            let batch = self.batch(patient, kind, after, limit).await?;
            let last = batch.records.last().map(|record| record.id).filter(|_| batch.more);
            read.extend(batch.records.into_iter().map(|record| record.details));
            match last {
                Some(last) if !do_they(&read, says_until(last)) => (after, limit) = (Some(last), SCREENED_MORE),
                _ => return Ok(read),
            }
        }
        Err(Error::unavailable("there is more on record than screening reads"))
    }

    /// All versions of all records, those that were taken away included.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn everything(&self, patient: PatientId) -> Result<Vec<Record>> {
        self.all(patient, "V#", true).await
    }

    /// What pharmacists have looked up of a patient's records.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn looked_up(&self, patient: PatientId) -> Result<Vec<LookUp>> {
        self.items(patient, LOOKED_UP).await?.into_iter().map(from_item).collect()
    }

    /// The write of a transaction that puts down what was looked up of a record, in the place of what was before.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub fn look_up(&self, patient: PatientId, next: &LookUp) -> Result<Write> {
        let before = AttributeValue::N(next.revision.saturating_sub(1).to_string());
        let unmoved = Expression::new("attribute_not_exists(pk) OR revision = :before").value(":before", before);
        let key = Key::new(partition(patient), format!("{LOOKED_UP}{}", next.record));
        self.table.replace(to_item(&key, next)?, unmoved)
    }

    async fn items(&self, patient: PatientId, prefix: &str) -> Result<Vec<Item>> {
        let (mut all, mut start) = (Vec::new(), None);
        loop {
            let (items, next) = self.query(patient, prefix, start, PAGE, true).await?;
            all.extend(items);
            start = next;
            if start.is_none() {
                return Ok(all);
            }
        }
    }

    async fn all(&self, patient: PatientId, prefix: &str, oldest_first: bool) -> Result<Vec<Record>> {
        let (mut records, mut start) = (Vec::new(), None);
        loop {
            let (items, next) = self.query(patient, prefix, start, PAGE, oldest_first).await?;
            for item in items {
                records.push(from_item(item)?);
            }
            start = next;
            if start.is_none() {
                return Ok(records);
            }
        }
    }

    pub(crate) async fn query(
        &self,
        patient: PatientId,
        prefix: &str,
        start: Option<Item>,
        limit: i32,
        oldest_first: bool,
    ) -> Result<(Vec<Item>, Option<Item>)> {
        let query = self.table.client().query().table_name(self.table.name()).consistent_read(true);
        let answer = query
            .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
            .expression_attribute_values(":pk", s(partition(patient)))
            .expression_attribute_values(":prefix", s(prefix))
            .set_exclusive_start_key(start)
            .scan_index_forward(oldest_first)
            .limit(limit)
            .send()
            .await
            .map_err(failure)?;
        Ok((answer.items.unwrap_or_default(), answer.last_evaluated_key))
    }

    /// What somebody was granted, as long as it holds.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn grant(&self, patient: PatientId, to: &UserId, now: Timestamp) -> Result<Option<Grant>> {
        let item = self.table.get_latest(&grant_key(patient, to)).await?;
        let grant = item.map(from_item::<GrantRecord>).transpose()?.map(|record| record.grant);
        Ok(grant.filter(|grant| grant.holds_at(now)))
    }

    /// All that was granted and holds.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn grants(&self, patient: PatientId, now: Timestamp) -> Result<Vec<Grant>> {
        let (mut grants, mut start) = (Vec::new(), None);
        loop {
            let (items, next) = self.query(patient, "GRANT#", start, PAGE, true).await?;
            for item in items {
                grants.push(from_item::<GrantRecord>(item)?.grant);
            }
            start = next;
            if start.is_none() {
                grants.retain(|grant| grant.holds_at(now));
                return Ok(grants);
            }
        }
    }

    /// The write of a transaction that lets somebody read; in the place of what was granted before.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub fn give(&self, grant: &Grant) -> Result<Write> {
        let record = GrantRecord { grant: grant.clone(), expires_at: grant.until.seconds() };
        self.table.replace(to_item(&grant_key(grant.patient, &grant.to), record)?, whatever_is_there())
    }

    /// The write of a transaction that lets somebody read no more; what is not granted stays so.
    ///
    /// # Errors
    /// None in practice: the builder is complete.
    pub fn take_back(&self, patient: PatientId, to: &UserId) -> Result<Write> {
        self.table.delete(&grant_key(patient, to), whatever_is_there())
    }

    /// Keys of what is in the partition of a patient.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(crate) async fn keys(&self, patient: PatientId) -> Result<Vec<Key>> {
        let query = self.table.client().query().table_name(self.table.name()).consistent_read(true);
        let answer = query
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", s(partition(patient)))
            .projection_expression("pk, sk")
            .limit(PAGE)
            .send()
            .await
            .map_err(failure)?;
        Ok(answer.items.unwrap_or_default().iter().filter_map(Key::of).collect())
    }

    /// Deletes one item, whatever it is.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(crate) async fn delete(&self, key: &Key) -> Result<()> {
        write(self.table.client(), self.table.delete(key, whatever_is_there())?).await.map(|_| ())
    }
}
