//! Stock adjustments: units that come in or go out otherwise than by an order.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::stock::Stock;
use crate::platform::clock::Timestamp;
use crate::platform::fields::Invalid;
use crate::platform::ids::UserId;

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
            0 => Err(Invalid::new("out_of_range", "expected another number than zero")),
            MIN_DELTA..=MAX_DELTA => Ok(Self(units)),
            _ => Err(Invalid::new("out_of_range", format!("expected at most {MAX_DELTA} units either way"))),
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

/// An adjustment that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Movement {
    /// How many units.
    pub delta: Delta,
    /// Why.
    pub reason: String,
    /// Who said so.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

/// Why stock cannot be adjusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// More units would go than there are to go.
    Insufficient {
        /// As many as there are.
        available: i64,
    },
    /// There would be more units than anybody can have.
    TooMany,
}

/// The units of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StockLevels {
    /// In the house.
    pub on_hand: i64,
    /// Promised to orders that are not shipped.
    pub reserved: i64,
    /// Free to be sold.
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

    /// Why it cannot be adjusted by `delta`, where it cannot. Units that are promised to orders cannot be taken away.
    pub fn refuses(&self, delta: Delta) -> Option<Refused> {
        let room = delta.room();
        match self.available {
            available if room.contains(&available) => None,
            available if available < *room.start() => Some(Refused::Insufficient { available }),
            _ => Some(Refused::TooMany),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::catalog::product::{Product, tests::new_product};

    fn stock(available: i64, reserved: i64) -> Stock {
        let offer = Product::offer(&new_product());
        Stock { offer, available, reserved, sold: 0, version: 1 }
    }

    proptest! {
        #[test]
        fn no_adjustment_takes_what_is_promised(
            available in 0i64..100, reserved in 0i64..100, delta in -200i64..200,
        ) {
            prop_assume!(delta != 0);
            let expected = (available + delta < 0).then_some(Refused::Insufficient { available });
            prop_assert_eq!(stock(available, reserved).refuses(Delta::parse(delta).unwrap()), expected);
        }
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
        assert_eq!(stock(MAX_UNITS, 0).refuses(Delta(1)), Some(Refused::TooMany));
        assert_eq!(stock(MAX_UNITS - 1, 0).refuses(Delta(1)), None);
    }
}
