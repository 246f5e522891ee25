//! Reading messages, and saying how far one has.

use super::mark::Receipt;
use super::message_store::Range;
use super::service::{Consultations, marks_of};
use super::view::{HistoryView, MessageView};
use crate::audit::{Action, Actor, Entry};
use crate::identity::Caller;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{ConsultationId, MessageId};

impl Consultations<'_> {
    /// Some messages of a consultation, to one of the two or, where `all` says so, to who may read everything. Whatever was accepted
    /// before this was asked is among them. What others than the patient read is on the trail first.
    ///
    /// # Errors
    /// 404 where it is another's; 503 where the trail or KMS does not answer.
    pub async fn history(
        &self,
        actor: &Actor,
        all: bool,
        id: ConsultationId,
        range: Range,
        limit: u16,
    ) -> Result<HistoryView> {
        let now = self.clock.now();
        let (head, marks) = futures_util::try_join!(self.store.head(id, now), self.store.marks(id))?;
        let head = head.ok_or_else(Error::not_found)?;
        if head.part_of(&actor.user, &actor.roles).is_none() && !all {
            let entry = Entry::refused(actor, Action::ReadChat, &head.patient, id, now);
            self.audit.append(&entry).await?;
            return Err(Error::not_found());
        }
        self.note_read(actor, Action::ReadChat, &head.patient, id).await?;
        let (stored, more) = self.store.messages(id, range, limit, now).await?;
        let messages = self.open(&head, stored, now).await?;
        let edge = if matches!(range, Range::After(_)) { messages.last() } else { messages.first() };
        Ok(HistoryView {
            next_cursor: edge.filter(|_| more).map(|message| message.stored.id),
            items: messages.iter().map(|message| MessageView::of(message, &actor.user)).collect(),
            marks: marks_of(&head, marks, &actor.user),
        })
    }

    /// Moves the mark of one of the two forward and tells the other, unless they do not want that; what is not forward is told to
    /// nobody.
    ///
    /// # Errors
    /// 404 for whom the consultation is not, and for a message that does not exist.
    pub async fn mark(&self, caller: &Caller, id: ConsultationId, message: MessageId, receipt: Receipt) -> Result<()> {
        let (user, now) = (&caller.user, self.clock.now());
        let (head, message, shown) = futures_util::try_join!(
            self.store.head(id, now),
            self.store.message(id, message, now),
            self.profiles.shows_read_receipts(user)
        )?;
        let head = head.ok_or_else(Error::not_found)?;
        head.part_of(user, &caller.roles).ok_or_else(Error::not_found)?;
        let message = message.ok_or_else(Error::not_found)?;
        if self.store.move_mark(user, receipt, &message, !shown, now).await? {
            self.delivery.tell_of_receipt(&head, user, receipt, message.id, shown).await;
        }
        Ok(())
    }
}
