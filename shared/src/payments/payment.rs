//! How an order is paid and how far that has come.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::fields::Invalid;

/// The ways to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentMethod {
    /// Cash on delivery.
    Cod,
}

impl PaymentMethod {
    /// Reads `cod`.
    ///
    /// # Errors
    /// A method that this pharmacy does not take.
    pub fn parse(text: String) -> Result<Self, Invalid> {
        match text.as_str() {
            "cod" => Ok(Self::Cod),
            _ => Err(Invalid::new("unsupported", "this pharmacy takes cod (cash on delivery)")),
        }
    }
}

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

/// The payment of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Payment {
    /// How.
    pub method: PaymentMethod,
    /// How far.
    pub status: PaymentStatus,
}

impl Payment {
    /// The payment of an order that was just placed.
    pub const fn new(method: PaymentMethod) -> Self {
        Self { method, status: PaymentStatus::Pending }
    }

    /// After the goods were handed over: cash on delivery is taken at the door.
    #[must_use]
    pub const fn delivered(self) -> Self {
        match (self.method, self.status) {
            (PaymentMethod::Cod, PaymentStatus::Pending) => Self { status: PaymentStatus::Captured, ..self },
            _ => self,
        }
    }

    /// After the order was called off: what was not taken never will be. Taken money is for a refund to give back.
    #[must_use]
    pub const fn called_off(self) -> Self {
        match self.status {
            PaymentStatus::Pending | PaymentStatus::Authorized => Self { status: PaymentStatus::Voided, ..self },
            _ => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cash_is_taken_once_at_the_door() {
        let payment = Payment::new(PaymentMethod::Cod).delivered();
        assert_eq!(payment.status, PaymentStatus::Captured);
        assert_eq!(payment.called_off().status, PaymentStatus::Captured, "taken money is refunded, not voided");
    }

    #[test]
    fn an_order_called_off_is_never_paid() {
        let payment = Payment::new(PaymentMethod::Cod).called_off();
        assert_eq!(payment.delivered().status, PaymentStatus::Voided);
    }
}
