//! Closing a consultation, and taking one back.

use std::sync::Arc;

use futures_util::future::join;

use super::chain::{Chain, Draft, DraftBody};
use super::consultation::{Consultation, Outcome as Ending};
use super::message::Author;
use super::sending::emergency_in;
use super::service::{ATTEMPTS, Consultations};
use super::view::ConsultationView;
use crate::audit::{Action, Actor, Entry};
use crate::platform::dynamo::{Outcome, back_off, transact};
use crate::platform::error::{Error, Result};
use crate::platform::ids::ConsultationId;
use crate::platform::precondition::Precondition;

impl Consultations<'_> {
    /// Closes a consultation. A note is its last message; where a patient's speaks of an emergency, what to do follows it. After it nothing can be written: the write is on the head, so a message
    /// that is sent at the same time comes before it or is refused.
    ///
    /// # Errors
    /// 404; 400 at `outcome`; 409 `consultation_closed`, `invalid_state`; 412; 503 where KMS does not answer.
    pub async fn close(
        &self,
        actor: &Actor,
        id: ConsultationId,
        outcome: Ending,
        note: Option<&str>,
        precondition: &Precondition,
    ) -> Result<ConsultationView> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let now = self.clock.now();
            let flags = async {
                match note {
                    Some(_) => self.flags.current().await,
                    None => Arc::default(),
                }
            };
            let (whole, flags) = join(self.whole(id), flags).await;
            let (before, mut head) = whole?;
            let part = before.part_of(&actor.user, &actor.roles).ok_or_else(Error::not_found)?;
            if before.was_closed_by(&actor.user, outcome) {
                return self.view(actor, before, &head).await;
            }
            precondition.check(Some(before.version))?;
            let changed = before.closed_by(&actor.user, &actor.roles, outcome, now)?;
            let changed = Consultation { version: before.version + 1, ..changed };
            let read = head.clone();
            let mut messages = Vec::new();
            if let Some(note) = note {
                let (key, wrapped) = self.vault.for_writing(&head, now).await?;
                head.keys.extend(wrapped);
                let by = Author::person(&actor.user, part);
                let draft = Draft { by, body: DraftBody::Text(note.to_owned()), client_id: None };
                let mut chain = Chain::after(&head);
                messages.push(chain.append(draft, &key, now)?);
                if let Some(told) = emergency_in(&flags, note, part, head.language) {
                    messages.push(chain.append(Draft::emergency(told), &key, now)?);
                }
                for message in &messages {
                    head = head.ending_with(&message.stored);
                }
            }
            let after = head.following(&changed);
            let entry = Entry::allowed(actor, Action::CloseConsultation, &before.patient, id, now);
            let mut writes = self.store.replace(&before, &changed, (&read, &after))?;
            writes.push(self.audit.action(&entry)?);
            for message in &messages {
                writes.push(self.store.create_message(&message.stored)?);
            }
            if let Outcome::Done = transact(self.store.table.client(), writes).await? {
                if !messages.is_empty() {
                    self.delivery.tell_of_messages(&after, &messages, None).await;
                }
                self.delivery.tell_of_change(&after).await;
                return self.view(actor, changed, &after).await;
            }
        }
        Err(Error::busy())
    }
}
