//! What the patients of an account were supplied with lately, over all orders: what they take as far as the pharmacy knows,
//! and how much of what. Pure rules.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::order::Order;
use super::screening::{course, of_offer};
use crate::catalog::Label;
use crate::medicine::screening::Taken;
use crate::platform::clock::Date;
use crate::platform::ids::{OrderId, PatientId, PrescriptionId, ProductId};
use crate::prescriptions::Prescription;
use crate::prescriptions::review::USUAL_DAYS;

/// For how many days after its end a line is remembered: the longest washout of a rule is five weeks.
pub const REMEMBERED_DAYS: u32 = 60;
/// The most lines in a book: more than anybody needs, and few enough for its item.
pub const MOST_LINES: usize = 600;

/// A line that was supplied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuppliedLine {
    /// Which product.
    pub product_id: ProductId,
    /// What it is called.
    pub name: String,
    /// The keys of its ingredients.
    pub ingredients: Vec<String>,
    /// What its label says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    /// How many packs.
    pub quantity: u32,
    /// For how many days it lasts.
    pub days: u32,
    /// Whether it was on prescription only.
    pub prescription_required: bool,
    /// For whom; `None`: for the owner of the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<PatientId>,
}

/// What one order supplied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supplied {
    /// On which day.
    pub on: Date,
    /// What.
    pub lines: Vec<SuppliedLine>,
    /// The prescriptions that were given with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prescriptions: Vec<PrescriptionId>,
}

/// What the patients of an account were supplied with lately.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SupplyBook {
    /// By order.
    pub orders: BTreeMap<OrderId, Supplied>,
    /// Grows by one with every change; zero for a book that was never written.
    pub version: u64,
}

impl SuppliedLine {
    fn ends(&self, on: Date) -> Date {
        on.plus_days(i64::from(self.days))
    }
}

impl Supplied {
    /// What an order supplies, for as long as the prescriptions say that fills of it were taken from.
    pub fn by(order: &Order, prescriptions: &[Prescription], on: Date) -> Self {
        let days = |product| prescriptions.iter().find_map(|one| one.days_supplied(order.id, product));
        let line = |line: &super::order::OrderLine| SuppliedLine {
            product_id: line.offer.product_id,
            name: line.offer.name.clone(),
            ingredients: line.offer.ingredients.clone(),
            label: line.offer.label.clone(),
            quantity: line.quantity,
            days: days(line.offer.product_id).unwrap_or(USUAL_DAYS),
            prescription_required: line.offer.legal_status.prescription_required(),
            patient: line.patient,
        };
        Self { on, lines: order.lines.iter().map(line).collect(), prescriptions: order.prescription_ids.clone() }
    }

    fn remembered(&self, today: Date) -> bool {
        self.lines.iter().any(|line| today <= line.ends(self.on).plus_days(i64::from(REMEMBERED_DAYS)))
    }
}

impl SupplyBook {
    /// What a patient has today by other orders than `except`: what lasts still, and what ended not long ago.
    pub fn taken(&self, except: Option<OrderId>, patient: Option<PatientId>, today: Date) -> Vec<Taken> {
        let others = self.orders.iter().filter(|(order, _)| Some(**order) != except);
        let lines = others.flat_map(|(_, supplied)| supplied.lines.iter().map(move |line| (supplied, line)));
        let taken = lines.filter(|(_, line)| line.patient == patient).filter_map(|(supplied, line)| {
            let ended = today.days_since(line.ends(supplied.on));
            if ended > i64::from(REMEMBERED_DAYS) {
                return None;
            }
            let mut item = of_offer(&line.name, &line.ingredients, line.label.as_ref()).item;
            item.ended_days_ago = u32::try_from(ended).ok().filter(|days| *days > 0);
            let courses = supplied.prescriptions.iter().map(|rx| course(*rx, &line.ingredients)).collect();
            // What of it nobody knew was looked up when it was dispensed.
            Some(Taken { item, courses: Some(courses), unmapped: Vec::new(), looked_up_for: Vec::new() })
        });
        taken.collect()
    }

    /// The book with one more order, and without those that are of no account any more; `None` where it is full.
    #[must_use]
    pub fn with(&self, order: OrderId, supplied: Supplied, today: Date) -> Option<Self> {
        let mut orders = self.orders.clone();
        orders.retain(|_, supplied| supplied.remembered(today));
        orders.insert(order, supplied);
        let lines: usize = orders.values().map(|supplied| supplied.lines.len()).sum();
        (lines <= MOST_LINES).then_some(Self { orders, version: self.version })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::Timestamp;

    fn day(n: i64) -> Date {
        Date::parse("2026-11-20").unwrap().plus_days(n)
    }

    fn order(n: i64) -> OrderId {
        OrderId::generate(Timestamp::from_millis(n))
    }

    fn warfarin(on: Date, days: u32) -> Supplied {
        let at = Timestamp::from_millis(0);
        let label =
            Label { strengths: vec!["5 mg".to_owned()], route: "oral".to_owned(), pack_size: "30 tablets".to_owned() };
        let line = SuppliedLine {
            product_id: ProductId::generate(at),
            name: "Warfarin".to_owned(),
            ingredients: vec!["warfarin sodium".to_owned()],
            label: Some(label),
            quantity: 1,
            days,
            prescription_required: true,
            patient: None,
        };
        Supplied { on, lines: vec![line], prescriptions: vec![PrescriptionId::generate(at)] }
    }

    #[test]
    fn a_supply_lasts_its_days_and_is_remembered_for_washouts() {
        let id = order(1);
        let book = SupplyBook::default().with(id, warfarin(day(0), 30), day(0)).unwrap();
        let ended = |today: i64| -> Option<Option<u32>> {
            book.taken(None, None, day(today)).first().map(|taken| taken.item.ended_days_ago)
        };
        assert_eq!((ended(0), ended(30), ended(31)), (Some(None), Some(None), Some(Some(1))));
        assert_eq!((ended(90), ended(91)), (Some(Some(60)), None));
        assert!(book.taken(Some(id), None, day(0)).is_empty(), "an order is not screened against itself");
        let taken = &book.taken(None, None, day(0))[0];
        assert_eq!((taken.item.parts.len(), taken.courses.as_ref().map(Vec::len)), (1, Some(1)));
        let child = Some(PatientId::generate(Timestamp::from_millis(0)));
        assert!(book.taken(None, child, day(0)).is_empty(), "it is not the child who takes it");
    }

    #[test]
    fn a_book_forgets_and_does_not_grow_without_end() {
        let mut book = SupplyBook::default().with(order(1), warfarin(day(0), 30), day(0)).unwrap();
        book = book.with(order(2), warfarin(day(90), 30), day(90)).unwrap();
        assert_eq!(book.orders.len(), 2);
        book = book.with(order(3), warfarin(day(91), 30), day(91)).unwrap();
        assert_eq!(book.orders.len(), 2, "the first is of no account any more");
        let many =
            Supplied { lines: vec![warfarin(day(91), 30).lines[0].clone(); MOST_LINES], ..warfarin(day(91), 30) };
        assert_eq!(book.with(order(4), many, day(91)), None);
    }
}
