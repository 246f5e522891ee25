//! What the tests of this area begin with.

use ulid::Ulid;

use super::consultation::Part;
use super::message::{Author, Kind, StoredMessage, Tally};
use crate::platform::clock::Timestamp;
use crate::platform::ids::{ConsultationId, MessageId, UserId};

/// The consultation of the samples.
pub(crate) fn consultation() -> ConsultationId {
    ConsultationId::parse(&format!("con_{}", Ulid::from_parts(1, 1))).unwrap()
}

/// The `number`th message of a patient, always the same.
pub(crate) fn stored_message(number: u64) -> StoredMessage {
    let patient = UserId::parse("0b9d5f3a-8f5e-4c5c-9d55-2f0b7f1b1c11").unwrap();
    StoredMessage {
        id: MessageId::parse(&format!("msg_{}", Ulid::from_parts(number, 7))).unwrap(),
        consultation: consultation(),
        by: Author::person(&patient, Part::Patient),
        kind: Kind::Text,
        key_no: 1,
        body: None,
        attachment: None,
        previous: None,
        client_id: None,
        at: Timestamp::from_millis(1_000),
        tally: Tally { all: number, of_patient: number },
    }
}
