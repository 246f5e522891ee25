//! What is dangerous only by what is on record, and what is not. The same lists are ordered in tests/tests/shop.

use serde_json::{Value, json};

use super::*;
use crate::accounts::Sex;
use crate::catalog::{Label, LegalStatus};
use crate::medicine::dataset::rows;
use crate::medicine::knowledge::tests::everything;
use crate::medicine::screening::{Consequence, FindingKind, Screening};
use crate::orders::cart::tests::offer_of;
use crate::orders::gate::Line;
use crate::orders::screening::Cover;
use crate::patients::Relationship;
use crate::records::Details;

/// Each with the label or notice that says so; none passes without a pharmacist.
const DANGEROUS: &str = include_str!("tests/dangerous.tsv");
/// Everyday orders beside everyday records.
const HARMLESS: &str = include_str!("tests/harmless.tsv");
/// Two medicines that do not go together: here the one is on record.
const PAIRS: &str = include_str!("../../medicine/screening/tests/dangerous.tsv");

fn today() -> Date {
    Date::parse("2026-11-20").unwrap()
}

fn owner() -> UserId {
    UserId::parse("0b9d5f3a-8f5e-4c5c-9d55-2f0b7f1b1c11").unwrap()
}

fn patient() -> Patient {
    Patient {
        id: of_owner(&owner()),
        full_name: None,
        date_of_birth: None,
        sex: Sex::Unknown,
        relationship: Relationship::Owner,
        weight_kg: None,
        weighed_on: None,
        pregnant: None,
        breastfeeding: None,
        closed_at: None,
        version: 0,
    }
}

fn knowledge() -> Arc<Knowledge> {
    static RULES: std::sync::OnceLock<Arc<Knowledge>> = std::sync::OnceLock::new();
    Arc::clone(RULES.get_or_init(|| Arc::new(everything())))
}

/// What is known of a patient with these records; nothing where they cannot be read.
fn care(chart: Option<Chart>) -> Care {
    let reading = Reading {
        knowledge: Some(knowledge()),
        patients: vec![patient()],
        owner: of_owner(&owner()),
        charts: BTreeMap::from([(of_owner(&owner()), chart)]),
        book: SupplyBook::default(),
        jurisdiction: Jurisdiction::default(),
    };
    reading.care(None, &[], today())
}

fn details(kind: &str, says: &Value) -> Details {
    serde_json::from_value(json!({"of": kind, "is": says})).unwrap()
}

fn chart(all: Vec<Details>) -> Chart {
    let mut records = ScreenedRecords::default();
    for one in all {
        match one {
            Details::Labs(lab) => records.labs.push(lab),
            Details::Measurements(measurement) => records.measurements.push(measurement),
            other => records.details.push(other),
        }
    }
    Chart { records, offers: Vec::new() }
}

/// The ingredients of `warfarin sodium 5 mg @oral rx`, with their strengths.
fn ingredients(text: &str) -> Vec<(String, String)> {
    let product = text.strip_suffix(" rx").unwrap_or(text);
    let (ingredients, _) = product.split_once(" @").unwrap_or((product, "oral"));
    let named = ingredients.split('+').map(|one| match one.find(|letter: char| letter.is_ascii_digit()) {
        Some(at) if at > 0 => (one[..at].trim().to_owned(), one[at..].to_owned()),
        _ => (one.trim().to_owned(), String::new()),
    });
    named.collect()
}

/// What is found where one line is ordered.
fn screened(care: &Care, text: &str) -> Screening {
    let status = if text.ends_with(" rx") { LegalStatus::Prescription } else { LegalStatus::Otc };
    let route = text.trim_end_matches(" rx").split_once(" @").map_or("oral", |(_, route)| route);
    let mut offer = offer_of(1, "1 mg", status);
    let named = ingredients(text);
    offer.ingredients = named.iter().map(|(name, _)| name.clone()).collect();
    let strengths = named.into_iter().map(|(_, strength)| strength).collect();
    offer.label = Some(Label { strengths, route: route.to_owned(), pack_size: "30 tablets".to_owned() });
    let line =
        Line { agreed: &offer, today: Some(&offer), available: None, quantity: 1, covered_by: None, patient: None };
    let prescribed = status == LegalStatus::Prescription;
    care.screen(&care.person(None), &[(&line, if prescribed { Cover::Waits } else { Cover::Nobody }, None)])
}

fn grave(screening: &Screening) -> Vec<(FindingKind, String)> {
    screening.standing(&[]).map(|finding| (finding.kind, finding.key.clone())).collect()
}

#[test]
fn what_is_dangerous_by_the_records_does_not_pass() {
    let (mut passed, mut seen) = (Vec::new(), 0);
    for [kind, body, order, citation] in rows::<4>(DANGEROUS) {
        seen += 1;
        let nothing = grave(&screened(&care(Some(Chart::default())), order));
        let records = chart(vec![details(kind, &serde_json::from_str(body).unwrap())]);
        let found = grave(&screened(&care(Some(records)), order));
        let known = found.iter().any(|(kind, _)| *kind != FindingKind::Unmapped);
        if !nothing.is_empty() || !known {
            passed.push(format!("{order} with {body} ({citation}): {nothing:?}, {found:?}"));
        }
    }
    assert!(seen >= 50 && passed.is_empty(), "{seen} {passed:#?}");
}

#[test]
fn what_is_taken_from_elsewhere_counts_like_what_was_supplied() {
    let mut passed = Vec::new();
    for [one, other, citation] in rows::<3>(PAIRS) {
        for (taken, ordered) in [(one, other), (other, one)] {
            let medication = |(name, strength): (String, String)| {
                details("medications", &json!({"substance": name, "dose": strength, "frequency": "daily"}))
            };
            let records = chart(ingredients(taken).into_iter().map(medication).collect());
            let found = grave(&screened(&care(Some(records)), ordered));
            let interacts =
                |(kind, _): &(FindingKind, String)| matches!(kind, FindingKind::Interaction | FindingKind::Duplicate);
            if !found.iter().any(interacts) {
                passed.push(format!("{ordered} where {taken} is on record ({citation}): {found:?}"));
            }
        }
    }
    assert!(passed.is_empty(), "{passed:#?}");
}

#[test]
fn what_is_harmless_beside_the_records_is_not_held() {
    let (mut held, mut seen) = (Vec::new(), 0);
    for [kind, body, order] in rows::<3>(HARMLESS) {
        seen += 1;
        let records = chart(vec![details(kind, &serde_json::from_str(body).unwrap())]);
        let found = grave(&screened(&care(Some(records)), order));
        if !found.is_empty() {
            held.push(format!("{order} with {body}: {found:?}"));
        }
    }
    assert!(seen >= 30 && held.is_empty(), "{seen} {held:#?}");
}

#[test]
fn records_that_were_not_read_hold_everything() {
    for unread in [care(None), Care { people: Vec::new(), ..care(None) }] {
        let found = screened(&unread, "acetaminophen 500 mg");
        assert_eq!(found.consequence(), Some(Consequence::Hold), "and nothing is refused for it");
        assert_eq!(grave(&found), [(FindingKind::NotScreened, "not_screened:records".to_owned())]);
    }
    assert_eq!(screened(&care(Some(Chart::default())), "acetaminophen 500 mg").consequence(), None);
}

#[test]
fn a_product_on_record_is_its_substances_and_one_that_is_gone_is_looked_up() {
    let mut warfarin = offer_of(7, "5 mg", LegalStatus::Prescription);
    warfarin.ingredients = vec!["warfarin sodium".to_owned()];
    let medication = details("medications", &json!({"product_id": warfarin.product_id}));
    let known = Chart { offers: vec![warfarin.clone()], ..chart(vec![medication.clone()]) };
    let found = grave(&screened(&care(Some(known)), "ibuprofen 200 mg"));
    assert_eq!(found.first().map(|(kind, _)| *kind), Some(FindingKind::Interaction), "{found:?}");
    let gone = grave(&screened(&care(Some(chart(vec![medication]))), "loratadine 10 mg"));
    assert_eq!(gone, [(FindingKind::Unmapped, format!("unmapped:{}", warfarin.product_id))]);
}

#[test]
fn a_dose_on_record_is_what_is_taken_at_a_time() {
    let taken = |dose: &str| {
        let records = chart(vec![details("medications", &json!({"substance": "aspirin", "dose": dose}))]);
        records.taken(today())[0].item.parts[0].dose.strength.map(|strength| strength.to_string())
    };
    assert_eq!(taken("81 mg").as_deref(), Some("81"));
    assert_eq!(taken("one tablet"), None);
}
