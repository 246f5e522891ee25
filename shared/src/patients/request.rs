//! Patients as requests carry them.

use serde::Deserialize;
use utoipa::ToSchema;

use super::patient::{Body, Patient, Relationship};
use crate::accounts::{FullName, Sex};
use crate::medicine::decimal::{Decimal, Number};
use crate::medicine::patient::Age;
use crate::platform::clock::Date;
use crate::platform::fields::{Change, Field, FieldErrors, Invalid, Optional, Patch, all};
use crate::platform::ids::PatientId;
use crate::platform::wording;

/// A patient that is to be added.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct AddPatientRequest {
    /// At most 100 characters.
    #[schema(value_type = String)]
    full_name: Field<String>,
    /// In the past, at most 130 years ago.
    #[schema(value_type = String, format = Date)]
    date_of_birth: Field<String>,
    /// FHIR administrative gender: `female`, `male`, `other` or `unknown`.
    #[schema(value_type = String, pattern = "^(female|male|other|unknown)$")]
    sex: Field<String>,
    /// `child`, `parent`, `partner` or `other`.
    #[schema(value_type = String, pattern = "^(child|parent|partner|other)$")]
    relationship: Field<String>,
    /// 0.3 to 500.
    #[schema(value_type = Option<String>)]
    weight_kg: Option<Field<Number>>,
    /// Whether they are pregnant.
    #[schema(value_type = Option<bool>)]
    pregnant: Option<Field<bool>>,
    /// Whether they breastfeed.
    #[schema(value_type = Option<bool>)]
    breastfeeding: Option<Field<bool>>,
}

/// The same, valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPatient {
    full_name: FullName,
    date_of_birth: Date,
    sex: Sex,
    relationship: Relationship,
    body: Body,
}

/// A change of a patient as a request carries it: absent keeps, `null` clears what is optional.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct UpdatePatientRequest {
    /// At most 100 characters. Of the account's owner it is changed in the profile, and so are the next three.
    #[serde(default)]
    #[schema(value_type = String, required = false)]
    full_name: Patch<String>,
    /// In the past, at most 130 years ago.
    #[serde(default)]
    #[schema(value_type = String, format = Date, required = false)]
    date_of_birth: Patch<String>,
    /// FHIR administrative gender.
    #[serde(default)]
    #[schema(value_type = String, required = false, pattern = "^(female|male|other|unknown)$")]
    sex: Patch<String>,
    /// `child`, `parent`, `partner` or `other`.
    #[serde(default)]
    #[schema(value_type = String, required = false, pattern = "^(child|parent|partner|other)$")]
    relationship: Patch<String>,
    /// 0.3 to 500; `null`: not known any more.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    weight_kg: Patch<Number>,
    /// `null`: not known.
    #[serde(default)]
    #[schema(value_type = Option<bool>)]
    pregnant: Patch<bool>,
    /// `null`: not known.
    #[serde(default)]
    #[schema(value_type = Option<bool>)]
    breastfeeding: Patch<bool>,
}

/// The same, valid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PatientChange {
    full_name: Option<FullName>,
    date_of_birth: Option<Date>,
    sex: Option<Sex>,
    relationship: Option<Relationship>,
    weight_kg: Change<Number>,
    pregnant: Change<bool>,
    breastfeeding: Change<bool>,
    /// When it is made, which becomes the day of a new weight.
    today: Option<Date>,
}

fn birth(text: &str, today: Date) -> Result<Date, Invalid> {
    let born = Date::parse(text)?;
    Age::of_birth(born, today).map(|_| born).ok_or_else(|| Invalid::new("implausible", wording::field::a_birthday()))
}

fn weight(number: Number) -> Result<Number, Invalid> {
    number.within(Decimal::new(3, 1), Decimal::from(500)).map(Number)
}

fn sex(text: &str) -> Result<Sex, Invalid> {
    match text {
        "female" => Ok(Sex::Female),
        "male" => Ok(Sex::Male),
        "other" => Ok(Sex::Other),
        "unknown" => Ok(Sex::Unknown),
        _ => Err(Invalid::new("unknown_value", wording::field::one_of("female, male, other, unknown"))),
    }
}

fn relationship(text: &str) -> Result<Relationship, Invalid> {
    match text {
        "child" => Ok(Relationship::Child),
        "parent" => Ok(Relationship::Parent),
        "partner" => Ok(Relationship::Partner),
        "other" => Ok(Relationship::Other),
        "self" => Err(Invalid::new("only_once", wording::patients::owner_is_one())),
        _ => Err(Invalid::new("unknown_value", wording::field::one_of("child, parent, partner, other"))),
    }
}

impl AddPatientRequest {
    /// The patient, on the day that is today.
    ///
    /// # Errors
    /// Every field at fault.
    pub fn check(self, today: Date) -> Result<NewPatient, FieldErrors> {
        let (full_name, date_of_birth, sex, relationship, weight_kg, pregnant, breastfeeding) = all((
            self.full_name.parse("full_name", |text| FullName::parse(&text)),
            self.date_of_birth.parse("date_of_birth", |text| birth(&text, today)),
            self.sex.parse("sex", |text| sex(&text)),
            self.relationship.parse("relationship", |text| relationship(&text)),
            self.weight_kg.parse_optional("weight_kg", weight),
            self.pregnant.optional("pregnant"),
            self.breastfeeding.optional("breastfeeding"),
        ))?;
        let weighed_on = weight_kg.map(|_| today);
        let body = Body { weight_kg, weighed_on, pregnant, breastfeeding };
        Ok(NewPatient { full_name, date_of_birth, sex, relationship, body })
    }
}

impl UpdatePatientRequest {
    /// The change, on the day that is today.
    ///
    /// # Errors
    /// Every field at fault.
    pub fn check(self, today: Date) -> Result<PatientChange, FieldErrors> {
        let (full_name, date_of_birth, sex, relationship, weight_kg, pregnant, breastfeeding) = all((
            self.full_name.parse_required("full_name", |text| FullName::parse(&text)),
            self.date_of_birth.parse_required("date_of_birth", |text| birth(&text, today)),
            self.sex.parse_required("sex", |text| sex(&text)),
            self.relationship.parse_required("relationship", |text| relationship(&text)),
            self.weight_kg.parse("weight_kg", weight),
            self.pregnant.parse("pregnant", Ok),
            self.breastfeeding.parse("breastfeeding", Ok),
        ))?;
        let today = Some(today);
        Ok(PatientChange { full_name, date_of_birth, sex, relationship, weight_kg, pregnant, breastfeeding, today })
    }
}

impl NewPatient {
    /// As it is kept under `id`.
    pub(super) fn made(self, id: PatientId) -> Patient {
        Patient {
            id,
            full_name: Some(self.full_name),
            date_of_birth: Some(self.date_of_birth),
            sex: self.sex,
            relationship: self.relationship,
            weight_kg: self.body.weight_kg,
            weighed_on: self.body.weighed_on,
            pregnant: self.body.pregnant,
            breastfeeding: self.body.breastfeeding,
            closed_at: None,
            version: 1,
        }
    }
}

impl PatientChange {
    /// Changes what is known of somebody's body.
    pub(super) fn apply_to_body(&self, body: &mut Body) {
        if self.weight_kg != Change::Keep {
            body.weighed_on = self.today.filter(|_| matches!(self.weight_kg, Change::Set(_)));
        }
        body.weight_kg = self.weight_kg.clone().apply(body.weight_kg);
        body.pregnant = self.pregnant.clone().apply(body.pregnant);
        body.breastfeeding = self.breastfeeding.clone().apply(body.breastfeeding);
    }

    /// Changes a patient who is not the owner.
    pub(super) fn apply(&self, patient: &mut Patient) {
        let mut body = Body {
            weight_kg: patient.weight_kg,
            weighed_on: patient.weighed_on,
            pregnant: patient.pregnant,
            breastfeeding: patient.breastfeeding,
        };
        self.apply_to_body(&mut body);
        patient.full_name = self.full_name.clone().or_else(|| patient.full_name.take());
        patient.date_of_birth = self.date_of_birth.or(patient.date_of_birth);
        patient.sex = self.sex.unwrap_or(patient.sex);
        patient.relationship = self.relationship.unwrap_or(patient.relationship);
        patient.weight_kg = body.weight_kg;
        patient.weighed_on = body.weighed_on;
        patient.pregnant = body.pregnant;
        patient.breastfeeding = body.breastfeeding;
    }

    /// Whether the owner may be changed so: their name, birth and sex are the profile's, and what they are to themselves
    /// is settled. What is so already is no change.
    pub(super) fn for_owner(&self, owner: &Patient) -> Result<(), FieldErrors> {
        let given = [
            ("full_name", self.full_name.is_some() && self.full_name != owner.full_name),
            ("date_of_birth", self.date_of_birth.is_some() && self.date_of_birth != owner.date_of_birth),
            ("sex", self.sex.is_some_and(|sex| sex != owner.sex)),
            ("relationship", self.relationship.is_some()),
        ];
        let in_profile = |name: &str| match name {
            "relationship" => Invalid::new("only_once", wording::patients::owner_stays_owner()).at(name),
            _ => Invalid::new("in_profile", wording::patients::in_profile()).at(name),
        };
        let errors: FieldErrors =
            given.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| in_profile(name)).collect();
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::platform::clock::Timestamp;
    use crate::platform::fields;

    fn today() -> Date {
        Date::parse("2026-11-29").unwrap()
    }

    pub(crate) fn child() -> Value {
        json!({"full_name": "Mira Karki", "date_of_birth": "2021-03-04", "sex": "female", "relationship": "child",
            "weight_kg": "17.50"})
    }

    pub(crate) fn new(value: Value) -> Result<NewPatient, FieldErrors> {
        fields::from_json::<AddPatientRequest>(value)?.check(today())
    }

    pub(crate) fn change(value: Value) -> Result<PatientChange, FieldErrors> {
        fields::from_json::<UpdatePatientRequest>(value)?.check(today())
    }

    fn named(errors: FieldErrors) -> Vec<(String, &'static str)> {
        errors.into_iter().map(|error| (error.field, error.code)).collect()
    }

    #[test]
    fn every_field_at_fault_is_named() {
        let wrong = json!({"date_of_birth": "2027-01-01", "sex": "f", "relationship": "self", "weight_kg": 700,
            "pregnant": "no"});
        let expected = [
            ("full_name", "required"),
            ("date_of_birth", "implausible"),
            ("sex", "unknown_value"),
            ("relationship", "only_once"),
            ("weight_kg", "implausible"),
            ("pregnant", "wrong_type"),
        ];
        assert_eq!(named(new(wrong).unwrap_err()), expected.map(|(field, code)| (field.to_owned(), code)));
    }

    #[test]
    fn a_weight_keeps_its_precision_and_its_day() {
        let made = new(child()).unwrap().made(PatientId::generate(Timestamp::from_millis(1)));
        assert_eq!(made.weight_kg.unwrap().0.to_string(), "17.50");
        assert_eq!(made.weighed_on, Some(today()));
    }

    #[test]
    fn a_change_keeps_clears_and_sets() {
        let mut patient = new(child()).unwrap().made(PatientId::generate(Timestamp::from_millis(1)));
        change(json!({"weight_kg": null, "pregnant": false})).unwrap().apply(&mut patient);
        assert_eq!((patient.weight_kg, patient.weighed_on, patient.pregnant), (None, None, Some(false)));
        assert_eq!(patient.full_name, FullName::parse("Mira Karki").ok());
        change(json!({"full_name": "Mira K", "relationship": "other"})).unwrap().apply(&mut patient);
        assert_eq!(patient.full_name, FullName::parse("Mira K").ok());
        assert_eq!(patient.relationship, Relationship::Other);
        let cleared = change(json!({"full_name": null, "date_of_birth": null})).unwrap_err();
        assert_eq!(named(cleared).len(), 2);
    }

    #[test]
    fn what_the_profile_says_of_the_owner_is_changed_there() {
        let owner = crate::platform::ids::UserId::nobody();
        let mut patient = Patient::of_profile(&owner, None, Body::default(), 0);
        patient.sex = Sex::Male;
        let errors = change(json!({"full_name": "A", "sex": "female", "relationship": "other"})).unwrap();
        let expected = [("full_name", "in_profile"), ("sex", "in_profile"), ("relationship", "only_once")];
        assert_eq!(
            named(errors.for_owner(&patient).unwrap_err()),
            expected.map(|(field, code)| (field.to_owned(), code))
        );
        assert!(change(json!({"sex": "male", "weight_kg": 70})).unwrap().for_owner(&patient).is_ok());
    }
}
