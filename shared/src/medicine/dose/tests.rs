use super::table::TABLE;
use super::*;
use crate::medicine::formula::Sex;
use crate::medicine::patient::{Age, days};

fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn patient(years: u32, kilograms: &str) -> Patient {
    Patient { age: Age::of_years(years), weight: Some(dec(kilograms)), ..Patient::default() }
}

fn ask(
    substance: &str,
    indication: Option<&str>,
    patient: &Patient,
    new_start: Option<bool>,
) -> Result<Told, Vec<&'static str>> {
    let rules = starter();
    let substance = Vocabulary::get().side(substance).unwrap();
    let asked = Asked { substance, route: Route::Oral, indication, patient, new_start };
    match calculate(&rules, &asked) {
        Err(missing) => Err(missing.into_iter().map(|missing| missing.field).collect()),
        Ok(Outcome::NoRule) => Ok(Told::NoRule),
        Ok(Outcome::Refused { level, .. }) => Ok(Told::Refused(level)),
        Ok(Outcome::Dose(dose)) => Ok(Told::Dose {
            low: dose.low,
            high: dose.high,
            hours: dose.interval,
            daily: dose.most_daily,
            cautions: dose.cautions.len(),
        }),
    }
}

#[derive(Debug, PartialEq)]
enum Told {
    NoRule,
    Refused(Severity),
    Dose { low: Decimal, high: Decimal, hours: u32, daily: Decimal, cautions: usize },
}

fn dose(low: &str, high: &str, hours: u32, daily: &str) -> Told {
    Told::Dose { low: dec(low), high: dec(high), hours, daily: dec(daily), cautions: 0 }
}

#[test]
fn every_line_is_read_and_sound() {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#')).count();
    let rules = starter();
    assert_eq!(rules.len(), lines);
    let mut substances: Vec<_> = rules.iter().map(|rule| rule.substance.as_ref()).collect();
    substances.dedup();
    assert!(substances.len() >= 60, "{}", substances.len());
    for rule in &rules {
        let where_ = &rule.id;
        assert!(Vocabulary::get().side(&rule.substance).is_some(), "{where_}");
        assert!(rule.low > Decimal::ZERO && rule.low <= rule.high, "{where_}");
        assert!(rule.most_single <= rule.most_daily || rule.interval > 24, "{where_}");
        assert!(rule.interval >= 2 && rule.interval <= rule.interval_longest, "{where_}");
        assert!(rule.age_from.is_some() && rule.citation.len() > 10, "{where_}");
        if rule.basis == Basis::Fixed {
            assert!(rule.high <= rule.most_single, "{where_}");
        }
        let limits = rule.renal.iter().filter_map(|renal| match &renal.action {
            RenalAction::Replace { low, high, every, most_daily } => Some((low, high, every, most_daily)),
            _ => None,
        });
        for (low, high, every, most_daily) in limits {
            assert!(low <= high && *high <= rule.high.max(rule.most_single), "{where_}");
            // No more a day than with good kidneys.
            assert!(*high * Decimal::from(rule.interval) <= rule.most_single * Decimal::from(*every), "{where_}");
            assert!(most_daily.is_none_or(|most| most <= rule.most_daily), "{where_}");
        }
    }
}

#[test]
fn no_two_rules_are_for_the_same_patient() {
    let rules = starter();
    let overlap = |from: Option<u32>, before: Option<u32>, other_from: Option<u32>, other_before: Option<u32>| {
        other_before.is_none_or(|before| from.unwrap_or(0) < before)
            && before.is_none_or(|before| other_from.unwrap_or(0) < before)
    };
    for (place, one) in rules.iter().enumerate() {
        for other in rules.iter().skip(place + 1) {
            let same =
                (&one.substance, one.route, &one.indication) == (&other.substance, other.route, &other.indication);
            let apart = one.weight_before.is_some() && other.weight_from >= one.weight_before
                || other.weight_before.is_some() && one.weight_from >= other.weight_before;
            let both = overlap(one.age_from, one.age_before, other.age_from, other.age_before);
            assert!(!(same && both && !apart), "{} and {}", one.id, other.id);
        }
    }
}

#[test]
fn an_adult_has_an_adults_dose_and_a_child_its_own() {
    let pain = Some("pain or fever");
    assert_eq!(ask("paracetamol", pain, &patient(30, "70"), None), Ok(dose("500", "1000", 4, "4000")));
    assert_eq!(ask("paracetamol", pain, &patient(6, "20"), None), Ok(dose("200", "300", 4, "1500")));
    assert_eq!(ask("paracetamol", pain, &patient(14, "40"), None), Ok(Told::NoRule), "between the rules there is none");
    assert_eq!(ask("amlodipine", None, &patient(4, "16"), None), Ok(Told::NoRule), "never an adult's for a child");
    assert_eq!(ask("sertraline", None, &patient(12, "40"), None), Ok(Told::NoRule));
    assert_eq!(ask("abatacept", None, &patient(40, "70"), None), Ok(Told::NoRule));
}

#[test]
fn what_is_missing_is_named_all_at_once() {
    let unknown = Patient::default();
    assert_eq!(ask("paracetamol", None, &unknown, None), Err(vec!["age"]));
    let baby = Patient { age: Age::of_years(0), ..Patient::default() };
    assert_eq!(ask("paracetamol", None, &baby, None), Err(vec!["date_of_birth"]));
    let adult = Patient { age: Age::of_years(40), ..Patient::default() };
    assert_eq!(ask("paracetamol", None, &adult, None), Err(vec!["weight_kg"]));
    assert_eq!(ask("capecitabine", None, &adult, None), Err(vec!["weight_kg", "height_cm", "creatinine", "sex"]));
    assert_eq!(ask("aspirin", None, &patient(40, "70"), None), Err(vec!["indication", "creatinine", "sex"]));
}

/// Four of the 46 vectors: FDA Drug Safety Communication of 8 April 2016.
#[test]
fn metformin_hangs_on_the_kidneys() {
    let with =
        |creatinine: &str| Patient { creatinine: Some(dec(creatinine)), sex: Some(Sex::Male), ..patient(60, "80") };
    let rate = |patient: &Patient| rounded(Kidneys::of(patient).rate(Metric::Filtration).unwrap(), 0);
    let (at29, at40, at46) = (with("2.47"), with("1.87"), with("1.66"));
    assert_eq!((rate(&at29), rate(&at40), rate(&at46)), (dec("29"), dec("41"), dec("47")));
    let told = |patient: &Patient, start| ask("metformin", None, patient, start).unwrap();
    assert_eq!(told(&at29, Some(false)), Told::Refused(Severity::Contraindicated));
    assert_eq!(told(&at40, Some(true)), Told::Refused(Severity::NotRecommended));
    assert_eq!(told(&at40, None), Told::Refused(Severity::NotRecommended), "not known counts as a start");
    let Told::Dose { cautions: 1, .. } = told(&at40, Some(false)) else { panic!("assess benefit and risk") };
    let Told::Dose { cautions: 1, .. } = told(&at46, Some(true)) else { panic!("monitor yearly") };
}

#[test]
fn weak_kidneys_change_dose_and_interval() {
    let weak = Patient { creatinine: Some(dec("3.5")), sex: Some(Sex::Female), ..patient(70, "60") };
    assert!(Kidneys::of(&weak).rate(Metric::Clearance).unwrap() < dec("15"));
    let told = ask("gabapentin", None, &weak, None).unwrap();
    assert_eq!(told, dose("100", "300", 24, "1800"));
    assert_eq!(ask("rivaroxaban", None, &weak, None), Ok(Told::Refused(Severity::NotRecommended)));
}

#[test]
fn the_steps_say_how() {
    let rules = starter();
    let child = patient(6, "80");
    let substance = Vocabulary::get().side("ibuprofen").unwrap();
    let asked =
        Asked { substance, route: Route::Oral, indication: Some("Pain or fever"), patient: &child, new_start: None };
    assert_eq!(calculate(&rules, &asked), Ok(Outcome::NoRule), "a child of 80 kg is in no rule");
    let child = patient(6, "39");
    let asked = Asked { patient: &child, ..asked };
    let Ok(Outcome::Dose(made)) = calculate(&rules, &asked) else { panic!() };
    assert_eq!(
        made.steps,
        [
            "rule for ibuprofen by route oral, pain or fever, from 6 months and below 12 years",
            "5 to 10 mg/kg × 39 kg = 195 to 390 mg",
            "a day at most 40 mg/kg × 39 kg = 1560 mg",
            "at most 1200 mg a day: 3 doses of 390 mg",
        ]
    );
    assert_eq!((made.low, made.high, made.most_daily), (dec("195"), dec("390"), dec("1200")));
}

#[test]
fn a_birthday_decides_to_the_day() {
    let rules = starter();
    let today = crate::platform::clock::Date::parse("2026-11-29").unwrap();
    let born = |text: &str| Age::of_birth(crate::platform::clock::Date::parse(text).unwrap(), today);
    let substance = Vocabulary::get().side("ibuprofen").unwrap();
    let told = |age| {
        let patient = Patient { age, weight: Some(dec("7")), ..Patient::default() };
        let asked = Asked { substance, route: Route::Oral, indication: None, patient: &patient, new_start: None };
        matches!(calculate(&rules, &asked), Ok(Outcome::Dose(_)))
    };
    assert!(told(born("2026-05-20")) && !told(born("2026-06-20")));
    assert_eq!(days(12), 4383);
}
