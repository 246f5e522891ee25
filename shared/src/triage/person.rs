//! Who is ill, as far as triage goes by it: what is on record, what a request says of somebody who has no record, and what was
//! answered about the age. What nobody has said stays unknown.

use serde::Deserialize;
use utoipa::ToSchema;

use super::assess::Said;
use crate::accounts::Sex;
use crate::medicine::patient::{Age, days};
use crate::medicine::person;
use crate::patients::Patient;
use crate::platform::clock::Date;
use crate::platform::fields::{Field, FieldErrors, Invalid, Optional, all};
use crate::platform::wording;

/// A birthday before which things are otherwise, and how it is asked for where nobody has said how old the patient is.
#[derive(Debug, PartialEq, Eq)]
pub struct Birthday {
    /// Under which id it is answered.
    pub id: &'static str,
    /// What it is called.
    pub name: &'static str,
    /// The question.
    pub question: &'static str,
    /// Which birthday, in years.
    years: u32,
}

/// From the first on, the labels of what can be bought are written for somebody; before the second, somebody falls ill faster than
/// answers tell.
pub const BIRTHDAYS: [Birthday; 2] = [
    Birthday {
        id: "under_12",
        name: "younger than twelve years",
        question: "Is the patient younger than twelve years?",
        years: 12,
    },
    Birthday {
        id: "under_1",
        name: "younger than one year",
        question: "Is the patient younger than one year?",
        years: 1,
    },
];

/// The birthday that is answered under an id.
pub fn birthday(id: &str) -> Option<&'static Birthday> {
    BIRTHDAYS.iter().find(|birthday| birthday.id == id)
}

/// What is known of the patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    /// How old they are.
    pub age: Option<Age>,
    /// Whether they are younger than each of [`BIRTHDAYS`], as somebody has answered.
    pub(super) younger: [Option<bool>; BIRTHDAYS.len()],
    /// Their sex.
    pub sex: Sex,
    /// Whether they are pregnant.
    pub pregnant: Option<bool>,
    /// Whether they breastfeed.
    pub breastfeeding: Option<bool>,
}

impl Default for Person {
    /// Somebody of whom nothing is known.
    fn default() -> Self {
        Self { age: None, younger: [None; BIRTHDAYS.len()], sex: Sex::Unknown, pregnant: None, breastfeeding: None }
    }
}

impl Person {
    /// Of what is on record.
    pub fn of(patient: &Patient, today: Date) -> Self {
        Self {
            age: patient.age(today),
            sex: patient.sex,
            pregnant: patient.pregnant,
            breastfeeding: patient.breastfeeding,
            ..Self::default()
        }
    }

    /// The same, with what was answered about the age.
    #[must_use]
    pub fn with(self, said: &[Said]) -> Self {
        let answer = |id: &str| said.iter().find(|one| one.id == id).and_then(|one| one.present);
        Self { younger: BIRTHDAYS.map(|birthday| answer(birthday.id)), ..self }
    }

    /// Whether they are younger than this, in days; `None` where nobody knows. Who says that it is a child is believed, whatever is
    /// on record: a parent may be entered as the patient. Then the age on record is that of somebody else and says nothing any more.
    pub fn is_younger(&self, before: u32) -> Option<bool> {
        let said = |younger: bool, decides: fn(u32, u32) -> bool| {
            let mut answers = BIRTHDAYS.iter().zip(self.younger);
            answers.any(|(birthday, answer)| answer == Some(younger) && decides(days(birthday.years), before))
        };
        if said(true, |birthday, before| birthday <= before) {
            return Some(true);
        }
        let known =
            self.age.filter(|age| !self.is_of_somebody_else(*age)).and_then(|age| age.within(None, Some(before)));
        known.or_else(|| said(false, |birthday, before| birthday >= before).then_some(false))
    }

    /// Whether an age cannot be that of the child that somebody has said it is.
    fn is_of_somebody_else(&self, age: Age) -> bool {
        let mut answers = BIRTHDAYS.iter().zip(self.younger);
        answers.any(|(birthday, answer)| {
            answer == Some(true) && age.within(None, Some(days(birthday.years))) == Some(false)
        })
    }

    /// Whether they have not had this birthday, in years; `None` where nobody knows.
    pub fn is_before(&self, years: u32) -> Option<bool> {
        self.is_younger(days(years))
    }

    /// What is to be asked of the age. Whether somebody is an infant is asked of children alone.
    pub fn open(&self) -> Option<&'static Birthday> {
        let mut child = true;
        BIRTHDAYS.iter().find(|birthday| {
            let younger = self.is_before(birthday.years);
            let asked = child && younger.is_none();
            child = younger == Some(true);
            asked
        })
    }
}

/// A patient as a request describes them, of whom nothing is on record. Nothing of it is stored.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = TriagePatient)]
pub struct PersonInput {
    /// The day of birth; give this or `age`.
    #[schema(value_type = Option<String>, format = Date)]
    date_of_birth: Option<Field<String>>,
    /// In whole years.
    #[schema(value_type = Option<u32>, maximum = 130)]
    age: Option<Field<u32>>,
    /// FHIR administrative gender.
    #[schema(value_type = Option<Sex>)]
    sex: Option<Field<Sex>>,
    /// Whether they are pregnant.
    #[schema(value_type = Option<bool>)]
    pregnant: Option<Field<bool>>,
    /// Whether they breastfeed.
    #[schema(value_type = Option<bool>)]
    breastfeeding: Option<Field<bool>>,
}

impl PersonInput {
    /// What is said of the patient.
    ///
    /// # Errors
    /// Every field that is malformed or implausible; `ambiguous` where the age is said twice.
    pub fn check(self, today: Date) -> Result<Person, FieldErrors> {
        let both = self.date_of_birth.is_some() && self.age.is_some();
        let (born, age, sex, pregnant, breastfeeding) = all((
            self.date_of_birth.parse_optional("date_of_birth", |text| person::birth(&text, today)),
            self.age.parse_optional("age", person::age),
            self.sex.optional("sex"),
            self.pregnant.optional("pregnant"),
            self.breastfeeding.optional("breastfeeding"),
        ))?;
        if both {
            return Err(vec![
                Invalid::new("ambiguous", wording::field::one_or_other("date_of_birth", "age")).at("age"),
            ]);
        }
        let sex = sex.unwrap_or(Sex::Unknown);
        Ok(Person { age: born.or(age), sex, pregnant, breastfeeding, ..Person::default() })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::platform::fields;

    fn answered(answers: &[(&str, Option<bool>)]) -> Person {
        let said = answers.iter().map(|(id, present)| Said {
            id: (*id).to_owned(),
            present: *present,
            since: None,
            severity: None,
        });
        Person::default().with(&said.collect::<Vec<_>>())
    }

    fn of_years(years: u32) -> Person {
        Person { age: Age::of_years(years), ..Person::default() }
    }

    #[test]
    fn an_answer_decides_about_its_birthday_and_those_beyond() {
        let child = answered(&[("under_12", Some(true))]);
        assert_eq!([1, 9, 12, 16].map(|years| child.is_before(years)), [None, None, Some(true), Some(true)]);
        let grown = answered(&[("under_12", Some(false))]);
        assert_eq!([1, 9, 12, 16].map(|years| grown.is_before(years)), [Some(false), Some(false), Some(false), None]);
        let infant = answered(&[("under_12", Some(true)), ("under_1", Some(true))]);
        assert_eq!((infant.is_before(1), infant.is_younger(92)), (Some(true), None));
        assert_eq!(answered(&[("under_12", None)]).is_before(12), None, "unsure is not known");
    }

    #[test]
    fn who_says_that_it_is_a_child_is_believed_whatever_is_on_record() {
        let parent = Person { age: Age::of_years(40), ..answered(&[("under_12", Some(true))]) };
        assert_eq!(parent.is_before(12), Some(true));
        assert_eq!((parent.is_before(1), parent.is_younger(92)), (None, None), "it is not the child's age");
        assert_eq!(parent.open().map(|birthday| birthday.id), Some("under_1"));
        let toddler = Person { age: Age::of_years(4), ..answered(&[("under_12", Some(true))]) };
        assert_eq!((toddler.is_before(1), toddler.open()), (Some(false), None), "this one may be");
        let child = Person { age: Age::of_years(4), ..answered(&[("under_12", Some(false))]) };
        assert_eq!(child.is_before(12), Some(true), "what is on record counts for more than that it is none");
    }

    #[test]
    fn the_age_is_asked_for_where_it_decides_and_nobody_has_said_it() {
        let open = |person: Person| person.open().map(|birthday| birthday.id);
        assert_eq!(open(Person::default()), Some("under_12"));
        assert_eq!(open(answered(&[("under_12", Some(true))])), Some("under_1"));
        for known in [of_years(0), of_years(4), of_years(40), answered(&[("under_12", Some(false))])] {
            assert_eq!(open(known), None, "{known:?}");
        }
        assert_eq!(open(answered(&[("under_12", Some(true)), ("under_1", Some(false))])), None);
    }

    #[test]
    fn whole_years_of_a_baby_do_not_say_how_many_months() {
        assert_eq!((of_years(0).is_before(1), of_years(0).is_younger(92)), (Some(true), None));
        assert_eq!((of_years(1).is_before(1), of_years(1).is_younger(92)), (Some(false), Some(false)));
    }

    fn read(body: Value) -> Result<Person, Vec<(String, &'static str)>> {
        let today = Date::parse("2026-11-20").unwrap();
        let read = fields::from_json::<PersonInput>(body).and_then(|input| input.check(today));
        read.map_err(|errors| errors.into_iter().map(|error| (error.field, error.code)).collect())
    }

    #[test]
    fn a_patient_is_read_and_what_is_wrong_is_named() {
        let infant = read(json!({"date_of_birth": "2026-10-20", "sex": "female"})).unwrap();
        assert_eq!((infant.is_younger(92), infant.sex, infant.pregnant), (Some(true), Sex::Female, None));
        assert_eq!(read(json!({})), Ok(Person::default()));
        let wrong = read(json!({"age": 131, "date_of_birth": "2026-11-21", "sex": "f", "pregnant": "no"}));
        let expected = [
            ("date_of_birth", "implausible"),
            ("age", "implausible"),
            ("sex", "unknown_value"),
            ("pregnant", "wrong_type"),
        ];
        assert_eq!(wrong, Err(expected.map(|(field, code)| (field.to_owned(), code)).to_vec()));
        let twice = read(json!({"age": 4, "date_of_birth": "2022-01-01"}));
        assert_eq!(twice, Err(vec![("age".to_owned(), "ambiguous")]));
    }
}
