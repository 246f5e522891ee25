//! An order: what was bought, on which terms, for whom, and how far it has come. Pure rules.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::cart::Quantity;
use super::carts::Item;
use super::gate;
use super::holds::Hold;
use super::number::{OldNumber, OrderNumber};
use super::paid;
use super::pricing::Totals;
use super::recalled::Recalled;
use super::rejecting::AsPlaced;
use super::returned::Return;
use super::screening::{Override, Screened};
use super::status::Status;
use crate::accounts::Country;
use crate::accounts::address::PostalAddress;
use crate::catalog::lots::PackedLot;
use crate::catalog::{Fingerprint, Offer, Stock};
use crate::coupons::Agreed;
use crate::delivery::ZoneVersion;
use crate::medicine::screening::Consequence;
use crate::payments::Payment;
use crate::platform::clock::{Date, Timestamp};
use crate::platform::ids::{OrderId, PatientId, PrescriptionId, ProductId, UserId};
use crate::platform::money::Money;

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
    /// For whom; `None`: for the customer, and so is what was ordered before there were patients.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<PatientId>,
    /// The lots that it was packed from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lots: Vec<PackedLot>,
    /// What the coupon takes off it, in minor units.
    #[serde(default)]
    pub discount: i64,
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
    /// The coupon it was placed with, on the terms it was placed on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coupon: Option<Agreed>,
    /// By which zone the delivery fee was computed; none where the pharmacy had no zones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<ZoneVersion>,
    /// How it was placed, where lines were left out of it since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_placed: Option<Box<AsPlaced>>,
    /// What its customer has asked to give back, at most ten times.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub returns: Vec<Return>,
    /// What the pharmacy keeps of what sellers earn by it, in hundredths of a percent.
    #[serde(default)]
    pub seller_fee: u32,
    /// Where it goes; `None` once who ordered it was erased.
    pub address: Option<PostalAddress>,
    /// How it is paid.
    pub payment: Payment,
    /// The prescriptions that the customer gave with it.
    pub prescription_ids: Vec<PrescriptionId>,
    /// Those that it was placed with, where the customer has given others since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_first: Option<Vec<PrescriptionId>>,
    /// When the customer first gave others in their place: from then on stock is kept no longer than after a rejection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_anew: Option<Timestamp>,
    /// What the customer noted.
    pub note: Option<String>,
    /// The carrier's number or link.
    pub tracking: Option<String>,
    /// Every state it came to, the first at the front.
    pub history: Vec<Step>,
    /// What was screened at each stage, and with what; nothing of orders from before there was screening.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub screened: Vec<Screened>,
    /// What pharmacists decided to pass over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<Override>,
    /// What was called back of what is in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recalls: Vec<Recalled>,
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
    /// The terms on which it goes into a cart once more: those of `today`, where they are of the same medicine under a law
    /// that is no stricter. Where they are not, the medicine stays the one that was ordered: who orders again wants that one,
    /// and the cart shows what has changed until they put in the other.
    pub fn again(&self, today: &Offer) -> Offer {
        match Fingerprint::changes(self.offer.fingerprint.as_ref(), today.fingerprint.as_ref()) {
            None => today.clone(),
            Some(_) => Offer { price: today.price, ..self.offer.clone() },
        }
    }

    /// What the coupon takes off it.
    pub const fn discount(&self) -> Money {
        Money::new(self.discount, self.offer.price.currency())
    }

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
            patient: self.patient,
        }
    }
}

impl Order {
    /// The number that people read to each other; of an old order, what was made of its day and id.
    pub fn number(&self) -> String {
        OrderNumber::of(self.id).map_or_else(|| OldNumber::of(self.id).to_string(), |number| number.to_string())
    }

    /// What it holds, as a cart takes it.
    pub fn items(&self) -> Vec<Item> {
        let item = |line: &OrderLine| {
            let (product, patient) = (line.offer.product_id, line.patient);
            Some(Item { product, quantity: Quantity::parse(line.quantity).ok()?, patient })
        };
        self.lines.iter().filter_map(item).collect()
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

    /// Whom it is for beside the customer, each once.
    pub fn patients(&self) -> Vec<PatientId> {
        let mut patients: Vec<_> = self.lines.iter().filter_map(|line| line.patient).collect();
        patients.sort_unstable();
        patients.dedup();
        patients
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

    /// The order without whoever ordered it: `pseudonym` stands in their place, and name, address, telephone, notes, the
    /// carrier's number and what screening found are gone. Lines, sums, dates and the prescriptions it was dispensed on stay.
    #[must_use]
    pub fn stripped(&self, pseudonym: &UserId, on: Date) -> Self {
        let mut next = self.clone();
        next.erased = Some(Erased { on, country: self.address.as_ref().map(|address| address.country) });
        next.customer = pseudonym.clone();
        (next.address, next.note, next.tracking) = (None, None, None);
        next.screened = self.screened.iter().map(Screened::stripped).collect();
        next.overrides = self.overrides.iter().map(Override::stripped).collect();
        for refund in next.payment.refunds_mut() {
            refund.reason = None;
            if let Some(closed) = &mut refund.closed {
                closed.note = None;
            }
        }
        for one in &mut next.returns {
            one.reason = None;
            if let Some(decided) = &mut one.decided {
                decided.note = None;
            }
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
        let mut holds = paid::holds(&self.first(), placed);
        holds.extend(self.lines.iter().any(|line| line.waited).then(|| Hold::for_review(placed)));
        let found = self.screened.first().into_iter().flat_map(|screened| &screened.findings);
        let grave = found.filter(|found| found.consequence > Consequence::Tell);
        holds.extend(grave.map(|found| Hold::for_screening(&found.key, found.detail.clone(), placed)));
        holds
    }

    /// The order as it was when it was placed: the answer that a repeated request gets.
    #[must_use]
    pub fn first(&self) -> Self {
        let mut first = self.clone();
        if let Some(placed) = first.as_placed.take() {
            (first.lines, first.totals) = (placed.lines, placed.totals);
        }
        if let Some(given) = first.given_first.take() {
            first.prescription_ids = given;
        }
        first.given_anew = None;
        first.status = Status::Placed;
        let placed_at = self.history.first().map_or(Timestamp::from_millis(0), |step| step.at);
        first.payment = self.payment.as_placed(first.totals.total, placed_at);
        first.history.truncate(1);
        first.returns.clear();
        first.recalls.clear();
        first.tracking = None;
        first.screened.truncate(1);
        first.overrides.clear();
        first.version = 1;
        // A fill was taken then for what needed one and did not wait; for what came under a stricter law later, later.
        for line in &mut first.lines {
            line.lots = Vec::new();
            if line.waited || !line.offer.legal_status.prescription_required() {
                line.prescription_id = None;
            }
        }
        first
    }
}
