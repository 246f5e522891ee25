//! Stock adjustments: units that come in or go out otherwise than by an order.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::stock::Stock;
use crate::platform::fields::Invalid;
use crate::platform::wording;

/// The most units of one adjustment.
const MAX_DELTA: i64 = 1_000_000;
const MIN_DELTA: i64 = -MAX_DELTA;
/// The most units of one product.
const MAX_UNITS: i64 = 1_000_000_000;

/// By how many units stock changes; never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Delta(i64);

impl Delta {
    /// Reads one.
    ///
    /// # Errors
    /// Zero, or more than a million either way.
    pub fn parse(units: i64) -> Result<Self, Invalid> {
        match units {
            0 => Err(Invalid::new("out_of_range", wording::catalog::another_than_zero())),
            MIN_DELTA..=MAX_DELTA => Ok(Self(units)),
            _ => Err(Invalid::new("out_of_range", wording::catalog::units_either_way(MAX_DELTA))),
        }
    }

    /// How many units.
    pub const fn units(self) -> i64 {
        self.0
    }

    /// How many units may be available before it, so that neither less than none are after it nor too many.
    pub fn room(self) -> RangeInclusive<i64> {
        (-self.0).max(0)..=MAX_UNITS - self.0.max(0)
    }
}

/// The units of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StockLevels {
    /// In the house.
    pub on_hand: i64,
    /// Promised to orders that are not shipped.
    pub reserved: i64,
    /// Free to be sold; below zero where so many are missing for orders that were placed.
    pub available: i64,
    /// Grows with every change.
    pub version: u64,
}

impl Stock {
    /// Where its units are.
    pub const fn levels(&self) -> StockLevels {
        StockLevels {
            on_hand: self.on_hand(),
            reserved: self.reserved,
            available: self.available,
            version: self.version,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::lots::Housing;
    use crate::catalog::product::{Product, tests::new_product};

    fn stock(available: i64, reserved: i64) -> Stock {
        let offer = Product::offer(&new_product());
        Stock { offer, available, reserved, sold: 0, version: 1, housing: Housing::default() }
    }

    #[test]
    fn what_is_on_hand_is_free_or_promised() {
        let levels = StockLevels { on_hand: 7, reserved: 2, available: 5, version: 1 };
        assert_eq!(stock(5, 2).levels(), levels);
    }

    #[test]
    fn an_adjustment_is_bounded_both_ways() {
        for (units, good) in [(1, true), (-1_000_000, true), (1_000_000, true), (0, false), (1_000_001, false)] {
            assert_eq!(Delta::parse(units).is_ok(), good, "{units}");
        }
        assert_eq!(Delta::parse(i64::MIN).unwrap_err().code, "out_of_range");
        assert!(!Delta(1).room().contains(&MAX_UNITS) && Delta(1).room().contains(&(MAX_UNITS - 1)));
        assert_eq!(Delta(5).room(), 0..=MAX_UNITS - 5, "whatever comes in, there may have been none");
        assert_eq!(Delta(-5).room(), 5..=MAX_UNITS, "what goes out must be there");
    }
}
