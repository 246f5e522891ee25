//! Sending a message: the one way to write in a consultation, whether it comes by a request or by a frame.

use std::sync::Arc;

use super::attachment::{Attachment, AttachmentStatus};
use super::chain::{Chain, Draft, DraftBody};
use super::consultation::{Part, Status, closed};
use super::head::Head;
use super::message::{AttachedFile, Author, Content, Message, Outgoing};
use super::message_store::Sent;
use super::service::{ATTEMPTS, Consultations};
use super::store::ConsultationStore;
use super::view::MessageView;
use crate::accounts::Language;
use crate::identity::Caller;
use crate::platform::dynamo::{Outcome, Refusal, Write, back_off, transact};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{ConsultationId, UserId};
use crate::platform::wording;
use crate::red_flags::Flags;

/// Which of the writes are the head's and the mark's of what was sent.
const HEAD: usize = 0;
const SENT: usize = 1;
const FILE: usize = 3;

/// What a message is written against: read before, beside what else had to be.
#[derive(Clone, Debug)]
pub struct Against {
    pub(super) head: Option<Head>,
    pub(super) attachment: Option<Attachment>,
    pub(super) flags: Arc<Flags>,
}

impl Against {
    /// A head alone: nothing that a patient writes.
    pub(super) fn head(head: Option<Head>) -> Self {
        Self { head, attachment: None, flags: Arc::default() }
    }
}

/// A message that is stored, now or before.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// The message, and what the pharmacy itself has written after it.
    pub(super) messages: Vec<Message>,
    /// The head after it.
    pub(super) head: Head,
    /// Whether it was stored before, by the same name.
    pub(super) again: bool,
    /// Whether it has changed the consultation: the doctor has begun to write.
    pub(super) began: bool,
}

impl Accepted {
    /// The message as its author sees it.
    ///
    /// # Errors
    /// None in practice: there is always one.
    pub fn view(&self, author: &UserId) -> Result<MessageView> {
        let first = self.messages.first().ok_or_else(|| Error::internal("a message that is none"))?;
        Ok(MessageView::of(first, author))
    }
}

/// What is about to be written.
struct Plan {
    messages: Vec<Message>,
    after: Head,
    began: bool,
    writes: Vec<Write>,
}

fn client_id_reused() -> Error {
    Error::conflict("client_id_reused", wording::consultations::client_id_reused())
}

impl Consultations<'_> {
    /// Stores a message and tells the two of it; `MessageView` as its author sees it.
    ///
    /// # Errors
    /// As [`Self::accept`].
    pub async fn send(&self, caller: &Caller, id: ConsultationId, outgoing: &Outgoing) -> Result<MessageView> {
        let against = self.against(id, &outgoing.content).await?;
        self.send_against(caller, against, outgoing).await
    }

    async fn send_against(&self, caller: &Caller, against: Against, outgoing: &Outgoing) -> Result<MessageView> {
        let accepted = self.accept(caller, against, outgoing).await?;
        if !accepted.again {
            self.delivery.tell_of_messages(&accepted.head, &accepted.messages, None).await;
            if accepted.began {
                self.delivery.tell_of_change(&accepted.head).await;
            }
        }
        accepted.view(&caller.user)
    }

    /// The doctor's answer: as [`Self::send`], but by the doctor of the consultation alone.
    ///
    /// # Errors
    /// As [`Self::accept`]; 404 for who is not its doctor.
    pub async fn respond(&self, caller: &Caller, id: ConsultationId, outgoing: &Outgoing) -> Result<MessageView> {
        let head = self.store.head(id, self.clock.now()).await?.ok_or_else(Error::not_found)?;
        if head.part_of(&caller.user, &caller.roles) != Some(Part::Doctor) {
            return Err(Error::not_found());
        }
        // Only what patients write is looked through for emergencies.
        self.send_against(caller, Against::head(Some(head)), outgoing).await
    }

    /// What a message is written against.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn against(&self, id: ConsultationId, content: &Content) -> Result<Against> {
        let attachment = async {
            match content {
                Content::Attachment(attachment) => self.store.attachment(id, *attachment).await,
                Content::Text(_) => Ok(None),
            }
        };
        let flags = async {
            Ok::<_, Error>(match content {
                Content::Text(_) => self.flags.current().await,
                Content::Attachment(_) => Arc::default(),
            })
        };
        let (head, attachment, flags) =
            futures_util::try_join!(self.store.head(id, self.clock.now()), attachment, flags)?;
        Ok(Against { head, attachment, flags })
    }

    /// Stores a message, once for each name that its client gives it.
    ///
    /// Head, message and the mark of what was sent are one transaction, on the condition that the head is as it was read. Who loses
    /// against another message gets the head as it is and takes the next place. Where the answer is lost, the same name again
    /// finds the message.
    ///
    /// # Errors
    /// 404 for whom the consultation is not, and for a file that cannot be sent; 409 `consultation_closed`, `client_id_reused`;
    /// 503 where KMS does not answer, `busy`.
    pub async fn accept(&self, caller: &Caller, against: Against, outgoing: &Outgoing) -> Result<Accepted> {
        let user = &caller.user;
        let Against { head, attachment: file, flags } = against;
        let mut head = head.ok_or_else(Error::not_found)?;
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let part = head.part_of(user, &caller.roles).ok_or_else(Error::not_found)?;
            if !head.open {
                let before = self.store.sent(head.consultation, user, &outgoing.client_id).await?;
                return self.again(&head, before.ok_or_else(closed)?, outgoing).await;
            }
            let plan = match self.plan((user, part), &head, outgoing, file.as_ref(), &flags).await {
                Ok(plan) => plan,
                // A file that was used already may have been used by this very message.
                Err(refusal) if refusal.is_refusal() => {
                    let before = self.store.sent(head.consultation, user, &outgoing.client_id).await?;
                    return self.again(&head, before.ok_or(refusal)?, outgoing).await;
                }
                Err(error) => return Err(error),
            };
            let Plan { messages, after, began, writes } = plan;
            match transact(self.store.table.client(), writes).await? {
                Outcome::Done => return Ok(Accepted { messages, head: after, again: false, began }),
                Outcome::Refused(refusals) => {
                    if let Some(sent) = sent_of(&refusals)? {
                        return self.again(&head, sent, outgoing).await;
                    }
                    head = self.head_of(head, refusals).await?;
                }
            }
        }
        Err(Error::busy())
    }

    /// The head as it is, where the one that was read is old; who has lost against nothing but a file loses for good.
    async fn head_of(&self, read: Head, refusals: Vec<Refusal>) -> Result<Head> {
        let now = self.clock.now();
        let file_alone = refusals.iter().all(|refusal| refusal.index == FILE);
        match refusals.into_iter().find(|refusal| refusal.index == HEAD) {
            Some(Refusal { current: Some(item), .. }) => {
                ConsultationStore::head_of(item, now)?.ok_or_else(Error::not_found)
            }
            Some(_) => Err(Error::not_found()),
            None if file_alone => Err(Error::not_found()),
            None => self.store.head(read.consultation, now).await?.ok_or_else(Error::not_found),
        }
    }

    async fn plan(
        &self,
        (user, part): (&UserId, Part),
        head: &Head,
        outgoing: &Outgoing,
        file: Option<&Attachment>,
        flags: &Flags,
    ) -> Result<Plan> {
        let now = self.clock.now();
        let (body, flag) = match &outgoing.content {
            Content::Text(text) => {
                let flag = emergency_in(flags, text, part, head.language);
                (DraftBody::Text(text.clone()), flag)
            }
            Content::Attachment(_) => (DraftBody::File(usable(file, user)?), None),
        };
        let (key, wrapped) = self.vault.for_writing(head, now).await?;
        let mut chain = Chain::after(head);
        let client_id = Some(outgoing.client_id.clone());
        let mut messages = vec![chain.append(Draft { by: Author::person(user, part), body, client_id }, &key, now)?];
        if let Some(told) = flag {
            // It is delivered, and its author is told at once what to do.
            messages.push(chain.append(Draft::emergency(told), &key, now)?);
        }
        let mut after = head.clone();
        after.keys.extend(wrapped);
        for message in &messages {
            after = after.ending_with(&message.stored);
        }
        let began = part == Part::Doctor && head.status == Status::Assigned;
        if began {
            after.status = Status::InProgress;
            after.version += 1;
        }
        let mut writes = vec![self.store.write_head(head, &after, None)?];
        for message in &messages {
            let stored = &message.stored;
            if let Some(client_id) = &stored.client_id {
                let fingerprint = key.fingerprint(&said(&outgoing.content));
                writes.push(self.store.create_sent(stored, user, client_id, fingerprint)?);
            }
            writes.push(self.store.create_message(stored)?);
            if let Some(file) = &stored.attachment {
                writes.push(self.store.use_attachment(head.consultation, file.id, user, stored.id)?);
            }
        }
        if began {
            writes.push(self.store.begin(head)?);
        }
        Ok(Plan { messages, after, began, writes })
    }

    /// The message that the same name has become before.
    async fn again(&self, head: &Head, sent: Sent, outgoing: &Outgoing) -> Result<Accepted> {
        let now = self.clock.now();
        let key = self.vault.for_reading(head, sent.key_no, now).await?;
        if key.fingerprint(&said(&outgoing.content)) != sent.fingerprint {
            return Err(client_id_reused());
        }
        let stored = self.store.message(head.consultation, sent.message, now).await?;
        let messages = self.open(head, vec![stored.ok_or_else(Error::not_found)?], now).await?;
        Ok(Accepted { messages, head: head.clone(), again: true, began: false })
    }
}

/// What is told to a patient whose words speak of an emergency, in the language of their letters, where these say it. A message has no
/// numbers beside it: it says them.
pub(super) fn emergency_in(flags: &Flags, text: &str, by: Part, language: Language) -> Option<String> {
    let found = if by == Part::Patient { flags.find(text) } else { None };
    found.map(|found| found.in_words(Language::written(text).unwrap_or(language)))
}

/// What a message says, for its fingerprint.
fn said(content: &Content) -> String {
    match content {
        Content::Text(text) => format!("text\0{text}"),
        Content::Attachment(id) => format!("attachment\0{id}"),
    }
}

/// A checked file of the sender that no message uses.
fn usable(file: Option<&Attachment>, by: &UserId) -> Result<AttachedFile> {
    let fits =
        |file: &&Attachment| file.by == *by && file.status == AttachmentStatus::Checked && file.used_by.is_none();
    let file = file.filter(fits).ok_or_else(Error::not_found)?;
    Ok(AttachedFile { id: file.id, content_type: file.content_type, size_bytes: file.size_bytes })
}

/// What was sent before under the same name, where that is why a transaction was refused.
fn sent_of(refusals: &[Refusal]) -> Result<Option<Sent>> {
    let current = refusals.iter().find(|refusal| refusal.index == SENT).and_then(|refusal| refusal.current.clone());
    current.map(ConsultationStore::sent_of).transpose()
}
