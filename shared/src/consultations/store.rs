//! Consultations in DynamoDB. Everything of one is in its partition, `CON#<id>`:
//!
//! - `CON`: the consultation. Index `by_owner`: `PATIENT#<user>`; index `by_status`: `STATUS#<status>`.
//! - `DOCTOR#<user>`: that a doctor has it. Index `by_owner`: `DOCTOR#<user>`.
//! - `HEAD`: what messages are written against; in no index.
//! - `MSG#…`, `SENT#…`, `MARK#…`, `ATT#…`: see the other stores.
//!
//! Beside them `OWNER#<user>` / `OPEN` names the open consultations of a patient, and `RED_FLAG#<kind>` / `<day>` counts how often
//! words that speak of an emergency came, and nothing else of them.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use super::consultation::{Consultation, MOST_OPEN, Status};
use super::head::Head;
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{Expression, Item, Key, Table, Write, failure, from_item, n, s, to_item, value};
use crate::platform::error::Result;
use crate::platform::ids::{ConsultationId, PatientId, UserId};
use crate::red_flags::Kind;

/// For how long a count of emergencies is kept.
const COUNTS_KEPT: Duration = Duration::from_hours(400 * 24);

/// The consultation as its item holds it: itself, the keys of the indexes, and when it is let go.
#[derive(Serialize, Deserialize)]
struct Record {
    #[serde(flatten)]
    consultation: Consultation,
    owner: String,
    status_key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires_at: Option<i64>,
}

/// The head as its item holds it.
#[derive(Serialize, Deserialize)]
struct HeadRecord {
    #[serde(flatten)]
    head: Head,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires_at: Option<i64>,
}

/// That a doctor has a consultation.
#[derive(Serialize, Deserialize)]
struct DoctorRecord {
    id: ConsultationId,
    owner: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires_at: Option<i64>,
}

/// The table of consultations.
#[derive(Clone, Debug)]
pub struct ConsultationStore {
    pub(super) table: Table,
    /// For how long a message is kept, and a consultation after its end.
    pub(super) retention: Duration,
}

/// A list of consultations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Index<'a> {
    /// Those of a patient, the newest first.
    Patient(&'a UserId),
    /// Those that a doctor has, the newest first.
    Doctor(&'a UserId),
    /// Those in one state, the newest first.
    Status(Status),
}

/// Some ids in the order of an index.
#[derive(Debug)]
pub struct Batch {
    /// Which.
    pub ids: Vec<ConsultationId>,
    /// Whether others come after them.
    pub more: bool,
}

pub(super) fn partition(id: ConsultationId) -> String {
    format!("CON#{id}")
}

pub(super) fn key(id: ConsultationId) -> Key {
    Key::new(partition(id), "CON")
}

pub(super) fn head_key(id: ConsultationId) -> Key {
    Key::new(partition(id), "HEAD")
}

fn doctor_key(id: ConsultationId, doctor: &UserId) -> Key {
    Key::new(partition(id), format!("DOCTOR#{doctor}"))
}

pub(super) fn open_key(patient: &UserId) -> Key {
    Key::new(format!("OWNER#{patient}"), "OPEN")
}

fn doctor_owner(doctor: &UserId) -> String {
    format!("DOCTOR#{doctor}")
}

fn patient_owner(patient: &UserId) -> String {
    format!("PATIENT#{patient}")
}

fn status_key(status: Status) -> String {
    format!("STATUS#{}", status.as_str())
}

pub(super) fn whatever_is_there() -> Expression {
    Expression::new("attribute_exists(pk) OR attribute_not_exists(pk)")
}

pub(super) fn number(value: u64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

impl ConsultationStore {
    /// In the table of consultations, whose messages are kept for `retention`.
    pub fn new(table: Table, retention: Duration) -> Self {
        Self { table, retention }
    }

    fn until(&self, consultation: &Consultation) -> Option<i64> {
        consultation.closed.as_ref().map(|closed| closed.at.plus(self.retention).seconds())
    }

    fn item(&self, consultation: &Consultation) -> Result<Item> {
        let record = Record {
            owner: patient_owner(&consultation.patient),
            status_key: status_key(consultation.status),
            expires_at: self.until(consultation),
            consultation: consultation.clone(),
        };
        to_item(&key(consultation.id), record)
    }

    /// One consultation as the last write left it, unless its time is over.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn get(&self, id: ConsultationId, now: Timestamp) -> Result<Option<Consultation>> {
        let Some(item) = self.table.get_latest(&key(id)).await? else { return Ok(None) };
        let record: Record = from_item(item)?;
        let over = record.expires_at.is_some_and(|at| at <= now.seconds());
        Ok((!over).then_some(record.consultation))
    }

    /// Whether a doctor has a consultation that is open, of this account and for this patient of it.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn attended_by(
        &self,
        owner: &UserId,
        patient: Option<PatientId>,
        doctor: &UserId,
        now: Timestamp,
    ) -> Result<bool> {
        let Some(item) = self.table.get_latest(&open_key(owner)).await? else { return Ok(false) };
        let open = item.get("open").and_then(|open| open.as_ss().ok()).cloned().unwrap_or_default();
        let ids: Vec<_> = open.iter().filter_map(|id| ConsultationId::parse(id).ok()).collect();
        let attends = |one: &Consultation| {
            one.status.is_open() && one.doctor.as_ref() == Some(doctor) && one.for_patient == patient
        };
        Ok(self.get_many(&ids, now).await?.iter().any(|(one, _)| attends(one)))
    }

    /// The head of one as the last write left it, unless its time is over.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn head(&self, id: ConsultationId, now: Timestamp) -> Result<Option<Head>> {
        let item = self.table.get_latest(&head_key(id)).await?;
        Ok(item.map(|item| Self::head_of(item, now)).transpose()?.flatten())
    }

    /// The head in an item that was read, or that has refused a write.
    ///
    /// # Errors
    /// An item of another shape.
    pub(super) fn head_of(item: Item, now: Timestamp) -> Result<Option<Head>> {
        let record: HeadRecord = from_item(item)?;
        let over = record.expires_at.is_some_and(|at| at <= now.seconds());
        Ok((!over).then_some(record.head))
    }

    /// Several consultations with their heads, in any order; those that do not exist are absent.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn get_many(&self, ids: &[ConsultationId], now: Timestamp) -> Result<Vec<(Consultation, Head)>> {
        let keys: Vec<Key> = ids.iter().flat_map(|id| [key(*id), head_key(*id)]).collect();
        let (mut consultations, mut heads) = (Vec::new(), Vec::new());
        for item in self.table.get_many(&keys).await? {
            if item.get("sk") == Some(&s("CON")) {
                let record: Record = from_item(item)?;
                consultations.push(record.consultation);
            } else if let Some(head) = Self::head_of(item, now)? {
                heads.push(head);
            }
        }
        let with_head = |one: Consultation| {
            let head = heads.iter().find(|head| head.consultation == one.id)?.clone();
            Some((one, head))
        };
        Ok(consultations.into_iter().filter_map(with_head).collect())
    }

    /// The writes of a transaction that store a new consultation and count it among the open ones of its patient.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub(super) fn create(&self, new: &Consultation, head: &Head) -> Result<[Write; 3]> {
        let head_item = to_item(&head_key(head.consultation), HeadRecord { head: head.clone(), expires_at: None })?;
        Ok([self.table.create(self.item(new)?)?, self.table.create(head_item)?, self.open(new)?])
    }

    /// The write of a transaction that names a consultation among the open ones of its patient: a set, so that twice is once.
    fn open(&self, new: &Consultation) -> Result<Write> {
        let room = Expression::new("attribute_not_exists(#open) OR size(#open) < :most")
            .name("#open", "open")
            .value(":most", n(MOST_OPEN))
            .value(":this", AttributeValue::Ss(vec![new.id.to_string()]));
        self.table.update(&open_key(&new.patient), "ADD #open :this", room)
    }

    fn not_open(&self, closed: &Consultation) -> Result<Write> {
        let whatever = Expression::new("attribute_exists(pk) OR attribute_not_exists(pk)")
            .name("#open", "open")
            .value(":this", AttributeValue::Ss(vec![closed.id.to_string()]));
        self.table.update(&open_key(&closed.patient), "DELETE #open :this", whatever)
    }

    /// The writes of a transaction that store `changed` in place of the version that `before` is, and its head after it: the
    /// doctor's part goes from one to the other, and what was closed is open no more. The first two are the consultation and its
    /// head.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub(super) fn replace(
        &self,
        before: &Consultation,
        changed: &Consultation,
        head: (&Head, &Head),
    ) -> Result<Vec<Write>> {
        let read_at = Expression::new("version = :read_at").value(":read_at", number(before.version));
        let head = self.write_head(head.0, head.1, self.until(changed))?;
        let mut writes = vec![self.table.replace(self.item(changed)?, read_at)?, head];
        let moves = before.doctor != changed.doctor;
        if let Some(former) = before.doctor.as_ref().filter(|_| moves) {
            writes.push(self.table.delete(&doctor_key(before.id, former), whatever_is_there())?);
        }
        // What is closed goes one day, and the doctor's part with it.
        if let Some(doctor) = changed.doctor.as_ref().filter(|_| moves || changed.closed.is_some()) {
            let (owner, expires_at) = (doctor_owner(doctor), self.until(changed));
            let item = to_item(&doctor_key(changed.id, doctor), DoctorRecord { id: changed.id, owner, expires_at })?;
            writes.push(self.table.replace(item, whatever_is_there())?);
        }
        if !changed.status.is_open() {
            writes.push(self.not_open(changed)?);
        }
        Ok(writes)
    }

    /// The write of a transaction that puts `after` in the place of `before`. The head is as it was read: as open as it was,
    /// between the same two, and with the same last message.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub(super) fn write_head(&self, before: &Head, after: &Head, until: Option<i64>) -> Result<Write> {
        let condition = Expression::new("version = :read_at AND #last = :seen")
            .value(":read_at", number(before.version))
            .value(":seen", s(before.last));
        let fields = [
            ("#doctor", "doctor", value(&after.doctor)?),
            ("#open", "open", AttributeValue::Bool(after.open)),
            ("#status", "status", value(after.status)?),
            ("#version", "version", number(after.version)),
            ("#last", "last", s(after.last)),
            ("#last_at", "last_at", s(after.last_at)),
            ("#tally", "tally", value(after.tally)?),
            ("#keys", "keys", value(&after.keys)?),
        ];
        let expires = until.map(|until| ("#expires_at", "expires_at", n(until)));
        let (mut sets, mut condition) = (Vec::new(), condition);
        for (name, attribute, value) in fields.into_iter().chain(expires) {
            let placeholder = format!(":{attribute}");
            sets.push(format!("{name} = {placeholder}"));
            condition = condition.name(name, attribute).value(&placeholder, value);
        }
        self.table.update(&head_key(before.consultation), &format!("SET {}", sets.join(", ")), condition)
    }

    /// The write of a transaction that says that the doctor has begun to write.
    ///
    /// # Errors
    /// None in practice: the builder is complete.
    pub(super) fn begin(&self, head: &Head) -> Result<Write> {
        let condition = Expression::new("version = :read_at")
            .name("#status", "status")
            .value(":read_at", number(head.version))
            .value(":version", number(head.version + 1))
            .value(":status", value(Status::InProgress)?)
            .value(":status_key", s(status_key(Status::InProgress)));
        let sets = "SET #status = :status, status_key = :status_key, version = :version";
        self.table.update(&key(head.consultation), sets, condition)
    }

    /// Up to `limit` ids of an index, from the one after `after` on.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn batch(&self, index: Index<'_>, after: Option<ConsultationId>, limit: i32) -> Result<Batch> {
        let (name, attribute, partition) = match index {
            Index::Patient(user) => ("by_owner", "owner", patient_owner(user)),
            Index::Doctor(user) => ("by_owner", "owner", doctor_owner(user)),
            Index::Status(status) => ("by_status", "status_key", status_key(status)),
        };
        let start = after.map(|id| {
            let item = match index {
                Index::Doctor(user) => doctor_key(id, user),
                _ => key(id),
            };
            let place = [(attribute.to_owned(), s(&partition)), ("id".to_owned(), s(id))];
            item.attributes().into_iter().chain(place).collect()
        });
        let request = self.table.client().query().table_name(self.table.name()).index_name(name);
        let answer = request
            .key_condition_expression("#partition = :partition")
            .expression_attribute_names("#partition", attribute)
            .expression_attribute_values(":partition", s(&partition))
            .set_exclusive_start_key(start)
            .scan_index_forward(false)
            .limit(limit)
            .send()
            .await
            .map_err(failure)?;
        #[derive(Deserialize)]
        struct Listed {
            id: ConsultationId,
        }
        let more = answer.last_evaluated_key.is_some();
        let ids = answer.items.unwrap_or_default().into_iter().map(|item| Ok(from_item::<Listed>(item)?.id));
        Ok(Batch { ids: ids.collect::<Result<_>>()?, more })
    }

    /// Up to `limit` consultations in a state, the oldest first. The index lags a little behind.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn oldest(&self, status: Status, limit: i32) -> Result<Vec<Consultation>> {
        let request = self.table.client().query().table_name(self.table.name()).index_name("by_status");
        let answer = request
            .key_condition_expression("status_key = :status")
            .expression_attribute_values(":status", s(status_key(status)))
            .limit(limit)
            .send()
            .await
            .map_err(failure)?;
        let found = answer.items.unwrap_or_default().into_iter().map(from_item::<Record>);
        found.map(|record| record.map(|record| record.consultation)).collect()
    }

    /// Counts words that spoke of an emergency; nothing of them, and not whose they were.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn count_red_flag(&self, kind: Kind, now: Timestamp) -> Result<()> {
        let place = Key::new(format!("RED_FLAG#{}", kind.as_str()), now.date().to_string());
        self.table.count(&place, 1, u32::MAX >> 1, now.plus(COUNTS_KEPT)).await.map(|_| ())
    }
}
