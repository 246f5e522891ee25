//! What can be done with consultations; each use-case stands in a file of its own.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as KeyEntry;

use super::consultation::Consultation;
use super::data_keys::Vault;
use super::head::Head;
use super::mark::Mark;
use super::message::{Message, StoredMessage};
use super::sealing::Place;
use super::socket::Delivery;
use super::store::ConsultationStore;
use super::view::{ConsultationView, Marks};
use crate::accounts::Profiles;
use crate::audit::{Action, Actor, Audit, Entry};
use crate::medicine::RedFlags;
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::error::Result;
use crate::platform::ids::UserId;

/// How often a change is tried against others' changes of the same consultation.
pub(super) const ATTEMPTS: u32 = 8;

/// Consultations, from the request to the end, and what is written in them.
#[derive(Clone, Debug)]
pub struct Consultations<'a> {
    /// The consultations.
    pub store: ConsultationStore,
    /// The keys of their texts.
    pub vault: Vault<'a>,
    /// The way to who is connected.
    pub delivery: Delivery<'a>,
    /// Knows who wants the other side to see how far they have read.
    pub profiles: Profiles,
    /// The signs of an emergency.
    pub flags: RedFlags,
    /// The trail.
    pub audit: Audit,
    /// The time.
    pub clock: Clock,
}

impl Consultations<'_> {
    /// Opens messages of a consultation.
    ///
    /// # Errors
    /// 503 where KMS does not answer; a text that stands where it was not sealed for.
    pub(super) async fn open(&self, head: &Head, stored: Vec<StoredMessage>, now: Timestamp) -> Result<Vec<Message>> {
        let mut keys = BTreeMap::new();
        let mut opened = Vec::with_capacity(stored.len());
        for message in stored {
            let text = match &message.body {
                Some(body) => {
                    let key = match keys.entry(message.key_no) {
                        KeyEntry::Occupied(known) => known.into_mut(),
                        KeyEntry::Vacant(place) => {
                            place.insert(self.vault.for_reading(head, message.key_no, now).await?)
                        }
                    };
                    let place = Place {
                        consultation: head.consultation,
                        message: message.id,
                        by: &message.by,
                        kind: message.kind,
                    };
                    Some(key.open(place, body)?)
                }
                None => None,
            };
            opened.push(Message { stored: message, text });
        }
        Ok(opened)
    }

    /// Puts it on the trail that somebody who is not the patient reads of a consultation.
    ///
    /// # Errors
    /// 503 where the trail cannot be written.
    pub(super) async fn note_read(
        &self,
        actor: &Actor,
        action: Action,
        patient: &UserId,
        object: impl ToString,
    ) -> Result<()> {
        if actor.user == *patient {
            return Ok(());
        }
        self.audit.append(&Entry::allowed(actor, action, patient, object, self.clock.now())).await
    }

    /// A consultation as `viewer` sees it, with how far they are.
    pub(super) async fn view(&self, viewer: &Actor, of: Consultation, head: &Head) -> Result<ConsultationView> {
        let part = of.part_of(&viewer.user, &viewer.roles);
        let mark = match part {
            Some(_) => self.store.mark(of.id, &viewer.user).await?,
            None => Mark::default(),
        };
        Ok(ConsultationView::of(of, head, part, mark))
    }
}

/// How far each of the two is, of all the marks there are, as `viewer` may see it.
pub(super) fn marks_of(head: &Head, marks: Vec<(UserId, Mark)>, viewer: &UserId) -> Marks {
    let mut of_both: Marks = head.participants().map(|user| (user.to_string(), Mark::default().into())).collect();
    for (user, mark) in marks.into_iter().filter(|(user, mark)| !mark.hidden || user == viewer) {
        if let Some(place) = of_both.get_mut(user.as_str()) {
            *place = mark.into();
        }
    }
    of_both
}
