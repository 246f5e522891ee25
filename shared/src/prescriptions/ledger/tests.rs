use proptest::prelude::*;

use super::*;
use crate::catalog::LegalStatus;
use crate::catalog::schedule;
use crate::platform::clock::Timestamp;
use crate::platform::jurisdiction::Jurisdiction;
use crate::prescriptions::samples::{day, fingerprint, line, order, prescription, product};

fn demand(n: u128, quantity: u32) -> Demand {
    under(LegalStatus::Prescription, n, quantity)
}

fn under(legal_status: LegalStatus, n: u128, quantity: u32) -> Demand {
    let ingredients = vec!["ibuprofen".to_owned()];
    let fingerprint = Some(fingerprint("400 mg", legal_status));
    let on = Date::parse("2026-11-20").unwrap();
    let limits = schedule::limits(Jurisdiction::Default, legal_status, None, on);
    Demand { product_id: product(n), ingredients, fingerprint, limits, quantity, patient: None }
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
    assert_eq!(rx.lines[0].eligible_on(75), Some(day(56)));
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
fn a_product_taken_out_of_an_order_gives_its_own_fill_back_alone() {
    let mut rx = approved(vec![product_line(1, 2, 2, 0), product_line(2, 1, 2, 0)]);
    for order in [1, 2] {
        for product in [1, 2] {
            take(&mut rx, &demand(product, 1), order, day(0)).unwrap();
        }
    }
    let fills = |rx: &Prescription| {
        let all = rx.lines.iter().flat_map(|line| &line.fills);
        all.map(|fill| (fill.order_id, fill.product_id)).collect::<Vec<_>>()
    };
    assert!(!give_back_of(&mut rx, order(3), &[product(1)]), "an order that has none");
    assert!(!give_back_of(&mut rx, order(1), &[product(3)]), "a product that it has not");
    assert_eq!((rx.status, fills(&rx).len()), (Status::Spent, 4));
    assert!(give_back_of(&mut rx, order(1), &[product(2), product(3)]));
    assert_eq!(fills(&rx), [(order(1), product(1)), (order(2), product(1)), (order(2), product(2))]);
    assert_eq!(rx.status, Status::Approved);
    assert!(!give_back_of(&mut rx, order(1), &[product(2)]), "a second time");
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
    assert_eq!(take(&mut rx, &demand(1, 1), 2, day(0)), Err(ShortfallCode::Changed), "approved as what nobody knows");
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
    let child = Some(PatientId::generate(Timestamp::from_millis(1)));
    let for_another = Demand { patient: child, ..demand(1, 2) };
    assert_eq!(holds(&rx, &for_another, 1, 0), Err(ShortfallCode::WrongPatient));
    rx.status = Status::Rejected;
    assert_eq!(holds(&rx, &demand(1, 2), 1, 0), Err(ShortfallCode::NotPrescribed));
    let mut rx = approved(vec![product_line(1, 2, 3, 0)]);
    rx.lines[0].fingerprint.clone_from(&controlled.fingerprint);
    take(&mut rx, &demand(1, 2), 1, day(0)).unwrap();
    take(&mut rx, &demand(1, 2), 2, day(0)).unwrap();
    assert_eq!(holds(&rx, &controlled, 1, 0), Ok(()));
    assert_eq!(holds(&rx, &controlled, 2, 0), Err(ShortfallCode::Spent), "a controlled substance is dispensed once");
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

#[test]
fn a_fill_may_be_had_again_when_most_of_its_days_are_over() {
    let line = AuthorizedLine { days_supply: Some(30), ..product_line(1, 2, 3, 0) };
    let mut rx = approved(vec![line]);
    assert_eq!(take(&mut rx, &demand(1, 2), 1, day(0)), Ok(()));
    // Three quarters of thirty days are 22 and a half: the 23rd.
    assert_eq!(take(&mut rx, &demand(1, 2), 2, day(22)), Err(ShortfallCode::TooEarly(day(23))));
    assert_eq!(take(&mut rx, &demand(1, 2), 2, day(23)), Ok(()));
    assert_eq!(rx.days_supplied(order(2), product(1)), Some(30));
    assert_eq!(rx.days_supplied(order(3), product(1)), None);
}
