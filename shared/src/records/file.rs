//! Files that hang on records: reports as PDF or picture, and DICOM for imaging. They are checked like prescriptions before
//! anybody sees them, and what they show is never interpreted.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::kind::Kind;
use super::record::Record;
use super::service::Records;
use super::sight::Sight;
use crate::audit::{Action, Actor};
use crate::platform::clock::Timestamp;
use crate::platform::crypto;
use crate::platform::dynamo::{Outcome, back_off, transact};
use crate::platform::error::{Error, Result};
use crate::platform::fields::{Field, FieldErrors, Invalid, all};
use crate::platform::ids::{AttachmentId, PatientId, RecordId};
use crate::platform::objects::{Upload, UploadRule};
use crate::platform::precondition::Precondition;
use crate::platform::wording;
use crate::prescriptions::document::{self, DocumentType};

/// The largest report, in bytes.
pub const MAX_REPORT_BYTES: u64 = 20 * 1024 * 1024;
/// The largest DICOM file, in bytes.
pub const MAX_DICOM_BYTES: u64 = 100 * 1024 * 1024;
/// Where uploads arrive.
const INCOMING: &str = "incoming/records/";
/// Where the four letters of a DICOM file stand (DICOM PS3.10, section 7.1).
const DICOM_MAGIC_AT: usize = 128;
/// After which time nothing comes by a form any more, with some time for what came to be checked.
const FORM_IS_OVER: Duration = Duration::from_mins(10);
/// How often a check starts anew because the record changed under it.
const ATTEMPTS: u32 = 6;

/// What a file may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RecordFileType)]
pub enum FileType {
    /// A document.
    #[serde(rename = "application/pdf")]
    Pdf,
    /// A photograph.
    #[serde(rename = "image/jpeg")]
    Jpeg,
    /// A picture.
    #[serde(rename = "image/png")]
    Png,
    /// Pictures of a scanner; of imaging alone.
    #[serde(rename = "application/dicom")]
    Dicom,
}

impl FileType {
    const ALL: [Self; 4] = [Self::Pdf, Self::Jpeg, Self::Png, Self::Dicom];

    /// The media type.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Dicom => "application/dicom",
        }
    }

    const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Dicom => "dcm",
        }
    }

    /// How large it may be, in bytes.
    pub const fn max_bytes(self) -> u64 {
        match self {
            Self::Dicom => MAX_DICOM_BYTES,
            _ => MAX_REPORT_BYTES,
        }
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| {
            Invalid::new(
                "unknown_value",
                wording::field::one_of("application/pdf, image/jpeg, image/png, application/dicom"),
            )
        })
    }
}

/// How far a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RecordFileStatus)]
pub enum FileStatus {
    /// Announced.
    AwaitingUpload,
    /// Checked; it may be downloaded.
    Ready,
    /// It is not what it says, or broken; nobody has seen it.
    Refused,
}

/// A file of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordFile {
    /// Its id.
    pub id: AttachmentId,
    /// What it was announced as, and then what it is.
    pub content_type: FileType,
    /// How far it is.
    pub status: FileStatus,
    /// Why it was refused.
    #[serde(default)]
    pub refusal: Option<String>,
    /// SHA-256 of what was uploaded, once it was.
    #[serde(default)]
    pub sha256: Option<String>,
    /// When it was announced.
    pub announced_at: Timestamp,
}

impl RecordFile {
    /// Whether it is nothing any more: refused, or announced so long ago that its form is over.
    pub(super) fn is_nothing(&self, now: Timestamp) -> bool {
        match self.status {
            FileStatus::Ready => false,
            FileStatus::Refused => true,
            FileStatus::AwaitingUpload => now.since(self.announced_at) >= FORM_IS_OVER,
        }
    }
}

/// A file of a record as the API shows it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecordFile)]
pub struct FileView {
    /// Its id.
    #[schema(value_type = String)]
    pub id: AttachmentId,
    /// What it is.
    pub content_type: FileType,
    /// How far it is.
    pub status: FileStatus,
    /// Why it was refused: `not_what_it_says`, `too_many_pages`, `encrypted`, `active_content`, `too_large` or `unreadable`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
    /// Where it is, for a minute; once it is ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Until when `url` is good.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub url_expires_at: Option<Timestamp>,
}

/// A file that is announced.
#[derive(Debug, Deserialize, ToSchema)]
pub struct StartRecordFileRequest {
    /// `application/pdf`, `image/jpeg`, `image/png`, and for imaging `application/dicom`.
    #[schema(value_type = FileType)]
    content_type: Field<String>,
    /// In bytes, at most 20 MB; DICOM at most 100 MB.
    #[schema(value_type = u64, minimum = 1)]
    size_bytes: Field<u64>,
}

/// An announced file, and how to upload it.
#[derive(Debug, Serialize, ToSchema)]
pub struct StartedRecordFile {
    /// Its id.
    #[schema(value_type = String)]
    pub id: AttachmentId,
    /// How to upload it.
    pub upload: Upload,
    /// The version that the record has now.
    pub version: u64,
}

impl StartRecordFileRequest {
    /// What is announced, for a record of a kind.
    ///
    /// # Errors
    /// Every field at fault.
    pub fn check(self, kind: Kind) -> Result<(FileType, u64), FieldErrors> {
        let (content_type, size) = all((
            self.content_type.parse("content_type", |text| FileType::parse(&text)),
            self.size_bytes.value("size_bytes"),
        ))?;
        if content_type == FileType::Dicom && kind != Kind::Imaging {
            return Err(vec![Invalid::new("unknown_value", wording::records::dicom_is_imaging()).at("content_type")]);
        }
        let most = content_type.max_bytes();
        if !(1..=most).contains(&size) {
            return Err(vec![Invalid::new("out_of_range", wording::field::bytes_between(most)).at("size_bytes")]);
        }
        Ok((content_type, size))
    }
}

impl RecordFile {
    /// As the API shows it, without a link.
    pub fn view(&self) -> FileView {
        FileView {
            id: self.id,
            content_type: self.content_type,
            status: self.status,
            refusal: self.refusal.clone(),
            url: None,
            url_expires_at: None,
        }
    }
}

/// Which file an upload is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UploadedFile {
    /// About whom.
    pub patient: PatientId,
    /// The kind of the record.
    pub kind: Kind,
    /// The record.
    pub record: RecordId,
    /// The file.
    pub file: AttachmentId,
}

impl UploadedFile {
    /// Where the upload arrives.
    pub fn incoming_key(&self) -> String {
        format!("{INCOMING}{}/{}/{}/{}", self.patient, self.kind, self.record, self.file)
    }

    /// Where the checked file lies.
    pub fn checked_key(&self) -> String {
        format!("clean/records/{}/{}/{}", self.patient, self.record, self.file)
    }

    /// The file of a key that uploads arrive under.
    pub fn of_incoming_key(key: &str) -> Option<Self> {
        let mut parts = key.strip_prefix(INCOMING)?.split('/');
        let mut next = || parts.next();
        let (patient, kind, record, file) = (next()?, next()?, next()?, next()?);
        let found = Self {
            patient: PatientId::parse(patient).ok()?,
            kind: Kind::parse(kind).ok()?,
            record: RecordId::parse(record).ok()?,
            file: AttachmentId::parse(file).ok()?,
        };
        parts.next().is_none().then_some(found)
    }
}

/// Whether bytes are a DICOM file: a preamble, and then its four letters. What it shows is not looked at.
pub fn is_dicom(bytes: &[u8]) -> bool {
    bytes.get(DICOM_MAGIC_AT..DICOM_MAGIC_AT + 4) == Some(b"DICM".as_slice())
}

/// A checked file, or why it must not be shown to anybody.
///
/// The preamble of DICOM is emptied, which the standard allows: what stands there may make the file a program as well.
fn check(mut bytes: Vec<u8>, announced: FileType) -> Result<(Vec<u8>, FileType), &'static str> {
    let document_type = match announced {
        FileType::Dicom if is_dicom(&bytes) => {
            bytes.iter_mut().take(DICOM_MAGIC_AT).for_each(|byte| *byte = 0);
            return Ok((bytes, announced));
        }
        FileType::Dicom => return Err("not_what_it_says"),
        FileType::Pdf => DocumentType::Pdf,
        FileType::Jpeg => DocumentType::Jpeg,
        FileType::Png => DocumentType::Png,
    };
    let document =
        document::check_within(&bytes, document_type, MAX_REPORT_BYTES).map_err(document::Refusal::as_str)?;
    let kind = match document.kind {
        DocumentType::Pdf => FileType::Pdf,
        DocumentType::Jpeg => FileType::Jpeg,
        DocumentType::Png => FileType::Png,
    };
    Ok((document.bytes, kind))
}

impl Records {
    /// Announces a file of a record; the answer says how to upload it.
    ///
    /// The form is signed before anything is stored. Killed after that, nothing is announced; killed after the record was
    /// written, an announcement is there without a file, which is nobody's burden.
    ///
    /// # Errors
    /// 403 `not_the_author` or `read_only`; 404; 409 `too_many_files`; DynamoDB does not answer.
    pub async fn start_file(
        &self,
        actor: &Actor,
        sight: &Sight,
        (kind, record): (Kind, RecordId),
        (content_type, size): (FileType, u64),
    ) -> Result<StartedRecordFile> {
        let author = sight.author()?;
        let now = self.clock.now();
        let id = AttachmentId::generate(now);
        let place = UploadedFile { patient: sight.patient, kind, record, file: id };
        let key = place.incoming_key();
        let rule = UploadRule { key: &key, content_type: content_type.as_str(), max_bytes: size };
        let upload = self.files.upload_form(rule).await?;
        let announced = RecordFile {
            id,
            content_type,
            status: FileStatus::AwaitingUpload,
            refusal: None,
            sha256: None,
            announced_at: now,
        };
        let anyhow = Precondition::default();
        let changed = self
            .write(actor, sight, (kind, record), Action::ChangeRecord, &anyhow, |record| {
                record.with_file(announced.clone(), &author, now)
            })
            .await?;
        Ok(StartedRecordFile { id, upload, version: changed.version })
    }

    /// Checks an upload. A good file is copied to where it may be downloaded from, then the record says so, then the upload
    /// goes: killed anywhere, the event comes again and does the same. What nobody waits for any more is deleted.
    ///
    /// # Errors
    /// DynamoDB or S3 does not answer.
    pub async fn scan_file(&self, place: UploadedFile) -> Result<Option<FileStatus>> {
        let incoming = place.incoming_key();
        let Some(bytes) = self.files.read(&incoming, MAX_DICOM_BYTES).await? else { return Ok(None) };
        let sha256 = crypto::sha256_hex(&bytes);
        let record = self.store.get(place.patient, place.kind, place.record).await?;
        let waiting = record.as_ref().and_then(|record| waiting(record, place.file)).map(|file| file.content_type);
        let Some(announced) = waiting else {
            if record.is_none() {
                // A run that was killed may have copied it before the record went.
                self.files.delete(&place.checked_key()).await?;
            }
            self.files.delete(&incoming).await?;
            return Ok(None);
        };
        let outcome = check(bytes, announced);
        let (status, content_type, refusal) = match outcome {
            Ok((bytes, kind)) => {
                self.files.write(&place.checked_key(), bytes, kind.as_str(), "private, no-store").await?;
                (FileStatus::Ready, kind, None)
            }
            Err(refusal) => (FileStatus::Refused, announced, Some(refusal.to_owned())),
        };
        let settled = |file: &RecordFile| RecordFile {
            status,
            content_type,
            refusal: refusal.clone(),
            sha256: Some(sha256.clone()),
            ..file.clone()
        };
        let known = self.settle(place, settled).await?;
        if !known {
            self.files.delete(&place.checked_key()).await?;
        }
        self.files.delete(&incoming).await?;
        Ok(known.then_some(status))
    }

    /// Writes into a record what a check has found. Whether the record still waited for it.
    async fn settle(&self, place: UploadedFile, settled: impl Fn(&RecordFile) -> RecordFile) -> Result<bool> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let Some(record) = self.store.get(place.patient, place.kind, place.record).await? else { return Ok(false) };
            if waiting(&record, place.file).is_none() {
                // Another run of the same check was first, or there is no such file.
                return Ok(record.files.iter().any(|file| file.id == place.file));
            }
            let files =
                record.files.iter().map(|file| if file.id == place.file { settled(file) } else { file.clone() });
            let changed = Record { files: files.collect(), version: record.version + 1, ..record.clone() };
            let writes = Vec::from(self.store.replace(&changed)?);
            if let Outcome::Done = transact(self.store.table.client(), writes).await? {
                return Ok(true);
            }
        }
        Err(Error::busy())
    }

    /// The files of a record, with links to those that are ready.
    pub(super) async fn shown_files(&self, record: &Record) -> Result<Vec<FileView>> {
        let mut views = Vec::with_capacity(record.files.len());
        for file in &record.files {
            let mut view = file.view();
            if file.status == FileStatus::Ready {
                let place =
                    UploadedFile { patient: record.patient, kind: record.kind(), record: record.id, file: file.id };
                let name = format!("{}-{}.{}", record.kind(), file.id, file.content_type.extension());
                let (url, expires_at) = self.files.link(&place.checked_key(), &name).await?;
                (view.url, view.url_expires_at) = (Some(url), Some(expires_at));
            }
            views.push(view);
        }
        Ok(views)
    }
}

fn waiting(record: &Record, file: AttachmentId) -> Option<&RecordFile> {
    record.files.iter().find(|one| one.id == file && one.status == FileStatus::AwaitingUpload)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::patients::of_owner;
    use crate::platform::fields;
    use crate::platform::ids::UserId;

    fn read(body: serde_json::Value, kind: Kind) -> Result<(FileType, u64), FieldErrors> {
        fields::from_json::<StartRecordFileRequest>(body)?.check(kind)
    }

    #[test]
    fn dicom_belongs_to_imaging_and_may_be_larger() {
        let body = |kind: &str, size: u64| json!({"content_type": kind, "size_bytes": size});
        assert!(read(body("application/dicom", MAX_DICOM_BYTES), Kind::Imaging).is_ok());
        assert_eq!(read(body("application/dicom", 1), Kind::Labs).unwrap_err()[0].field, "content_type");
        assert_eq!(read(body("application/pdf", MAX_REPORT_BYTES + 1), Kind::Labs).unwrap_err()[0].field, "size_bytes");
        assert!(read(body("image/gif", 1), Kind::Labs).is_err() && read(body("image/png", 0), Kind::Labs).is_err());
    }

    #[test]
    fn a_dicom_file_is_known_by_its_letters_and_kept_as_it_is_but_for_what_may_be_a_program() {
        let mut bytes = vec![7; 200];
        assert!(!is_dicom(&bytes) && !is_dicom(b"DICM"));
        bytes.splice(128..132, *b"DICM");
        bytes.splice(0..2, *b"MZ");
        let (kept, kind) = check(bytes.clone(), FileType::Dicom).unwrap();
        assert_eq!((&kept[..128], &kept[128..], kind), (&[0; 128][..], &bytes[128..], FileType::Dicom));
        assert_eq!(check(bytes, FileType::Pdf), Err("not_what_it_says"));
        assert_eq!(check(b"%PDF-1.7".to_vec(), FileType::Dicom), Err("not_what_it_says"));
    }

    #[test]
    fn only_our_own_keys_name_a_file() {
        let at = Timestamp::from_millis(1);
        let place = UploadedFile {
            patient: of_owner(&UserId::nobody()),
            kind: Kind::Labs,
            record: RecordId::generate(at),
            file: AttachmentId::generate(at),
        };
        assert_eq!(UploadedFile::of_incoming_key(&place.incoming_key()), Some(place));
        for wrong in ["", INCOMING, &place.checked_key(), &format!("{}/x", place.incoming_key())] {
            assert_eq!(UploadedFile::of_incoming_key(wrong), None, "{wrong}");
        }
    }
}
