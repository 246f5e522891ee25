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
                    let since = ceased_at(stock).map_or(since, |at| at.max(since));
                    holds.push(hold(HoldCode::StockShort, since, detail));
                }
            }
            _ => {}
        }
    }
    holds
}

/// When a lot of a product was last taken out of sale that still is.
fn ceased_at(stock: &Stock) -> Option<Timestamp> {
    let lots = stock.housing.by_expiry().into_iter().map(|(_, lot)| lot);
    lots.filter(|lot| lot.status != LotStatus::Sellable).filter_map(|lot| lot.status_at).max()
}
