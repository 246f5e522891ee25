//! Prescriptions of somebody who is being erased: what was never dispensed on goes, the rest is kept without them for as
//! long as the law asks.

use std::collections::BTreeSet;

use super::document;
use super::prescription::Prescription;
use super::service::{ATTEMPTS, Prescriptions};
use super::store::Index;
use crate::audit::{Action, Entry, Origin};
use crate::platform::clock::Date;
use crate::platform::dynamo::{Outcome, Write, back_off, transact};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PrescriptionId, UserId};

/// How many prescriptions are read at once.
const PAGE: i32 = 25;

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cleared {
    /// How many were deleted with their files.
    pub deleted: u32,
    /// How many are kept under a pseudonym.
    pub kept: u32,
}

impl Prescriptions {
    /// Deletes the prescriptions of `owner` that nothing was dispensed on, and puts `pseudonym` in the owner's place on
    /// the others. `keep` gives the write that remembers to delete one of these, by the day of its last fill; it is part
    /// of the same transaction, so nothing is kept that nobody will ever delete.
    ///
    /// # Errors
    /// DynamoDB or S3 does not answer.
    pub async fn clear(
        &self,
        owner: &UserId,
        pseudonym: &UserId,
        keep: impl Fn(PrescriptionId, Date) -> Result<Write>,
    ) -> Result<Cleared> {
        let mut done = Cleared::default();
        let mut after = None;
        loop {
            let batch = self.store.batch(Index::Owner(owner), after, PAGE).await?;
            for prescription in &batch.prescriptions {
                after = Some(prescription.id);
                match self.clear_one(prescription.id, owner, pseudonym, &keep).await? {
                    Some(true) => done.kept += 1,
                    Some(false) => done.deleted += 1,
                    None => {}
                }
            }
            if !batch.more {
                self.store.forget_announcements(owner).await?;
                return Ok(done);
            }
        }
    }

    /// Whether it is kept; nothing where it is not the owner's any more.
    async fn clear_one(
        &self,
        id: PrescriptionId,
        owner: &UserId,
        pseudonym: &UserId,
        keep: &impl Fn(PrescriptionId, Date) -> Result<Write>,
    ) -> Result<Option<bool>> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let read = self.store.get(id).await?.filter(|prescription| prescription.owner == *owner);
            let Some(read) = read else { return Ok(None) };
            let writes = match read.last_fill() {
                Some(day) => {
                    self.delete_copies(&read).await?;
                    let mut writes = self.store.hand_over(&read, &read.stripped(pseudonym))?;
                    writes.push(keep(id, day)?);
                    writes
                }
                None => self.delete_files(&read).await?,
            };
            if let Outcome::Done = transact(self.store.table.client(), writes).await? {
                return Ok(Some(read.last_fill().is_some()));
            }
        }
        Err(Error::busy())
    }

    /// Deletes a prescription that was kept, whoever it is under, and its files; that it did so, from `origin`, is on the
    /// trail. One that is gone stays so.
    ///
    /// # Errors
    /// DynamoDB or S3 does not answer.
    pub async fn discard(&self, origin: &Origin, id: PrescriptionId) -> Result<()> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let Some(read) = self.store.get(id).await? else { return Ok(()) };
            let actor = origin.actor(&read.owner, &BTreeSet::new());
            let entry = Entry::allowed(&actor, Action::DiscardPrescription, &read.owner, id, self.clock.now());
            let mut writes = self.delete_files(&read).await?;
            writes.push(self.audit.action(&entry)?);
            if let Outcome::Done = transact(self.store.table.client(), writes).await? {
                return Ok(());
            }
        }
        Err(Error::busy())
    }

    /// Deletes the files of a prescription and gives the writes that delete the rest. The files go first: as long as the
    /// prescription is there, the next run finds them. An upload that is being checked is left to its check.
    async fn delete_files(&self, read: &Prescription) -> Result<Vec<Write>> {
        for file in read.sheets.files() {
            self.files.delete(&file.object_key).await?;
        }
        self.delete_copies(read).await?;
        // A check that has noted itself may be about to copy the upload. Killed after that, it is told of the upload again,
        // and can delete both by the upload alone. Without a check the bucket deletes uploads after a day.
        if read.checking.is_empty() {
            for (number, _) in read.sheets.numbered() {
                self.files.delete(&document::incoming_key(read.id, number)).await?;
            }
        }
        self.store.delete(read)
    }

    /// Deletes what a check has copied for a prescription and did not make a file of it, and who has uploaded it.
    pub(super) async fn forget_checks(&self, read: &Prescription) -> Result<()> {
        self.delete_copies(read).await?;
        self.store.forget_checks(read).await
    }

    async fn delete_copies(&self, read: &Prescription) -> Result<()> {
        for sha256 in read.left_over() {
            self.files.delete(&document::checked_key(read.id, sha256)).await?;
        }
        Ok(())
    }
}
