//! Which lots go into a parcel: first expiry first out, and none that does not last as long as the medicine is taken.

use serde::Serialize;

use super::units::{LotRef, LotStatus, LotUnits, PackedLot};
use crate::catalog::stock::Stock;
use crate::platform::clock::Date;
use crate::platform::ids::{LotId, ProductId};

/// What a line of an order needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// How many packs.
    pub quantity: u32,
    /// The day until which they must be good: the last of the days' supply.
    pub until: Date,
}

/// Why a lot cannot be taken, or how many units of it can.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Looked {
    /// Of which product.
    pub product_id: ProductId,
    /// Which.
    pub lot_id: LotRef,
    /// Its number.
    pub number: Option<String>,
    /// Its last day.
    pub expires_on: Option<Date>,
    /// Units of it on the shelf.
    pub free: i64,
    /// Why it cannot be taken: `recalled`, `quarantined`, `expired`, `expires_too_early`; `too_few` where it could be.
    pub reason: &'static str,
}

impl Looked {
    /// A lot that was looked at for what must be good until a day.
    pub fn of(product_id: ProductId, id: LotId, units: &LotUnits, until: Date) -> Self {
        Self {
            product_id,
            lot_id: LotRef::Lot(id),
            number: Some(units.number.to_string()),
            expires_on: Some(units.expires_on),
            free: units.free,
            reason: match units.status {
                LotStatus::Recalled => "recalled",
                LotStatus::Quarantined => "quarantined",
                LotStatus::Expired => "expired",
                LotStatus::Sellable if !units.is_good_on(until) => "expires_too_early",
                LotStatus::Sellable => "too_few",
            },
        }
    }
}

/// The lots for a line, the first to expire first. What is of no known lot came in before lots were written down, so it
/// is the oldest and goes first. Several lots where one has too few.
///
/// # Errors
/// They do not suffice; all the lots that were looked at.
pub fn first_expiry_first(stock: &Stock, need: Need) -> Result<Vec<PackedLot>, Vec<Looked>> {
    let mut missing = i64::from(need.quantity);
    let mut picked = Vec::new();
    let mut take = |lot_id, units: Option<&LotUnits>, free: i64| {
        let taken = free.min(missing).max(0);
        missing -= taken;
        if let Some(quantity) = u32::try_from(taken).ok().filter(|taken| *taken > 0) {
            picked.push(PackedLot {
                lot_id,
                number: units.map(|units| units.number.clone()),
                expires_on: units.map(|units| units.expires_on),
                quantity,
                serials: Vec::new(),
            });
        }
    };
    take(LotRef::Unlotted, None, stock.loose_free());
    for (id, units) in stock.housing.by_expiry() {
        if units.is_good_on(need.until) {
            take(LotRef::Lot(id), Some(units), units.free);
        }
    }
    if missing > 0 { Err(looked_at(stock, need)) } else { Ok(picked) }
}

/// The lots that somebody has named, where they suffice and may be taken.
///
/// # Errors
/// They do not, or there are others in it; all the lots that were looked at.
pub fn as_named(stock: &Stock, need: Need, named: &[(LotRef, u32)]) -> Result<Vec<PackedLot>, Vec<Looked>> {
    let mut picked: Vec<PackedLot> = Vec::new();
    for (lot_id, quantity) in named {
        let (units, free) = match lot_id {
            LotRef::Unlotted => (None, stock.loose_free()),
            LotRef::Lot(id) => {
                let units = stock.housing.lot(*id).filter(|units| units.is_good_on(need.until));
                (units, units.map_or(0, |units| units.free))
            }
        };
        if *quantity == 0 || free < i64::from(*quantity) || picked.iter().any(|before| before.lot_id == *lot_id) {
            return Err(looked_at(stock, need));
        }
        picked.push(PackedLot {
            lot_id: *lot_id,
            number: units.map(|units| units.number.clone()),
            expires_on: units.map(|units| units.expires_on),
            quantity: *quantity,
            serials: Vec::new(),
        });
    }
    let total: u64 = picked.iter().map(|lot| u64::from(lot.quantity)).sum();
    if total == u64::from(need.quantity) { Ok(picked) } else { Err(looked_at(stock, need)) }
}

fn looked_at(stock: &Stock, need: Need) -> Vec<Looked> {
    let product_id = stock.offer.product_id;
    let of_lot = |(id, units): (LotId, &LotUnits)| Looked::of(product_id, id, units, need.until);
    let mut looked: Vec<_> = stock.housing.by_expiry().into_iter().map(of_lot).collect();
    let free = stock.loose_free();
    if free != 0 || looked.is_empty() {
        let lot_id = LotRef::Unlotted;
        looked.insert(0, Looked { product_id, lot_id, number: None, expires_on: None, free, reason: "too_few" });
    }
    looked
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::catalog::lots::{Housing, LotNumber};
    use crate::catalog::product::{Product, tests::new_product};
    use crate::platform::clock::Timestamp;

    const STATUSES: [LotStatus; 4] =
        [LotStatus::Sellable, LotStatus::Recalled, LotStatus::Expired, LotStatus::Quarantined];

    fn day(offset: i64) -> Date {
        Date::parse("2026-11-20").unwrap().plus_days(offset)
    }

    fn stock(loose: i64, lots: &[(i64, i64, LotStatus)]) -> Stock {
        let lots: BTreeMap<_, _> = lots
            .iter()
            .enumerate()
            .map(|(place, (expires, free, status))| {
                let number = LotNumber::parse(&format!("L{place}")).unwrap();
                let mut units = LotUnits::of(number, day(*expires), *free);
                units.status = *status;
                (LotId::generate(Timestamp::from_millis(i64::try_from(place).unwrap() + 1)), units)
            })
            .collect();
        let housing = Housing { lots: Some(lots), loose_free: loose, ..Housing::default() };
        let mut stock =
            Stock { offer: Product::offer(&new_product()), available: 0, reserved: 0, sold: 0, version: 1, housing };
        stock.available = stock.available_by_lots();
        stock
    }

    fn need(quantity: u32, until: i64) -> Need {
        Need { quantity, until: day(until) }
    }

    fn numbers(picked: &[PackedLot]) -> Vec<(String, u32)> {
        let name = |lot: &PackedLot| lot.number.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
        picked.iter().map(|lot| (name(lot), lot.quantity)).collect()
    }

    #[test]
    fn what_expires_first_goes_first_and_is_filled_up_by_the_next() {
        use LotStatus::Sellable;
        let stock = stock(2, &[(90, 5, Sellable), (30, 3, Sellable)]);
        let picked = first_expiry_first(&stock, need(6, 0)).unwrap();
        assert_eq!(numbers(&picked), [("-".to_owned(), 2), ("L1".to_owned(), 3), ("L0".to_owned(), 1)]);
    }

    #[test]
    fn nothing_goes_out_that_expires_before_it_is_used_up() {
        use LotStatus::Sellable;
        let stock = stock(0, &[(29, 5, Sellable), (30, 5, Sellable)]);
        assert_eq!(numbers(&first_expiry_first(&stock, need(5, 30)).unwrap()), [("L1".to_owned(), 5)]);
        let looked = first_expiry_first(&stock, need(6, 30)).unwrap_err();
        assert_eq!(looked.iter().map(|lot| lot.reason).collect::<Vec<_>>(), ["expires_too_early", "too_few"]);
    }

    #[test]
    fn who_is_refused_is_shown_what_lies_without_a_lot_too() {
        let reasons = |loose, lots: &[(i64, i64, LotStatus)]| {
            let looked = first_expiry_first(&stock(loose, lots), need(9, 0)).unwrap_err();
            looked.into_iter().map(|one| (one.lot_id == LotRef::Unlotted, one.free)).collect::<Vec<_>>()
        };
        let lot = [(90, 5, LotStatus::Sellable)];
        assert_eq!(reasons(1, &lot), [(true, 1), (false, 5)]);
        assert_eq!(reasons(0, &lot), [(false, 5)]);
        assert_eq!(reasons(0, &[]), [(true, 0)], "where there is nothing, that is what is shown");
    }

    #[test]
    fn named_lots_must_suffice_and_may_not_be_others() {
        let stock = stock(0, &[(90, 5, LotStatus::Sellable), (30, 3, LotStatus::Recalled)]);
        let ids: Vec<_> = stock.housing.lots.as_ref().unwrap().keys().map(|id| LotRef::Lot(*id)).collect();
        assert_eq!(numbers(&as_named(&stock, need(4, 0), &[(ids[0], 4)]).unwrap()), [("L0".to_owned(), 4)]);
        let all = as_named(&stock, need(5, 0), &[(ids[0], 5)]).unwrap();
        assert_eq!(numbers(&all), [("L0".to_owned(), 5)], "the last unit too");
        for wrong in [
            vec![(ids[0], 3)],
            vec![(ids[0], 6)],
            vec![(ids[1], 3), (ids[0], 1)],
            vec![(ids[0], 2), (ids[0], 2)],
            vec![(LotRef::Unlotted, 4)],
            vec![],
        ] {
            assert!(as_named(&stock, need(4, 0), &wrong).is_err(), "{wrong:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_picked_is_good_sums_up_and_is_in_order(
            loose in 0i64..5,
            lots in prop::collection::vec((-10i64..100, 0i64..6, 0usize..4), 0..6),
            quantity in 1u32..20,
            until in 0i64..60,
        ) {
            let lots: Vec<_> = lots.into_iter().map(|(day, free, status)| (day, free, STATUSES[status])).collect();
            let stock = stock(loose, &lots);
            let good: i64 = lots.iter()
                .filter(|(day, _, status)| *status == LotStatus::Sellable && *day >= until).map(|lot| lot.1).sum();
            match first_expiry_first(&stock, need(quantity, until)) {
                Err(_) => prop_assert!(good + loose < i64::from(quantity)),
                Ok(picked) => {
                    prop_assert_eq!(picked.iter().map(|lot| lot.quantity).sum::<u32>(), quantity);
                    let days: Vec<_> = picked.iter().filter_map(|lot| lot.expires_on).collect();
                    prop_assert!(days.is_sorted() && days.iter().all(|last| *last >= day(until)));
                    for lot in &picked {
                        let free = match lot.lot_id {
                            LotRef::Unlotted => loose,
                            LotRef::Lot(id) => stock.housing.lot(id).unwrap().free,
                        };
                        prop_assert!(i64::from(lot.quantity) <= free);
                    }
                }
            }
        }
    }
}
