//! Announcing a file, checking its upload, and a link to it.

use super::attachment::{self, Attachment, AttachmentStatus, AttachmentType, MOST_EACH};
use super::attachment_store::Announced;
use super::consultation::closed;
use super::store::ConsultationStore;
use super::view::{AttachmentLink, StartedAttachment};
use crate::audit::{Action, Actor, Audit, Entry};
use crate::identity::Caller;
use crate::platform::clock::Clock;
use crate::platform::crypto;
use crate::platform::error::{Error, Kind, Result};
use crate::platform::ids::{AttachmentId, ConsultationId};
use crate::platform::objects::{Bucket, UploadRule};
use crate::platform::wording;
use crate::prescriptions::document;

/// Files of consultations.
#[derive(Clone, Debug)]
pub struct Attachments {
    /// What is known of them.
    pub store: ConsultationStore,
    /// Where they lie: the bucket of private files.
    pub files: Bucket,
    /// The trail.
    pub audit: Audit,
    /// The time.
    pub clock: Clock,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scanned {
    /// The file may be sent.
    Checked,
    /// The file is shown to nobody.
    Refused(document::Refusal),
    /// The file was checked before, or nobody waits for it.
    Nothing,
}

impl Attachments {
    /// Announces a file; the answer says how to upload it. The form is signed before anything is stored: a function that dies in
    /// between leaves nothing behind.
    ///
    /// # Errors
    /// 404 for whom the consultation is not; 409 `consultation_closed`; 429 `too_many_attachments`.
    pub async fn start(
        &self,
        caller: &Caller,
        id: ConsultationId,
        content_type: AttachmentType,
        size_bytes: u64,
    ) -> Result<StartedAttachment> {
        let now = self.clock.now();
        let new = Attachment {
            id: AttachmentId::generate(now),
            consultation: id,
            by: caller.user.clone(),
            status: AttachmentStatus::AwaitingUpload,
            content_type,
            size_bytes,
            refusal: None,
            sha256: None,
            used_by: None,
            created_at: now,
        };
        let key = attachment::incoming_key(id, new.id);
        let rule = UploadRule { key: &key, content_type: content_type.as_str(), max_bytes: size_bytes };
        let upload = self.files.upload_form(rule).await?;
        match self.store.announce(&new, &caller.roles).await? {
            Announced::Done => Ok(StartedAttachment { id: new.id, upload }),
            Announced::TooMany => {
                let detail = wording::consultations::too_many_attachments(MOST_EACH);
                Err(Error::new(Kind::TooMany, "too_many_attachments", detail))
            }
            Announced::NotOpen => {
                let head = self.store.head(id, now).await?;
                let head = head.filter(|head| head.part_of(&caller.user, &caller.roles).is_some());
                Err(head.map_or_else(Error::not_found, |_| closed()))
            }
        }
    }

    /// A link to a checked file that is good for a minute: to who uploaded it, and, once it was sent, to the other and, where `all`
    /// says so, to who may read everything. It is on the trail first, unless it is the patient's look at their own consultation.
    ///
    /// # Errors
    /// 404 for all else; 503 where the trail cannot be written.
    pub async fn link(
        &self,
        actor: &Actor,
        all: bool,
        id: ConsultationId,
        file: AttachmentId,
    ) -> Result<AttachmentLink> {
        let now = self.clock.now();
        let (head, file) = futures_util::try_join!(self.store.head(id, now), self.store.attachment(id, file))?;
        let (head, file) = head.zip(file).ok_or_else(Error::not_found)?;
        let theirs = head.part_of(&actor.user, &actor.roles).is_some() || all;
        let shown = file.by == actor.user || file.used_by.is_some();
        if !theirs || !shown || file.status != AttachmentStatus::Checked {
            let entry = Entry::refused(actor, Action::ReadAttachment, &head.patient, file.id, now);
            self.audit.append(&entry).await?;
            return Err(Error::not_found());
        }
        if actor.user != head.patient {
            self.audit.append(&Entry::allowed(actor, Action::ReadAttachment, &head.patient, file.id, now)).await?;
        }
        self.link_to(&file).await
    }

    /// A link to a checked file, for who was let in.
    pub(super) async fn link_to(&self, file: &Attachment) -> Result<AttachmentLink> {
        let filename = format!("attachment-{}.{}", file.id, file.content_type.extension());
        let key = attachment::checked_key(file.consultation, file.id);
        let (url, expires_at) = self.files.link(&key, &filename).await?;
        Ok(AttachmentLink { url, expires_at })
    }

    /// Checks an upload: a good file is copied to where it can be linked to, and the upload is deleted.
    ///
    /// Events come more than once and in any order, and a function may die at any step. The first upload that is looked at is the
    /// file, which is noted before anything is copied: no other is ever copied to its place, and who erases the consultation
    /// deletes that place, whether something is there or not. The upload goes last.
    ///
    /// # Errors
    /// DynamoDB or S3 does not answer.
    pub async fn scan(&self, id: ConsultationId, file: AttachmentId) -> Result<Scanned> {
        let incoming = attachment::incoming_key(id, file);
        let Some(bytes) = self.files.read(&incoming, attachment::MAX_BYTES).await? else {
            return Ok(Scanned::Nothing);
        };
        let sha256 = crypto::sha256_hex(&bytes);
        let waiting = self.store.attachment(id, file).await?;
        let scanned = match waiting.filter(|one| one.status == AttachmentStatus::AwaitingUpload) {
            Some(waiting) => self.check(&waiting, &bytes, &sha256).await?,
            None => Scanned::Nothing,
        };
        if scanned == Scanned::Nothing && self.store.attachment(id, file).await?.is_none() {
            // It was erased meanwhile, perhaps between the note and the copy.
            self.files.delete(&attachment::checked_key(id, file)).await?;
        }
        self.files.delete(&incoming).await?;
        Ok(scanned)
    }

    async fn check(&self, waiting: &Attachment, bytes: &[u8], sha256: &str) -> Result<Scanned> {
        let Some(claimed) = self.store.claim_upload(waiting, sha256).await? else { return Ok(Scanned::Nothing) };
        let (checked, scanned) = match document::check(bytes, claimed.content_type) {
            Ok(document) => {
                let size_bytes = u64::try_from(document.bytes.len()).unwrap_or(u64::MAX);
                let key = attachment::checked_key(claimed.consultation, claimed.id);
                self.files.write(&key, document.bytes, document.kind.as_str(), "private, no-store").await?;
                let status = AttachmentStatus::Checked;
                (Attachment { status, content_type: document.kind, size_bytes, ..claimed }, Scanned::Checked)
            }
            Err(refusal) => {
                let refused = Some(refusal.as_str().to_owned());
                let status = AttachmentStatus::Refused;
                (Attachment { status, refusal: refused, ..claimed }, Scanned::Refused(refusal))
            }
        };
        Ok(if self.store.finish_check(&checked).await? { scanned } else { Scanned::Nothing })
    }
}
