//! Checking an uploaded file before anybody sees it.

use super::document::{self, Document, DocumentType, Refusal};
use super::prescription::{Prescription, ScanFile, Status};
use super::service::Prescriptions;
use crate::platform::crypto;
use crate::platform::dynamo::back_off;
use crate::platform::error::{Error, Result};
use crate::platform::ids::PrescriptionId;

/// How often the check starts anew because the prescription changed under it: another check of the same upload notes it,
/// and then ends, and so may one of another upload.
const ATTEMPTS: u32 = 5;

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scanned {
    /// The file may be shown; a pharmacist is next.
    Pending,
    /// The file may not be shown to anybody.
    Refused(Refusal),
    /// The file was checked before, or nobody waits for it.
    Nothing,
}

impl Prescriptions {
    /// Checks the upload of a prescription: a good file is copied to where staff can see it, and the upload is deleted.
    ///
    /// Events come more than once and in any order, and a function may die at any step. Nothing is shown before the state
    /// says `pending`, which is one conditional write; all before it gives the same result when done again, and the
    /// upload goes last, so that until then there is something to do it again with. Nothing is copied before the
    /// prescription says so: where the check never comes to its end, whoever deletes the prescription deletes the copy, and
    /// leaves the upload. By that a check that copied later, and was killed, finds its copy again.
    ///
    /// # Errors
    /// DynamoDB or S3 does not answer.
    pub async fn scan(&self, id: PrescriptionId) -> Result<Scanned> {
        let incoming = document::incoming_key(id);
        let Some(bytes) = self.files.read(&incoming, document::MAX_BYTES).await? else { return Ok(Scanned::Nothing) };
        let sha256 = crypto::sha256_hex(&bytes);
        let (scanned, prescription) = self.decide(id, &bytes, &sha256).await?;
        // A copy that the prescription does not name was made for one that has been withdrawn or has another file.
        let copy = document::checked_key(id, &sha256);
        let named = prescription.as_ref().and_then(|prescription| {
            let withdrawn = prescription.status == Status::Withdrawn;
            prescription.file.as_ref().filter(|_| !withdrawn)
        });
        if named.is_none_or(|file| file.object_key != copy) {
            self.files.delete(&copy).await?;
        }
        if let Some(prescription) = &prescription {
            self.forget_checks(prescription).await?;
        }
        self.files.delete(&incoming).await?;
        Ok(scanned)
    }

    /// Moves the prescription on as its file deserves; the outcome, and the prescription after it.
    async fn decide(&self, id: PrescriptionId, bytes: &[u8], sha256: &str) -> Result<(Scanned, Option<Prescription>)> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let Some(prescription) = self.store.get(id).await? else { return Ok((Scanned::Nothing, None)) };
            if prescription.status != Status::AwaitingUpload {
                return Ok((Scanned::Nothing, Some(prescription)));
            }
            let announced = DocumentType::parse(&prescription.content_type).map_err(Error::internal)?;
            let (scanned, changed) = match document::check(bytes, announced) {
                Ok(document) => {
                    let Some(noted) = self.store.note_check(prescription, sha256).await? else { continue };
                    (Scanned::Pending, self.accept(noted, document, sha256).await?)
                }
                Err(refusal) => (Scanned::Refused(refusal), refuse(prescription, refusal)),
            };
            if let Some(stored) = self.store.replace(changed, Vec::new()).await? {
                return Ok((scanned, Some(stored)));
            }
        }
        Err(Error::busy())
    }

    /// Copies a good file to its place and looks whose else it is. That this account has uploaded it was noted before
    /// others' notes are read: of two that upload the same file at once, at least one sees the other.
    async fn accept(&self, noted: Prescription, document: Document, sha256: &str) -> Result<Prescription> {
        let object_key = document::checked_key(noted.id, sha256);
        let content_type = document.kind.as_str();
        self.files.write(&object_key, document.bytes, content_type, "private, no-store").await?;
        let also_on_another_account = self.store.file_of_another(sha256, &noted.owner).await?;
        let content_type = content_type.to_owned();
        let file = Some(ScanFile { object_key, content_type, sha256: sha256.to_owned(), also_on_another_account });
        let mut checking = noted.checking.clone();
        checking.retain(|other| other != sha256);
        Ok(Prescription { status: Status::Pending, file, checking, ..noted })
    }
}

fn refuse(prescription: Prescription, refusal: Refusal) -> Prescription {
    Prescription { status: Status::Refused, refusal: Some(refusal.as_str().to_owned()), ..prescription }
}
