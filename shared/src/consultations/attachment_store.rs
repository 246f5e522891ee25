//! Files of consultations in DynamoDB: `CON#<id>` / `ATT#<id>`, and `CON#<id>` / `FILES#<user>`, how many somebody has announced.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::attachment::{Attachment, AttachmentStatus, MOST_EACH};
use super::store::{ConsultationStore, head_key, partition, whatever_is_there};
use crate::identity::Role;
use crate::platform::dynamo::{
    Expression, Key, Outcome, Updated, Write, from_item, n, s, to_item, transact, update_returning, value,
};
use crate::platform::error::Result;
use crate::platform::ids::{AttachmentId, ConsultationId, MessageId, UserId};

#[derive(Serialize, Deserialize)]
struct Record {
    #[serde(flatten)]
    attachment: Attachment,
    /// In seconds since 1970.
    expires_at: i64,
}

fn attachment_key(consultation: ConsultationId, id: AttachmentId) -> Key {
    Key::new(partition(consultation), format!("ATT#{id}"))
}

/// How an announcement ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Announced {
    /// It is stored.
    Done,
    /// The consultation is closed, or not theirs any more.
    NotOpen,
    /// They have announced as many as they may.
    TooMany,
}

impl ConsultationStore {
    /// Announces a file and counts it, where the consultation is open and theirs, who have these roles.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn announce(&self, new: &Attachment, roles: &BTreeSet<Role>) -> Result<Announced> {
        let theirs = if roles.contains(&Role::Doctor) { "(patient = :me OR doctor = :me)" } else { "patient = :me" };
        let open = Expression::new(format!("#open = :true AND {theirs}"))
            .name("#open", "open")
            .value(":true", value(true)?)
            .value(":me", s(&new.by));
        let room = Expression::new("attribute_not_exists(#count) OR #count < :most")
            .name("#count", "count")
            .value(":most", n(MOST_EACH))
            .name("#expires", "expires_at")
            .value(":none", n(0))
            .value(":one", n(1))
            .value(":until", n(new.created_at.plus(self.retention).seconds()));
        let counter = Key::new(partition(new.consultation), format!("FILES#{}", new.by));
        let record = Record { attachment: new.clone(), expires_at: new.created_at.plus(self.retention).seconds() };
        let writes = vec![
            self.table.check(&head_key(new.consultation), open)?,
            self.table.update(&counter, "SET #count = if_not_exists(#count, :none) + :one, #expires = :until", room)?,
            self.table.create(to_item(&attachment_key(new.consultation, new.id), record)?)?,
        ];
        Ok(match transact(self.table.client(), writes).await? {
            Outcome::Done => Announced::Done,
            Outcome::Refused(refusals) if refusals.iter().any(|refusal| refusal.index == 0) => Announced::NotOpen,
            Outcome::Refused(_) => Announced::TooMany,
        })
    }

    /// A file as the last write left it.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn attachment(
        &self,
        consultation: ConsultationId,
        id: AttachmentId,
    ) -> Result<Option<Attachment>> {
        let item = self.table.get_latest(&attachment_key(consultation, id)).await?;
        Ok(item.map(from_item::<Record>).transpose()?.map(|record| record.attachment))
    }

    /// Says that the upload with this digest is the file, unless another one is or the check is over: the file then.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn claim_upload(&self, waiting: &Attachment, sha256: &str) -> Result<Option<Attachment>> {
        let condition = Expression::new("#status = :awaiting AND (sha256 = :none OR sha256 = :this)")
            .name("#status", "status")
            .value(":awaiting", value(AttachmentStatus::AwaitingUpload)?)
            .value(":none", value(None::<String>)?)
            .value(":this", s(sha256));
        let key = attachment_key(waiting.consultation, waiting.id);
        let update = self.table.update(&key, "SET sha256 = :this", condition)?;
        match update_returning(self.table.client(), update).await? {
            Updated::Done(item) => Ok(Some(from_item::<Record>(item)?.attachment)),
            Updated::Refused(_) => Ok(None),
        }
    }

    /// Ends the check of a file that still waits for it; whether it did.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn finish_check(&self, checked: &Attachment) -> Result<bool> {
        let condition = Expression::new("#status = :awaiting AND sha256 = :this")
            .name("#status", "status")
            .value(":awaiting", value(AttachmentStatus::AwaitingUpload)?)
            .value(":this", value(&checked.sha256)?)
            .value(":status", value(checked.status)?)
            .value(":kind", value(checked.content_type)?)
            .value(":size", value(checked.size_bytes)?)
            .value(":refusal", value(&checked.refusal)?);
        let sets = "SET #status = :status, content_type = :kind, size_bytes = :size, refusal = :refusal";
        let update = self.table.update(&attachment_key(checked.consultation, checked.id), sets, condition)?;
        Ok(matches!(update_returning(self.table.client(), update).await?, Updated::Done(_)))
    }

    /// The write of a transaction that uses a checked file of `by` in a message, once.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub(super) fn use_attachment(
        &self,
        consultation: ConsultationId,
        id: AttachmentId,
        by: &UserId,
        message: MessageId,
    ) -> Result<Write> {
        let condition = Expression::new("#status = :checked AND #by = :me AND used_by = :nothing")
            .name("#status", "status")
            .name("#by", "by")
            .value(":checked", value(AttachmentStatus::Checked)?)
            .value(":me", s(by))
            .value(":nothing", value(None::<MessageId>)?)
            .value(":message", s(message));
        self.table.update(&attachment_key(consultation, id), "SET used_by = :message", condition)
    }

    /// The write of a transaction that deletes any item.
    ///
    /// # Errors
    /// None in practice: the builder is complete.
    pub(super) fn delete_any(&self, key: &Key) -> Result<Write> {
        self.table.delete(key, whatever_is_there())
    }
}
