//! Triages in DynamoDB, in the table of records: `PATIENT#<patient>` / `TRIAGE#<triage>`.

use super::session::Triage;
use crate::platform::dynamo::{Expression, Key, Table, Write, from_item, n, to_item};
use crate::platform::error::Result;
use crate::platform::ids::{PatientId, TriageId};
use crate::records::RecordStore;

/// The table of records, as far as triages are in it.
#[derive(Clone, Debug)]
pub struct TriageStore {
    pub(super) table: Table,
}

/// Some triages in the order of a list.
#[derive(Debug)]
pub struct Batch {
    /// Which.
    pub triages: Vec<Triage>,
    /// Whether others come after them.
    pub more: bool,
}

const PREFIX: &str = "TRIAGE#";

fn key(patient: PatientId, id: TriageId) -> Key {
    Key::new(format!("PATIENT#{patient}"), format!("{PREFIX}{id}"))
}

impl TriageStore {
    /// In the table of records.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// One triage.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn get(&self, patient: PatientId, id: TriageId) -> Result<Option<Triage>> {
        self.table.get_latest(&key(patient, id)).await?.map(from_item).transpose()
    }

    /// Up to `limit` of a patient, the newest first, from the one after `after` on.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn batch(&self, patient: PatientId, after: Option<TriageId>, limit: i32) -> Result<Batch> {
        let start = after.map(|id| key(patient, id).attributes());
        let records = RecordStore::new(self.table.clone());
        let (items, next) = records.query(patient, PREFIX, start, limit, false).await?;
        Ok(Batch { triages: items.into_iter().map(from_item).collect::<Result<_>>()?, more: next.is_some() })
    }

    /// The write of a transaction that stores a triage in place of the version before it; the first where there is none.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub(super) fn save(&self, triage: &Triage) -> Result<Write> {
        let item = to_item(&key(triage.patient, triage.id), triage)?;
        match triage.version {
            0 | 1 => self.table.create(item),
            version => {
                let before = i64::try_from(version.saturating_sub(1)).unwrap_or(i64::MAX);
                self.table.replace(item, Expression::new("version = :read_at").value(":read_at", n(before)))
            }
        }
    }
}
