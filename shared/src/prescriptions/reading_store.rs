//! What a machine has read on prescriptions, in DynamoDB: `RX#<id>` / `READING`, for as long as nobody has decided on it.

use serde::{Deserialize, Serialize};

use super::prescription::{Prescription, Status};
use super::store::{PrescriptionStore, key, whatever_is_there};
use super::suggest::Suggestions;
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{Expression, Key, Outcome, Write, from_item, n, s, to_item, transact, value};
use crate::platform::error::Result;
use crate::platform::ids::PrescriptionId;

/// What was read on the file of a prescription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// By what.
    pub engine: String,
    /// Of which form it is; what has another is not shown.
    pub version: u32,
    /// When.
    pub at: Timestamp,
    /// Of which file: where it is in the scans bucket.
    pub object_key: String,
    /// How many pages were read, from the first on.
    pub pages_read: usize,
    /// How many there are; a file after the first counts as one.
    pub pages: usize,
    /// What is suggested.
    pub suggestions: Suggestions,
}

/// The form of readings that this house writes and shows.
pub const VERSION: u32 = 1;

impl Reading {
    /// Whether it is of the first file that a prescription has.
    pub(super) fn is_of(&self, prescription: &Prescription) -> bool {
        prescription.sheets.first().file.as_ref().is_some_and(|file| file.object_key == self.object_key)
    }
}

fn reading_key(id: PrescriptionId) -> Key {
    Key::new(key(id).pk, "READING")
}

impl PrescriptionStore {
    /// What was read on a prescription; nothing where it has a form that is not ours.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn reading(&self, id: PrescriptionId) -> Result<Option<Reading>> {
        let Some(item) = self.table.get_latest(&reading_key(id)).await? else { return Ok(None) };
        match item.get("version").is_some_and(|version| *version == n(VERSION)) {
            true => from_item(item).map(Some),
            false => Ok(None),
        }
    }

    /// Keeps what was read while the prescription waits for its pharmacist with that very file, together with `trail`.
    /// Whether it was kept: what was read before, or has been decided, withdrawn or erased meanwhile, is left as it is.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn keep_reading(&self, id: PrescriptionId, reading: &Reading, trail: Write) -> Result<bool> {
        let waits = Expression::new("#status = :pending AND #file.#key = :object_key")
            .name("#status", "status")
            .name("#file", "file")
            .name("#key", "object_key")
            .value(":pending", value(Status::Pending)?)
            .value(":object_key", s(&reading.object_key));
        let first = Expression::new("attribute_not_exists(pk) OR object_key <> :object_key")
            .value(":object_key", s(&reading.object_key));
        let item = to_item(&reading_key(id), reading)?;
        let writes = vec![self.table.check(&key(id), waits)?, self.table.replace(item, first)?, trail];
        Ok(matches!(transact(self.table.client(), writes).await?, Outcome::Done))
    }

    /// The write of a transaction that forgets what was read on a prescription, if anything was.
    ///
    /// # Errors
    /// None in practice: the builder is complete.
    pub(super) fn forget_reading(&self, id: PrescriptionId) -> Result<Write> {
        self.table.delete(&reading_key(id), whatever_is_there())
    }
}
