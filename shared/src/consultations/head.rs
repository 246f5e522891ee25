//! The head of a consultation: what a message is written against. It is in no index, so that a message rewrites none.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::consultation::{Consultation, Part, Status};
use super::message::Tally;
use crate::accounts::Language;
use crate::identity::Role;
use crate::platform::clock::Timestamp;
use crate::platform::ids::{ConsultationId, MessageId, UserId};

/// After so many messages a consultation gets another key: far from where random nonces of 96 bits might meet (NIST SP
/// 800-38D, 8.3).
const MESSAGES_OF_A_KEY: u64 = 1 << 20;
/// And after so long.
const AGE_OF_A_KEY: Duration = Duration::from_hours(365 * 24);

/// A key of the consultation, as KMS has wrapped it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrappedKey {
    /// Counted from one.
    pub no: u32,
    /// In base64.
    pub wrapped: String,
    /// Since when it is used.
    pub made_at: Timestamp,
    /// How many messages there were before it.
    pub after: u64,
}

/// The head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Of which consultation.
    pub consultation: ConsultationId,
    /// Who asked.
    pub patient: UserId,
    /// Who answers.
    pub doctor: Option<UserId>,
    /// What the patient writes in.
    pub language: Language,
    /// Whether something can be written.
    pub open: bool,
    /// How far it is.
    pub status: Status,
    /// The consultation's version.
    pub version: u64,
    /// The latest message.
    pub last: MessageId,
    /// When it was stored.
    pub last_at: Timestamp,
    /// How many there are.
    pub tally: Tally,
    /// The keys that texts are sealed with, the oldest first.
    pub keys: Vec<WrappedKey>,
}

impl Head {
    /// Which side somebody with these roles is on, if any.
    pub fn part_of(&self, user: &UserId, roles: &BTreeSet<Role>) -> Option<Part> {
        Part::of((&self.patient, self.doctor.as_ref()), user, roles)
    }

    /// The two, as far as there are two.
    pub fn participants(&self) -> impl Iterator<Item = &UserId> {
        std::iter::once(&self.patient).chain(&self.doctor)
    }

    /// The same after a change of the consultation.
    #[must_use]
    pub fn following(&self, changed: &Consultation) -> Self {
        Self {
            doctor: changed.doctor.clone(),
            open: changed.status.is_open(),
            status: changed.status,
            version: changed.version,
            ..self.clone()
        }
    }

    /// The key that the next message is sealed with, unless it is time for another one.
    pub fn current_key(&self, now: Timestamp) -> Option<&WrappedKey> {
        let good = |key: &&WrappedKey| {
            self.tally.all.saturating_sub(key.after) < MESSAGES_OF_A_KEY && now.since(key.made_at) < AGE_OF_A_KEY
        };
        self.keys.last().filter(good)
    }

    /// A key by its number.
    pub fn key(&self, no: u32) -> Option<&WrappedKey> {
        self.keys.iter().find(|key| key.no == no)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consultations::samples;

    #[test]
    fn a_key_is_used_for_a_year_or_a_million_messages() {
        let at = |hours| Timestamp::from_millis(0).plus(Duration::from_hours(hours));
        let key = WrappedKey { no: 1, wrapped: String::new(), made_at: at(0), after: 10 };
        let head = Head {
            consultation: samples::consultation(),
            patient: UserId::nobody(),
            doctor: None,
            language: Language::English,
            open: true,
            status: Status::Requested,
            version: 1,
            last: samples::stored_message(1).id,
            last_at: at(0),
            tally: Tally { all: 10, of_patient: 0 },
            keys: vec![key.clone()],
        };
        assert_eq!(head.current_key(at(1)), Some(&key));
        assert_eq!(head.current_key(at(365 * 24)), None);
        let full = Head { tally: Tally { all: 10 + MESSAGES_OF_A_KEY, of_patient: 0 }, ..head };
        assert_eq!(full.current_key(at(1)), None);
        assert_eq!((full.key(1), full.key(2)), (Some(&key), None));
    }
}
