//! What an adjustment of the stock does to the lots.

use super::units::{LotRef, LotStatus};
use crate::catalog::adjustment::Delta;
use crate::catalog::movement::Reason;
use crate::catalog::stock::Stock;
use crate::platform::ids::LotId;

/// An adjustment of units of one lot, as it stood when it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Which lot.
    pub lot: LotRef,
    /// How many units come to the shelf, or go from it.
    pub shelf: i64,
    /// How many go from what is set aside.
    pub set_aside: i64,
    /// Whether the lot may go out, so that what is available changes too. What is of no lot may.
    pub sellable: bool,
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
    /// Units cannot come in without a lot.
    NeedsLot,
    /// There is no such lot of this product.
    NoSuchLot,
    /// For this reason units only go.
    OnlyTakes,
}

impl Stock {
    /// What adjusting by `delta` for `reason` does to the lots: `lot` where one is named, else the one that expires first
    /// and has enough; units of no lot before all others. Units that are promised to orders are not taken away.
    ///
    /// # Errors
    /// Why it cannot be done.
    pub fn plan(&self, delta: Delta, lot: Option<LotRef>, reason: Reason) -> Result<Planned, Refused> {
        let units = delta.units();
        if units > 0 && !reason.may_add() {
            return Err(Refused::OnlyTakes);
        }
        let planned = match lot {
            None if units > 0 => return Err(Refused::NeedsLot),
            // What was of no lot can be fewer than was thought, not more: nobody knows until when it is good.
            Some(LotRef::Unlotted) if units > 0 => return Err(Refused::NeedsLot),
            Some(LotRef::Unlotted) => self.taken_loose(units, reason)?,
            Some(LotRef::Lot(id)) => self.of_lot(id, units, reason)?,
            None => self.first_that_has(-units, reason)?,
        };
        let change = if planned.sellable { planned.shelf } else { 0 };
        let room = delta.room();
        match self.available {
            _ if change == 0 => Ok(planned),
            available if available + change < 0 => Err(Refused::Insufficient { available: available.max(0) }),
            available if change > 0 && available > *room.end() => Err(Refused::TooMany),
            _ => Ok(planned),
        }
    }

    fn taken_loose(&self, units: i64, reason: Reason) -> Result<Planned, Refused> {
        let (shelf, set_aside) = taken((self.loose_free().max(0), self.housing.loose_aside), -units, reason)?;
        Ok(Planned { lot: LotRef::Unlotted, shelf: -shelf, set_aside, sellable: true })
    }

    fn of_lot(&self, id: LotId, units: i64, reason: Reason) -> Result<Planned, Refused> {
        let lot = self.housing.lot(id).ok_or(Refused::NoSuchLot)?;
        let sellable = lot.status == LotStatus::Sellable;
        let planned = |shelf, set_aside| Planned { lot: LotRef::Lot(id), shelf, set_aside, sellable };
        if units > 0 {
            return Ok(planned(units, 0));
        }
        let (shelf, set_aside) = taken((lot.free, lot.quarantined), -units, reason)?;
        Ok(planned(-shelf, set_aside))
    }

    fn first_that_has(&self, wanted: i64, reason: Reason) -> Result<Planned, Refused> {
        if self.loose_free() >= wanted {
            return self.taken_loose(-wanted, reason);
        }
        let lots = self.housing.by_expiry();
        let enough = lots.iter().find(|(_, lot)| lot.free >= wanted && lot.status == LotStatus::Sellable);
        match enough {
            Some((id, _)) => self.of_lot(*id, -wanted, reason),
            None => {
                let most = lots.iter().filter(|(_, lot)| lot.status == LotStatus::Sellable).map(|(_, lot)| lot.free);
                let most = most.max().unwrap_or(0).max(self.loose_free());
                Err(Refused::Insufficient { available: most.min(self.available).max(0) })
            }
        }
    }
}

/// How many of `wanted` units go from the shelf, and how many from what is set aside, where there are so many.
fn taken((shelf, aside): (i64, i64), wanted: i64, reason: Reason) -> Result<(i64, i64), Refused> {
    if shelf + aside < wanted {
        return Err(Refused::Insufficient { available: shelf + aside });
    }
    Ok(if reason.clears_quarantine() {
        let of_aside = wanted.min(aside);
        (wanted - of_aside, of_aside)
    } else {
        let of_shelf = wanted.min(shelf);
        (of_shelf, wanted - of_shelf)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::catalog::lots::{Housing, LotNumber, LotUnits};
    use crate::catalog::product::{Product, tests::new_product};
    use crate::platform::clock::{Date, Timestamp};

    fn id(place: i64) -> LotId {
        LotId::with(Timestamp::from_millis(place), 7)
    }

    fn lot(expires: &str, free: i64, quarantined: i64) -> LotUnits {
        let number = LotNumber::parse("A").unwrap();
        LotUnits { quarantined, ..LotUnits::of(number, Date::parse(expires).unwrap(), free) }
    }

    fn stock(loose: i64, reserved: i64, lots: &[LotUnits]) -> Stock {
        let lots: BTreeMap<_, _> = (1..).map(id).zip(lots.iter().cloned()).collect();
        let housing = Housing { lots: Some(lots), loose_free: loose, ..Housing::default() };
        let offer = Product::offer(&new_product());
        let mut stock = Stock { offer, available: 0, reserved, sold: 0, version: 1, housing };
        stock.available = stock.available_by_lots();
        stock
    }

    fn delta(units: i64) -> Delta {
        Delta::parse(units).unwrap()
    }

    #[test]
    fn units_come_in_with_a_lot_alone() {
        let stock = stock(3, 0, &[lot("2027-01-01", 5, 0)]);
        assert_eq!(stock.plan(delta(2), None, Reason::Count), Err(Refused::NeedsLot));
        assert_eq!(stock.plan(delta(2), Some(LotRef::Unlotted), Reason::Count), Err(Refused::NeedsLot));
        assert_eq!(stock.plan(delta(2), Some(LotRef::Lot(id(9))), Reason::Count), Err(Refused::NoSuchLot));
        assert_eq!(stock.plan(delta(2), Some(LotRef::Lot(id(1))), Reason::Damage), Err(Refused::OnlyTakes));
        let planned = stock.plan(delta(2), Some(LotRef::Lot(id(1))), Reason::Count).unwrap();
        assert_eq!((planned.shelf, planned.set_aside, planned.sellable), (2, 0, true));
    }

    #[test]
    fn what_expires_first_goes_first() {
        let stock = stock(1, 0, &[lot("2027-05-01", 9, 0), lot("2027-01-01", 3, 0)]);
        let of = |units| stock.plan(delta(units), None, Reason::Damage).map(|planned| planned.lot);
        assert_eq!(of(-1), Ok(LotRef::Unlotted));
        assert_eq!(of(-3), Ok(LotRef::Lot(id(2))));
        assert_eq!(of(-4), Ok(LotRef::Lot(id(1))));
        assert_eq!(of(-10), Err(Refused::Insufficient { available: 9 }));
    }

    #[test]
    fn what_is_set_aside_is_destroyed_first_and_does_not_change_what_is_available() {
        let stock = stock(0, 0, &[lot("2027-01-01", 5, 3)]);
        let one = Some(LotRef::Lot(id(1)));
        let of =
            |units, reason| stock.plan(delta(units), one, reason).map(|planned| (planned.shelf, planned.set_aside));
        assert_eq!(of(-4, Reason::Disposal), Ok((-1, 3)));
        assert_eq!(of(-4, Reason::Theft), Ok((-4, 0)));
        assert_eq!(of(-9, Reason::Disposal), Err(Refused::Insufficient { available: 8 }));
        let mut expired = stock.clone();
        expired.housing.lots.as_mut().unwrap().get_mut(&id(1)).unwrap().status = LotStatus::Expired;
        assert!(!expired.plan(delta(-8), one, Reason::Disposal).unwrap().sellable);
    }

    #[test]
    fn what_came_back_of_no_lot_is_destroyed_first() {
        let mut stock = stock(5, 0, &[]);
        stock.housing.loose_aside = 2;
        let of = |units, reason| {
            stock.plan(delta(units), Some(LotRef::Unlotted), reason).map(|planned| (planned.shelf, planned.set_aside))
        };
        assert_eq!(of(-3, Reason::Disposal), Ok((-1, 2)));
        assert_eq!(of(-5, Reason::Theft), Ok((-5, 0)));
        assert_eq!(of(-8, Reason::Disposal), Err(Refused::Insufficient { available: 7 }));
        assert_eq!((stock.available_by_lots(), stock.in_house()), (5, 7));
    }

    proptest! {
        #[test]
        fn no_adjustment_takes_what_is_promised_or_is_not_there(
            loose in 0i64..6, free in 0i64..6, aside in 0i64..3, reserved in 0i64..6, units in -12i64..0, named in 0usize..3,
        ) {
            let stock = stock(loose, reserved.min(loose + free), &[lot("2027-01-01", free, aside)]);
            let named = [None, Some(LotRef::Unlotted), Some(LotRef::Lot(id(1)))][named];
            if let Ok(planned) = stock.plan(delta(units), named, Reason::Theft) {
                prop_assert_eq!(planned.shelf - planned.set_aside, units);
                prop_assert!(stock.available + planned.shelf >= 0);
                let (shelf, aside) = match planned.lot {
                    LotRef::Unlotted => (loose, 0),
                    LotRef::Lot(_) => (free, aside),
                };
                prop_assert!(shelf + planned.shelf >= 0 && aside >= planned.set_aside);
            }
        }
    }
}
