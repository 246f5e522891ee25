//! 46 worked examples of formulas, units and check digits. `source`: a page prints the value; `derived`: it follows
//! from the cited formula, computed apart from this code.

use super::*;
use crate::medicine::identifier::{dea_is_valid, gtin_check_digit, ndc_padded};
use crate::medicine::unit::{Analyte, Unit, hba1c_ifcc};

fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn shown(computed: Option<Computed>, places: u32) -> Decimal {
    let computed = computed.unwrap();
    assert!(!computed.steps.is_empty() && !computed.source.is_empty());
    rounded(computed.value, places)
}

/// Seven of Cockcroft and Gault; worked by droracle.ai, superglobalcalculator.com, theprimecalculator.com and others.
#[test]
fn creatinine_clearance() {
    for (age, kilograms, creatinine, sex, expected) in [
        (70, "75", "1.0", Sex::Male, "72.9"),
        (60, "80", "1.2", Sex::Male, "74.1"),
        (45, "65", "0.9", Sex::Female, "81.0"),
        (65, "70", "1.4", Sex::Male, "52.1"),
        (45, "60", "0.9", Sex::Female, "74.8"),
        (50, "80", "1.0", Sex::Male, "100.0"),
        (50, "70", "1.0", Sex::Male, "87.5"),
    ] {
        assert_eq!(shown(cockcroft_gault(age, dec(kilograms), dec(creatinine), sex), 1), dec(expected), "{age}");
    }
}

/// Four derived of Inker 2021, one of Schwartz 2009.
#[test]
fn filtration_rate() {
    for (creatinine, age, sex, expected) in [
        ("1.0", 50, Sex::Male, "91.7"),
        ("1.0", 50, Sex::Female, "68.6"),
        ("0.7", 30, Sex::Female, "119.2"),
        ("2.5", 70, Sex::Male, "27.0"),
    ] {
        assert_eq!(shown(ckd_epi_2021(age, dec(creatinine), sex), 1), dec(expected), "{creatinine}, {age}");
    }
    assert_eq!(shown(schwartz(dec("120"), dec("0.5")), 1), dec("99.1"));
}

/// Two of Mosteller; Devine and the adjusted weight derived.
#[test]
fn body_surface_and_weight() {
    assert_eq!(shown(mosteller(dec("180"), dec("80")), 1), dec("2.0"));
    assert_eq!(shown(mosteller(dec("170"), dec("70")), 2), dec("1.82"));
    assert_eq!(shown(devine(dec("70"), Sex::Male), 1), dec("73.0"));
    assert_eq!(shown(adjusted_weight(dec("73.0"), dec("100.0"), dec("0.4")), 1), dec("83.8"));
}

/// Clark (twice) and Young: historical, printed in textbooks, and never a recommendation; no rule here derives a
/// child's dose from an adult's, so their arithmetic stands in this test alone.
#[test]
fn historical_rules_of_thumb_are_arithmetic_and_nothing_else() {
    let clark = |adult: &str, pounds: &str| dec(adult) * dec(pounds) / dec("150");
    assert_eq!(rounded(clark("30", "30"), 1), dec("6.0"));
    assert_eq!(rounded(clark("400", "60"), 1), dec("160.0"));
    let young = |adult: &str, age: &str| dec(adult) * dec(age) / (dec(age) + dec("12"));
    assert_eq!(rounded(young("500", "11"), 1), dec("239.1"));
}

/// 5 mg/kg for 132 lb (the card rounds the pound to 1/2.2 kg and gets 300; exact 299.4), a volume, and two capped doses
/// of paracetamol: 15 mg/kg, at most 1 g at a time and 75 mg/kg a day (Medscape 954960).
#[test]
fn doses_by_weight_and_volume() {
    let kilograms = Unit::parse("[lb_av]").unwrap().convert(dec("132"), Unit::KG).unwrap();
    assert_eq!(shown(by_weight(dec("5"), kilograms, None), 1), dec("299.4"));
    assert_eq!(shown(volume(dec("10000"), dec("40000")), 2), dec("0.25"));
    assert_eq!(shown(by_weight(dec("15"), dec("20"), Some(dec("1000"))), 0), dec("300"));
    assert_eq!(shown(by_weight(dec("75"), dec("20"), Some(dec("4000"))), 0), dec("1500"));
    assert_eq!(dec("1500") / dec("300"), dec("5"), "doses a day");
    let capped = by_weight(dec("15"), dec("90"), Some(dec("1000"))).unwrap();
    assert_eq!(capped.value, dec("1000"));
    assert_eq!(capped.steps, ["15 mg/kg × 90 kg = 1350 mg", "no more than 1000 mg at a time"]);
}

/// Ten conversions by the standard factors.
#[test]
fn units() {
    let unit = |code: &str| Unit::parse(code).unwrap();
    for (analyte, from, value, to, places, expected) in [
        (Analyte::Creatinine, "mg/dL", "1.0", "umol/L", 1, "88.4"),
        (Analyte::Glucose, "mg/dL", "180", "mmol/L", 2, "9.99"),
        (Analyte::Cholesterol, "mg/dL", "200", "mmol/L", 2, "5.17"),
        (Analyte::Triglycerides, "mg/dL", "150", "mmol/L", 2, "1.69"),
        (Analyte::UreaNitrogen, "mg/dL", "14", "mmol/L", 1, "5.0"),
        (Analyte::Bilirubin, "mg/dL", "1.0", "umol/L", 1, "17.1"),
    ] {
        let made = analyte.convert(dec(value), unit(from), unit(to)).unwrap();
        assert_eq!(rounded(made, places), dec(expected), "{analyte:?}");
    }
    assert_eq!(unit("g/dL").convert(dec("13.5"), unit("g/L")).unwrap(), dec("135.0"));
    assert_eq!(rounded(hba1c_ifcc(dec("7.0")).unwrap(), 0), dec("53"));
    assert_eq!(rounded(unit("[lb_av]").convert(dec("10"), Unit::KG).unwrap(), 3), dec("4.536"));
    assert_eq!(rounded(unit("[in_i]").convert(dec("70"), Unit::CM).unwrap(), 1), dec("177.8"));
}

/// Three DEA numbers (takerx.com, smartsolve.ai), four NDCs, two GTINs.
#[test]
fn check_digits() {
    assert!(dea_is_valid("AP5836727"));
    assert!(dea_is_valid("AJ5184279"));
    assert!(!dea_is_valid("AB4523763"), "41, so the check digit is 1");
    assert_eq!(ndc_padded("0002-1433-80", 5).as_deref(), Some("00002-1433-80"));
    assert_eq!(ndc_padded("12345-678-90", 5).as_deref(), Some("12345-0678-90"));
    assert_eq!(ndc_padded("12345-6789-0", 5).as_deref(), Some("12345-6789-00"));
    assert_eq!(ndc_padded("0002-1433-80", 6).as_deref(), Some("000002-1433-80"));
    assert_eq!(gtin_check_digit("629104150021"), Some(3));
    assert_eq!(gtin_check_digit("30781150610"), Some(4));
}
