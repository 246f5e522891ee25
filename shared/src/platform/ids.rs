//! Typed ids: a prefix that says what it is, and a ULID (26 characters of Crockford base 32, ordered by time).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use ulid::Ulid;

use super::clock::Timestamp;
use super::crypto;
use super::fields::Invalid;
use crate::platform::wording;

/// A new ULID: 48 bits of `now` in milliseconds and 80 random bits.
pub fn new_ulid(now: Timestamp) -> Ulid {
    Ulid::from_parts(now.millis().unsigned_abs(), u128::from_be_bytes(crypto::random()))
}

/// Whether a text has the form of an id that this house gives out, of whatever sort; so it is no name and no number.
pub fn is_id(text: &str) -> bool {
    let is_ulid = |rest: &str| Ulid::from_string(rest).is_ok_and(|ulid| ulid.to_string() == rest);
    let is_ours = |(prefix, rest): (&str, &str)| (2..=4).contains(&prefix.len()) && is_ulid(rest);
    text.split_once('_').is_some_and(is_ours) || UserId::parse(text).is_ok()
}

macro_rules! id {
    ($(#[$meta:meta])* $name:ident, $prefix:literal $(, formerly $former:literal)?) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Ulid);

        impl $name {
            /// What every id of this sort starts with.
            pub const PREFIX: &'static str = concat!($prefix, "_");

            /// A new id, ordered by `now`.
            pub fn generate(now: Timestamp) -> Self {
                Self(new_ulid(now))
            }

            /// The one of this ULID.
            pub const fn of(ulid: Ulid) -> Self {
                Self(ulid)
            }

            /// When it was made, to the millisecond.
            pub fn made_at(self) -> Timestamp {
                Timestamp::from_millis(i64::try_from(self.0.timestamp_ms()).unwrap_or(i64::MAX))
            }

            /// The one of `moment` with these 80 bits.
            pub fn with(moment: Timestamp, bits: u128) -> Self {
                Self(Ulid::from_parts(moment.millis().unsigned_abs(), bits))
            }

            /// The first that could be made at `moment`.
            pub fn first_at(moment: Timestamp) -> Self {
                Self(Ulid::from_parts(moment.millis().unsigned_abs(), 0))
            }

            /// The last that could be made before `moment`.
            pub fn last_before(moment: Timestamp) -> Self {
                Self(Ulid::from_parts(moment.millis().unsigned_abs().saturating_sub(1), u128::MAX))
            }

            /// The random part alone, for derived names.
            pub fn ulid(self) -> Ulid {
                self.0
            }

            /// Reads an id in its canonical form, or as it was written formerly.
            ///
            /// # Errors
            /// Another prefix, or not a ULID in upper case.
            pub fn parse(text: &str) -> Result<Self, Invalid> {
                text.strip_prefix(Self::PREFIX)
                    $(.or_else(|| text.strip_prefix(concat!($former, "_"))))?
                    .and_then(|rest| Ulid::from_string(rest).ok().filter(|ulid| ulid.to_string() == rest))
                    .map(Self)
                    .ok_or_else(|| Invalid::new("invalid_id", wording::field::an_id($prefix)))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}{}", Self::PREFIX, self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = Invalid;

            fn from_str(text: &str) -> Result<Self, Invalid> {
                Self::parse(text)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

id!(
    /// An address in a customer's address book.
    AddressId, "adr"
);
id!(
    /// A file that is sent in a consultation.
    AttachmentId, "att"
);
id!(
    /// An entry of the audit trail.
    AuditId, "aud"
);
id!(
    /// A consultation: a patient's question to a doctor.
    ConsultationId, "con"
);
id!(
    /// An event on its way to others' systems.
    DeliveryId, "dlv"
);
id!(
    /// A picture of a product.
    ImageId, "img"
);
id!(
    /// An import: a table of products or stock that is read as a whole.
    ImportId, "imp"
);
id!(
    /// A lot: units of a product that were made together.
    LotId, "lot"
);
id!(
    /// A movement of stock.
    MovementId, "mov", formerly "smv"
);
id!(
    /// A message of a consultation.
    MessageId, "msg"
);
id!(
    /// What somebody was told, in their inbox.
    NoticeId, "ntc"
);
id!(
    /// An order.
    OrderId, "ord"
);
id!(
    /// Somebody whom medicine is for.
    PatientId, "pat"
);
id!(
    /// The payment of an order.
    PaymentId, "pay"
);
id!(
    /// A question to the assistant.
    QuestionId, "qst"
);
id!(
    /// A recall: a lot that was called back.
    RecallId, "rcl"
);
id!(
    /// A record of a patient.
    RecordId, "rec"
);
id!(
    /// What somebody said about how they are.
    TriageId, "tri"
);
id!(
    /// Money that goes back to who paid.
    RefundId, "rfd"
);
id!(
    /// Goods that come back from who bought them.
    ReturnId, "ret"
);
id!(
    /// Somebody's application to sell here.
    SellerApplicationId, "sap"
);
id!(
    /// A prescription.
    PrescriptionId, "rx"
);
id!(
    /// A product of the catalogue.
    ProductId, "prd"
);
id!(
    /// A profile picture that is being uploaded or shown.
    PictureId, "pic"
);

impl PatientId {
    /// The id with these 128 bits, for the one that is derived from another id.
    pub fn from_bits(bits: u128) -> Self {
        Self(Ulid(bits))
    }
}

impl MessageId {
    /// The id of the message after `last`: one of `now`, or the next in order where the clock is not ahead of `last`. So
    /// messages that are written one after the other have ids in that order, whatever the clocks of those who write them say.
    #[must_use]
    pub fn after(last: Self, now: Timestamp) -> Self {
        let next = Self(Ulid(last.0.0.saturating_add(1)));
        Self::generate(now).max(next)
    }
}

impl QuestionId {
    /// The id of `at` with these bits in place of random ones; the lowest eighty count.
    #[must_use]
    pub fn of_parts(at: Timestamp, bits: u128) -> Self {
        Self(Ulid::from_parts(u64::try_from(at.millis()).unwrap_or_default(), bits))
    }
}

/// The name of an address that events are posted to: what the pharmacy calls it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WebhookName(String);

impl WebhookName {
    /// Reads a name: 1 to 40 small letters, digits and hyphens, none at an end.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let known = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if known && (1..=40).contains(&text.len()) && !text.starts_with('-') && !text.ends_with('-') {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid::new("invalid_id", wording::field::a_name()))
        }
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WebhookName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for WebhookName {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::parse(text)
    }
}

impl TryFrom<String> for WebhookName {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl From<WebhookName> for String {
    fn from(name: WebhookName) -> Self {
        name.0
    }
}

/// A person: the `sub` of their Cognito user, a UUID.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(String);

impl UserId {
    /// Reads a `sub`.
    ///
    /// # Errors
    /// Not a UUID in lower case, with hyphens.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let group = |part: &str, length: usize| {
            part.len() == length && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        };
        let lengths = [8, 4, 4, 4, 12];
        let parts: Vec<&str> = text.split('-').collect();
        if parts.len() == lengths.len() && parts.iter().zip(lengths).all(|(part, length)| group(part, length)) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid::new("invalid_id", wording::field::a_user_id()))
        }
    }

    /// A user that nobody is, for what must cost the same for ids that cannot be one.
    pub fn nobody() -> Self {
        Self("00000000-0000-0000-0000-000000000000".to_owned())
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for UserId {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::parse(text)
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for UserId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for UserId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_what_it_wrote_and_nothing_else() {
        let id = OrderId::generate(Timestamp::from_millis(1_700_000_000_000));
        assert_eq!(OrderId::parse(&id.to_string()), Ok(id));
        let lower = id.to_string().to_lowercase();
        let other = id.to_string().replace("ord_", "prd_");
        for wrong in ["", "ord_", "ord_1", lower.as_str(), other.as_str()] {
            assert!(OrderId::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_id_is_read_by_what_it_was_formerly_called() {
        let id = MovementId::parse("smv_01JD4Z8QK0000000000000000A").unwrap();
        assert_eq!(id.to_string(), "mov_01JD4Z8QK0000000000000000A");
        assert_eq!(MovementId::parse(&id.to_string()), Ok(id));
    }

    #[test]
    fn ids_order_by_time() {
        let early = OrderId::generate(Timestamp::from_millis(1_000));
        let late = OrderId::generate(Timestamp::from_millis(2_000));
        assert!(early.to_string() < late.to_string());
    }

    #[test]
    fn a_message_comes_after_the_last_one_whatever_the_clock_says() {
        let last = MessageId::generate(Timestamp::from_millis(5_000));
        for now in [0, 4_999, 5_000, 5_001, 9_000] {
            assert!(MessageId::after(last, Timestamp::from_millis(now)) > last, "{now}");
        }
        let next = MessageId::after(last, Timestamp::from_millis(0));
        assert_eq!(next.ulid().0, last.ulid().0 + 1, "a clock that is behind only counts on");
        assert_eq!(MessageId::after(last, Timestamp::from_millis(9_000)).ulid().timestamp_ms(), 9_000);
    }

    #[test]
    fn a_user_id_is_a_uuid() {
        assert!(UserId::parse("0b9d5f3a-8f5e-4c5c-9d55-2f0b7f1b1c11").is_ok());
        for wrong in ["", "admin", "0B9D5F3A-8F5E-4C5C-9D55-2F0B7F1B1C11", "0b9d5f3a8f5e4c5c9d552f0b7f1b1c11"] {
            assert!(UserId::parse(wrong).is_err(), "{wrong}");
        }
    }
}
