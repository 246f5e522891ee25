//! How a result of a laboratory stands: by the reporting laboratory's own range, and whether somebody must act on it at once.
//!
//! Nothing here calls a result normal for which the laboratory gave no range: what is usual depends on its method.
//!
//! Critical limits of adults: Kost GJ, "Critical limits for urgent clinician notification at US medical centers", JAMA
//! 1990;263:704-707 (means of a survey of trauma and medical centres). They are to be reviewed by a clinician of the
//! pharmacy before they are relied on. They raise a flag, and never take one away.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::details::{Comparator, Lab};
use crate::medicine::decimal::Number;
use crate::platform::fields::{FieldErrors, Invalid};
use crate::platform::wording;

/// How a result stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LabFlag)]
pub enum Flag {
    /// Below the laboratory's range.
    Low,
    /// Within it.
    Normal,
    /// Above it.
    High,
    /// So low that somebody must act at once.
    CriticalLow,
    /// So high that somebody must act at once.
    CriticalHigh,
    /// The laboratory gave no range, or the result is no number.
    NoRange,
}

/// An analyte: its codes, its units with what a value is to be multiplied by, its critical limits and what is plausible of
/// it at all, in the first unit.
struct Analyte {
    codes: &'static [&'static str],
    units: &'static [(&'static str, &'static str)],
    critical: (&'static str, &'static str),
    plausible: (&'static str, &'static str),
}

/// Glucose: 180.156 g/mol; calcium: 40.078 g/mol.
const ANALYTES: &[Analyte] = &[
    Analyte {
        codes: &["2823-3", "6298-4"],
        units: &[("mmol/L", "1"), ("meq/L", "1")],
        critical: ("2.8", "6.2"),
        plausible: ("0.5", "15"),
    },
    Analyte {
        codes: &["2951-2", "2947-0"],
        units: &[("mmol/L", "1"), ("meq/L", "1")],
        critical: ("120", "158"),
        plausible: ("80", "220"),
    },
    Analyte {
        codes: &["2345-7", "2339-0", "1558-6", "14749-6", "15074-8", "14771-0"],
        units: &[("mmol/L", "1"), ("mg/dL", "0.0555074")],
        critical: ("2.6", "26.9"),
        plausible: ("0.1", "150"),
    },
    Analyte {
        codes: &["17861-6", "2000-8"],
        units: &[("mmol/L", "1"), ("mg/dL", "0.2495")],
        critical: ("1.65", "3.22"),
        plausible: ("0.5", "6"),
    },
    Analyte {
        codes: &["718-7"],
        units: &[("g/L", "1"), ("g/dL", "10")],
        critical: ("66", "199"),
        plausible: ("10", "300"),
    },
    Analyte { codes: &["4544-3", "20570-8"], units: &[("%", "1")], critical: ("18", "61"), plausible: ("3", "80") },
    Analyte {
        codes: &["777-3"],
        units: &[("10*9/L", "1"), ("10*3/uL", "1"), ("/uL", "0.001")],
        critical: ("37", "910"),
        plausible: ("0", "5000"),
    },
    Analyte {
        codes: &["6690-2"],
        units: &[("10*9/L", "1"), ("10*3/uL", "1"), ("/uL", "0.001")],
        critical: ("2.0", "37.0"),
        plausible: ("0", "1000"),
    },
];

fn decimal(text: &str) -> Option<Decimal> {
    text.parse().ok()
}

/// The analyte of a code, and a value of it in its first unit.
fn known(loinc: &str, value: Decimal, unit: &str) -> Option<(&'static Analyte, Decimal)> {
    let analyte = ANALYTES.iter().find(|analyte| analyte.codes.contains(&loinc))?;
    let factor = analyte.units.iter().find(|(known, _)| *known == unit).and_then(|(_, factor)| decimal(factor))?;
    Some((analyte, value.checked_mul(factor)?))
}

/// Whether a result can be true, where its code tells what it is of.
///
/// # Errors
/// `implausible` at `value`: mostly it is the unit.
pub fn plausible(loinc: Option<&str>, value: Option<Number>, unit: Option<&str>) -> Result<(), FieldErrors> {
    let (Some(loinc), Some(value), Some(unit)) = (loinc, value, unit) else { return Ok(()) };
    let Some((analyte, value)) = known(loinc, value.0, unit) else { return Ok(()) };
    let (low, high) = (decimal(analyte.plausible.0), decimal(analyte.plausible.1));
    if low.is_some_and(|low| value < low) || high.is_some_and(|high| value > high) {
        return Err(vec![Invalid::new("implausible", wording::records::not_of_the_living()).at("value")]);
    }
    Ok(())
}

impl Flag {
    /// How a result stands.
    pub fn of(lab: &Lab) -> Self {
        let (Some(value), Some(unit)) = (lab.value, lab.unit.as_deref()) else { return Self::NoRange };
        let by_range = Self::by_range(value, lab);
        // A result that the laboratory itself takes for usual is not critical.
        if by_range == Self::Normal {
            return by_range;
        }
        let critical = lab.loinc.as_deref().and_then(|loinc| known(loinc, value.0, unit));
        match critical {
            // Less than 2.0 is as low as 2.0; more than 2.0 may be anything.
            Some((analyte, own))
                if by_range != Self::High
                    && decimal(analyte.critical.0).is_some_and(|limit| own < limit)
                    && !lab.comparator.is_some_and(goes_up) =>
            {
                Self::CriticalLow
            }
            Some((analyte, own))
                if by_range != Self::Low
                    && decimal(analyte.critical.1).is_some_and(|limit| own > limit)
                    && !lab.comparator.is_some_and(goes_down) =>
            {
                Self::CriticalHigh
            }
            _ => by_range,
        }
    }

    fn by_range(value: Number, lab: &Lab) -> Self {
        let Some(range) = lab.range else { return Self::NoRange };
        let (down, up) = (lab.comparator.is_some_and(goes_down), lab.comparator.is_some_and(goes_up));
        let below =
            range.low.is_some_and(|low| value < low || (value == low && lab.comparator == Some(Comparator::Less)));
        let above =
            range.high.is_some_and(|high| value > high || (value == high && lab.comparator == Some(Comparator::More)));
        match (below, above) {
            // It is known only from one side: "more than 2" may be within 3 to 5.
            (true, _) if !up => Self::Low,
            (_, true) if !down => Self::High,
            (true, _) | (_, true) => Self::NoRange,
            // "Less than 5" may be below 3, but where there is no lower end it is not.
            _ if down && range.low.is_some() => Self::NoRange,
            _ if up && range.high.is_some() => Self::NoRange,
            _ => Self::Normal,
        }
    }
}

const fn goes_down(comparator: Comparator) -> bool {
    matches!(comparator, Comparator::Less | Comparator::AtMost)
}

const fn goes_up(comparator: Comparator) -> bool {
    matches!(comparator, Comparator::More | Comparator::AtLeast)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::details::Range;
    use super::*;
    use crate::platform::clock::Timestamp;

    fn number(text: &str) -> Number {
        Number(text.parse().unwrap())
    }

    fn lab(loinc: &str, value: &str, unit: &str, range: Option<(&str, &str)>) -> Lab {
        let end = |text: &str| (!text.is_empty()).then(|| number(text));
        Lab {
            loinc: (!loinc.is_empty()).then(|| loinc.to_owned()),
            name: "x".to_owned(),
            value: Some(number(value)),
            comparator: None,
            text: None,
            unit: Some(unit.to_owned()),
            range: range.map(|(low, high)| Range { low: end(low), high: end(high) }),
            taken_at: Timestamp::from_millis(0),
            lab: None,
        }
    }

    #[test]
    fn the_reporting_laboratorys_range_comes_first() {
        for (value, flag) in [("3.4", Flag::Low), ("3.5", Flag::Normal), ("5.1", Flag::Normal), ("5.2", Flag::High)] {
            assert_eq!(Flag::of(&lab("", value, "mmol/L", Some(("3.5", "5.1")))), flag, "{value}");
        }
        // A range that takes a value for usual is believed, whatever others call critical.
        assert_eq!(Flag::of(&lab("2823-3", "6.4", "mmol/L", Some(("3.5", "6.5")))), Flag::Normal);
    }

    #[test]
    fn without_a_range_nothing_is_normal() {
        assert_eq!(Flag::of(&lab("2823-3", "4.2", "mmol/L", None)), Flag::NoRange);
        assert_eq!(Flag::of(&lab("", "4.2", "mmol/L", None)), Flag::NoRange);
        let text = Lab { value: None, text: Some("negative".to_owned()), unit: None, ..lab("", "1", "1", None) };
        assert_eq!(Flag::of(&text), Flag::NoRange);
    }

    #[test]
    fn what_must_be_acted_on_at_once_is_critical_in_every_unit() {
        for (code, value, unit, flag) in [
            ("2823-3", "2.7", "mmol/L", Flag::CriticalLow),
            ("2823-3", "2.8", "mmol/L", Flag::NoRange),
            ("2823-3", "6.3", "meq/L", Flag::CriticalHigh),
            ("2345-7", "45", "mg/dL", Flag::CriticalLow),
            ("2345-7", "500", "mg/dL", Flag::CriticalHigh),
            ("2345-7", "500", "ug/L", Flag::NoRange),
            ("718-7", "6.5", "g/dL", Flag::CriticalLow),
            ("777-3", "20000", "/uL", Flag::CriticalLow),
        ] {
            assert_eq!(Flag::of(&lab(code, value, unit, None)), flag, "{code} {value} {unit}");
        }
    }

    #[test]
    fn what_is_known_from_one_side_only_is_not_called_normal() {
        let with = |value: &str, comparator, range| {
            Flag::of(&Lab { comparator: Some(comparator), ..lab("", value, "mg/L", Some(range)) })
        };
        assert_eq!(with("0.01", Comparator::Less, ("", "5")), Flag::Normal);
        assert_eq!(with("3", Comparator::Less, ("3", "5")), Flag::Low);
        assert_eq!(with("4", Comparator::Less, ("3", "5")), Flag::NoRange);
        assert_eq!(with("2", Comparator::More, ("3", "5")), Flag::NoRange);
        assert_eq!(with("600", Comparator::More, ("3", "5")), Flag::High);
        let low = Lab { comparator: Some(Comparator::Less), ..lab("2823-3", "2.0", "mmol/L", None) };
        assert_eq!(Flag::of(&low), Flag::CriticalLow);
        let open = Lab { comparator: Some(Comparator::More), ..lab("2823-3", "2.0", "mmol/L", None) };
        assert_eq!(Flag::of(&open), Flag::NoRange);
    }

    #[test]
    fn a_result_that_nobody_has_is_refused() {
        let refused = |code, value, unit| plausible(Some(code), Some(number(value)), Some(unit)).is_err();
        assert!(refused("2823-3", "42", "mmol/L") && !refused("2345-7", "5.5", "g/dL"));
        assert!(refused("718-7", "135", "g/dL"), "135 g/L is usual");
        assert!(!refused("718-7", "135", "g/L"));
        assert!(!refused("9999-9", "1000000", "mmol/L"), "what it is of is not known");
    }

    #[test]
    fn the_codes_are_codes() {
        for analyte in ANALYTES {
            for code in analyte.codes {
                assert!(super::super::code::loinc(code).is_ok(), "{code}");
            }
            for (unit, factor) in analyte.units {
                assert!(super::super::code::unit(unit).is_ok() && decimal(factor).is_some(), "{unit}");
            }
            assert!(decimal(analyte.critical.0) < decimal(analyte.critical.1));
            assert!(decimal(analyte.plausible.0) < decimal(analyte.critical.0));
            assert!(decimal(analyte.plausible.1) > decimal(analyte.critical.1));
        }
    }

    proptest! {
        /// A larger value never stands lower.
        #[test]
        fn flags_are_in_the_order_of_values(one in 0_i64..2000, more in 0_i64..2000, low in 0_i64..400, span in 0_i64..400) {
            let place = |value: i64| {
                let text = Decimal::new(value, 2).to_string();
                let (low, high) = (Decimal::new(low, 2).to_string(), Decimal::new(low + span, 2).to_string());
                match Flag::of(&lab("2823-3", &text, "mmol/L", Some((&low, &high)))) {
                    Flag::CriticalLow => 0,
                    Flag::Low => 1,
                    Flag::Normal => 2,
                    Flag::High => 3,
                    Flag::CriticalHigh => 4,
                    Flag::NoRange => 9,
                }
            };
            prop_assert!(place(one) <= place(one + more));
        }
    }
}
