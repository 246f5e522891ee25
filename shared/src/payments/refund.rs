//! Money that goes back.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::clock::Timestamp;
use crate::platform::ids::{ProductId, RefundId, UserId};

/// The most refunds that one payment may have.
pub const MAX_REFUNDS: usize = 20;

/// How far a refund has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RefundState {
    /// It was asked for, and is about to be sent to the provider.
    Requested,
    /// It is to be given back by hand: in the provider's portal, or in cash.
    Manual,
    /// The provider is at it.
    Pending,
    /// The money went back.
    Succeeded,
    /// It did not go back, and can be asked for again.
    Failed,
}

/// Units that a refund is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundedLine {
    /// The product.
    pub product_id: ProductId,
    /// How many units.
    pub quantity: u32,
    /// What of the refund is for them, in minor units.
    pub amount: i64,
}

/// A refund.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// Its id, which the provider keeps with it.
    pub id: RefundId,
    /// Of which attempt to pay; none of cash.
    pub attempt: u32,
    /// In minor units.
    pub amount: i64,
    /// How far it has come.
    pub state: RefundState,
    /// What the provider calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// What the staff noted; a refund that the system makes has no note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who asked for it; nobody where an order was called off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<UserId>,
    /// The units it is for, where it is for some.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<RefundedLine>,
    /// When it was asked for.
    pub at: Timestamp,
    /// When it was sent to the provider first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
    /// What had gone back by then beside our refunds, in minor units: by the provider's own pages.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub beside: i64,
    /// Who has made it by hand, or said that it is not made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Closed>,
}

/// That a refund was made by hand, or is not made after all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// Who says so.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// What they noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
pub(super) fn is_zero(value: &i64) -> bool {
    *value == 0
}

impl Refund {
    /// One that nobody in particular asks for, of an attempt to pay.
    pub(super) fn new(attempt: u32, amount: i64, state: RefundState, now: Timestamp) -> Self {
        Self {
            id: RefundId::generate(now),
            attempt,
            amount,
            state,
            reference: None,
            reason: None,
            by: None,
            lines: Vec::new(),
            at: now,
            sent_at: None,
            beside: 0,
            closed: None,
        }
    }

    /// Notes that it was made by hand, under `reference`; whether it was to be.
    pub(super) fn close(&mut self, reference: &str, closed: Closed) -> bool {
        let manual = self.state == RefundState::Manual;
        if manual {
            self.seen(reference, RefundState::Succeeded);
            self.closed = Some(closed);
        }
        manual
    }

    /// Notes that it is not made by hand after all; whether it was to be.
    pub(super) fn take_back(&mut self, closed: Closed) -> bool {
        let manual = self.state == RefundState::Manual;
        if manual {
            self.state = RefundState::Failed;
            self.closed = Some(closed);
        }
        manual
    }

    /// Whether the provider has made it, or is at it.
    pub fn is_made(&self) -> bool {
        matches!(self.state, RefundState::Pending | RefundState::Succeeded)
    }

    /// Whether its sum is spoken for: it is back, or may yet go.
    pub fn counts(&self) -> bool {
        self.state != RefundState::Failed
    }

    /// Notes how the provider has it. A refund that has ended stays so, but for one that succeeded and came back as failed.
    pub fn seen(&mut self, reference: &str, state: RefundState) {
        if state > self.state {
            self.state = state;
        }
        if self.reference.is_none() {
            self.reference = Some(reference.to_owned());
        }
    }
}

/// Why money cannot go back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotRefundable {
    /// Nothing was taken: cancel the order instead.
    NotCaptured,
    /// The payer has gone to their bank, which decides now.
    Disputed,
    /// There is less left than that, in minor units.
    TooLarge {
        /// What is left.
        refundable: i64,
    },
    /// It was refunded so often already.
    TooMany,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refund(state: RefundState) -> Refund {
        Refund {
            id: RefundId::generate(Timestamp::from_millis(1)),
            attempt: 1,
            amount: 100,
            state,
            reference: None,
            reason: None,
            by: None,
            lines: Vec::new(),
            at: Timestamp::from_millis(1),
            sent_at: None,
            beside: 0,
            closed: None,
        }
    }

    #[test]
    fn what_the_provider_has_is_made_and_what_failed_does_not_count() {
        use RefundState::{Failed, Manual, Pending, Requested, Succeeded};
        for (state, made, counts) in [
            (Requested, false, true),
            (Manual, false, true),
            (Pending, true, true),
            (Succeeded, true, true),
            (Failed, false, false),
        ] {
            let one = refund(state);
            assert_eq!((one.is_made(), one.counts()), (made, counts), "{state:?}");
        }
    }

    #[test]
    fn a_refund_never_goes_back_to_an_earlier_state_or_another_reference() {
        let mut one = refund(RefundState::Requested);
        one.seen("re_1", RefundState::Succeeded);
        one.seen("re_2", RefundState::Pending);
        assert_eq!((one.state, one.reference.as_deref()), (RefundState::Succeeded, Some("re_1")));
        one.seen("re_1", RefundState::Failed);
        assert_eq!(one.state, RefundState::Failed, "it came back");
    }

    #[test]
    fn what_went_back_beside_it_is_stored_where_there_is_some() {
        let mut one = refund(RefundState::Pending);
        assert_eq!(serde_json::to_value(&one).unwrap().get("beside"), None);
        one.beside = 7;
        let stored = serde_json::to_value(&one).unwrap();
        assert_eq!(stored["beside"], 7);
        assert_eq!(serde_json::from_value::<Refund>(stored).unwrap(), one);
    }
}
