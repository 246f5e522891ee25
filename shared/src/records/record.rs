//! A record: what is known about a patient, who has said so, and how it was before. Pure rules.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::details::Details;
use super::file::RecordFile;
use super::input::{CLOCKS_DIFFER, refusal};
use super::kind::Kind;
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Kind as Sort, Result};
use crate::platform::fields::Invalid;
use crate::platform::ids::{ImportId, PatientId, RecordId, UserId};
use crate::platform::wording;

/// How many files a record has.
pub const MAX_FILES: usize = 10;

/// In which part somebody writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RecordAuthor)]
pub enum Part {
    /// Whose account it is.
    Owner,
    /// A doctor who has a consultation of the patient.
    Doctor,
    /// A pharmacist who works on a prescription of the patient.
    Pharmacist,
}

impl Part {
    /// Whether they may change what the other has written: clinicians what clinicians wrote, the owner what is theirs.
    const fn may_change(self, author: Self) -> bool {
        matches!((self, author), (Self::Owner, Self::Owner))
            || (!matches!(self, Self::Owner) && !matches!(author, Self::Owner))
    }
}

/// Who has written it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// Who.
    pub user: UserId,
    /// In which part.
    pub part: Part,
}

/// A record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Its id.
    pub id: RecordId,
    /// About whom.
    pub patient: PatientId,
    /// What it says.
    pub details: Details,
    /// Who has written it first.
    pub author: Author,
    /// Who has written this version.
    pub changed_by: Author,
    /// What the owner notes beside it.
    #[serde(default)]
    pub comment: Option<String>,
    /// What hangs on it.
    #[serde(default)]
    pub files: Vec<RecordFile>,
    /// Where it came from, if it was imported: what makes it the same as what is imported again.
    #[serde(default)]
    pub imported_as: Option<String>,
    /// The import of an uploaded bundle that it came with.
    #[serde(default)]
    pub imported_in: Option<ImportId>,
    /// When it was written first.
    pub recorded_at: Timestamp,
    /// When this version was written.
    pub updated_at: Timestamp,
    /// When it was taken away; it stays readable among its versions.
    #[serde(default)]
    pub removed_at: Option<Timestamp>,
    /// Grows by one with every change.
    pub version: u64,
}

/// The latest time that a record with this id says something of. An id has the time at which its record was written, or, where it
/// was imported, the time that it says something of, and neither is moved to later.
pub(super) fn says_until(id: RecordId) -> Timestamp {
    id.made_at().plus(CLOCKS_DIFFER)
}

fn others() -> Error {
    let detail = wording::records::not_the_author();
    Error::new(Sort::Forbidden, "not_the_author", detail)
}

impl Record {
    /// A new record.
    pub fn new(id: RecordId, patient: PatientId, details: Details, author: Author, now: Timestamp) -> Self {
        Self {
            id,
            patient,
            details,
            changed_by: author.clone(),
            author,
            comment: None,
            files: Vec::new(),
            imported_as: None,
            imported_in: None,
            recorded_at: now,
            updated_at: now,
            removed_at: None,
            version: 1,
        }
    }

    /// Of which kind it is.
    pub const fn kind(&self) -> Kind {
        self.details.kind()
    }

    /// The same with other details.
    ///
    /// # Errors
    /// 403 `not_the_author`; 422 `implausible_value` for a result of a later time than a record with this id has, since what is
    /// sought by its time would not be found there.
    pub fn changed(&self, details: Details, by: &Author, now: Timestamp) -> Result<Self> {
        if !by.part.may_change(self.author.part) {
            return Err(others());
        }
        let (before, after) = (self.details.taken_at(), details.taken_at());
        if after > before && after > Some(says_until(self.id)) {
            let later = Invalid::new("implausible", wording::records::not_moved_later());
            return Err(refusal(vec![later.at("taken_at")]));
        }
        Ok(self.next(Self { details, ..self.clone() }, by, now))
    }

    /// The same with another comment of the owner.
    ///
    /// # Errors
    /// 403 `not_the_author`: clinicians write records and no comments.
    pub fn commented(&self, comment: Option<String>, by: &Author, now: Timestamp) -> Result<Self> {
        if by.part != Part::Owner {
            return Err(others());
        }
        Ok(self.next(Self { comment, ..self.clone() }, by, now))
    }

    /// The same, taken away.
    ///
    /// # Errors
    /// 403 `not_the_author`.
    pub fn removed(&self, by: &Author, now: Timestamp) -> Result<Self> {
        if !by.part.may_change(self.author.part) {
            return Err(others());
        }
        Ok(self.next(Self { removed_at: Some(now), ..self.clone() }, by, now))
    }

    /// The same with another file. Where that is one too many, those that came to nothing give way; versions keep them.
    ///
    /// # Errors
    /// 403 `not_the_author`; 409 `too_many_files`.
    pub fn with_file(&self, file: RecordFile, by: &Author, now: Timestamp) -> Result<Self> {
        if !by.part.may_change(self.author.part) {
            return Err(others());
        }
        let mut files = self.files.clone();
        if files.len() >= MAX_FILES {
            files.retain(|file| !file.is_nothing(now));
        }
        if files.len() >= MAX_FILES {
            return Err(Error::conflict("too_many_files", wording::records::too_many_files(MAX_FILES)));
        }
        files.push(file);
        Ok(self.next(Self { files, ..self.clone() }, by, now))
    }

    fn next(&self, changed: Self, by: &Author, now: Timestamp) -> Self {
        Self { changed_by: by.clone(), updated_at: now, version: self.version + 1, ..changed }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::super::details::Note;
    use super::super::file::{FileStatus, FileType};
    use super::*;
    use crate::patients::of_owner;
    use crate::platform::ids::AttachmentId;

    fn author(part: Part) -> Author {
        Author { user: UserId::nobody(), part }
    }

    fn note(text: &str) -> Details {
        Details::Notes(Note { title: "A note".to_owned(), text: text.to_owned() })
    }

    pub(crate) fn record(part: Part) -> Record {
        let now = Timestamp::from_millis(1);
        Record::new(RecordId::generate(now), of_owner(&UserId::nobody()), note("first"), author(part), now)
    }

    #[test]
    fn everybody_changes_what_is_theirs() {
        let parts = [Part::Owner, Part::Doctor, Part::Pharmacist];
        let now = Timestamp::from_millis(2);
        for written in parts {
            for by in parts {
                let record = record(written);
                let may = (written == Part::Owner) == (by == Part::Owner);
                assert_eq!(record.changed(note("second"), &author(by), now).is_ok(), may, "{written:?} {by:?}");
                assert_eq!(record.removed(&author(by), now).is_ok(), may, "{written:?} {by:?}");
                assert_eq!(record.commented(None, &author(by), now).is_ok(), by == Part::Owner);
            }
        }
    }

    #[test]
    fn a_change_makes_another_version_and_keeps_who_began() {
        let record = record(Part::Doctor);
        let commented =
            record.commented(Some("mine".to_owned()), &author(Part::Owner), Timestamp::from_millis(9)).unwrap();
        assert_eq!((commented.version, commented.author.part), (2, Part::Doctor));
        assert_eq!((commented.changed_by.part, commented.updated_at), (Part::Owner, Timestamp::from_millis(9)));
        assert_eq!(commented.details, record.details);
    }

    #[test]
    fn what_was_measured_is_not_moved_to_after_the_time_of_its_record() {
        let weight = |at: &str| -> Details {
            let says = json!({"kind": "weight", "value": "70", "systolic": null, "diastolic": null, "unit": "kg", "taken_at": at});
            serde_json::from_value(json!({"of": "measurements", "is": says})).unwrap()
        };
        let at = Timestamp::parse("2026-03-01T10:00:00Z").unwrap();
        let author = author(Part::Owner);
        let written = |taken_at: &str| {
            Record::new(RecordId::generate(at), of_owner(&UserId::nobody()), weight(taken_at), author.clone(), at)
        };
        let moved =
            |to: &str| written("2026-02-01T10:00:00Z").changed(weight(to), &author, at.plus(Duration::from_hours(99)));
        assert!(moved("2026-02-28T10:00:00Z").is_ok() && moved("2026-03-01T10:05:00Z").is_ok());
        assert_eq!(moved("2026-03-01T10:05:00.001Z").unwrap_err().code(), "implausible_value");
        // What lies there already may be changed, if not to later.
        let ahead = written("2026-03-02T10:00:00Z");
        assert!(ahead.changed(weight("2026-03-02T10:00:00Z"), &author, at).is_ok());
    }

    #[test]
    fn files_that_came_to_nothing_give_way_once_there_are_too_many() {
        let (at, owner) = (Timestamp::from_millis(1), author(Part::Owner));
        let file = |status| RecordFile {
            id: AttachmentId::generate(at),
            content_type: FileType::Pdf,
            status,
            refusal: None,
            sha256: None,
            announced_at: at,
        };
        let with = |status, now| {
            let mut record = record(Part::Owner);
            record.files = (0..MAX_FILES).map(|_| file(status)).collect();
            record.with_file(file(FileStatus::AwaitingUpload), &owner, now).map(|record| record.files.len())
        };
        assert_eq!(with(FileStatus::Refused, at).unwrap(), 1);
        assert_eq!(with(FileStatus::AwaitingUpload, at.plus(Duration::from_mins(10))).unwrap(), 1);
        for (status, later) in [(FileStatus::AwaitingUpload, 9), (FileStatus::Ready, 99)] {
            let refused = with(status, at.plus(Duration::from_mins(later))).unwrap_err();
            assert_eq!(refused.code(), "too_many_files", "{status:?}");
        }
        let mut few = record(Part::Owner);
        few.files = vec![file(FileStatus::Refused)];
        assert_eq!(few.with_file(file(FileStatus::AwaitingUpload), &owner, at).unwrap().files.len(), 2);
    }

    #[test]
    fn a_record_is_read_as_it_was_written() {
        let record = record(Part::Owner);
        let text = serde_json::to_string(&record).unwrap();
        assert_eq!(serde_json::from_str::<Record>(&text).unwrap(), record);
    }
}
