//! What an order waits for because of the lots in the house: computed, never stored.

use super::holds::{Hold, HoldCode, NextActor};
use super::order::Order;
use super::packing::{needed_until, not_good};
use super::status::Status;
use crate::catalog::Stock;
use crate::catalog::lots::LotStatus;
use crate::platform::clock::{Date, Timestamp};
use crate::platform::wording::{self, Words};
use crate::prescriptions::Prescription;

/// Beside the stock of its products as it is: that a parcel holds a lot which may not leave, or that there are not enough
/// units left for an order that is not packed which are good for as long as its `prescriptions` say that they are taken.
pub fn of(order: &Order, stocks: &[Stock], prescriptions: &[Prescription], today: Date) -> Vec<Hold> {
    let since = order.history.last().map_or(Timestamp::from_millis(0), |step| step.at);
    let mut holds = Vec::new();
    for line in &order.lines {
        let (name, product) = (&line.offer.name, line.offer.product_id);
        let hold = |code, since, detail: Words| Hold::of_product(code, product, NextActor::Pharmacy, since, detail);
        match order.status {
            Status::Packed if !not_good(line, stocks, today).is_empty() => {
                let detail = wording::orders::called_back_or_expired(name);
                let called_back = order.recalls.iter().filter(|mark| mark.product_id == product).map(|mark| mark.at);
                let since = called_back.max().map_or(since, |at| at.max(since));
                holds.push(hold(HoldCode::RecalledLot, since, detail));
            }
            Status::Placed | Status::Verified => {
                let stock = stocks.iter().find(|stock| stock.offer.product_id == line.offer.product_id);
                let until = needed_until(order.id, product, prescriptions, today);
                if let Some(stock) = stock.filter(|stock| !stock.can_fill(line.quantity, until)) {
                    let detail = wording::orders::not_enough_left(name);
                    let since = short_since(stock, line.quantity, until).map_or(since, |at| at.max(since));
                    holds.push(hold(HoldCode::StockShort, since, detail));
                }
            }
            _ => {}
        }
    }
    holds
}

/// Since when there are too few units for so many until a day: when the lot was taken out of sale without which there would be
/// enough. `None` where there would not be even with all lots that were: somebody has taken units away, or none lasts so long.
fn short_since(stock: &Stock, quantity: u32, until: Date) -> Option<Timestamp> {
    let mut units = stock.fills(until);
    let lots = stock.housing.by_expiry().into_iter().map(|(_, lot)| lot);
    let ceased = lots.filter(|lot| lot.status != LotStatus::Sellable);
    let mut ceased: Vec<_> = ceased.filter_map(|lot| Some((lot.status_at?, lot.free))).collect();
    ceased.sort_unstable_by_key(|(at, _)| std::cmp::Reverse(*at));
    ceased.into_iter().find_map(|(at, free)| {
        units += free;
        (units >= i64::from(quantity)).then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::catalog::lots::{Housing, LotNumber, LotUnits};
    use crate::orders::cart::tests::offer;
    use crate::platform::ids::LotId;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    /// The stock of lots: how many units of each, and when it was taken out of sale.
    fn stock(lots: &[(i64, Option<i64>)]) -> Stock {
        let lots: BTreeMap<_, _> = (1..)
            .zip(lots)
            .map(|(place, (free, ceased))| {
                let units = LotUnits::of(LotNumber::parse("A").unwrap(), day("2028-01-31"), *free);
                let status = if ceased.is_some() { LotStatus::Recalled } else { LotStatus::Sellable };
                let status_at = ceased.map(Timestamp::from_millis);
                (LotId::first_at(Timestamp::from_millis(place)), LotUnits { status, status_at, ..units })
            })
            .collect();
        let housing = Housing { lots: Some(lots), ..Housing::default() };
        Stock { offer: offer(1), available: 0, reserved: 0, sold: 0, version: 1, housing }
    }

    #[test]
    fn it_is_short_since_the_lot_ceased_without_which_there_would_be_enough() {
        let since = |lots: &[(i64, Option<i64>)], quantity| {
            short_since(&stock(lots), quantity, day("2026-11-20")).map(Timestamp::millis)
        };
        // Of four, one is left: what ceased first left enough for three, and what came later did not.
        let lots = [(1, None), (1, Some(10)), (2, Some(20))];
        assert_eq!(since(&lots, 3), Some(20));
        assert_eq!(since(&lots, 4), Some(10));
        // A lot that ceased later and was of no account moves nothing.
        assert_eq!(since(&[(1, None), (3, Some(10)), (0, Some(30))], 3), Some(10));
        assert_eq!(since(&lots, 9), None, "there never were so many");
    }
}
