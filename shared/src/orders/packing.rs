//! Lots in orders: which go into a parcel, and what leaves the house with it.

use super::fulfilment::Orders;
use super::order::{Order, OrderLine};
use super::scanning;
use super::status::Status;
use crate::catalog::Stock;
use crate::catalog::lots::{Looked, LotRef, Need, PackedLot, as_named, first_expiry_first};
use crate::catalog::movement::{Move, What};
use crate::platform::clock::{Date, Timestamp};
use crate::platform::dynamo::Write;
use crate::platform::error::{Error, Result};
use crate::platform::fields::Invalid;
use crate::platform::ids::{OrderId, ProductId};
use crate::platform::wording::{self, Words};
use crate::prescriptions::Prescription;

/// The most scans of one parcel: each is a write of the transaction that packs it, beside those of the lines.
pub const MAX_SCANS: usize = 30;
/// How many writes a transaction takes.
const MAX_WRITES: usize = 100;

/// A lot that whoever packs has taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamedLot {
    /// Of which product.
    pub product_id: ProductId,
    /// Which lot.
    pub lot_id: LotRef,
    /// How many packs.
    pub quantity: u32,
}

/// What whoever packs says of the parcel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Packing {
    /// The lots of some products; of the others those that expire first are taken.
    pub lots: Vec<NamedLot>,
    /// The codes of packs, as they were scanned.
    pub scans: Vec<String>,
}

impl Orders {
    /// Picks the lots of each line, writes them into it, and gives the writes that put them into the parcel, and what
    /// whoever packs should know. That the order may hold the lots is noted before, so that a recall finds every order
    /// that does.
    ///
    /// What was packed already is packed anew: packs that may not leave any more are taken out and go back to their lots,
    /// others are picked in their place, and the rest stays as it is.
    ///
    /// # Errors
    /// 400 for lots of products that nothing is to be packed of; 409 `no_suitable_lot` with all the lots that were looked at,
    /// `serial_packed`; 422 `wrong_pack`; or DynamoDB does not answer.
    pub(super) async fn pack(
        &self,
        next: &mut Order,
        packing: &Packing,
        stocks: &[Stock],
        prescriptions: &[Prescription],
        today: Date,
    ) -> Result<(Vec<Write>, Vec<Words>)> {
        let before = serials(&next.lines);
        let out = if was_packed(next) { Some(take_out(next, stocks, today)) } else { None };
        let mut fresh = missing(next, out.as_deref());
        pick(next.id, &mut fresh, packing, stocks, prescriptions, today)?;
        let order = next.id;
        let spent = self.lots.numbered_many(&scanning::to_look_up(&packing.scans, &fresh, stocks, today)).await?;
        let spent: Vec<_> = spent.into_iter().map(|lot| (lot.product_id, lot.number)).collect();
        let scanned = {
            let until = |product| needed_until(order, product, prescriptions, today);
            let beside = scanning::Beside { stocks, spent: &spent, until: &until, today };
            scanning::check(&packing.scans, &mut fresh, beside)
        };
        let scanned = scanned.map_err(|wrong| scanning::wrong_pack(&wrong))?;
        let serials = serials(&fresh);
        let elsewhere = self.lots.serial_elsewhere(&serials, next.id).await?;
        if let Some(serial) = elsewhere {
            let detail = wording::orders::serial_in_another_parcel(&serial);
            return Err(Error::conflict("serial_packed", detail));
        }
        if let Some((_, serial)) = serials.iter().find(|serial| before.contains(serial)) {
            let detail = wording::orders::serial_in_this_parcel(serial);
            return Err(Error::conflict("serial_packed", detail));
        }
        let picked: Vec<_> = fresh.iter().flat_map(|line| line.lots.iter().cloned()).collect();
        self.lots.note_order(next.id, &picked).await?;
        let taken_out = |product: ProductId| {
            let of_it = out.iter().flatten().filter(move |(of, _)| *of == product);
            of_it.map(|(_, lot)| lot.clone()).collect::<Vec<_>>()
        };
        let mut writes = Vec::new();
        for line in &fresh {
            let product = line.offer.product_id;
            if let Some(stock) = find(stocks, product) {
                writes.push(self.stock.pack(stock, &taken_out(product), &line.lots)?);
            }
        }
        // What stays in the parcel must still be what it was read as, too.
        for stock in stocks {
            if fresh.iter().all(|line| line.offer.product_id != stock.offer.product_id) {
                writes.push(self.stock.still_offered_as(&stock.offer)?);
            }
        }
        for (product, lot) in out.iter().flatten() {
            for serial in &lot.serials {
                writes.push(self.lots.free_serial(*product, serial, next.id)?);
            }
        }
        for (product, serial) in &serials {
            writes.push(self.lots.take_serial(*product, serial, next.id)?);
        }
        // The order, the trail, the prescriptions and what they supply are written too.
        if writes.len() + 3 + next.prescription_ids.len() > MAX_WRITES {
            let invalid = Invalid::new("too_many", wording::orders::fewer_scans());
            return Err(vec![invalid.at("scans")].into());
        }
        put_in(next, fresh);
        Ok((writes, scanned.warnings))
    }

    /// Whether something in a parcel may not leave any more, so that it is to be packed anew.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn is_to_be_packed_anew(&self, order: &Order) -> Result<bool> {
        let today = self.zone.day(self.clock.now())?;
        let products: Vec<_> = order.lines.iter().map(|line| line.offer.product_id).collect();
        let stocks = self.stock.get_many_plain(&products).await?;
        Ok(order.lines.iter().any(|line| !not_good(line, &stocks, today).is_empty()))
    }

    /// The writes that let the packs of a parcel be packed again.
    pub(super) fn unpack_serials(&self, next: &Order) -> Result<Vec<Write>> {
        serials(&next.lines).iter().map(|(product, serial)| self.lots.free_serial(*product, serial, next.id)).collect()
    }

    /// The writes that send a parcel out of the house: what is in it must still be good.
    ///
    /// # Errors
    /// 409 `no_suitable_lot` where a lot in it was called back or has expired since it was packed; or DynamoDB does not
    /// answer.
    pub(super) async fn ship(&self, next: &Order) -> Result<Vec<Write>> {
        let now = self.clock.now();
        let today = self.zone.day(now)?;
        let products: Vec<_> = next.lines.iter().map(|line| line.offer.product_id).collect();
        let stocks = self.stock.get_many_plain(&products).await?;
        let bad: Vec<_> = next.lines.iter().flat_map(|line| not_good(line, &stocks, today)).collect();
        if !bad.is_empty() {
            return Err(no_suitable_lot(&bad));
        }
        let ship = |line: &OrderLine| {
            let product = line.offer.product_id;
            let counted = find(&stocks, product).is_some_and(|stock| stock.housing.lots.is_some());
            self.stock.ship(product, line.quantity, &line.lots, counted, &shipped(next, line, now))
        };
        next.lines.iter().map(ship).collect()
    }
}

/// Whether the step that an order has just come by found it in its parcel already.
pub(super) fn was_packed(next: &Order) -> bool {
    next.history.iter().rev().nth(1).is_some_and(|step| step.status == Status::Packed)
}

/// Takes what may not leave any more out of the lines of a parcel: of which product, and which lot.
fn take_out(next: &mut Order, stocks: &[Stock], today: Date) -> Vec<(ProductId, PackedLot)> {
    let mut out = Vec::new();
    for line in &mut next.lines {
        let bad: Vec<_> = not_good(line, stocks, today).into_iter().map(|looked| looked.lot_id).collect();
        let product = line.offer.product_id;
        let lots = std::mem::take(&mut line.lots);
        let (taken, kept): (Vec<_>, Vec<_>) = lots.into_iter().partition(|lot| bad.contains(&lot.lot_id));
        line.lots = kept;
        out.extend(taken.into_iter().map(|lot| (product, lot)));
    }
    out
}

/// The lines as far as they are to be packed: whole ones, or what was taken `out` of them.
fn missing(next: &Order, out: Option<&[(ProductId, PackedLot)]>) -> Vec<OrderLine> {
    let quantity = |line: &OrderLine| match out {
        None => line.quantity,
        Some(out) => {
            let of_it = out.iter().filter(|(product, _)| *product == line.offer.product_id);
            of_it.map(|(_, lot)| lot.quantity).sum()
        }
    };
    let lines = next.lines.iter().map(|line| OrderLine { quantity: quantity(line), lots: Vec::new(), ..line.clone() });
    lines.filter(|line| line.quantity > 0).collect()
}

/// Puts what was picked into the lines of the order.
fn put_in(next: &mut Order, picked: Vec<OrderLine>) {
    for one in picked {
        let Some(line) = next.lines.iter_mut().find(|line| line.offer.product_id == one.offer.product_id) else {
            continue;
        };
        for lot in one.lots {
            match line.lots.iter_mut().find(|kept| kept.lot_id == lot.lot_id) {
                Some(kept) => {
                    kept.quantity += lot.quantity;
                    kept.serials.extend(lot.serials);
                }
                None => line.lots.push(lot),
            }
        }
    }
}

/// Picks the lots of each of these lines of an order: those that were named, else those that expire first.
fn pick(
    order: OrderId,
    lines: &mut [OrderLine],
    packing: &Packing,
    stocks: &[Stock],
    prescriptions: &[Prescription],
    today: Date,
) -> Result<()> {
    let unknown = |named: &NamedLot| lines.iter().all(|line| line.offer.product_id != named.product_id);
    if let Some(place) = packing.lots.iter().position(unknown) {
        let invalid = Invalid::new("not_found", wording::orders::nothing_to_pack());
        return Err(vec![invalid.at(format!("lots[{place}].product_id"))].into());
    }
    let mut looked = Vec::new();
    for line in lines {
        let product = line.offer.product_id;
        let Some(stock) = find(stocks, product) else { continue };
        let need = Need { quantity: line.quantity, until: needed_until(order, product, prescriptions, today) };
        let named = packing.lots.iter().filter(|named| named.product_id == product);
        let named: Vec<_> = named.map(|named| (named.lot_id, named.quantity)).collect();
        let picked = if named.is_empty() { first_expiry_first(stock, need) } else { as_named(stock, need, &named) };
        match picked {
            Ok(lots) => line.lots = lots,
            Err(lots) => looked.extend(lots),
        }
    }
    if looked.is_empty() { Ok(()) } else { Err(no_suitable_lot(&looked)) }
}

/// The day until which what an order takes of a product must be good: the last on which it is taken, as the lines of the
/// prescriptions say that it took its fills from; `today` where there are none.
pub(super) fn needed_until(order: OrderId, product: ProductId, prescriptions: &[Prescription], today: Date) -> Date {
    let filled = prescriptions.iter().filter_map(|prescription| prescription.line_of(order, product));
    let days = filled.map(|line| i64::from(line.days_taken()));
    today.plus_days(days.max().unwrap_or(0))
}

/// The serial numbers of the packs in a parcel.
fn serials(lines: &[OrderLine]) -> Vec<(ProductId, String)> {
    let of_line = |line: &OrderLine| {
        let product = line.offer.product_id;
        line.lots.iter().flat_map(|lot| lot.serials.clone()).map(move |serial| (product, serial)).collect::<Vec<_>>()
    };
    lines.iter().flat_map(of_line).collect()
}

fn find(stocks: &[Stock], product: ProductId) -> Option<&Stock> {
    stocks.iter().find(|stock| stock.offer.product_id == product)
}

/// The lots of a line that may not go out on `today`, those of a parcel.
pub(super) fn not_good(line: &OrderLine, stocks: &[Stock], today: Date) -> Vec<Looked> {
    let stock = find(stocks, line.offer.product_id);
    let bad = |lot: &PackedLot| {
        let LotRef::Lot(id) = lot.lot_id else { return None };
        let units = stock?.housing.lot(id).filter(|units| !units.is_good_on(today))?;
        Some(Looked::of(line.offer.product_id, id, units, today))
    };
    line.lots.iter().filter_map(bad).collect()
}

/// What leaves with a line of an order, as its movements say.
fn shipped(order: &Order, line: &OrderLine, now: Timestamp) -> Vec<Move> {
    let by = order.history.last().map(|step| step.user.clone());
    let moved = |lot: LotRef, number, quantity: u32| Move {
        by: by.clone(),
        order: Some(order.id),
        ..Move::new(What::Shipped, -i64::from(quantity), (lot, number), now)
    };
    // Packed before lots were written down.
    if line.lots.is_empty() {
        return vec![moved(LotRef::Unlotted, None, line.quantity)];
    }
    line.lots.iter().map(|lot| moved(lot.lot_id, lot.number.clone(), lot.quantity)).collect()
}

fn no_suitable_lot(looked: &[Looked]) -> Error {
    let detail = wording::orders::no_suitable_lot();
    Error::conflict("no_suitable_lot", detail).with_problems(&looked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::lots::LotNumber;
    use crate::orders::rejecting::tests::order;
    use crate::platform::ids::LotId;

    fn lot(place: i64, quantity: u32, serials: &[&str]) -> PackedLot {
        PackedLot {
            lot_id: LotRef::Lot(LotId::first_at(Timestamp::from_millis(place))),
            number: LotNumber::parse("A").ok(),
            expires_on: None,
            quantity,
            serials: serials.iter().map(|&serial| serial.to_owned()).collect(),
        }
    }

    #[test]
    fn what_is_packed_first_is_packed_whole_and_later_what_was_taken_out_alone() {
        let order = order(&[(100, 3), (200, 1)], None);
        let whole: Vec<_> = missing(&order, None).iter().map(|line| line.quantity).collect();
        assert_eq!(whole, [3, 1]);
        let first = order.lines[0].offer.product_id;
        let some = missing(&order, Some(&[(first, lot(1, 1, &[])), (first, lot(2, 1, &[]))]));
        assert_eq!(some.iter().map(|line| (line.offer.product_id, line.quantity)).collect::<Vec<_>>(), [(first, 2)]);
        assert!(missing(&order, Some(&[])).is_empty());
    }

    #[test]
    fn what_is_picked_anew_joins_what_stayed() {
        let mut order = order(&[(100, 4), (200, 1)], None);
        order.lines[0].lots = vec![lot(1, 1, &["S1"])];
        order.lines[1].lots = vec![lot(3, 1, &[])];
        let fresh = OrderLine { quantity: 3, lots: vec![lot(1, 1, &["S2"]), lot(2, 2, &[])], ..order.lines[0].clone() };
        put_in(&mut order, vec![fresh]);
        assert_eq!(order.lines[0].lots, [lot(1, 2, &["S1", "S2"]), lot(2, 2, &[])]);
        assert_eq!((order.lines[0].quantity, order.lines[1].lots.len()), (4, 1));
    }
}
