//! What is measured at home or in a practice: what is plausible of it, and in which unit it is compared.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::medicine::decimal::{Number, rounded};
use crate::platform::clock::Timestamp;
use crate::platform::fields::Invalid;
use crate::platform::wording;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MeasuredQuantity)]
pub enum Quantity {
    /// Of the body.
    Weight,
    /// Of the body; of infants, the length.
    Height,
    /// In the arm: systolic and diastolic.
    BloodPressure,
    /// Beats a minute.
    HeartRate,
    /// Of the body.
    Temperature,
    /// In blood.
    Glucose,
    /// Oxygen saturation by a sensor on the skin.
    Spo2,
    /// How strong, from 0 to 10.
    Pain,
}

/// A unit that a quantity may come in: value × numerator / denominator, after `shift` was added, is the value in the first.
struct Scale {
    unit: &'static str,
    numerator: Decimal,
    denominator: Decimal,
    shift: Decimal,
}

fn scale(unit: &'static str, numerator: Decimal, denominator: i64) -> Scale {
    Scale { unit, numerator, denominator: Decimal::from(denominator), shift: Decimal::ZERO }
}

/// Factors by UCUM 2.2: a pound is 0.45359237 kg, an inch 2.54 cm, °F → °C (F − 32) · 5/9. Glucose: 180.156 g/mol, so that 1 mmol/L
/// is 18.0156 mg/dL.
fn scales(quantity: Quantity) -> Vec<Scale> {
    let fahrenheit = Scale { shift: Decimal::from(-32), ..scale("[degF]", Decimal::new(5, 0), 9) };
    match quantity {
        Quantity::Weight => vec![
            scale("kg", Decimal::new(1, 0), 1),
            scale("g", Decimal::new(1, 0), 1000),
            scale("[lb_av]", Decimal::new(45_359_237, 8), 1),
        ],
        Quantity::Height => vec![
            scale("cm", Decimal::new(1, 0), 1),
            scale("m", Decimal::new(100, 0), 1),
            scale("[in_i]", Decimal::new(254, 2), 1),
        ],
        Quantity::BloodPressure => vec![scale("mm[Hg]", Decimal::new(1, 0), 1)],
        Quantity::HeartRate => vec![scale("/min", Decimal::new(1, 0), 1)],
        Quantity::Temperature => vec![scale("Cel", Decimal::new(1, 0), 1), fahrenheit],
        Quantity::Glucose => vec![scale("mg/dL", Decimal::new(1, 0), 1), scale("mmol/L", Decimal::new(180_156, 4), 1)],
        Quantity::Spo2 => vec![scale("%", Decimal::new(1, 0), 1)],
        Quantity::Pain => vec![scale("{score}", Decimal::new(1, 0), 1)],
    }
}

impl Quantity {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Weight,
        Self::Height,
        Self::BloodPressure,
        Self::HeartRate,
        Self::Temperature,
        Self::Glucose,
        Self::Spo2,
        Self::Pain,
    ];

    /// The name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Weight => "weight",
            Self::Height => "height",
            Self::BloodPressure => "blood_pressure",
            Self::HeartRate => "heart_rate",
            Self::Temperature => "temperature",
            Self::Glucose => "glucose",
            Self::Spo2 => "spo2",
            Self::Pain => "pain",
        }
    }

    /// Reads a name.
    ///
    /// # Errors
    /// None of that name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|quantity| quantity.as_str() == text);
        found.ok_or_else(|| Invalid::new("unknown_value", wording::records::a_measurement()))
    }

    /// Its code in LOINC, by the vital-signs profiles of FHIR R4; glucose in blood, and pain, which have none there.
    pub const fn loinc(self) -> &'static str {
        match self {
            Self::Weight => "29463-7",
            Self::Height => "8302-2",
            Self::BloodPressure => "85354-9",
            Self::HeartRate => "8867-4",
            Self::Temperature => "8310-5",
            Self::Glucose => "2339-0",
            Self::Spo2 => "59408-5",
            Self::Pain => "72514-3",
        }
    }

    /// The unit that values of it are compared in.
    pub fn unit(self) -> &'static str {
        scales(self).first().map_or("1", |scale| scale.unit)
    }

    /// The least and the most that a living person has, in [`Self::unit`]: what lies outside is a slip of the finger or of the unit.
    fn limits(self) -> (Decimal, Decimal) {
        let whole = |low: i64, high: i64| (Decimal::from(low), Decimal::from(high));
        match self {
            Self::Weight => (Decimal::new(3, 1), Decimal::from(500)),
            Self::Height => whole(20, 260),
            Self::BloodPressure | Self::HeartRate => whole(20, 300),
            Self::Temperature => whole(25, 45),
            Self::Glucose => whole(10, 2000),
            Self::Spo2 => whole(40, 100),
            Self::Pain => whole(0, 10),
        }
    }

    /// A value in [`Self::unit`], where it comes in a unit that measures this.
    ///
    /// # Errors
    /// Another unit.
    pub fn in_own_unit(self, value: Decimal, unit: &str) -> Result<Decimal, Invalid> {
        let scales = scales(self);
        let scale = scales.iter().find(|scale| scale.unit == unit);
        let converted = scale.and_then(|scale| {
            value.checked_add(scale.shift)?.checked_mul(scale.numerator)?.checked_div(scale.denominator)
        });
        converted.ok_or_else(|| {
            let known: Vec<_> = scales.iter().map(|scale| scale.unit).collect();
            Invalid::new("wrong_unit", wording::field::one_of(&known.join(", ")))
        })
    }

    /// A value that can be true of a living person.
    ///
    /// # Errors
    /// `implausible`, or another unit.
    pub fn plausible(self, value: Number, unit: &str) -> Result<Number, Invalid> {
        let (low, high) = self.limits();
        let own = self.in_own_unit(value.0, unit)?;
        if own >= low && own <= high {
            return Ok(value);
        }
        Err(Invalid::new("implausible", wording::records::in_unit(low, high, self.unit())))
    }
}

/// What was measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RecordedMeasurement)]
pub struct Measurement {
    /// What.
    pub kind: Quantity,
    /// The value, as text: `"70.50"` keeps its zero. `null` for a blood pressure.
    #[schema(value_type = Option<String>)]
    pub value: Option<Number>,
    /// The upper value of a blood pressure.
    #[schema(value_type = Option<String>)]
    pub systolic: Option<Number>,
    /// The lower one.
    #[schema(value_type = Option<String>)]
    pub diastolic: Option<Number>,
    /// UCUM.
    pub unit: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub taken_at: Timestamp,
}

impl Measurement {
    /// The value in the unit that values of it are compared in, to two digits; of a blood pressure the upper one, and the
    /// lower one beside it.
    pub fn compared(&self) -> Option<(Decimal, Option<Decimal>)> {
        let own =
            |number: Option<Number>| self.kind.in_own_unit(number?.0, &self.unit).ok().map(|value| rounded(value, 2));
        match self.kind {
            Quantity::BloodPressure => own(self.systolic).map(|upper| (upper, own(self.diastolic))),
            _ => own(self.value).map(|value| (value, None)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        Number(text.parse().unwrap())
    }

    #[test]
    fn values_are_compared_in_one_unit() {
        for (quantity, value, unit, own) in [
            (Quantity::Weight, "154", "[lb_av]", "69.85"),
            (Quantity::Weight, "3250", "g", "3.25"),
            (Quantity::Height, "1.68", "m", "168"),
            (Quantity::Temperature, "98.6", "[degF]", "37"),
            (Quantity::Glucose, "5.5", "mmol/L", "99.09"),
        ] {
            let converted = quantity.in_own_unit(number(value).0, unit).unwrap();
            assert_eq!(rounded(converted, 2), number(own).0, "{value} {unit}");
        }
        assert_eq!(Quantity::Weight.in_own_unit(Decimal::ONE, "cm").unwrap_err().code, "wrong_unit");
    }

    #[test]
    fn what_nobody_alive_has_is_implausible() {
        for (quantity, value, unit, good) in [
            (Quantity::Weight, "0.3", "kg", true),
            (Quantity::Weight, "7000", "kg", false),
            (Quantity::Weight, "0.299", "kg", false),
            (Quantity::Height, "1.68", "cm", false),
            (Quantity::Height, "1.68", "m", true),
            (Quantity::Temperature, "98.6", "Cel", false),
            (Quantity::Temperature, "98.6", "[degF]", true),
            (Quantity::Glucose, "5.5", "mg/dL", false),
            (Quantity::Spo2, "101", "%", false),
            (Quantity::Pain, "-1", "{score}", false),
            (Quantity::HeartRate, "72", "/min", true),
        ] {
            let answer = quantity.plausible(number(value), unit);
            assert_eq!(answer.is_ok(), good, "{quantity:?} {value} {unit}");
            assert!(answer.is_ok_and(|kept| kept == number(value)) || !good);
        }
    }

    #[test]
    fn codes_have_their_check_digit() {
        for quantity in Quantity::ALL {
            assert!(super::super::code::loinc(quantity.loinc()).is_ok(), "{quantity:?}");
            assert!(super::super::code::unit(quantity.unit()).is_ok(), "{quantity:?}");
        }
    }
}
