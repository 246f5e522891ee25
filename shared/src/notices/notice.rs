//! One thing that somebody is told: what happened, whom it concerns, and what it is about.

use serde::{Deserialize, Serialize};

use crate::identity::{NewDevice, Role};
use crate::notifications::NoticeKind;
use crate::platform::clock::Timestamp;
use crate::platform::crypto;
use crate::platform::ids::{ConsultationId, MessageId, NoticeId, OrderId, PrescriptionId, ProductId, UserId};

/// Who is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Addressee {
    /// One person.
    Person(UserId),
    /// Everybody who works here as a pharmacist.
    Pharmacists,
}

impl Addressee {
    /// The role whose people are meant, where it is not one person.
    pub const fn role(&self) -> Option<Role> {
        match self {
            Self::Person(_) => None,
            Self::Pharmacists => Some(Role::PharmacyAdmin),
        }
    }
}

/// What it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type", content = "id")]
pub enum About {
    /// An order.
    Order(OrderId),
    /// A prescription.
    Prescription(PrescriptionId),
    /// A consultation.
    Consultation(ConsultationId),
    /// A product.
    Product(ProductId),
}

/// The ways beyond the inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A mail: sent at least once.
    Mail,
    /// A text message: sent at most once.
    Sms,
}

impl Channel {
    /// The name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Sms => "sms",
        }
    }
}

/// A notice, as the queue has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What happened, by a name that it always has: whatever is repeated, nobody is told twice of one event.
    pub event: String,
    /// What is told.
    pub kind: NoticeKind,
    /// Who is told.
    pub to: Addressee,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<About>,
    /// The number that people read to each other, or a count.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub value: String,
    /// The number or address of a parcel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The latest message, where it is about one: it is told while it is not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<MessageId>,
    /// When it happened.
    pub at: Timestamp,
    /// The one way that is still to be gone, where the others are done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<Channel>,
}

impl Notice {
    /// A notice of what has just happened to something.
    pub fn new(event: String, kind: NoticeKind, to: Addressee, about: About, at: Timestamp) -> Self {
        let (value, detail, message, only) = (String::new(), None, None, None);
        Self { event, kind, to, about: Some(about), value, detail, message, at, only }
    }

    /// That somebody has signed in with a device that is new, which a mail names. It has the same name however often it is
    /// found to be new.
    pub fn of_device(person: &UserId, device: &NewDevice) -> Self {
        Self {
            event: format!("device#{}#{}", device.key, device.since),
            kind: NoticeKind::NewDevice,
            to: Addressee::Person(person.clone()),
            about: None,
            value: String::new(),
            detail: Some(device.name.clone()).filter(|name| !name.is_empty()),
            message: None,
            at: device.since,
            only: None,
        }
    }

    /// With a number, such as an order's.
    #[must_use]
    pub fn valued(self, value: impl Into<String>) -> Self {
        Self { value: value.into(), ..self }
    }

    /// The same for one person.
    #[must_use]
    pub fn addressed(&self, person: &UserId) -> Self {
        Self { to: Addressee::Person(person.clone()), ..self.clone() }
    }

    /// The name under which it is known to be told, on whichever way.
    pub fn key(&self) -> String {
        format!("{}#{}", self.event, self.kind.as_str())
    }

    /// Its id in the inbox of `person`: always the same, so that it lies there once. Ids are in the order of events.
    pub fn id(&self, person: &UserId) -> NoticeId {
        let digest = crypto::keyed_hash(b"notice", format!("{}\0{person}", self.key()).as_bytes());
        let bits = digest.iter().take(10).fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
        NoticeId::with(self.at, bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn notice() -> Notice {
        let order = OrderId::first_at(Timestamp::from_millis(5));
        let person = Addressee::Person(UserId::nobody());
        Notice::new("e1".to_owned(), NoticeKind::OrderPlaced, person, About::Order(order), Timestamp::from_millis(9))
    }

    #[test]
    fn the_same_event_has_the_same_id_and_another_another() {
        let (one, person) = (notice(), UserId::nobody());
        assert_eq!(one.id(&person), one.clone().id(&person));
        assert_eq!(one.id(&person).made_at(), one.at);
        let others = [
            Notice { event: "e2".to_owned(), ..one.clone() },
            Notice { kind: NoticeKind::OrderPacked, ..one.clone() },
            Notice { at: Timestamp::from_millis(10), ..one.clone() },
        ];
        assert!(others.iter().all(|other| other.id(&person) != one.id(&person)));
    }

    #[test]
    fn the_queue_reads_what_was_written() {
        let one = Notice { message: None, only: Some(Channel::Sms), ..notice().valued("7") };
        let text = serde_json::to_string(&one).unwrap();
        assert_eq!(serde_json::from_str::<Notice>(&text).unwrap(), one);
        let staff = Notice { to: Addressee::Pharmacists, ..one };
        assert_eq!(serde_json::from_str::<Notice>(&serde_json::to_string(&staff).unwrap()).unwrap(), staff);
    }
}
