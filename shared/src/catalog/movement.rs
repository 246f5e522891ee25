//! Movements: every unit that came into the house or left it, and why.
//!
//! Whatever moves units of a product appends to its stock item what has moved, in the same write. From there a worker
//! writes the movements down one by one, in that order, each with how many units are in the house after it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::lots::{LotNumber, LotRef};
use crate::platform::clock::Timestamp;
use crate::platform::fields::Invalid;
use crate::platform::ids::{MovementId, OrderId, UserId};
use crate::platform::wording;

/// What has happened to units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// They came in as a lot.
    Received,
    /// Somebody adjusted the stock.
    Adjusted,
    /// They left with an order.
    Shipped,
    /// They came back, and are set aside.
    Returned,
    /// Their last day has passed; they are still in the house.
    Expired,
    /// Their lot was called back; they are still in the house.
    Recalled,
}

impl What {
    /// Whether units came in or left, rather than being looked at otherwise.
    pub const fn counts(self) -> bool {
        !matches!(self, Self::Expired | Self::Recalled)
    }
}

/// Why stock was adjusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// They were damaged.
    Damage,
    /// They were stolen.
    Theft,
    /// There were more or fewer when they were counted.
    Count,
    /// They were destroyed.
    Disposal,
    /// They went back to who supplied them.
    ReturnToSupplier,
    /// Something was written down wrongly.
    Correction,
}

impl Reason {
    const ALL: [Self; 6] =
        [Self::Damage, Self::Theft, Self::Count, Self::Disposal, Self::ReturnToSupplier, Self::Correction];

    /// As the API and the table write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Damage => "damage",
            Self::Theft => "theft",
            Self::Count => "count",
            Self::Disposal => "disposal",
            Self::ReturnToSupplier => "return_to_supplier",
            Self::Correction => "correction",
        }
    }

    /// Reads a reason.
    ///
    /// # Errors
    /// Not one.
    pub fn parse(text: String) -> Result<Self, Invalid> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == text).ok_or_else(|| {
            let known = Self::ALL.map(Self::as_str).join(", ");
            Invalid::new("unknown_value", wording::field::one_of(&known))
        })
    }

    /// Whether units can come in for it.
    pub const fn may_add(self) -> bool {
        matches!(self, Self::Count | Self::Correction)
    }

    /// Whether what is set aside goes first.
    pub const fn clears_quarantine(self) -> bool {
        matches!(self, Self::Disposal | Self::ReturnToSupplier)
    }
}

/// Units that have moved, as the stock item keeps them until they are written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// Which.
    pub id: MovementId,
    /// What has happened.
    #[serde(rename = "w")]
    pub what: What,
    /// How many units, negative where they went.
    #[serde(rename = "u")]
    pub units: i64,
    /// Of which lot.
    #[serde(rename = "l")]
    pub lot: LotRef,
    /// The number of the lot.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub number: Option<LotNumber>,
    /// Why, where it was adjusted.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// What was noted.
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Through whom; `None` where it happened by itself.
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    pub by: Option<UserId>,
    /// Who has seen it too.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub witness: Option<UserId>,
    /// With which order.
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// When.
    #[serde(rename = "a")]
    pub at: Timestamp,
}

impl Move {
    /// One of now, of which nothing more is known.
    pub fn new(what: What, units: i64, (lot, number): (LotRef, Option<LotNumber>), at: Timestamp) -> Self {
        Self {
            id: MovementId::generate(at),
            what,
            units,
            lot,
            number,
            reason: None,
            note: None,
            by: None,
            witness: None,
            order: None,
            at,
        }
    }

    /// By how much it changes how many units are in the house.
    pub const fn change(&self) -> i64 {
        if self.what.counts() { self.units } else { 0 }
    }
}

/// The lot of a movement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MovedLot {
    /// Which; `unlotted` for units of no known lot.
    #[schema(value_type = String)]
    pub id: LotRef,
    /// Its number.
    #[schema(value_type = Option<String>)]
    pub number: Option<LotNumber>,
}

/// A movement that is written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = StockMovement)]
pub struct Movement {
    /// Which; `null` of one from before lots were written down.
    #[schema(value_type = Option<String>)]
    pub id: Option<MovementId>,
    /// What has happened.
    pub what: What,
    /// How many units; negative where they left. Of what expired or was recalled, how many that were.
    pub units: i64,
    /// Of which lot.
    pub lot: MovedLot,
    /// Why, where it was adjusted.
    pub reason: Option<Reason>,
    /// What was noted.
    pub note: Option<String>,
    /// Through whom; `null` where it happened by itself.
    #[schema(value_type = Option<String>)]
    pub by: Option<UserId>,
    /// Who has seen it too.
    #[schema(value_type = Option<String>)]
    pub witness_id: Option<UserId>,
    /// With which order.
    #[schema(value_type = Option<String>)]
    pub order_id: Option<OrderId>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Units in the house after it, those set aside too; `null` of one from before lots were written down.
    pub balance: Option<i64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_read_as_they_are_written() {
        for reason in Reason::ALL {
            assert_eq!(Reason::parse(reason.as_str().to_owned()), Ok(reason));
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.as_str());
        }
        assert_eq!(Reason::parse("delivery".to_owned()).unwrap_err().code, "unknown_value");
    }

    #[test]
    fn only_what_comes_and_goes_counts() {
        let at = Timestamp::from_millis(1);
        let change = |what| Move::new(what, -3, (LotRef::Unlotted, None), at).change();
        assert_eq!([What::Shipped, What::Adjusted, What::Expired, What::Recalled].map(change), [-3, -3, 0, 0]);
    }
}
