//! How texts are sealed: AES-256-GCM under a key of the consultation, bound to where they stand and who wrote them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use zeroize::Zeroizing;

use super::message::{Author, AuthorRole, Kind};
use crate::platform::crypto::{self, Unreadable};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{ConsultationId, MessageId};

/// A key of a consultation, forgotten where it is dropped.
#[derive(Clone)]
pub struct DataKey {
    /// Which of the consultation's keys it is, counted from one.
    pub no: u32,
    key: Zeroizing<[u8; 32]>,
}

impl std::fmt::Debug for DataKey {
    /// Without the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DataKey").field("no", &self.no).finish_non_exhaustive()
    }
}

/// Where a text stands: it opens nowhere else.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// In which consultation.
    pub consultation: ConsultationId,
    /// As which message.
    pub message: MessageId,
    /// By whom.
    pub by: &'a Author,
    /// As what.
    pub kind: Kind,
}

impl Place<'_> {
    /// As the seal is bound to it.
    fn context(&self, key_no: u32) -> String {
        let Self { consultation, message, by, kind } = self;
        let role = match by.role {
            AuthorRole::Patient => "patient",
            AuthorRole::Doctor => "doctor",
            AuthorRole::System => "system",
        };
        let who = by.id.as_ref().map(ToString::to_string).unwrap_or_default();
        format!("chat|{consultation}|{message}|{role}:{who}|{}|{key_no}", kind.as_str())
    }
}

impl DataKey {
    /// A key that KMS has given or opened.
    pub fn new(no: u32, key: Zeroizing<[u8; 32]>) -> Self {
        Self { no, key }
    }

    /// Seals a text for its place; never twice the same.
    ///
    /// # Errors
    /// The operating system gives no randomness.
    pub fn seal(&self, place: Place<'_>, text: &str) -> Result<String> {
        let sealed = crypto::seal(&self.key, &place.context(self.no), text.as_bytes()).map_err(Error::internal)?;
        Ok(STANDARD_NO_PAD.encode(sealed))
    }

    /// Opens a text in its place.
    ///
    /// # Errors
    /// It was sealed for another place, with another key, or was altered.
    pub fn open(&self, place: Place<'_>, sealed: &str) -> Result<String> {
        let sealed = STANDARD_NO_PAD.decode(sealed).map_err(Error::internal)?;
        let text = crypto::unseal(&self.key, &place.context(self.no), &sealed).map_err(Error::internal)?;
        String::from_utf8(text).map_err(|_| Error::internal(Unreadable))
    }

    /// What tells whether a message that comes again says the same; of no use to who has not the key.
    pub fn fingerprint(&self, content: &str) -> String {
        let hash = crypto::keyed_hash(&*self.key, format!("sent\0{content}").as_bytes());
        crypto::fingerprint(&hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consultations::consultation::Part;
    use crate::consultations::samples;
    use crate::platform::clock::Timestamp;
    use crate::platform::ids::UserId;

    fn key(no: u32, byte: u8) -> DataKey {
        DataKey::new(no, Zeroizing::new([byte; 32]))
    }

    #[test]
    fn a_text_opens_in_its_own_place_alone() {
        let anna = UserId::parse("0b9d5f3a-8f5e-4c5c-9d55-2f0b7f1b1c11").unwrap();
        let (patient, doctor) = (Author::person(&anna, Part::Patient), Author::person(&anna, Part::Doctor));
        let at = |millis| Timestamp::from_millis(millis);
        let place = Place {
            consultation: samples::consultation(),
            message: MessageId::generate(at(1)),
            by: &patient,
            kind: Kind::Text,
        };
        let sealed = key(1, 7).seal(place, "It itches.").unwrap();
        assert_eq!(key(1, 7).open(place, &sealed).unwrap(), "It itches.");
        let elsewhere = [
            Place { consultation: ConsultationId::generate(at(2)), ..place },
            Place { message: MessageId::generate(at(2)), ..place },
            Place { by: &doctor, ..place },
            Place { by: &Author::system(), ..place },
            Place { kind: Kind::System, ..place },
        ];
        for other in elsewhere {
            assert!(key(1, 7).open(other, &sealed).is_err(), "{other:?}");
        }
        assert!(key(2, 7).open(place, &sealed).is_err(), "another number");
        assert!(key(1, 8).open(place, &sealed).is_err(), "another key");
        assert!(key(1, 7).open(place, "@@").is_err());
    }

    #[test]
    fn equal_texts_are_sealed_differently_and_leave_no_trace_of_the_text() {
        let author = Author::system();
        let place = Place {
            consultation: samples::consultation(),
            message: MessageId::generate(Timestamp::from_millis(1)),
            by: &author,
            kind: Kind::System,
        };
        let sealed: Vec<_> = (0..3).map(|_| key(1, 7).seal(place, "canary").unwrap()).collect();
        assert!(sealed[0] != sealed[1] && sealed[1] != sealed[2]);
        assert!(!format!("{:?}", key(1, 7)).contains('7'));
        assert_eq!(key(1, 7).fingerprint("a"), key(1, 7).fingerprint("a"));
        assert_ne!(key(1, 7).fingerprint("a"), key(1, 8).fingerprint("a"));
    }
}
