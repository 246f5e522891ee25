//! An order: what was bought, on which terms, for whom, and how far it has come. Pure rules.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::gate;
use super::holds::Hold;
use super::number::{OldNumber, OrderNumber};
use super::paid;
use super::pricing::Totals;
use super::status::Status;
use crate::accounts::Country;
use crate::accounts::address::PostalAddress;
use crate::catalog::{Offer, Stock};
use crate::payments::Payment;
use crate::platform::clock::{Date, Timestamp};
use crate::platform::ids::{OrderId, PrescriptionId, ProductId, UserId};

/// A line of an order, on the terms of the moment it was placed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// The terms.
    pub offer: Offer,
    /// How many packs.
    pub quantity: u32,
    /// The prescription that a fill was taken from.
    pub prescription_id: Option<PrescriptionId>,
    /// Whether it waited for a review when the order was placed.
    pub waited: bool,
}

/// Who moved an order along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// The one who ordered.
    Customer,
    /// The pharmacy's staff.
    Pharmacy,
    /// Nobody: its time had come.
    System,
}

/// A step in the life of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The state it came to.
    pub status: Status,
    /// When.
    pub at: Timestamp,
    /// Through whom.
    pub by: Actor,
    /// The person, which only the trail shows.
    pub user: UserId,
    /// What they noted.
    pub note: Option<String>,
}

/// An order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Its id.
    pub id: OrderId,
    /// Whose it is.
    pub customer: UserId,
    /// Where it stands.
    pub status: Status,
    /// What was bought.
    pub lines: Vec<OrderLine>,
    /// What it costs.
    pub totals: Totals,
    /// Where it goes; `None` once who ordered it was erased.
    pub address: Option<PostalAddress>,
    /// How it is paid.
    pub payment: Payment,
    /// The prescriptions that the customer gave with it.
    pub prescription_ids: Vec<PrescriptionId>,
    /// What the customer noted.
    pub note: Option<String>,
    /// The carrier's number or link.
    pub tracking: Option<String>,
    /// Every state it came to, the first at the front.
    pub history: Vec<Step>,
    /// That who ordered it was erased.
    #[serde(default)]
    pub erased: Option<Erased>,
    /// Grows by one with every change.
    pub version: u64,
}

/// What an order still says once who ordered it was erased, beside what was bought for how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    /// On which day.
    pub on: Date,
    /// Where it went: taxes are due by country. A smaller place would, with the medicine and the day, tell who.
    pub country: Option<Country>,
}

impl OrderLine {
    /// As the gate sees it beside the offers of today.
    pub fn in_gate<'a>(&'a self, stocks: &'a [Stock]) -> gate::Line<'a> {
        let product = self.offer.product_id;
        gate::Line {
            agreed: &self.offer,
            today: stocks.iter().map(|stock| &stock.offer).find(|offer| offer.product_id == product),
            // Its units are set aside.
            available: None,
            quantity: self.quantity,
            covered_by: self.prescription_id,
        }
    }
}

impl Order {
    /// The number that people read to each other; of an old order, what was made of its day and id.
    pub fn number(&self) -> String {
        OrderNumber::of(self.id).map_or_else(|| OldNumber::of(self.id).to_string(), |number| number.to_string())
    }

    /// The lines that wait for a fill.
    pub fn uncovered(&self) -> impl Iterator<Item = &OrderLine> {
        self.lines
            .iter()
            .filter(|line| line.offer.legal_status.prescription_required() && line.prescription_id.is_none())
    }

    /// The prescriptions that fills were taken from, each once.
    pub fn filled_from(&self) -> Vec<PrescriptionId> {
        let mut ids: Vec<_> = self.lines.iter().filter_map(|line| line.prescription_id).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// The sellers of its lines, each once; the pharmacy itself is none.
    pub fn sellers(&self) -> Vec<UserId> {
        let mut sellers: Vec<_> = self.lines.iter().filter_map(|line| line.offer.seller_id.clone()).collect();
        sellers.sort_unstable();
        sellers.dedup();
        sellers
    }

    /// Writes what the gate let pass into the lines.
    pub fn cover(&mut self, pass: &gate::Pass) {
        let by = |product: ProductId| pass.covered.iter().find(|(covered, _)| *covered == product).map(|(_, id)| *id);
        for line in &mut self.lines {
            line.prescription_id = line.prescription_id.or_else(|| by(line.offer.product_id));
        }
    }

    /// The order after a step. Whether it may be taken is [`Status::may_become`]'s to say.
    #[must_use]
    pub fn stepped(&self, step: Step) -> Self {
        let mut next = self.clone();
        next.status = step.status;
        next.payment = match step.status {
            Status::Verified => self.payment.verified(step.at),
            Status::Delivered => self.payment.delivered(),
            Status::Cancelled => self.payment.cancelled(step.at),
            Status::Returned => self.payment.called_off(),
            _ => self.payment.clone(),
        };
        next.history.push(step);
        next
    }

    /// The order without whoever ordered it: `pseudonym` stands in their place, and name, address, telephone, notes and
    /// the carrier's number are gone. Lines, sums, dates and the prescriptions it was dispensed on stay.
    #[must_use]
    pub fn stripped(&self, pseudonym: &UserId, on: Date) -> Self {
        let mut next = self.clone();
        next.erased = Some(Erased { on, country: self.address.as_ref().map(|address| address.country) });
        next.customer = pseudonym.clone();
        (next.address, next.note, next.tracking) = (None, None, None);
        for refund in next.payment.online_mut().into_iter().flat_map(|online| &mut online.refunds) {
            refund.reason = None;
        }
        for step in &mut next.history {
            step.note = None;
            if step.user == self.customer {
                step.user = pseudonym.clone();
            }
        }
        next
    }

    /// What it waited for when it was placed.
    pub fn placing_holds(&self) -> Vec<Hold> {
        let placed = self.history.first().map_or(Timestamp::from_millis(0), |step| step.at);
        let mut holds = paid::holds(&self.as_placed(), placed);
        holds.extend(self.lines.iter().any(|line| line.waited).then(|| Hold::for_review(placed)));
        holds
    }

    /// The order as it was when it was placed: the answer that a repeated request gets.
    #[must_use]
    pub fn as_placed(&self) -> Self {
        let mut first = self.clone();
        first.status = Status::Placed;
        let placed_at = self.history.first().map_or(Timestamp::from_millis(0), |step| step.at);
        first.payment = self.payment.as_placed(placed_at);
        first.history.truncate(1);
        first.tracking = None;
        first.version = 1;
        for line in first.lines.iter_mut().filter(|line| line.waited) {
            line.prescription_id = None;
        }
        first
    }
}
