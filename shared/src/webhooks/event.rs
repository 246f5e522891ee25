//! What others are told of: thin events, which name what has happened to what, and nothing of it. Whoever wants to know more
//! asks for it, with rights of their own.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::notices::{About, Notice};
use crate::notifications::NoticeKind;
use crate::platform::clock::Timestamp;
use crate::platform::crypto;
use crate::platform::fields::Invalid;
use crate::platform::ids::{DeliveryId, WebhookName};
use crate::platform::wording;

macro_rules! types {
    ($($(#[$meta:meta])* $name:ident $text:tt of $($kind:ident)|+;)*) => {
        /// A type of event.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[schema(as = WebhookEventType)]
        pub enum EventType {
            $($(#[$meta])* #[serde(rename = $text)] $name,)*
        }

        impl EventType {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The name.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            /// The one that a notice tells people of, if others are told of it at all.
            const fn of(kind: NoticeKind) -> Option<Self> {
                match kind {
                    $($(NoticeKind::$kind)|+ => Some(Self::$name),)*
                    _ => None,
                }
            }
        }
    };
}

types! {
    /// An order was placed.
    OrderPlaced "order.placed" of OrderPlaced;
    /// A pharmacist has checked an order.
    OrderVerified "order.verified" of OrderVerified;
    /// An order is in its parcel.
    OrderPacked "order.packed" of OrderPacked;
    /// The parcel has left the house.
    OrderShipped "order.shipped" of OrderShipped;
    /// The parcel was handed over.
    OrderDelivered "order.delivered" of OrderDelivered;
    /// An order was called off.
    OrderCancelled "order.cancelled" of OrderCancelled | OrderReleased;
    /// The parcel came back.
    OrderReturned "order.returned" of OrderReturned;
    /// The money of an order was taken.
    PaymentCaptured "payment.captured" of PaymentCaptured;
    /// A payment did not go through.
    PaymentFailed "payment.failed" of PaymentFailed;
    /// Money went back.
    PaymentRefunded "payment.refunded" of RefundMade;
    /// A payer disputes a payment.
    PaymentDisputed "payment.disputed" of Chargeback;
}

impl EventType {
    /// Reads a name.
    ///
    /// # Errors
    /// None of that name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.iter().copied().find(|one| one.as_str() == text);
        found.ok_or_else(|| Invalid::new("unknown_value", wording::webhooks::a_type()))
    }
}

/// Something that has happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What.
    pub kind: EventType,
    /// When.
    pub timestamp: Timestamp,
    /// To what.
    pub data: Data,
    /// By the name that it always has; others are not told it.
    name: String,
}

/// What it has happened to, by its id alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Data {
    /// Which order.
    pub order_id: crate::platform::ids::OrderId,
}

impl Event {
    /// The event that a notice tells people of, if others are told of it at all.
    pub fn of(notice: &Notice) -> Option<Self> {
        let (kind, Some(About::Order(order_id))) = (EventType::of(notice.kind)?, notice.about) else { return None };
        Some(Self { kind, timestamp: notice.at, data: Data { order_id }, name: notice.key() })
    }

    /// As it is posted.
    pub fn body(&self) -> String {
        serde_json::json!({"type": self.kind, "timestamp": self.timestamp, "data": self.data}).to_string()
    }

    /// The id of its delivery to an address: the same whenever the same event comes.
    pub fn delivery(&self, webhook: &WebhookName) -> DeliveryId {
        let digest = crypto::keyed_hash(b"webhook", format!("{}\0{webhook}", self.name).as_bytes());
        let bits = digest.iter().take(10).fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
        DeliveryId::with(self.timestamp, bits)
    }
}

#[cfg(test)]
mod tests {
    use utoipa::PartialSchema;

    use super::*;
    use crate::notices::Addressee;
    use crate::platform::ids::{OrderId, UserId};

    #[test]
    fn the_document_names_events_as_they_are_sent() {
        let schema = serde_json::to_value(EventType::schema()).unwrap();
        let sent: Vec<_> = EventType::ALL.iter().map(|one| one.as_str()).collect();
        assert_eq!(schema["enum"], serde_json::json!(sent));
    }

    #[test]
    fn an_event_names_an_order_and_nothing_of_it() {
        let at = Timestamp::from_millis(1_795_168_800_000);
        let order = OrderId::first_at(at);
        let person = Addressee::Person(UserId::nobody());
        let notice = Notice::new(format!("{order}#step3"), NoticeKind::OrderShipped, person, About::Order(order), at)
            .valued("A-7");
        let event = Event::of(&notice).unwrap();
        let body: serde_json::Value = serde_json::from_str(&event.body()).unwrap();
        assert_eq!(
            body,
            serde_json::json!({"type": "order.shipped", "timestamp": "2026-11-20T10:00:00.000Z",
            "data": {"order_id": order}})
        );
        let (one, other) = (WebhookName::parse("erp").unwrap(), WebhookName::parse("crm").unwrap());
        assert_eq!(event.delivery(&one), Event::of(&notice).unwrap().delivery(&one));
        assert_ne!(event.delivery(&one), event.delivery(&other));
        assert!(!event.delivery(&one).to_string().contains('.'), "the specification forbids dots");
        let held = Notice { kind: NoticeKind::OrderHeld, ..notice };
        assert_eq!(Event::of(&held), None);
    }

    #[test]
    fn types_are_read_as_they_are_written() {
        for kind in EventType::ALL {
            assert_eq!(EventType::parse(kind.as_str()), Ok(*kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
        assert!(EventType::parse("order").is_err());
    }
}
