//! The fill ledger: which line of which prescription covers a medicine in an order, and what is left afterwards.
//!
//! A fill takes one turn of a line, however few packs it has, up to the line's quantity. The rules are pure; an order's
//! transaction writes their result under the prescription's version, and cancelling takes the order's fills out again.

use super::prescription::{AuthorizedLine, Fill, Medicine, Prescription, Status};
use super::schedule;
use crate::catalog::{Fingerprint, LegalStatus};
use crate::platform::clock::Date;
use crate::platform::identity_key;
use crate::platform::ids::{OrderId, PrescriptionId, ProductId};

/// A line of an order that needs a prescription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// The product.
    pub product_id: ProductId,
    /// The keys of its active ingredients.
    pub ingredients: Vec<String>,
    /// Which medicine it is, today.
    pub fingerprint: Option<Fingerprint>,
    /// How it may be sold, today.
    pub legal_status: LegalStatus,
    /// How many packs.
    pub quantity: u32,
}

/// Which prescription covers a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allocation {
    /// The line.
    pub product_id: ProductId,
    /// The prescription.
    pub prescription_id: PrescriptionId,
}

/// Why no prescription covers a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortfall {
    /// The line.
    pub product_id: ProductId,
    /// The reason.
    pub code: ShortfallCode,
}

/// The reason that comes nearest to a cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ShortfallCode {
    /// No prescription names this medicine.
    NotPrescribed,
    /// One names the product, and that was another medicine, or under a freer law, when it was approved.
    Changed,
    /// One did, and its last day has passed.
    Expired,
    /// One does, and all its fills are used.
    Spent,
    /// One does, for fewer packs; this many at most.
    TooMany(u32),
    /// One does, and the next fill may be had from this day on.
    TooEarly(Date),
}

/// Takes a fill for each demand from `prescriptions`, which must be approved ones of the same owner; the first line that
/// covers a demand is used.
///
/// # Errors
/// Every demand that no line covers; the prescriptions are then as they were.
pub fn dispense(
    prescriptions: &mut [Prescription],
    demands: &[Demand],
    order_id: OrderId,
    today: Date,
) -> Result<Vec<Allocation>, Vec<Shortfall>> {
    let mut after = prescriptions.to_vec();
    let mut allocations = Vec::with_capacity(demands.len());
    let mut shortfalls = Vec::new();
    for demand in demands {
        match dispense_one(&mut after, demand, order_id, today) {
            Ok(prescription_id) => allocations.push(Allocation { product_id: demand.product_id, prescription_id }),
            Err(code) => shortfalls.push(Shortfall { product_id: demand.product_id, code }),
        }
    }
    if !shortfalls.is_empty() {
        return Err(shortfalls);
    }
    prescriptions.clone_from_slice(&after);
    Ok(allocations)
}

fn dispense_one(
    prescriptions: &mut [Prescription],
    demand: &Demand,
    order_id: OrderId,
    today: Date,
) -> Result<PrescriptionId, ShortfallCode> {
    let mut nearest = ShortfallCode::NotPrescribed;
    for prescription in prescriptions {
        let status = prescription.status_on(today);
        let mut taken = false;
        for line in &mut prescription.lines {
            match line.names(demand).err().or_else(|| line.refusal(status, demand, today)) {
                Some(code) => nearest = nearest.max(code),
                None => {
                    let product_id = demand.product_id;
                    line.fills.push(Fill { order_id, product_id, quantity: demand.quantity, on: today });
                    taken = true;
                    break;
                }
            }
        }
        if taken {
            if prescription.lines.iter().all(|line| line.fills_left() == 0) {
                prescription.status = Status::Spent;
            }
            return Ok(prescription.id);
        }
    }
    Err(nearest)
}

/// Whether the fill that `order_id` has taken for a medicine still holds: the prescription stands, and its line, as it is,
/// names the medicine as it is and may be sold today.
///
/// # Errors
/// Why not.
pub fn still_holds(
    prescription: &Prescription,
    demand: &Demand,
    order_id: OrderId,
    today: Date,
) -> Result<(), ShortfallCode> {
    match prescription.status {
        _ if prescription.valid_until.is_none_or(|last| today > last) => return Err(ShortfallCode::Expired),
        Status::Approved | Status::Spent => {}
        _ => return Err(ShortfallCode::NotPrescribed),
    }
    let its = |fill: &Fill| fill.order_id == order_id && fill.product_id == demand.product_id;
    let taken = prescription.lines.iter().find_map(|line| line.fills.iter().position(its).map(|place| (line, place)));
    let (line, place) = taken.ok_or(ShortfallCode::NotPrescribed)?;
    line.names(demand)?;
    let most_fills = usize::try_from(schedule::limits(demand.legal_status).most_fills).unwrap_or(usize::MAX);
    match line.fills.get(place) {
        _ if place >= most_fills => Err(ShortfallCode::Spent),
        Some(fill) if demand.quantity <= fill.quantity => Ok(()),
        Some(fill) => Err(ShortfallCode::TooMany(fill.quantity)),
        None => Err(ShortfallCode::NotPrescribed),
    }
}

/// Takes the fills of an order out again. Whether anything changed: a second time changes nothing.
pub fn give_back(prescription: &mut Prescription, order_id: OrderId) -> bool {
    let mut changed = false;
    for line in &mut prescription.lines {
        let before = line.fills.len();
        line.fills.retain(|fill| fill.order_id != order_id);
        changed |= line.fills.len() != before;
    }
    if changed && prescription.status == Status::Spent {
        prescription.status = Status::Approved;
    }
    changed
}

impl AuthorizedLine {
    /// Whether it names the medicine that is asked for.
    fn names(&self, demand: &Demand) -> Result<(), ShortfallCode> {
        let named = match &self.medicine {
            Medicine::Product(product) if *product == demand.product_id => {
                let changed = Fingerprint::changes(self.fingerprint.as_ref(), demand.fingerprint.as_ref());
                return changed.map_or(Ok(()), |_| Err(ShortfallCode::Changed));
            }
            Medicine::Product(_) => false,
            // A combination of several ingredients is another medicine than any of them alone.
            Medicine::Ingredient(ingredient) => {
                schedule::limits(demand.legal_status).by_ingredient
                    && demand.ingredients.as_slice() == [identity_key::of(ingredient)]
            }
        };
        if named { Ok(()) } else { Err(ShortfallCode::NotPrescribed) }
    }

    fn refusal(&self, status: Status, demand: &Demand, today: Date) -> Option<ShortfallCode> {
        match status {
            Status::Approved => {}
            Status::Expired => return Some(ShortfallCode::Expired),
            Status::Spent => return Some(ShortfallCode::Spent),
            _ => return Some(ShortfallCode::NotPrescribed),
        }
        // A medicine may have come under stricter rules since the review; today's hold.
        let used = self.fills_allowed.saturating_sub(self.fills_left());
        if self.fills_left() == 0 || used >= schedule::limits(demand.legal_status).most_fills {
            return Some(ShortfallCode::Spent);
        }
        if demand.quantity > self.quantity {
            return Some(ShortfallCode::TooMany(self.quantity));
        }
        self.eligible_on().filter(|day| today < *day).map(ShortfallCode::TooEarly)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::prescriptions::samples::{day, fingerprint, line, order, prescription, product};

    fn demand(n: u128, quantity: u32) -> Demand {
        under(LegalStatus::Prescription, n, quantity)
    }

    fn under(legal_status: LegalStatus, n: u128, quantity: u32) -> Demand {
        let ingredients = vec!["ibuprofen".to_owned()];
        let fingerprint = Some(fingerprint("400 mg", legal_status));
        Demand { product_id: product(n), ingredients, fingerprint, legal_status, quantity }
    }

    fn product_line(n: u128, quantity: u32, fills: u32, days: u32) -> AuthorizedLine {
        line(Medicine::Product(product(n)), quantity, fills, days)
    }

    fn approved(lines: Vec<AuthorizedLine>) -> Prescription {
        prescription(Status::Approved, lines)
    }

    fn take(rx: &mut Prescription, demand: &Demand, n: u128, on: Date) -> Result<(), ShortfallCode> {
        let rx = std::slice::from_mut(rx);
        match dispense(rx, std::slice::from_ref(demand), order(n), on) {
            Ok(_) => Ok(()),
            Err(shortfalls) => Err(shortfalls[0].code),
        }
    }

    #[test]
    fn an_early_refill_is_told_its_day() {
        let mut rx = approved(vec![product_line(1, 2, 3, 28)]);
        assert_eq!(take(&mut rx, &demand(1, 2), 1, day(0)), Ok(()));
        assert_eq!(take(&mut rx, &demand(1, 2), 2, day(27)), Err(ShortfallCode::TooEarly(day(28))));
        assert_eq!(take(&mut rx, &demand(1, 2), 2, day(28)), Ok(()));
        assert_eq!(rx.lines[0].eligible_on(), Some(day(56)));
    }

    #[test]
    fn the_last_day_counts_and_the_day_after_does_not() {
        let mut rx = approved(vec![product_line(1, 2, 3, 0)]);
        assert_eq!(take(&mut rx, &demand(1, 1), 1, day(101)), Err(ShortfallCode::Expired));
        assert_eq!(take(&mut rx, &demand(1, 1), 1, day(100)), Ok(()));
    }

    #[test]
    fn the_last_fill_spends_and_giving_back_opens_again() {
        let mut rx = approved(vec![product_line(1, 2, 1, 0), product_line(2, 1, 1, 0)]);
        take(&mut rx, &demand(1, 2), 1, day(0)).unwrap();
        assert_eq!((rx.status, take(&mut rx, &demand(1, 1), 2, day(1))), (Status::Approved, Err(ShortfallCode::Spent)));
        take(&mut rx, &demand(2, 1), 3, day(0)).unwrap();
        assert_eq!((rx.status, take(&mut rx, &demand(2, 1), 4, day(1))), (Status::Spent, Err(ShortfallCode::Spent)));
        assert!(give_back(&mut rx, order(3)));
        assert_eq!((rx.status, take(&mut rx, &demand(2, 1), 4, day(1))), (Status::Approved, Ok(())));
    }

    #[test]
    fn more_than_a_fill_holds_is_refused_with_the_most() {
        let mut rx = approved(vec![product_line(1, 2, 3, 0)]);
        assert_eq!(take(&mut rx, &demand(1, 3), 1, day(0)), Err(ShortfallCode::TooMany(2)));
    }

    #[test]
    fn a_single_ingredient_never_covers_a_combination() {
        let mut rx = approved(vec![line(Medicine::Ingredient("ibuprofen".to_owned()), 2, 3, 0)]);
        for others in [vec!["ibuprofen", "codeine"], vec!["codeine", "ibuprofen"], vec!["codeine"], vec![]] {
            let ingredients = others.into_iter().map(str::to_owned).collect();
            let combined = Demand { ingredients, ..demand(1, 1) };
            assert_eq!(take(&mut rx, &combined, 1, day(0)), Err(ShortfallCode::NotPrescribed), "{combined:?}");
        }
        assert_eq!(take(&mut rx, &demand(7, 1), 1, day(0)), Ok(()), "any product of that ingredient alone");
    }

    #[test]
    fn a_controlled_substance_is_dispensed_as_named_and_once() {
        let controlled = under(LegalStatus::Controlled, 1, 1);
        let mut rx = approved(vec![line(Medicine::Ingredient("ibuprofen".to_owned()), 2, 3, 0)]);
        assert_eq!(take(&mut rx, &controlled, 1, day(0)), Err(ShortfallCode::NotPrescribed));
        let mut rx = approved(vec![product_line(1, 2, 12, 0)]);
        assert_eq!(take(&mut rx, &controlled, 1, day(0)), Err(ShortfallCode::Changed), "approved under a freer law");
        rx.lines[0].fingerprint.clone_from(&controlled.fingerprint);
        assert_eq!(take(&mut rx, &controlled, 1, day(0)), Ok(()));
        assert_eq!(take(&mut rx, &controlled, 2, day(50)), Err(ShortfallCode::Spent));
    }

    #[test]
    fn another_word_is_another_ingredient_and_another_spelling_is_not() {
        let demand = |name: &str| Demand { ingredients: vec![identity_key::of(name)], ..demand(1, 1) };
        let mut rx = approved(vec![line(Medicine::Ingredient("रेटिनल".to_owned()), 2, 9, 0)]);
        assert_eq!(take(&mut rx, &demand("रेटिनोल"), 1, day(0)), Err(ShortfallCode::NotPrescribed));
        assert_eq!(take(&mut rx, &demand("रेटिनल"), 1, day(0)), Ok(()));
        let mut rx = approved(vec![line(Medicine::Ingredient("Ibuprofén".to_owned()), 2, 9, 0)]);
        assert_eq!(take(&mut rx, &demand("ibuprofen"), 1, day(0)), Err(ShortfallCode::NotPrescribed));
        assert_eq!(take(&mut rx, &demand("IBUPROFE\u{301}N"), 1, day(0)), Ok(()));
    }

    #[test]
    fn a_line_covers_its_product_only_as_it_was_approved() {
        let mut rx = approved(vec![product_line(1, 2, 9, 0)]);
        for fingerprint in [Some(fingerprint("800 mg", LegalStatus::Prescription)), None] {
            let changed = Demand { fingerprint, ..demand(1, 1) };
            assert_eq!(take(&mut rx, &changed, 1, day(0)), Err(ShortfallCode::Changed));
        }
        assert_eq!(take(&mut rx, &under(LegalStatus::Otc, 1, 1), 1, day(0)), Ok(()), "sold more freely now");
        rx.lines[0].fingerprint = None;
        assert_eq!(
            take(&mut rx, &demand(1, 1), 2, day(0)),
            Err(ShortfallCode::Changed),
            "approved as what nobody knows"
        );
    }

    #[test]
    fn a_fill_holds_while_its_line_names_the_medicine() {
        let mut rx = approved(vec![line(Medicine::Ingredient("ibuprofen".to_owned()), 2, 3, 0)]);
        take(&mut rx, &demand(1, 2), 1, day(0)).unwrap();
        take(&mut rx, &demand(1, 2), 2, day(0)).unwrap();
        let holds = |rx: &Prescription, demand: &Demand, n, on| still_holds(rx, demand, order(n), day(on));
        assert_eq!(holds(&rx, &demand(1, 2), 1, 100), Ok(()));
        assert_eq!(holds(&rx, &demand(1, 2), 1, 101), Err(ShortfallCode::Expired));
        assert_eq!(holds(&rx, &demand(1, 2), 3, 0), Err(ShortfallCode::NotPrescribed), "another order's fill");
        assert_eq!(holds(&rx, &demand(1, 3), 1, 0), Err(ShortfallCode::TooMany(2)));
        let controlled = under(LegalStatus::Controlled, 1, 2);
        assert_eq!(holds(&rx, &controlled, 1, 0), Err(ShortfallCode::NotPrescribed), "never by ingredient");
        let corrected = Demand { ingredients: vec!["codeine".to_owned()], ..demand(1, 2) };
        assert_eq!(holds(&rx, &corrected, 1, 0), Err(ShortfallCode::NotPrescribed));
        rx.status = Status::Rejected;
        assert_eq!(holds(&rx, &demand(1, 2), 1, 0), Err(ShortfallCode::NotPrescribed));
        let mut rx = approved(vec![product_line(1, 2, 3, 0)]);
        rx.lines[0].fingerprint.clone_from(&controlled.fingerprint);
        take(&mut rx, &demand(1, 2), 1, day(0)).unwrap();
        take(&mut rx, &demand(1, 2), 2, day(0)).unwrap();
        assert_eq!(holds(&rx, &controlled, 1, 0), Ok(()));
        assert_eq!(
            holds(&rx, &controlled, 2, 0),
            Err(ShortfallCode::Spent),
            "a controlled substance is dispensed once"
        );
        let stronger = Demand { fingerprint: Some(fingerprint("800 mg", LegalStatus::Otc)), ..demand(1, 2) };
        assert_eq!(holds(&rx, &stronger, 1, 0), Err(ShortfallCode::Changed));
    }

    #[test]
    fn an_order_is_covered_whole_or_not_at_all() {
        let mut rx = [approved(vec![product_line(1, 2, 1, 0)])];
        let before = rx.clone();
        let shortfalls = dispense(&mut rx, &[demand(1, 1), demand(2, 1)], order(1), day(0)).unwrap_err();
        assert_eq!(shortfalls, [Shortfall { product_id: product(2), code: ShortfallCode::NotPrescribed }]);
        assert_eq!(rx, before);
    }

    #[test]
    fn only_an_approved_prescription_covers() {
        for status in Status::ALL.into_iter().filter(|status| *status != Status::Approved) {
            let mut rx = prescription(status, vec![product_line(1, 2, 3, 0)]);
            assert!(take(&mut rx, &demand(1, 1), 1, day(0)).is_err(), "{status:?}");
        }
    }

    /// One event in the life of a prescription.
    #[derive(Clone, Debug)]
    enum Event {
        Dispense { order: u128, product: u128, quantity: u32, on: i64 },
        GiveBack { order: u128 },
    }

    fn event() -> impl Strategy<Value = Event> {
        prop_oneof![
            3 => (0..6_u128, 1..4_u128, 1..5_u32, 0..120_i64)
                .prop_map(|(order, product, quantity, on)| Event::Dispense { order, product, quantity, on }),
            1 => (0..6_u128).prop_map(|order| Event::GiveBack { order }),
        ]
    }

    fn lines() -> impl Strategy<Value = Vec<AuthorizedLine>> {
        let medicine = prop_oneof![
            (1..4_u128).prop_map(|n| Medicine::Product(product(n))),
            Just(Medicine::Ingredient("ibuprofen".to_owned())),
        ];
        let one = (medicine, 1..4_u32, 1..4_u32, 0..40_u32)
            .prop_map(|(medicine, quantity, fills, days)| line(medicine, quantity, fills, days));
        prop::collection::vec(one, 1..4)
    }

    proptest! {
        #[test]
        fn whatever_happens_no_line_gives_more_than_it_allows(
            lines in lines(),
            mut events in prop::collection::vec(event(), 0..40),
        ) {
            events.sort_by_key(|event| match event { Event::Dispense { on, .. } => *on, Event::GiveBack { .. } => 60 });
            let mut rx = approved(lines);
            for event in events {
                match event {
                    Event::Dispense { order, product, quantity, on } => {
                        let before = rx.clone();
                        if take(&mut rx, &demand(product, quantity), order, day(on)).is_err() {
                            prop_assert_eq!(&rx, &before);
                        } else {
                            prop_assert!(day(on) <= before.valid_until.unwrap());
                        }
                    }
                    Event::GiveBack { order: n } => {
                        give_back(&mut rx, order(n));
                        prop_assert!(rx.lines.iter().flat_map(|line| &line.fills).all(|fill| fill.order_id != order(n)));
                    }
                }
                for line in &rx.lines {
                    prop_assert!(line.fills.len() <= line.fills_allowed as usize);
                    prop_assert!(line.fills.iter().all(|fill| fill.quantity <= line.quantity));
                    let days: Vec<Date> = line.fills.iter().map(|fill| fill.on).collect();
                    let apart = days.windows(2).all(|pair| pair[1].days_since(pair[0]) >= i64::from(line.min_days_between));
                    prop_assert!(apart, "{:?}", line);
                }
                let empty = rx.lines.iter().all(|line| line.fills_left() == 0);
                prop_assert_eq!(rx.status, if empty { Status::Spent } else { Status::Approved });
            }
        }

        #[test]
        fn giving_back_undoes_dispensing_and_only_once(lines in lines(), n in 1..4_u128, quantity in 1..4_u32, on in 0..100_i64) {
            let before = approved(lines);
            let mut rx = before.clone();
            if take(&mut rx, &demand(n, quantity), 1, day(on)).is_ok() {
                prop_assert!(give_back(&mut rx, order(1)));
                prop_assert_eq!(&rx, &before);
            }
            prop_assert!(!give_back(&mut rx, order(1)));
            prop_assert_eq!(&rx, &before);
        }
    }
}
