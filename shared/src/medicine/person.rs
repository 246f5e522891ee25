//! A patient as a request describes them.

use serde::Deserialize;
use utoipa::ToSchema;

use super::decimal::{Decimal, Number};
use super::kidneys;
use super::patient::{Age, Allergy, Hepatic, Patient, condition_name};
use super::unit::{Analyte, Unit};
use crate::platform::clock::Date;
use crate::platform::fields::{Field, FieldErrors, Invalid, Optional, all, each};
use crate::platform::ids::PatientId;
use crate::platform::text;
use crate::platform::wording;

/// A measured value with its unit.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Measured {
    /// The value.
    #[schema(value_type = String, example = "1.1")]
    value: Field<Number>,
    /// The UCUM unit.
    #[schema(value_type = String, example = "mg/dL")]
    unit: Field<String>,
}

/// An allergy.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct AllergyInput {
    /// A substance, brand or class: `penicillin`.
    #[schema(value_type = String, max_length = 100)]
    to: Field<String>,
    /// Whether the reaction was severe; not known counts as not, and is held for a pharmacist all the same.
    #[schema(value_type = Option<bool>)]
    severe: Option<Field<bool>>,
}

/// A patient, as far as is known. Nothing of it is stored.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct PatientInput {
    /// One whose records the caller may look into: what is known of them counts where nothing else is given here.
    #[schema(value_type = Option<String>)]
    id: Option<Field<String>>,
    /// The day of birth; give this or `age`.
    #[schema(value_type = Option<String>, format = Date)]
    date_of_birth: Option<Field<String>>,
    /// In whole years.
    #[schema(value_type = Option<u32>, maximum = 130)]
    age: Option<Field<u32>>,
    /// `female` or `male`, as formulas use it.
    #[schema(value_type = Option<String>, pattern = "^(female|male)$")]
    sex: Option<Field<String>>,
    /// 0.3 to 500.
    #[schema(value_type = Option<String>)]
    weight_kg: Option<Field<Number>>,
    /// 20 to 260.
    #[schema(value_type = Option<String>)]
    height_cm: Option<Field<Number>>,
    /// Creatinine in serum, in a unit of mass or of amount per volume.
    #[schema(value_type = Option<Measured>)]
    creatinine: Option<Field<Measured>>,
    /// The liver: `normal`, `mild`, `moderate` or `severe` (Child-Pugh A, B, C).
    #[schema(value_type = Option<String>)]
    hepatic: Option<Field<String>>,
    /// Whether they are pregnant.
    #[schema(value_type = Option<bool>)]
    pregnant: Option<Field<bool>>,
    /// Whether they breastfeed.
    #[schema(value_type = Option<bool>)]
    breastfeeding: Option<Field<bool>>,
    /// All that they have; an empty list says that they have nothing of it.
    #[schema(value_type = Option<Vec<String>>, max_items = 40)]
    conditions: Option<Field<Vec<String>>>,
    /// All that they are allergic to; an empty list says nothing.
    #[schema(value_type = Option<Vec<AllergyInput>>, max_items = 40)]
    allergies: Option<Field<Vec<AllergyInput>>>,
}

/// What a request says of a patient.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Who it is, where that is said.
    pub id: Option<PatientId>,
    /// What else.
    pub patient: Patient,
}

impl PatientInput {
    /// What is said of the patient, and who it is.
    ///
    /// # Errors
    /// Every field that is malformed or implausible.
    pub fn told(mut self, today: Date) -> Result<Told, FieldErrors> {
        let id = self.id.take().parse_optional("id", |id| PatientId::parse(&id));
        let (id, patient) = all((id, self.check(today)))?;
        Ok(Told { id, patient })
    }

    /// What is said of the patient, whoever it is.
    ///
    /// # Errors
    /// Every field that is malformed or implausible.
    pub fn check(self, today: Date) -> Result<Patient, FieldErrors> {
        let both = self.date_of_birth.is_some() && self.age.is_some();
        let (born, years, sex, weight, height, creatinine, hepatic, pregnant, breastfeeding, conditions, allergies) =
            all((
                self.date_of_birth.parse_optional("date_of_birth", |text| birth(&text, today)),
                self.age.parse_optional("age", age),
                self.sex.parse_optional("sex", |text| {
                    kidneys::sex(&text)
                        .ok_or_else(|| Invalid::new("unknown_value", wording::field::one_of("female, male")))
                }),
                self.weight_kg
                    .parse_optional("weight_kg", |number| number.within(Decimal::new(3, 1), Decimal::from(500))),
                self.height_cm
                    .parse_optional("height_cm", |number| number.within(Decimal::from(20), Decimal::from(260))),
                optional_nested(self.creatinine, "creatinine", creatinine),
                self.hepatic.parse_optional("hepatic", |text| hepatic(&text)),
                self.pregnant.optional("pregnant"),
                self.breastfeeding.optional("breastfeeding"),
                optional_nested(self.conditions, "conditions", conditions),
                optional_nested(self.allergies, "allergies", allergies),
            ))?;
        if both {
            return Err(vec![
                Invalid::new("ambiguous", wording::field::one_or_other("date_of_birth", "age")).at("age"),
            ]);
        }
        Ok(Patient {
            age: born.or(years),
            sex,
            weight,
            height,
            creatinine,
            hepatic,
            pregnant,
            breastfeeding,
            conditions,
            allergies,
            filtration: None,
            recorded_conditions: Vec::new(),
        })
    }
}

fn optional_nested<T, U>(
    field: Option<Field<T>>,
    name: &str,
    parse: impl FnOnce(T) -> Result<U, FieldErrors>,
) -> Result<Option<U>, FieldErrors> {
    match field {
        None | Some(Field::Missing) => Ok(None),
        Some(field) => field.nested(name, parse).map(Some),
    }
}

/// The age of somebody who was born on a day.
///
/// # Errors
/// No day, or none that anybody who lives was born on.
pub(crate) fn birth(text: &str, today: Date) -> Result<Age, Invalid> {
    let implausible = || Invalid::new("implausible", wording::field::a_birthday());
    Age::of_birth(Date::parse(text)?, today).ok_or_else(implausible)
}

/// The age of somebody who is this many whole years old.
///
/// # Errors
/// Nobody is.
pub(crate) fn age(years: u32) -> Result<Age, Invalid> {
    Age::of_years(years).ok_or_else(|| Invalid::new("implausible", wording::medicine::years_between()))
}

fn hepatic(text: &str) -> Result<Hepatic, Invalid> {
    match text {
        "normal" => Ok(Hepatic::Normal),
        "mild" => Ok(Hepatic::Mild),
        "moderate" => Ok(Hepatic::Moderate),
        "severe" => Ok(Hepatic::Severe),
        _ => Err(Invalid::new("unknown_value", wording::field::one_of("normal, mild, moderate, severe"))),
    }
}

/// In mg/dL. Below 0.1 and above 30 it is a mistake of the unit rather than of the kidneys.
fn creatinine(measured: Measured) -> Result<Decimal, FieldErrors> {
    let (value, unit) = all((measured.value.value("value"), measured.unit.parse("unit", |text| Unit::parse(&text))))?;
    let converted = Analyte::Creatinine.convert(value.0, unit, Unit::MG_PER_DL);
    let converted = converted.map_err(|invalid| vec![invalid.at("unit")])?;
    plausible_creatinine(converted)
        .ok_or_else(|| vec![Invalid::new("implausible", wording::medicine::a_creatinine()).at("value")])
}

fn plausible_creatinine(milligrams: Decimal) -> Option<Decimal> {
    Number(milligrams).within(Decimal::new(1, 1), Decimal::from(30)).ok()
}

/// A creatinine of serum as a laboratory has reported it, in mg/dL; `None` for another unit or what cannot be.
pub fn reported_creatinine(value: Number, unit: &str) -> Option<Decimal> {
    let converted = Analyte::Creatinine.convert(value.0, Unit::parse(unit).ok()?, Unit::MG_PER_DL).ok()?;
    plausible_creatinine(converted)
}

fn conditions(names: Vec<String>) -> Result<Vec<String>, FieldErrors> {
    if names.len() > 40 {
        return Err(vec![Invalid::new("wrong_count", wording::field::entries_at_most(40)).at("")]);
    }
    each(names, |name| match condition_name(&name) {
        Some(_) => Ok(name),
        None => Err(vec![Invalid::new("unknown_value", wording::medicine::a_condition()).at("")]),
    })
}

fn allergies(inputs: Vec<AllergyInput>) -> Result<Vec<Allergy>, FieldErrors> {
    if inputs.len() > 40 {
        return Err(vec![Invalid::new("wrong_count", wording::field::entries_at_most(40)).at("")]);
    }
    each(inputs, |input| {
        let (to, severe) = all((input.to.parse("to", |text| text::line(&text, 100)), input.severe.optional("severe")))?;
        Ok(Allergy { to, severe: severe.unwrap_or(false), looked_up_for: Vec::new() })
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: serde_json::Value) -> Result<Patient, FieldErrors> {
        let input: PatientInput = crate::platform::fields::from_json(value)?;
        input.check(Date::parse("2026-11-29").unwrap())
    }

    fn faults(value: serde_json::Value) -> Vec<(String, &'static str)> {
        read(value).unwrap_err().into_iter().map(|error| (error.field, error.code)).collect()
    }

    #[test]
    fn a_patient_is_read_with_units() {
        let patient = read(json!({"age": 40, "sex": "female", "weight_kg": 70.5, "height_cm": "168",
            "creatinine": {"value": 88.42, "unit": "umol/L"}, "conditions": ["asthma"],
            "allergies": [{"to": "penicillin", "severe": true}]}))
        .unwrap();
        assert_eq!(patient.creatinine, Some(Decimal::ONE));
        assert_eq!(patient.weight, "70.5".parse().ok());
        assert_eq!((patient.pregnant, patient.hepatic), (None, None));
    }

    #[test]
    fn who_it_is_may_be_said_with_more() {
        let id = "pat_01JDH3J9V8A6M2Q4R5T6W7X8Y9";
        let told = |value: serde_json::Value| {
            let input: PatientInput = crate::platform::fields::from_json(value).unwrap();
            input.told(Date::parse("2026-11-29").unwrap())
        };
        let both = told(json!({"id": id, "weight_kg": "12.5"})).unwrap();
        assert_eq!((both.id.unwrap().to_string(), both.patient.weight), (id.to_owned(), "12.5".parse().ok()));
        assert_eq!(told(json!({"age": 40})).unwrap().id, None);
        let wrong = told(json!({"id": "anna", "age": 140})).unwrap_err();
        assert_eq!(wrong.iter().map(|wrong| wrong.field.as_str()).collect::<Vec<_>>(), ["id", "age"]);
    }

    #[test]
    fn what_is_implausible_is_refused_all_at_once() {
        let wrong = json!({"age": 140, "weight_kg": 7000, "height_cm": 1.68, "sex": "f",
            "creatinine": {"value": 88, "unit": "mg/dL"}, "conditions": ["sadness"], "hepatic": "bad"});
        assert_eq!(
            faults(wrong),
            [
                ("age", "implausible"),
                ("sex", "unknown_value"),
                ("weight_kg", "implausible"),
                ("height_cm", "implausible"),
                ("creatinine.value", "implausible"),
                ("hepatic", "unknown_value"),
                ("conditions[0]", "unknown_value"),
            ]
            .map(|(field, code)| (field.to_owned(), code))
        );
        let unit = json!({"creatinine": {"value": 1, "unit": "mg"}});
        assert_eq!(faults(unit), [("creatinine.unit".to_owned(), "wrong_unit")]);
        assert_eq!(faults(json!({"age": 4, "date_of_birth": "2022-01-01"})), [("age".to_owned(), "ambiguous")]);
        assert_eq!(faults(json!({"date_of_birth": "2027-01-01"})), [("date_of_birth".to_owned(), "implausible")]);
        assert_eq!(faults(json!({"weight": 4})), [("weight".to_owned(), "unknown")]);
    }
}
