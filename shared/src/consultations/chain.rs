//! How messages follow one another: each names the one before it, counts on, and is sealed for its place.

use super::head::Head;
use super::message::{AttachedFile, Author, ClientId, Kind, Message, StoredMessage, Tally};
use super::sealing::{DataKey, Place};
use crate::platform::clock::Timestamp;
use crate::platform::error::Result;
use crate::platform::ids::{ConsultationId, MessageId};

/// The end of the messages of a consultation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chain {
    consultation: ConsultationId,
    last: Option<MessageId>,
    tally: Tally,
}

/// A message before it has its place.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    /// Who writes it.
    pub(super) by: Author,
    /// What it says.
    pub(super) body: DraftBody,
    /// What its client calls it.
    pub(super) client_id: Option<ClientId>,
}

/// What a message says.
#[derive(Clone, Debug)]
pub(super) enum DraftBody {
    /// Words.
    Text(String),
    /// A file.
    File(AttachedFile),
}

impl Draft {
    /// What the pharmacy itself says at once to who writes of an emergency.
    pub(super) fn emergency(text: String) -> Self {
        Self { by: Author::system(), body: DraftBody::Text(text), client_id: None }
    }
}

impl Chain {
    /// Before the first message.
    pub(super) const fn new(consultation: ConsultationId) -> Self {
        Self { consultation, last: None, tally: Tally { all: 0, of_patient: 0 } }
    }

    /// Where a head says that it ends.
    pub(super) const fn after(head: &Head) -> Self {
        Self { consultation: head.consultation, last: Some(head.last), tally: head.tally }
    }

    /// Gives a draft the next place and seals it for it.
    pub(super) fn append(&mut self, draft: Draft, key: &DataKey, now: Timestamp) -> Result<Message> {
        let Draft { by, body, client_id } = draft;
        let id = self.last.map_or_else(|| MessageId::generate(now), |last| MessageId::after(last, now));
        let tally = self.tally.and(by.role);
        let (kind, text, attachment) = match body {
            DraftBody::Text(text) if by.id.is_none() => (Kind::System, Some(text), None),
            DraftBody::Text(text) => (Kind::Text, Some(text), None),
            DraftBody::File(file) => (Kind::Attachment, None, Some(file)),
        };
        let place = Place { consultation: self.consultation, message: id, by: &by, kind };
        let sealed = text.as_deref().map(|text| key.seal(place, text)).transpose()?;
        let stored = StoredMessage {
            id,
            consultation: self.consultation,
            by,
            kind,
            key_no: key.no,
            body: sealed,
            attachment,
            previous: self.last,
            client_id,
            at: now,
            tally,
        };
        (self.last, self.tally) = (Some(id), tally);
        Ok(Message { stored, text })
    }
}

impl Head {
    /// The same with `message` as the last one.
    pub(super) fn ending_with(&self, message: &StoredMessage) -> Self {
        Self { last: message.id, last_at: message.at, tally: message.tally, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;
    use crate::consultations::consultation::Part;
    use crate::consultations::samples;
    use crate::platform::ids::UserId;

    #[test]
    fn each_message_names_the_one_before_it_and_opens_in_its_place() {
        let key = DataKey::new(1, Zeroizing::new([3; 32]));
        let author = Author::person(&UserId::nobody(), Part::Patient);
        let mut chain = Chain::new(samples::consultation());
        let mut before: Option<Message> = None;
        // The clock of the third is behind.
        for millis in [10, 20, 5, 20] {
            let body = DraftBody::Text(format!("at {millis}"));
            let draft = Draft { by: author.clone(), body, client_id: None };
            let message = chain.append(draft, &key, Timestamp::from_millis(millis)).unwrap();
            let stored = &message.stored;
            assert_eq!(stored.previous, before.as_ref().map(|before| before.stored.id));
            assert!(before.as_ref().is_none_or(|before| before.stored.id < stored.id));
            assert_eq!(stored.tally.all, before.as_ref().map_or(0, |before| before.stored.tally.all) + 1);
            let place =
                Place { consultation: stored.consultation, message: stored.id, by: &stored.by, kind: stored.kind };
            assert_eq!(key.open(place, stored.body.as_deref().unwrap()).unwrap(), format!("at {millis}"));
            before = Some(message);
        }
        let system = Draft { by: Author::system(), body: DraftBody::Text("x".to_owned()), client_id: None };
        let message = chain.append(system, &key, Timestamp::from_millis(1)).unwrap();
        assert_eq!((message.stored.kind, message.stored.tally.of_patient), (Kind::System, 4));
    }
}
