//! How an order is paid and how far that has come.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::online::Online;
use super::refund::Refund;
use crate::platform::clock::Timestamp;
use crate::platform::ids::PaymentId;
use crate::platform::money::Money;
use crate::platform::payment_method::PaymentMethod;

/// How far the payment has come: `pending → authorized → captured → refunded`, or `voided`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentStatus {
    /// Nothing has been promised yet.
    Pending,
    /// The money is held and not taken.
    Authorized,
    /// The money is ours.
    Captured,
    /// The money went back.
    Refunded,
    /// It was called off before any money was taken.
    Voided,
}

impl PaymentStatus {
    /// As the API writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Authorized => "authorized",
            Self::Captured => "captured",
            Self::Refunded => "refunded",
            Self::Voided => "voided",
        }
    }
}

/// The payment of an order: cash, whose status the order's steps set, or online, where the provider has the say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    method: PaymentMethod,
    /// Of cash; of what is paid online it is derived.
    pub(super) status: PaymentStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) online: Option<Box<Online>>,
    /// Of cash.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) refunds: Vec<Refund>,
}

impl Payment {
    /// The payment of an order that was just placed and costs `due`.
    pub fn new(method: PaymentMethod, due: Money, now: Timestamp) -> Self {
        let online = match method {
            PaymentMethod::Cod => None,
            _ => Some(Box::new(Online::new(PaymentId::generate(now), due, method.is_by_hand(), now))),
        };
        Self { method, status: PaymentStatus::Pending, online, refunds: Vec::new() }
    }

    /// How.
    pub const fn method(&self) -> PaymentMethod {
        self.method
    }

    /// How far.
    pub fn status(&self) -> PaymentStatus {
        self.online.as_ref().map_or(self.status, |online| online.status())
    }

    /// What is paid online.
    pub fn online(&self) -> Option<&Online> {
        self.online.as_deref()
    }

    /// What is paid online, to be changed.
    pub fn online_mut(&mut self) -> Option<&mut Online> {
        self.online.as_deref_mut()
    }

    /// As it was when its order was placed, at `placed_at`, and cost `due`.
    #[must_use]
    pub fn as_placed(&self, due: Money, placed_at: Timestamp) -> Self {
        let online = self.online.as_ref().map(|online| Box::new(online.as_placed(due, placed_at)));
        Self { method: self.method, status: PaymentStatus::Pending, online, refunds: Vec::new() }
    }

    /// Whether a pharmacist may check the order: the money is held, or comes at the door.
    pub fn is_promised(&self) -> bool {
        match &self.online {
            None => true,
            Some(online) => online.is_promised(),
        }
    }

    /// Whether the order may leave the house: it is paid, or will be at the door.
    pub fn is_covered(&self) -> bool {
        self.online.as_ref().is_none_or(|online| online.is_covered())
    }

    /// After a pharmacist has checked the order: what is held may be taken.
    #[must_use]
    pub fn verified(&self, now: Timestamp) -> Self {
        self.with(|online| online.take(now))
    }

    /// Where the order costs less than it did: what was taken beyond that goes back by itself.
    #[must_use]
    pub fn lowered(&self, due: Money, now: Timestamp) -> Self {
        self.with(|online| online.lower(due, now))
    }

    /// After the goods were handed over: cash on delivery is taken at the door.
    #[must_use]
    pub fn delivered(&self) -> Self {
        match (self.method, self.status) {
            (PaymentMethod::Cod, PaymentStatus::Pending) => Self { status: PaymentStatus::Captured, ..self.clone() },
            _ => self.clone(),
        }
    }

    /// After the order was cancelled: what was not taken never will be, and what was taken online goes back by itself.
    #[must_use]
    pub fn cancelled(&self, now: Timestamp) -> Self {
        if self.online.is_some() { self.with(|online| online.give_back(now)) } else { self.called_off() }
    }

    /// After the goods came back: cash that was not taken never will be. Taken money is for a refund to give back.
    #[must_use]
    pub fn called_off(&self) -> Self {
        match self.status {
            PaymentStatus::Pending if self.online.is_none() => Self { status: PaymentStatus::Voided, ..self.clone() },
            _ => self.clone(),
        }
    }

    fn with(&self, change: impl FnOnce(&mut Online)) -> Self {
        let mut next = self.clone();
        if let Some(online) = next.online.as_deref_mut() {
            change(online);
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payments::Goal;
    use crate::platform::money::Currency;

    fn cash() -> Payment {
        let due = Money::new(1250, Currency::parse("USD").unwrap());
        Payment::new(PaymentMethod::Cod, due, Timestamp::from_millis(0))
    }

    #[test]
    fn cash_is_taken_once_at_the_door() {
        let payment = cash().delivered();
        assert_eq!(payment.status(), PaymentStatus::Captured);
        assert_eq!(payment.called_off().status(), PaymentStatus::Captured, "taken money is refunded, not voided");
    }

    #[test]
    fn an_order_called_off_is_never_paid() {
        let payment = cash().cancelled(Timestamp::from_millis(1));
        assert_eq!(payment.delivered().status(), PaymentStatus::Voided);
    }

    #[test]
    fn cash_is_stored_and_read_as_ever() {
        let stored = serde_json::json!({"method": "cod", "status": "pending"});
        assert_eq!(serde_json::to_value(cash()).unwrap(), stored);
        assert_eq!(serde_json::from_value::<Payment>(stored).unwrap(), cash());
        assert!(cash().is_promised() && cash().is_covered());
    }
    #[test]
    fn what_is_paid_online_follows_what_the_provider_says() {
        let due = Money::new(1250, Currency::parse("USD").unwrap());
        let (then, now) = (Timestamp::from_millis(0), Timestamp::from_millis(1));
        let payment = Payment::new(PaymentMethod::Card, due, then);
        assert!(!payment.is_promised() && !payment.is_covered());
        assert_eq!(payment.delivered(), payment, "nothing is taken at the door");
        assert_eq!(payment.called_off(), payment, "what the provider holds is let go of by the provider");
        let goal = |payment: &Payment| payment.online().map(|online| (online.goal, online.verified));
        assert_eq!(goal(&payment), Some((Goal::Await, false)));
        assert_eq!(goal(&payment.verified(now)), Some((Goal::Await, true)));
        assert_eq!(goal(&payment.cancelled(now)), Some((Goal::GiveBack, false)));
        assert_eq!(payment.cancelled(now).status(), PaymentStatus::Voided);
        let less = Money::new(1000, due.currency());
        assert_eq!(payment.lowered(less, now).online().map(|online| online.due), Some(less));
        assert_eq!(payment.cancelled(now).as_placed(due, then), payment);
    }

    #[test]
    fn a_status_is_called_what_is_stored() {
        for status in [
            PaymentStatus::Pending,
            PaymentStatus::Authorized,
            PaymentStatus::Captured,
            PaymentStatus::Refunded,
            PaymentStatus::Voided,
        ] {
            assert_eq!(serde_json::to_value(status).unwrap(), status.as_str());
        }
    }
}
