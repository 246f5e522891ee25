//! What the erasure of a person does to the table of prescriptions.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;

use super::prescription::Prescription;
use super::store::{PrescriptionStore, announced_key, file_key, key, whatever_is_there};
use crate::platform::dynamo::{Expression, Key, Write, write};
use crate::platform::error::Result;
use crate::platform::ids::UserId;

/// Who has uploaded what for a prescription: its files, and what a check has copied besides.
fn uploads(of: &Prescription) -> Vec<Key> {
    let files = of.sheets.files().map(|file| &file.sha256);
    let all: BTreeSet<&String> = files.chain(&of.checking).collect();
    all.into_iter().map(|sha256| file_key(sha256, &of.owner, of.id)).collect()
}

impl PrescriptionStore {
    /// The writes of a transaction that delete a prescription at the version it was read at, and who has uploaded what for
    /// it.
    pub(super) fn delete(&self, read: &Prescription) -> Result<Vec<Write>> {
        let version = AttributeValue::N(read.version.to_string());
        let unchanged = Expression::new("version = :read_at").value(":read_at", version);
        let mut writes = vec![self.table.delete(&key(read.id), unchanged)?, self.forget_reading(read.id)?];
        for upload in uploads(read) {
            writes.push(self.table.delete(&upload, whatever_is_there())?);
        }
        Ok(writes)
    }

    /// The writes of a transaction that put `stripped` in place of `read`, and its owner in place of who uploaded its
    /// files: the same file on another account still shows. Of what else was uploaded it remembers nobody.
    pub(super) fn hand_over(&self, read: &Prescription, stripped: &Prescription) -> Result<Vec<Write>> {
        let mut writes = vec![self.save(stripped)?, self.forget_reading(read.id)?];
        for before in uploads(read) {
            writes.push(self.table.delete(&before, whatever_is_there())?);
        }
        for after in uploads(stripped) {
            writes.push(self.table.replace(after.attributes(), whatever_is_there())?);
        }
        Ok(writes)
    }

    /// Forgets who has uploaded what a check has copied and did not make a file of `read`.
    pub(super) async fn forget_checks(&self, read: &Prescription) -> Result<()> {
        for sha256 in read.left_over() {
            let upload = file_key(sha256, &read.owner, read.id);
            write(self.table.client(), self.table.delete(&upload, whatever_is_there())?).await?;
        }
        Ok(())
    }

    /// Forgets how many prescriptions somebody has announced.
    pub(super) async fn forget_announcements(&self, owner: &UserId) -> Result<()> {
        let delete = self.table.delete(&announced_key(owner), whatever_is_there())?;
        write(self.table.client(), delete).await.map(|_| ())
    }
}
