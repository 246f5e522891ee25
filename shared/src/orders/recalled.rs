//! What was called back of what is in an order. Pure rules.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::order::{Order, OrderLine};
use super::status::Status;
use crate::catalog::lots::{LotNumber, LotRef, PackedLot};
use crate::catalog::recalls::{Followed, Recall, RecallClass};
use crate::platform::clock::Timestamp;
use crate::platform::ids::{LotId, ProductId, RecallId, UserId};

/// A mark of an order: that a lot in it was called back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recalled {
    /// By which recall.
    pub id: RecallId,
    /// Of which product.
    pub product_id: ProductId,
    /// Which lot.
    pub lot: LotId,
    /// Its number.
    pub number: LotNumber,
    /// How grave it is.
    pub class: RecallClass,
    /// Why.
    pub reason: String,
    /// When the lot was called back.
    pub at: Timestamp,
    /// Whether it had left the house with the order by then, so that its customer is told.
    pub out: bool,
}

/// What was called back of an order after it had left the house.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = OrderRecall)]
pub struct RecalledView {
    /// The product.
    #[schema(value_type = String)]
    pub product_id: ProductId,
    /// The number on its packs.
    #[schema(value_type = String)]
    pub lot_number: LotNumber,
    /// How grave it is: 1 is the gravest.
    #[schema(value_type = u8, minimum = 1, maximum = 3)]
    pub class: RecallClass,
    /// Why.
    pub reason: String,
    /// When it was called back.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

impl From<&Recalled> for RecalledView {
    fn from(mark: &Recalled) -> Self {
        Self {
            product_id: mark.product_id,
            lot_number: mark.number.clone(),
            class: mark.class,
            reason: mark.reason.clone(),
            at: mark.at,
        }
    }
}

/// Where the units of a lot are that went into an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whereabouts {
    /// In its parcel, in the house.
    Parcel,
    /// With its customer, or on the way there.
    Customer,
}

impl OrderLine {
    /// What of it was packed from a lot.
    pub fn of_lot(&self, lot: LotId) -> Option<&PackedLot> {
        self.lots.iter().find(|packed| packed.lot_id == LotRef::Lot(lot))
    }
}

impl Order {
    /// The line that was packed from a lot.
    pub fn line_of_lot(&self, lot: LotId) -> Option<&OrderLine> {
        self.lines.iter().find(|line| line.of_lot(lot).is_some())
    }

    /// Where its units of a lot are. Nowhere where it has none, where it was called off or came back, and where all units of
    /// the line are back; as nobody notes the lot of a pack that comes back, one that is not may be of it.
    fn whereabouts(&self, lot: LotId) -> Option<Whereabouts> {
        let line = self.line_of_lot(lot)?;
        match self.status {
            Status::Packed => Some(Whereabouts::Parcel),
            Status::Shipped | Status::Delivered if self.units_back(line) < line.quantity => Some(Whereabouts::Customer),
            _ => None,
        }
    }

    /// The mark that a recall has left in it.
    pub fn mark_of(&self, recall: RecallId) -> Option<&Recalled> {
        self.recalls.iter().find(|mark| mark.id == recall)
    }

    /// The order with the mark of a recall; nothing where it has that already, has none of the lot, or nobody is left to be
    /// told.
    #[must_use]
    pub fn marked(&self, recall: &Recall) -> Option<Self> {
        let out = self.whereabouts(recall.lot)? == Whereabouts::Customer;
        if self.mark_of(recall.id).is_some() || self.erased.is_some() {
            return None;
        }
        let mut next = self.clone();
        next.recalls.push(Recalled {
            id: recall.id,
            product_id: recall.product_id,
            lot: recall.lot,
            number: recall.number.clone(),
            class: recall.class,
            reason: recall.reason.clone(),
            at: recall.started_at,
            out,
        });
        Some(next)
    }
}

/// What has come of a recall, counted by the marks that it has left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    held: u32,
    told: BTreeSet<UserId>,
    of_nobody: u32,
}

impl Tally {
    /// Counts an order that was looked at, and marked where it was to be.
    pub(super) fn count(&mut self, order: &Order, recall: &Recall) {
        match order.mark_of(recall.id) {
            Some(mark) if mark.out => {
                self.told.insert(order.customer.clone());
            }
            Some(_) => self.held += 1,
            None if order.erased.is_some() && order.whereabouts(recall.lot) == Some(Whereabouts::Customer) => {
                self.of_nobody += 1;
            }
            None => {}
        }
    }

    /// In numbers: of several orders of one person, that person once.
    pub(super) fn followed(&self) -> Followed {
        let people_told = u32::try_from(self.told.len()).unwrap_or(u32::MAX);
        Followed { orders_held: self.held, people_told, orders_of_nobody: self.of_nobody }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::order::{Actor, Step};
    use crate::orders::rejecting::tests::order;
    use crate::platform::clock::Date;

    fn lot(place: i64) -> LotId {
        LotId::first_at(Timestamp::from_millis(place))
    }

    fn recall(order: &Order, lot: LotId) -> Recall {
        let at = Timestamp::from_millis(1_795_168_800_000);
        Recall {
            id: RecallId::first_at(at),
            lot,
            number: LotNumber::parse("A").unwrap(),
            product_id: order.lines[0].offer.product_id,
            reason: "Some tablets are too strong.".to_owned(),
            reference: "D-1".to_owned(),
            class: RecallClass::Grave,
            by: UserId::nobody(),
            started_at: at,
            finished_at: None,
            followed: Followed::default(),
            version: 1,
        }
    }

    /// An order of two lines in a state, the first packed from the first lot.
    fn packed(status: Status) -> Order {
        let mut order = order(&[(100, 2), (100, 1)], None);
        let step = Step { status, by: Actor::Pharmacy, ..order.history[0].clone() };
        order = order.stepped(step);
        let of = |place, quantity| PackedLot {
            lot_id: LotRef::Lot(lot(place)),
            number: LotNumber::parse("A").ok(),
            expires_on: None,
            quantity,
            serials: Vec::new(),
        };
        order.lines[0].lots = vec![of(1, 2)];
        order.lines[1].lots = vec![of(2, 1)];
        order
    }

    #[test]
    fn what_is_in_the_house_is_held_and_what_is_out_is_told() {
        for (status, out) in [(Status::Packed, false), (Status::Shipped, true), (Status::Delivered, true)] {
            let order = packed(status);
            let recall = recall(&order, lot(1));
            let marked = order.marked(&recall).unwrap();
            assert_eq!(marked.mark_of(recall.id).map(|mark| mark.out), Some(out), "{status:?}");
            assert_eq!(marked.marked(&recall), None, "once");
        }
    }

    #[test]
    fn an_order_without_the_lot_and_one_that_is_over_are_left_alone() {
        let order = packed(Status::Shipped);
        assert_eq!(order.marked(&recall(&order, lot(3))), None);
        for status in [Status::Placed, Status::Verified, Status::Cancelled, Status::Returned] {
            let order = packed(status);
            assert_eq!(order.marked(&recall(&order, lot(1))), None, "{status:?}");
        }
    }

    #[test]
    fn people_are_counted_once_and_who_was_erased_apart() {
        let order = packed(Status::Shipped);
        let recall = recall(&order, lot(1));
        let mut tally = Tally::default();
        for _ in 0..2 {
            tally.count(&order.marked(&recall).unwrap(), &recall);
        }
        tally.count(&packed(Status::Packed).marked(&recall).unwrap(), &recall);
        let erased = order.stripped(&UserId::nobody(), Date::parse("2026-11-20").unwrap());
        assert_eq!(erased.marked(&recall), None);
        tally.count(&erased, &recall);
        tally.count(&packed(Status::Cancelled), &recall);
        assert_eq!(tally.followed(), Followed { orders_held: 1, people_told: 1, orders_of_nobody: 1 });
    }
}
