//! Lots that come back with what a customer returns, and are set aside.

use super::fulfilment::Orders;
use super::line_refund::Units;
use super::order::{Order, OrderLine};
use crate::catalog::lots::{LotRef, PackedLot};
use crate::catalog::movement::{Move, What};
use crate::platform::dynamo::Write;
use crate::platform::error::Result;
use crate::platform::ids::UserId;

impl Orders {
    /// The writes that set aside what comes back of `order`, which is as it was before: lot by lot, as it was packed.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(super) async fn set_aside(&self, order: &Order, units: &[Units], by: &UserId) -> Result<Vec<Write>> {
        let now = self.clock.now();
        let products: Vec<_> = units.iter().map(|units| units.product_id).collect();
        let stocks = self.stock.get_many_plain(&products).await?;
        let mut writes = Vec::new();
        for units in units {
            let product = units.product_id;
            let Some(line) = order.lines.iter().find(|line| line.offer.product_id == product) else { continue };
            let back = lots_back(line, order.units_back(line), units.quantity);
            let housing = stocks.iter().find(|stock| stock.offer.product_id == product).map(|stock| &stock.housing);
            let mut spent = Vec::new();
            for lot in &back {
                let (LotRef::Lot(id), Some(number)) = (lot.lot_id, &lot.number) else { continue };
                if housing.is_some_and(|housing| housing.lot(id).is_some()) {
                    continue;
                }
                // Nothing was left of it, so that its units are kept beside the stock.
                if let Some(mut known) = self.lots.numbered(product, number).await?
                    && let Some(read) = known.spent.take()
                {
                    writes.push(self.lots.save(&known)?);
                    spent.push((id, read));
                }
            }
            let moved = |lot: &PackedLot| Move {
                by: Some(by.clone()),
                order: Some(order.id),
                ..Move::new(What::Returned, i64::from(lot.quantity), (lot.lot_id, lot.number.clone()), now)
            };
            let moves: Vec<_> = back.iter().map(moved).collect();
            writes.push(self.stock.come_back(product, &back, &spent, &moves)?);
        }
        Ok(writes)
    }
}

/// Of which lots `units` of a line come back after `before` of them have: in the order in which they were packed, as nobody
/// notes the lot of a pack that comes back. Those of no known lot are the rest, of an order from before lots all.
fn lots_back(line: &OrderLine, before: u32, units: u32) -> Vec<PackedLot> {
    let (mut before, mut units) = (before, units);
    let mut back = Vec::new();
    for lot in &line.lots {
        let gone = before.min(lot.quantity);
        before -= gone;
        let quantity = units.min(lot.quantity - gone);
        units -= quantity;
        if quantity > 0 {
            back.push(PackedLot { quantity, serials: Vec::new(), ..lot.clone() });
        }
    }
    if units > 0 {
        match back.iter_mut().find(|lot| lot.lot_id == LotRef::Unlotted) {
            Some(loose) => loose.quantity += units,
            None => back.push(PackedLot {
                lot_id: LotRef::Unlotted,
                number: None,
                expires_on: None,
                quantity: units,
                serials: Vec::new(),
            }),
        }
    }
    back
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::lots::LotNumber;
    use crate::orders::rejecting::tests::order;
    use crate::platform::clock::Timestamp;
    use crate::platform::ids::LotId;

    fn lot(place: i64, quantity: u32) -> PackedLot {
        PackedLot {
            lot_id: LotRef::Lot(LotId::generate(Timestamp::from_millis(place))),
            number: LotNumber::parse("A").ok(),
            expires_on: None,
            quantity,
            serials: vec!["S1".to_owned()],
        }
    }

    #[test]
    fn units_come_back_lot_by_lot_as_they_were_packed() {
        let mut line = order(&[(100, 5)], None).lines.remove(0);
        line.lots = vec![lot(1, 2), lot(2, 3)];
        let of = |before, units| {
            let back = lots_back(&line, before, units);
            back.into_iter().map(|lot| (lot.lot_id, lot.quantity)).collect::<Vec<_>>()
        };
        let (first, second) = (line.lots[0].lot_id, line.lots[1].lot_id);
        assert_eq!(of(0, 1), [(first, 1)]);
        assert_eq!(of(1, 3), [(first, 1), (second, 2)]);
        assert_eq!(of(4, 1), [(second, 1)]);
        assert_eq!(of(0, 5), [(first, 2), (second, 3)]);
    }

    #[test]
    fn of_an_order_from_before_lots_all_are_of_none() {
        let line = order(&[(100, 5)], None).lines.remove(0);
        let back = lots_back(&line, 1, 4);
        assert_eq!(back.iter().map(|lot| (lot.lot_id, lot.quantity)).collect::<Vec<_>>(), [(LotRef::Unlotted, 4)]);
    }
}
