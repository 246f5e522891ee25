//! Where the units of a lot went: the orders and lines that it was packed into. What it shows is on the trail first.

use serde::Serialize;
use utoipa::ToSchema;

use super::order::Order;
use super::status::Status;
use super::store::OrderStore;
use crate::audit::{Action, Actor as Trace, Audit, Entry, Outcome as Ended};
use crate::catalog::lots::LotStore;
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{LotId, OrderId, ProductId, UserId};

/// Traces lots.
#[derive(Clone, Debug)]
pub struct LotTracing {
    /// Where orders are.
    pub store: OrderStore,
    /// Which orders a lot may have gone into.
    pub lots: LotStore,
    /// The trail.
    pub audit: Audit,
    /// The time.
    pub clock: Clock,
}

/// A line that was packed from a lot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TracedLine {
    /// The product.
    #[schema(value_type = String)]
    pub product_id: ProductId,
    /// Its name when it was ordered.
    pub name: String,
    /// How many packs of the line are of this lot.
    pub quantity: u32,
    /// The serial numbers of those that were scanned.
    pub serials: Vec<String>,
}

/// An order that units of a lot went into.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TracedOrder {
    /// Its id.
    #[schema(value_type = String)]
    pub order_id: OrderId,
    /// The number that people read to each other.
    pub number: String,
    /// Where it stands. What was cancelled went back to its lot.
    pub status: Status,
    /// Whose it is; of who was erased, whom they are called since.
    #[schema(value_type = String)]
    pub customer_id: UserId,
    /// When it came to where it stands.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
    /// The lines with units of the lot.
    pub lines: Vec<TracedLine>,
}

impl TracedOrder {
    /// What an order has of a lot; nothing where it was packed from others in the end.
    pub fn of(order: &Order, lot: LotId) -> Option<Self> {
        let lines = order.lines.iter().filter_map(|line| {
            let packed = line.of_lot(lot)?;
            Some(TracedLine {
                product_id: line.offer.product_id,
                name: line.offer.name.clone(),
                quantity: packed.quantity,
                serials: packed.serials.clone(),
            })
        });
        let lines: Vec<_> = lines.collect();
        (!lines.is_empty()).then(|| Self {
            order_id: order.id,
            number: order.number(),
            status: order.status,
            customer_id: order.customer.clone(),
            since: order.history.last().map_or(Timestamp::from_millis(0), |step| step.at),
            lines,
        })
    }
}

impl LotTracing {
    /// A page of the orders that units of a lot went into, the oldest first, of at most a hundred, and the place after which
    /// more may come. That each of them was shown is on the trail before it is; where there is none, that they were asked for.
    ///
    /// # Errors
    /// 404 for a lot that there is not; 503, also when the trail cannot be written.
    pub async fn page(
        &self,
        trace: &Trace,
        lot: LotId,
        limit: u16,
        after: Option<OrderId>,
    ) -> Result<(Vec<TracedOrder>, Option<OrderId>)> {
        self.lots.find(lot).await?.ok_or_else(Error::not_found)?;
        // One more than asked for tells whether there is a next page.
        let mut noted = self.lots.orders_of(lot, after, i32::from(limit) + 1).await?;
        let more = noted.len() > usize::from(limit);
        noted.truncate(usize::from(limit));
        let next = noted.last().copied().filter(|_| more);
        let orders = if noted.is_empty() { Vec::new() } else { self.store.get_many(&noted).await? };
        let found: Vec<_> = orders.iter().filter_map(|order| TracedOrder::of(order, lot)).collect();
        let now = self.clock.now();
        let shown = |one: &TracedOrder| {
            let entry = Entry::allowed(trace, Action::TraceLot, &one.customer_id, one.order_id, now);
            entry.detail(lot.to_string())
        };
        if found.is_empty() {
            let asked = Entry::new(&trace.origin, Action::TraceLot, Ended::Allowed, lot, now).by(trace);
            self.audit.append(&asked).await?;
        } else {
            self.audit.append_all(&found.iter().map(shown).collect::<Vec<_>>()).await?;
        }
        Ok((found, next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::lots::{LotNumber, LotRef, PackedLot};
    use crate::orders::rejecting::tests::order;

    #[test]
    fn an_order_shows_what_it_has_of_a_lot_and_nothing_else() {
        let lot = |place| LotId::first_at(Timestamp::from_millis(place));
        let mut order = order(&[(100, 3), (200, 1)], None);
        let packed = |place, quantity, serials: &[&str]| PackedLot {
            lot_id: LotRef::Lot(lot(place)),
            number: LotNumber::parse("A").ok(),
            expires_on: None,
            quantity,
            serials: serials.iter().map(|&serial| serial.to_owned()).collect(),
        };
        order.lines[0].lots = vec![packed(1, 1, &["S1"]), packed(2, 2, &["S2"])];
        let traced = TracedOrder::of(&order, lot(2)).unwrap();
        let lines: Vec<_> = traced.lines.iter().map(|line| (line.quantity, line.serials.clone())).collect();
        assert_eq!(lines, [(2, vec!["S2".to_owned()])]);
        assert_eq!(TracedOrder::of(&order, lot(3)), None);
    }
}
