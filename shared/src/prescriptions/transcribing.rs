//! Having a machine read a prescription, for the pharmacist who will take it in hand. It decides nothing: it writes what it
//! has read beside the prescription, and nothing else.

use super::document::{self, DocumentType};
use super::prescription::{Prescription, ScanFile, Status};
use super::reading_store::{Reading, VERSION};
use super::service::Prescriptions;
use super::suggest::{Known, suggest};
use super::textract::Textract;
use crate::audit::{Action, Entry, Origin, Outcome};
use crate::platform::error::{Error, Result};
use crate::platform::ids::PrescriptionId;

/// What a reading says it was read by.
const ENGINE: &str = "textract";

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transcribed {
    /// The pharmacist is shown suggestions.
    Read,
    /// The file cannot be read by a machine.
    Unreadable,
    /// It was read before, nobody waits for it any more, or nothing is read here.
    Nothing,
}

impl Prescriptions {
    /// Reads the first file of a prescription, of which `object_key` is a checked file.
    ///
    /// Events come more than once and in any order. Before Textract is asked, it is looked whether there is a reading; what
    /// it has read is kept in one transaction that is held to the prescription's still waiting with this file, so that what
    /// was decided, withdrawn or erased meanwhile leaves nothing behind. Two at once: the first is kept. Killed before it:
    /// the event comes again. A file is copied a moment before its prescription waits: then the event comes again too.
    ///
    /// # Errors
    /// DynamoDB, S3 or Textract does not answer; 503 while the file is not yet its prescription's.
    pub async fn transcribe(
        &self,
        origin: &Origin,
        id: PrescriptionId,
        object_key: &str,
        reader: Option<&Textract>,
        known: impl AsyncFnOnce() -> Result<Known>,
    ) -> Result<Transcribed> {
        let Some(reader) = reader else { return Ok(Transcribed::Nothing) };
        let Some(prescription) = self.store.get(id).await? else { return Ok(Transcribed::Nothing) };
        let Some(file) = waiting_file(&prescription, object_key)? else { return Ok(Transcribed::Nothing) };
        let object_key = file.object_key.as_str();
        if self.store.reading(id).await?.is_some_and(|reading| reading.is_of(&prescription)) {
            return Ok(Transcribed::Nothing);
        }
        let bytes = match self.files.read(object_key, document::MAX_COPY_BYTES).await {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Ok(Transcribed::Nothing),
            Err(error) if error.code() == "too_large" => return Ok(Transcribed::Unreadable),
            Err(error) => return Err(error),
        };
        let Some((page, pages)) = first_page(bytes, file) else { return Ok(Transcribed::Unreadable) };
        let pages = prescription.sheets.count().saturating_sub(1).saturating_add(pages);
        let Some(lines) = reader.read(&page).await? else { return Ok(Transcribed::Unreadable) };
        let (known, now) = (known().await?, self.clock.now());
        let suggestions = suggest(&lines, &known, &prescription, self.zone.day(now)?);
        let (engine, object_key) = (ENGINE.to_owned(), object_key.to_owned());
        let reading = Reading { engine, version: VERSION, at: now, object_key, pages_read: 1, pages, suggestions };
        let entry = Entry::new(origin, Action::TranscribePrescription, Outcome::Allowed, id, now);
        let trail = self.audit.action(&entry.about(&prescription.owner).detail(ENGINE))?;
        match self.store.keep_reading(id, &reading, trail).await? {
            true => Ok(Transcribed::Read),
            false => Ok(Transcribed::Nothing),
        }
    }
}

/// The first file of a prescription that waits for its pharmacist, where the one that was copied is one of its files.
fn waiting_file<'a>(prescription: &'a Prescription, copied: &str) -> Result<Option<&'a ScanFile>> {
    let has_it = prescription.sheets.files().any(|file| file.object_key == copied);
    match prescription.status {
        Status::Pending if has_it => Ok(prescription.sheets.first().file.as_ref()),
        // Copied, and about to become its file. Where it is one already and others are missing, the last of them brings this up.
        Status::AwaitingUpload if !has_it && !prescription.checking.is_empty() => {
            Err(Error::unavailable("the file is not its prescription's yet"))
        }
        _ => Ok(None),
    }
}

/// The first page of a checked file, and how many there are; `None` where it has none.
fn first_page(bytes: Vec<u8>, file: &ScanFile) -> Option<(Vec<u8>, usize)> {
    if file.content_type == DocumentType::Pdf.as_str() {
        return document::first_page(&bytes).ok();
    }
    Some((bytes, 1))
}
