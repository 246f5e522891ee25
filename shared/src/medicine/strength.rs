//! The strength of a product, read from its label's words: `500 mg`, `160 mg/5 mL`, `0.09 mg base/inhalation`.

use super::decimal::{Decimal, of_label, plain};
use super::unit::Unit;

/// How much of a substance is in one unit of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strength {
    /// In mg.
    pub milligrams: Decimal,
    /// In what: `None` is one tablet, capsule, patch, …; otherwise so many mL.
    pub per_millilitres: Option<Decimal>,
}

impl Strength {
    /// Reads a strength; `None` for percentages, units of activity, equivalents and whatever else says no mass.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.replace(" base", "");
        let (amount, per) = text.split_once('/').map_or((text.as_str(), None), |(amount, per)| (amount, Some(per)));
        let milligrams = quantity(amount, Unit::MG)?;
        let per_millilitres = match per.map(str::trim) {
            None => None,
            Some("mL" | "ml") => Some(Decimal::ONE),
            Some(per) if per.ends_with("mL") || per.ends_with("ml") => Some(quantity(per, Unit::ML)?),
            Some("inhalation" | "spray" | "actuation" | "tablet" | "capsule" | "drop") => None,
            Some(_) => return None,
        };
        Some(Self { milligrams, per_millilitres })
    }

    /// How many units or mL hold a dose in mg, unrounded, and which of the two it is.
    pub fn amount_for(&self, dose: Decimal) -> Option<(Decimal, &'static str)> {
        let units = dose.checked_div(self.milligrams)?;
        Some(match self.per_millilitres {
            None => (plain(units), "unit"),
            Some(millilitres) => (plain(units.checked_mul(millilitres)?), "mL"),
        })
    }
}

fn quantity(text: &str, to: Unit) -> Option<Decimal> {
    let (number, unit) = of_label(text)?;
    let value = Unit::parse(unit.trim()).ok()?.convert(number, to).ok()?;
    (value > Decimal::ZERO).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_read() {
        for (text, milligrams, per) in [
            ("500 mg", "500", None),
            ("160 mg/5 mL", "160", Some("5")),
            ("1,000 mg", "1000", None),
            ("0.09 mg base/inhalation", "0.09", None),
            ("50 mcg", "0.05", None),
            ("10 mg/mL", "10", Some("1")),
            ("1 g", "1000", None),
        ] {
            let strength = Strength::parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(strength.milligrams, milligrams.parse().unwrap(), "{text}");
            assert_eq!(strength.per_millilitres, per.map(|per| per.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn what_says_no_mass_is_none() {
        for text in ["0.1%", "50,000 IU", "20 mEq", "500 mg/vial", "", "mg", "0 mg", "5 mg/", "100 units/mL"] {
            assert_eq!(Strength::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_number_that_may_be_another_is_none() {
        for text in ["0,5 g", "1,5 g", "1.000 mg", "1 000 mg", "1,00 mg", "160 mg/1.000 mL", "500 mg + 500 mg"] {
            assert_eq!(Strength::parse(text), None, "{text}");
        }
        for (text, milligrams) in [("0.125 mg", "0.125"), ("1,000.5 mg", "1000.5"), ("12.5 mg", "12.5")] {
            assert_eq!(Strength::parse(text).unwrap().milligrams, milligrams.parse().unwrap(), "{text}");
        }
    }

    #[test]
    fn a_dose_in_tablets_and_in_millilitres() {
        let amount = |text: &str, dose: &str| Strength::parse(text).unwrap().amount_for(dose.parse().unwrap()).unwrap();
        assert_eq!(amount("325 mg", "650"), (Decimal::TWO, "unit"));
        assert_eq!(amount("160 mg/5 mL", "240"), ("7.5".parse().unwrap(), "mL"));
    }
}
