//! Everything that is held of a patient's consultations, for them.

use serde::Serialize;
use utoipa::ToSchema;

use super::attaching::Attachments;
use super::consultation::Part;
use super::mark::Mark;
use super::message_store::Range;
use super::service::{Consultations, marks_of};
use super::store::Index;
use super::view::{ConsultationView, Marks, MessageView};
use crate::platform::error::Result;
use crate::platform::ids::{AttachmentId, UserId};

/// How many consultations, and how many messages, are read at once.
const PAGE: i32 = 50;
const MESSAGES: u16 = 100;

/// A file that was sent, with a link to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldAttachment {
    /// Its id, as its message names it.
    #[schema(value_type = String)]
    pub id: AttachmentId,
    /// The file; the address is good for a minute.
    pub url: String,
}

/// A consultation with everything in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldConsultation {
    /// The consultation.
    #[serde(flatten)]
    pub consultation: ConsultationView,
    /// How far each of the two is.
    pub marks: Marks,
    /// Its messages, the oldest first.
    pub messages: Vec<MessageView>,
    /// The files of its messages.
    pub attachments: Vec<HeldAttachment>,
}

impl Consultations<'_> {
    /// All consultations of `patient`, the newest first.
    ///
    /// # Errors
    /// DynamoDB or KMS does not answer; the function has no credentials to sign links with.
    pub async fn held(&self, patient: &UserId, attachments: &Attachments) -> Result<Vec<HeldConsultation>> {
        let (mut held, mut after) = (Vec::new(), None);
        loop {
            let batch = self.store.batch(Index::Patient(patient), after, PAGE).await?;
            let mut found = self.store.get_many(&batch.ids, self.clock.now()).await?;
            for id in &batch.ids {
                after = Some(*id);
                let Some(place) = found.iter().position(|(one, _)| one.id == *id) else { continue };
                let (consultation, head) = found.swap_remove(place);
                let marks = self.store.marks(*id).await?;
                let own = marks.iter().find(|(user, _)| user == patient).map_or_else(Mark::default, |(_, mark)| *mark);
                let messages = self.all_messages(&head).await?;
                let mut files = Vec::new();
                for file in messages.iter().filter_map(|message| message.stored.attachment.as_ref()) {
                    if let Some(attachment) = self.store.attachment(*id, file.id).await? {
                        let url = attachments.link_to(&attachment).await?.url;
                        files.push(HeldAttachment { id: file.id, url });
                    }
                }
                held.push(HeldConsultation {
                    consultation: ConsultationView::of(consultation, &head, Some(Part::Patient), own),
                    marks: marks_of(&head, marks, patient),
                    messages: messages.iter().map(|message| MessageView::of(message, patient)).collect(),
                    attachments: files,
                });
            }
            if !batch.more {
                return Ok(held);
            }
        }
    }

    async fn all_messages(&self, head: &super::head::Head) -> Result<Vec<super::message::Message>> {
        let now = self.clock.now();
        let (mut before, mut newest_first) = (Range::Latest, Vec::new());
        loop {
            let (stored, more) = self.store.messages(head.consultation, before, MESSAGES, now).await?;
            let first = stored.first().map(|message| message.id);
            newest_first.push(self.open(head, stored, now).await?);
            match first {
                Some(first) if more => before = Range::Before(first),
                _ => return Ok(newest_first.into_iter().rev().flatten().collect()),
            }
        }
    }
}
