//! The states of an order and the only ways from one to another.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::fields::Invalid;
use crate::platform::wording;

/// Where an order stands: `placed → verified → packed → shipped → delivered`; `cancelled` from the first three;
/// `returned` once it has left the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The customer has ordered; stock is reserved.
    Placed,
    /// A pharmacist has checked it.
    Verified,
    /// It is in its parcel.
    Packed,
    /// The parcel has left the house.
    Shipped,
    /// The customer has it.
    Delivered,
    /// Called off; stock and fills went back.
    Cancelled,
    /// It came back; returned medicine is quarantined and never sold again.
    Returned,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Placed, Self::Verified, Self::Packed, Self::Shipped, Self::Delivered, Self::Cancelled, Self::Returned];

    /// As the API and the table write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Placed => "placed",
            Self::Verified => "verified",
            Self::Packed => "packed",
            Self::Shipped => "shipped",
            Self::Delivered => "delivered",
            Self::Cancelled => "cancelled",
            Self::Returned => "returned",
        }
    }

    /// Reads a state.
    ///
    /// # Errors
    /// Not a state.
    pub fn parse(text: String) -> Result<Self, Invalid> {
        Self::ALL.into_iter().find(|status| status.as_str() == text).ok_or_else(|| {
            let known = Self::ALL.map(Self::as_str).join(", ");
            Invalid::new("unknown_value", wording::field::one_of(&known))
        })
    }

    /// The states that may come next.
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Placed => &[Self::Verified, Self::Cancelled],
            Self::Verified => &[Self::Packed, Self::Cancelled],
            Self::Packed => &[Self::Shipped, Self::Cancelled],
            Self::Shipped => &[Self::Delivered, Self::Returned],
            Self::Delivered => &[Self::Returned],
            Self::Cancelled | Self::Returned => &[],
        }
    }

    /// Whether `to` may come next.
    pub fn may_become(self, to: Self) -> bool {
        self.next().contains(&to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_can_be_cancelled_until_it_is_shipped() {
        let cancellable: Vec<_> = Status::ALL.into_iter().filter(|s| s.may_become(Status::Cancelled)).collect();
        assert_eq!(cancellable, [Status::Placed, Status::Verified, Status::Packed]);
    }

    #[test]
    fn nothing_ships_that_was_not_verified_and_packed() {
        for before in Status::ALL {
            assert_eq!(before.may_become(Status::Shipped), before == Status::Packed, "{before:?}");
            assert_eq!(before.may_become(Status::Packed), before == Status::Verified, "{before:?}");
            assert_eq!(before.may_become(Status::Verified), before == Status::Placed, "{before:?}");
        }
    }

    #[test]
    fn no_state_comes_back() {
        for start in Status::ALL {
            let mut seen = Vec::new();
            let mut open = start.next().to_vec();
            while let Some(status) = open.pop() {
                assert_ne!(status, start);
                if !seen.contains(&status) {
                    seen.push(status);
                    open.extend(status.next());
                }
            }
        }
    }
}
