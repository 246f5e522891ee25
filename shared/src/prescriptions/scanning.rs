//! Checking an uploaded file before anybody sees it.

use super::document::{self, Document, DocumentType, Refusal};
use super::prescription::{Prescription, ScanFile, Status};
use super::service::Prescriptions;
use super::sheets::SheetNumber;
use crate::platform::crypto;
use crate::platform::dynamo::back_off;
use crate::platform::error::{Error, Result};
use crate::platform::ids::PrescriptionId;

/// How often the check starts anew because the prescription changed under it. Five files that arrive at once are checked at
/// once, and each check writes twice.
const ATTEMPTS: u32 = 16;

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scanned {
    /// All files may be shown; a pharmacist is next.
    Pending,
    /// The file may be shown once the others have come.
    Incomplete,
    /// The file may not be shown to anybody, and so none of them is.
    Refused(Refusal),
    /// The file was checked before, or nobody waits for it.
    Nothing,
}

impl Prescriptions {
    /// Checks the upload of a file of a prescription: a good one is copied to where staff can see it once all are there, and
    /// the upload is deleted.
    ///
    /// Events come more than once and in any order, and a function may die at any step. Nothing is shown before the state
    /// says `pending`, which is one conditional write by the check that finds no other file missing; of two that end at the
    /// same moment one loses, reads again and finds the other's. All before it gives the same result when done again, and
    /// the upload goes last, so that until then there is something to do it again with. Nothing is copied before the
    /// prescription says so: where the check never comes to its end, whoever deletes the prescription deletes the copy, and
    /// leaves the upload. By that a check that copied later, and was killed, finds its copy again.
    ///
    /// # Errors
    /// DynamoDB or S3 does not answer.
    pub async fn scan(&self, id: PrescriptionId, number: SheetNumber) -> Result<Scanned> {
        let incoming = document::incoming_key(id, number);
        let Some(bytes) = self.files.read(&incoming, document::MAX_BYTES).await? else { return Ok(Scanned::Nothing) };
        let sha256 = crypto::sha256_hex(&bytes);
        let (scanned, prescription) = self.decide(id, number, &bytes, &sha256).await?;
        // As long as files are missing, the same bytes may be about to become another of them: what is left over goes once
        // that is settled.
        if prescription.as_ref().is_none_or(|prescription| !prescription.waits_for_files()) {
            self.tidy(id, prescription.as_ref(), &sha256).await?;
        }
        self.files.delete(&incoming).await?;
        Ok(scanned)
    }

    /// Deletes the copy of this upload unless the prescription names it, and what other checks have left of theirs.
    async fn tidy(&self, id: PrescriptionId, prescription: Option<&Prescription>, sha256: &str) -> Result<()> {
        // A copy that is not named was made for a prescription that has been withdrawn or refused, or has another file.
        let shown = prescription.filter(|prescription| prescription.status != Status::Withdrawn);
        if !shown.is_some_and(|prescription| prescription.sheets.have(sha256)) {
            self.files.delete(&document::checked_key(id, sha256)).await?;
        }
        match prescription {
            Some(prescription) => self.forget_checks(prescription).await,
            None => Ok(()),
        }
    }

    /// Moves the prescription on as its file deserves; the outcome, and the prescription after it.
    async fn decide(
        &self,
        id: PrescriptionId,
        number: SheetNumber,
        bytes: &[u8],
        sha256: &str,
    ) -> Result<(Scanned, Option<Prescription>)> {
        let mut checked = None;
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let Some(prescription) = self.store.get(id).await? else { return Ok((Scanned::Nothing, None)) };
            let waiting = prescription.sheets.get(number).filter(|sheet| sheet.file.is_none());
            let Some(sheet) = waiting.filter(|_| prescription.waits_for_files()) else {
                return Ok((Scanned::Nothing, Some(prescription)));
            };
            let announced = DocumentType::parse(&sheet.content_type).map_err(Error::internal)?;
            // The same bytes give the same answer, and a large picture takes a second.
            let (scanned, changed) = match checked.get_or_insert_with(|| document::check(bytes, announced)).clone() {
                Ok(document) => {
                    let Some(noted) = self.store.note_check(prescription, sha256).await? else { continue };
                    self.accept(noted, number, document, sha256).await?
                }
                Err(refusal) => {
                    let without = prescription.sheets.clone().refused(number, refusal);
                    (Scanned::Refused(refusal), prescription.refused(without))
                }
            };
            if let Some(stored) = self.store.replace(changed, Vec::new()).await? {
                return Ok((scanned, Some(stored)));
            }
        }
        Err(Error::busy())
    }

    /// Copies a good file to its place and looks whose else it is. That this account has uploaded it was noted before
    /// others' notes are read: of two that upload the same file at once, at least one sees the other.
    async fn accept(
        &self,
        noted: Prescription,
        number: SheetNumber,
        document: Document,
        sha256: &str,
    ) -> Result<(Scanned, Prescription)> {
        let object_key = document::checked_key(noted.id, sha256);
        let content_type = document.kind.as_str();
        self.files.write(&object_key, document.bytes, content_type, "private, no-store").await?;
        let also_on_another_account = self.store.file_of_another(sha256, &noted.owner).await?;
        let content_type = content_type.to_owned();
        let file = ScanFile { object_key, content_type, sha256: sha256.to_owned(), also_on_another_account };
        let mut accepted = noted;
        accepted.checking.retain(|other| other != sha256);
        accepted.sheets = accepted.sheets.with_file(number, file);
        if !accepted.sheets.are_complete() {
            return Ok((Scanned::Incomplete, accepted));
        }
        accepted.status = Status::Pending;
        Ok((Scanned::Pending, accepted))
    }
}
