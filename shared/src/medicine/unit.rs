//! Units of measure by their UCUM codes, as exact fractions of a base unit: the ones that medicine meets here.
//!
//! UCUM is case sensitive: `mg` is a milligram and `Mg` a megagram. What people write instead (`mcg`, `IU`, `kgs`) is
//! read where it can mean one thing only. Mass and amount of substance convert only with an analyte, whose molar mass
//! says how: see [`Analyte`].
//!
//! Factors: ucum.org, table of units 2.2 (2024); molar conversions: the usual SI factors of laboratory medicine.

use std::fmt;

use super::decimal::Decimal;
use crate::platform::fields::Invalid;

/// What a unit measures; only units of the same dimension convert into each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dimension {
    /// In grams.
    Mass,
    /// In metres.
    Length,
    /// In litres.
    Volume,
    /// In square metres.
    Area,
    /// In seconds.
    Time,
    /// In moles.
    Amount,
    /// In grams per litre.
    MassConcentration,
    /// In moles per litre.
    MolarConcentration,
    /// In international units; they mean something per substance only, and no factor leads anywhere else.
    Arbitrary,
    /// In international units per litre.
    ArbitraryConcentration,
    /// In ones.
    Fraction,
    /// In millimoles per mole: the IFCC's scale of HbA1c, which no factor leads to.
    MolarFraction,
    /// In mL/min.
    Clearance,
    /// In mL/min/1.73 m²: normalised to a body surface, so not comparable with a clearance.
    NormalisedClearance,
    /// In grams per kilogram of body weight.
    MassPerMass,
    /// In grams per square metre of body surface.
    MassPerArea,
}

/// A unit: its code, what it measures, and the fraction of the base unit that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    code: &'static str,
    dimension: Dimension,
    numerator: u64,
    denominator: u64,
}

const fn unit(code: &'static str, dimension: Dimension, numerator: u64, denominator: u64) -> Unit {
    Unit { code, dimension, numerator, denominator }
}

use crate::platform::wording;
use Dimension as D;

const UNITS: &[Unit] = &[
    unit("kg", D::Mass, 1000, 1),
    unit("g", D::Mass, 1, 1),
    unit("mg", D::Mass, 1, 1000),
    unit("ug", D::Mass, 1, 1_000_000),
    unit("ng", D::Mass, 1, 1_000_000_000),
    unit("[lb_av]", D::Mass, 45_359_237, 100_000),
    unit("[oz_av]", D::Mass, 45_359_237, 1_600_000),
    unit("m", D::Length, 1, 1),
    unit("cm", D::Length, 1, 100),
    unit("mm", D::Length, 1, 1000),
    unit("[in_i]", D::Length, 254, 10_000),
    unit("[ft_i]", D::Length, 3048, 10_000),
    unit("L", D::Volume, 1, 1),
    unit("dL", D::Volume, 1, 10),
    unit("mL", D::Volume, 1, 1000),
    unit("uL", D::Volume, 1, 1_000_000),
    unit("m2", D::Area, 1, 1),
    unit("s", D::Time, 1, 1),
    unit("min", D::Time, 60, 1),
    unit("h", D::Time, 3600, 1),
    unit("d", D::Time, 86_400, 1),
    unit("wk", D::Time, 604_800, 1),
    unit("mol", D::Amount, 1, 1),
    unit("mmol", D::Amount, 1, 1000),
    unit("umol", D::Amount, 1, 1_000_000),
    unit("nmol", D::Amount, 1, 1_000_000_000),
    unit("g/L", D::MassConcentration, 1, 1),
    unit("g/dL", D::MassConcentration, 10, 1),
    unit("mg/dL", D::MassConcentration, 1, 100),
    unit("mg/L", D::MassConcentration, 1, 1000),
    unit("mg/mL", D::MassConcentration, 1, 1),
    unit("ug/mL", D::MassConcentration, 1, 1000),
    unit("ug/dL", D::MassConcentration, 1, 100_000),
    unit("ug/L", D::MassConcentration, 1, 1_000_000),
    unit("ng/mL", D::MassConcentration, 1, 1_000_000),
    unit("ng/dL", D::MassConcentration, 1, 100_000_000),
    unit("pg/mL", D::MassConcentration, 1, 1_000_000_000),
    unit("mol/L", D::MolarConcentration, 1, 1),
    unit("mmol/L", D::MolarConcentration, 1, 1000),
    unit("umol/L", D::MolarConcentration, 1, 1_000_000),
    unit("nmol/L", D::MolarConcentration, 1, 1_000_000_000),
    unit("pmol/L", D::MolarConcentration, 1, 1_000_000_000_000),
    unit("[iU]", D::Arbitrary, 1, 1),
    unit("k[iU]", D::Arbitrary, 1000, 1),
    unit("[iU]/mL", D::ArbitraryConcentration, 1000, 1),
    unit("[iU]/L", D::ArbitraryConcentration, 1, 1),
    unit("1", D::Fraction, 1, 1),
    unit("%", D::Fraction, 1, 100),
    unit("mmol/mol", D::MolarFraction, 1, 1),
    unit("mL/min", D::Clearance, 1, 1),
    unit("mL/min/{1.73_m2}", D::NormalisedClearance, 1, 1),
    unit("mg/kg", D::MassPerMass, 1, 1_000_000),
    unit("ug/kg", D::MassPerMass, 1, 1_000_000_000),
    unit("mg/m2", D::MassPerArea, 1, 1000),
];

// What people and machines write for a code above, where it can mean nothing else.
const ALIASES: &[(&str, &str)] = &[
    ("mcg", "ug"),
    ("µg", "ug"),
    ("μg", "ug"),
    ("microgram", "ug"),
    ("lb", "[lb_av]"),
    ("lbs", "[lb_av]"),
    ("oz", "[oz_av]"),
    ("in", "[in_i]"),
    ("ft", "[ft_i]"),
    ("IU", "[iU]"),
    ("iU", "[iU]"),
    ("[IU]", "[iU]"),
    ("[USP'U]", "[iU]"),
    ("IU/mL", "[iU]/mL"),
    ("l", "L"),
    ("ml", "mL"),
    ("dl", "dL"),
    ("mg/dl", "mg/dL"),
    ("g/dl", "g/dL"),
    ("g/l", "g/L"),
    ("mmol/l", "mmol/L"),
    ("umol/l", "umol/L"),
    ("µmol/L", "umol/L"),
    ("μmol/L", "umol/L"),
    ("mcmol/L", "umol/L"),
    ("mcg/mL", "ug/mL"),
];

impl Unit {
    /// Grams.
    pub const G: Self = unit("g", D::Mass, 1, 1);
    /// Milligrams.
    pub const MG: Self = unit("mg", D::Mass, 1, 1000);
    /// Kilograms.
    pub const KG: Self = unit("kg", D::Mass, 1000, 1);
    /// Centimetres.
    pub const CM: Self = unit("cm", D::Length, 1, 100);
    /// Millilitres.
    pub const ML: Self = unit("mL", D::Volume, 1, 1000);
    /// Milligrams per decilitre.
    pub const MG_PER_DL: Self = unit("mg/dL", D::MassConcentration, 1, 100);

    /// Reads a UCUM code, or one of the other spellings that can mean one unit only.
    ///
    /// # Errors
    /// Any other text.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let code = ALIASES.iter().find(|(alias, _)| *alias == text).map_or(text, |(_, code)| code);
        UNITS
            .iter()
            .find(|unit| unit.code == code)
            .copied()
            .ok_or_else(|| Invalid::new("unknown_unit", wording::medicine::a_known_unit()))
    }

    /// The UCUM code.
    pub fn code(self) -> &'static str {
        self.code
    }

    /// What it measures.
    pub fn dimension(self) -> Dimension {
        self.dimension
    }

    /// How much `value` of this unit is in `to`.
    ///
    /// # Errors
    /// `to` measures something else, or the number leaves the exact range.
    pub fn convert(self, value: Decimal, to: Self) -> Result<Decimal, Invalid> {
        if self.dimension != to.dimension {
            let message = wording::medicine::not_convertible(self.code, to.code);
            return Err(Invalid::new("wrong_unit", message));
        }
        if self.code == to.code {
            return Ok(value);
        }
        scaled(value, &[self.numerator, to.denominator], &[self.denominator, to.numerator]).ok_or_else(too_large)
    }
}

fn scaled(value: Decimal, times: &[u64], by: &[u64]) -> Option<Decimal> {
    let all = |factors: &[u64]| {
        factors.iter().try_fold(Decimal::ONE, |product, factor| product.checked_mul(Decimal::from(*factor)))
    };
    value.checked_mul(all(times)?)?.checked_div(all(by)?)
}

fn too_large() -> Invalid {
    Invalid::new("implausible", wording::field::too_large_or_small())
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)
    }
}

/// What is measured in blood or urine, where mass and amount of substance are both in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Analyte {
    /// Creatinine: 1 mg/dL is 88.42 µmol/L.
    Creatinine,
    /// Glucose: 1 mg/dL is 0.05551 mmol/L.
    Glucose,
    /// Cholesterol: 1 mg/dL is 0.02586 mmol/L.
    Cholesterol,
    /// Triglycerides: 1 mg/dL is 0.01129 mmol/L.
    Triglycerides,
    /// Urea nitrogen, as mmol of urea: 1 mg/dL is 0.357 mmol/L.
    UreaNitrogen,
    /// Bilirubin: 1 mg/dL is 17.10 µmol/L.
    Bilirubin,
}

impl Analyte {
    /// How many mol/L one g/L is, as a fraction.
    fn per_gram(self) -> (u64, u64) {
        match self {
            Self::Creatinine => (8842, 1_000_000),
            Self::Glucose => (5551, 1_000_000),
            Self::Cholesterol => (2586, 1_000_000),
            Self::Triglycerides => (1129, 1_000_000),
            Self::UreaNitrogen => (3570, 100_000),
            Self::Bilirubin => (1710, 1_000_000),
        }
    }

    /// How much `value` of `from` is in `to`, between mass and amount of substance too.
    ///
    /// # Errors
    /// One of the units measures no concentration, or the number leaves the exact range.
    pub fn convert(self, value: Decimal, from: Unit, to: Unit) -> Result<Decimal, Invalid> {
        let (moles, grams) = self.per_gram();
        match (from.dimension, to.dimension) {
            (D::MassConcentration, D::MolarConcentration) => {
                let times = [from.numerator, moles, to.denominator];
                scaled(value, &times, &[from.denominator, grams, to.numerator]).ok_or_else(too_large)
            }
            (D::MolarConcentration, D::MassConcentration) => {
                let times = [from.numerator, grams, to.denominator];
                scaled(value, &times, &[from.denominator, moles, to.numerator]).ok_or_else(too_large)
            }
            _ => from.convert(value, to),
        }
    }
}

/// HbA1c in % (NGSP) as mmol/mol (IFCC): (NGSP − 2.152) / 0.09148, the master equation of NGSP and IFCC.
pub fn hba1c_ifcc(percent: Decimal) -> Option<Decimal> {
    percent.checked_sub(Decimal::new(2152, 3))?.checked_div(Decimal::new(9148, 5))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::medicine::decimal::rounded;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn every_code_and_every_alias_is_read() {
        for unit in UNITS {
            assert_eq!(Unit::parse(unit.code), Ok(*unit));
        }
        for (alias, code) in ALIASES {
            assert_eq!(Unit::parse(alias).unwrap().code, *code, "{alias}");
            assert!(UNITS.iter().all(|unit| unit.code != *alias), "{alias} is a code itself");
        }
    }

    #[test]
    fn case_matters_and_what_is_unknown_is_refused() {
        for wrong in ["Mg", "MG", "KG", "", "mg/", "tablet", "mg/dL ", "Mmol/L", "U"] {
            assert_eq!(Unit::parse(wrong).unwrap_err().code, "unknown_unit", "{wrong}");
        }
    }

    #[test]
    fn conversions_are_exact() {
        let converted = |value: &str, from: &str, to: &str| {
            Unit::parse(from).unwrap().convert(decimal(value), Unit::parse(to).unwrap()).unwrap().normalize()
        };
        assert_eq!(converted("10", "lb", "kg"), decimal("4.5359237"));
        assert_eq!(converted("70", "in", "cm"), decimal("177.8"));
        assert_eq!(converted("0.09", "mg", "mcg"), decimal("90"));
        assert_eq!(converted("6", "ft", "[in_i]"), decimal("72"));
        assert_eq!(converted("2", "g/dL", "g/L"), decimal("20"));
    }

    #[test]
    fn what_measures_something_else_does_not_convert() {
        for (from, to) in [("mg", "mL"), ("[iU]", "mg"), ("mL/min", "mL/min/{1.73_m2}"), ("mg/dL", "mmol/L")] {
            let (from, to) = (Unit::parse(from).unwrap(), Unit::parse(to).unwrap());
            assert_eq!(from.convert(Decimal::ONE, to).unwrap_err().code, "wrong_unit");
            assert_eq!(to.convert(Decimal::ONE, from).unwrap_err().code, "wrong_unit");
        }
    }

    #[test]
    fn an_analyte_leads_from_mass_to_moles_and_back() {
        let (mg, umol) = (Unit::parse("mg/dL").unwrap(), Unit::parse("umol/L").unwrap());
        let there = Analyte::Creatinine.convert(decimal("1.3"), mg, umol).unwrap();
        assert_eq!(rounded(there, 1), decimal("114.9"));
        assert_eq!(rounded(Analyte::Creatinine.convert(there, umol, mg).unwrap(), 20), decimal("1.3"));
        assert!(Analyte::Creatinine.convert(Decimal::ONE, Unit::MG, mg).is_err());
    }
}
