//! The units of a lot, and what an order says of the lots that went into it.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

use super::number::LotNumber;
use crate::platform::clock::{Date, Timestamp};
use crate::platform::fields::Invalid;
use crate::platform::ids::LotId;

/// Whether a lot may go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LotStatus {
    /// It may.
    Sellable,
    /// Its maker or an authority has called it back.
    Recalled,
    /// Its last day has passed.
    Expired,
    /// It is set aside until somebody has decided.
    Quarantined,
}

/// How many units of a lot are where. Of a lot that may not go out, what lies on the shelf counts as set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotUnits {
    /// Its number.
    #[serde(rename = "no")]
    pub number: LotNumber,
    /// Its last day.
    #[serde(rename = "ex")]
    pub expires_on: Date,
    /// Whether it may go out.
    #[serde(rename = "st")]
    pub status: LotStatus,
    /// Units that ever came in, those that a count has found too.
    #[serde(rename = "rc")]
    pub received: i64,
    /// Of these, those that no delivery brought: that somebody found when they counted.
    #[serde(rename = "ct", default, skip_serializing_if = "super::housing::is_zero")]
    pub counted: i64,
    /// On the shelf.
    #[serde(rename = "fr")]
    pub free: i64,
    /// In parcels that have not left.
    #[serde(rename = "pk")]
    pub packed: i64,
    /// Set aside: come back from customers.
    #[serde(rename = "qu")]
    pub quarantined: i64,
    /// Shipped, and not come back.
    #[serde(rename = "so")]
    pub sold: i64,
    /// Since when it has its status; `None` of one that was never another.
    #[serde(rename = "sa", default, skip_serializing_if = "Option::is_none")]
    pub status_at: Option<Timestamp>,
}

impl LotUnits {
    /// A lot of so many units, all on the shelf.
    pub const fn of(number: LotNumber, expires_on: Date, units: i64) -> Self {
        Self {
            number,
            expires_on,
            status: LotStatus::Sellable,
            received: units,
            counted: 0,
            free: units,
            packed: 0,
            quarantined: 0,
            sold: 0,
            status_at: None,
        }
    }

    /// Units that deliveries have brought.
    pub const fn delivered(&self) -> i64 {
        self.received - self.counted
    }

    /// Whether it may go out, and had not expired before `day`.
    pub fn is_good_on(&self, day: Date) -> bool {
        self.status == LotStatus::Sellable && self.expires_on >= day
    }

    /// Units that count as stock: what lies on the shelf or in a parcel, while it may go out.
    pub const fn sellable(&self) -> i64 {
        match self.status {
            LotStatus::Sellable => self.free + self.packed,
            _ => 0,
        }
    }

    /// Units in the house, wherever they are.
    pub const fn in_house(&self) -> i64 {
        self.free + self.packed + self.quarantined
    }

    /// Units in the house that are not set aside.
    pub const fn on_hand(&self) -> i64 {
        self.in_house() - self.set_aside()
    }

    /// Units that are set aside.
    pub const fn set_aside(&self) -> i64 {
        match self.status {
            LotStatus::Sellable | LotStatus::Expired => self.quarantined,
            LotStatus::Recalled | LotStatus::Quarantined => self.quarantined + self.free,
        }
    }
}

/// A lot, or what lies in the house without one: units that came in before lots were written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LotRef {
    /// Units of no known lot.
    Unlotted,
    /// A lot.
    Lot(LotId),
}

impl LotRef {
    /// How units without a lot are called.
    pub const UNLOTTED: &'static str = "unlotted";

    /// Reads an id, or `unlotted`.
    ///
    /// # Errors
    /// Neither.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text == Self::UNLOTTED { Ok(Self::Unlotted) } else { LotId::parse(text).map(Self::Lot) }
    }
}

impl fmt::Display for LotRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unlotted => f.write_str(Self::UNLOTTED),
            Self::Lot(id) => id.fmt(f),
        }
    }
}

impl Serialize for LotRef {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LotRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// Units of a lot that went into a line of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PackedLot {
    /// Which lot; `unlotted` for units that came in before lots were written down.
    #[schema(value_type = String, example = "lot_01JD4Z8QK0000000000000000A")]
    pub lot_id: LotRef,
    /// Its number; `null` where it has none.
    #[schema(value_type = Option<String>)]
    pub number: Option<LotNumber>,
    /// Its last day; `null` where it is not known.
    #[schema(value_type = Option<String>, format = Date)]
    pub expires_on: Option<Date>,
    /// How many packs.
    pub quantity: u32,
    /// The serial numbers of those that were scanned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub serials: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_counted_was_never_delivered() {
        let day = Date::parse("2027-01-01").unwrap();
        let found = LotUnits { counted: 3, ..LotUnits::of(LotNumber::parse("A").unwrap(), day, 10) };
        assert_eq!((found.delivered(), found.free), (7, 10));
    }

    #[test]
    fn a_lot_is_named_by_its_id_and_what_has_none_by_a_word() {
        let lot = LotRef::Lot(LotId::generate(Timestamp::from_millis(1)));
        for (one, text) in [(lot, lot.to_string()), (LotRef::Unlotted, "unlotted".to_owned())] {
            assert_eq!((LotRef::parse(&text).unwrap(), one.to_string()), (one, text.clone()));
            assert_eq!(serde_json::to_value(one).unwrap(), text);
        }
        assert!(lot.to_string().starts_with("lot_"));
        for wrong in ["", "Unlotted", "lot_", "prd_01JD4Z8QK0000000000000000A"] {
            assert!(LotRef::parse(wrong).is_err(), "{wrong}");
        }
    }
}
