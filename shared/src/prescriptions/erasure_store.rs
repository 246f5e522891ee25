//! What the erasure of a person does to the table of prescriptions.

use aws_sdk_dynamodb::types::AttributeValue;

use super::prescription::Prescription;
use super::store::{PrescriptionStore, announced_key, file_partition, key};
use crate::platform::dynamo::{Expression, Key, Write, write};
use crate::platform::error::Result;
use crate::platform::ids::UserId;

fn whatever_is_there() -> Expression {
    Expression::new("attribute_exists(pk) OR attribute_not_exists(pk)")
}

/// Who has uploaded the file of a prescription, if it has one.
fn uploader(of: &Prescription) -> Option<Key> {
    of.file.as_ref().map(|file| Key::new(file_partition(&file.sha256), format!("{}#{}", of.owner, of.id)))
}

impl PrescriptionStore {
    /// The writes of a transaction that delete a prescription at the version it was read at, and who uploaded its file.
    pub(super) fn delete(&self, read: &Prescription) -> Result<Vec<Write>> {
        let version = AttributeValue::N(read.version.to_string());
        let unchanged = Expression::new("version = :read_at").value(":read_at", version);
        let mut writes = vec![self.table.delete(&key(read.id), unchanged)?];
        if let Some(uploader) = uploader(read) {
            writes.push(self.table.delete(&uploader, whatever_is_there())?);
        }
        Ok(writes)
    }

    /// The writes of a transaction that put `stripped` in place of `read`, and its owner in place of who uploaded the
    /// file: the same file on another account still shows.
    pub(super) fn hand_over(&self, read: &Prescription, stripped: &Prescription) -> Result<Vec<Write>> {
        let mut writes = vec![self.save(stripped)?];
        if let (Some(before), Some(after)) = (uploader(read), uploader(stripped)) {
            writes.push(self.table.delete(&before, whatever_is_there())?);
            writes.push(self.table.replace(after.attributes(), whatever_is_there())?);
        }
        Ok(writes)
    }

    /// Forgets how many prescriptions somebody has announced.
    pub(super) async fn forget_announcements(&self, owner: &UserId) -> Result<()> {
        let delete = self.table.delete(&announced_key(owner), whatever_is_there())?;
        write(self.table.client(), delete).await.map(|_| ())
    }
}
