//! Imports of bundles in DynamoDB: `IMPORT#<import>` in the partition of the patient, gone a month after it was announced.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Serialize;

use super::bundle::BundleImport;
use super::store::{RecordStore, partition};
use crate::platform::dynamo::{Expression, Key, Outcome, Write, from_item, to_item, transact};
use crate::platform::error::Result;
use crate::platform::ids::{ImportId, PatientId};

const KEPT: Duration = Duration::from_hours(24 * 30);

/// An import as its item holds it.
#[derive(Serialize)]
struct Held<'i> {
    #[serde(flatten)]
    import: &'i BundleImport,
    /// In seconds since 1970: the table's time to live.
    expires_at: i64,
}

impl<'i> Held<'i> {
    fn of(import: &'i BundleImport) -> Self {
        Self { import, expires_at: import.announced_at.plus(KEPT).seconds() }
    }
}

fn key(patient: PatientId, id: ImportId) -> Key {
    Key::new(partition(patient), format!("IMPORT#{id}"))
}

impl RecordStore {
    /// An import.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn bundle_import(&self, patient: PatientId, id: ImportId) -> Result<Option<BundleImport>> {
        self.table.get_latest(&key(patient, id)).await?.map(from_item).transpose()
    }

    /// All imports of a patient, the oldest first.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn bundle_imports(&self, patient: PatientId) -> Result<Vec<BundleImport>> {
        let (mut imports, mut start) = (Vec::new(), None);
        loop {
            let (items, next) = self.query(patient, "IMPORT#", start, 50, true).await?;
            for item in items {
                imports.push(from_item(item)?);
            }
            start = next;
            if start.is_none() {
                return Ok(imports);
            }
        }
    }

    /// The write of a transaction that announces an import.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub fn announce(&self, import: &BundleImport) -> Result<Write> {
        self.table.create(to_item(&key(import.patient, import.id), Held::of(import))?)
    }

    /// Writes how far an import has come since it was `read`: as it is then, or nothing where another run was first or the import is
    /// gone.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn save_import(&self, read: &BundleImport, next: &BundleImport) -> Result<Option<BundleImport>> {
        let next = BundleImport { version: read.version + 1, ..next.clone() };
        let unmoved = Expression::new("version = :read").value(":read", AttributeValue::N(read.version.to_string()));
        let item = to_item(&key(next.patient, next.id), Held::of(&next))?;
        match transact(self.table.client(), vec![self.table.replace(item, unmoved)?]).await? {
            Outcome::Done => Ok(Some(next)),
            Outcome::Refused(_) => Ok(None),
        }
    }

    /// The part of a transaction that holds it to that an import is still there: whoever is erased meanwhile stays so.
    ///
    /// # Errors
    /// None in practice.
    pub fn during(&self, patient: PatientId, import: ImportId) -> Result<Write> {
        self.table.check(&key(patient, import), Expression::new("attribute_exists(pk)"))
    }
}
