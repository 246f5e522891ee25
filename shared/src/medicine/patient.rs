//! What is known of the person a medicine is for. What is not known stays unknown: nothing here has a default.

use super::decimal::Decimal;
use super::formula::Sex;
use crate::platform::clock::Date;

/// How old somebody is, as far as is known: between two ages in days, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Age {
    least: u32,
    most: u32,
    years: u32,
}

/// The oldest that anybody is taken to be, in years.
pub const OLDEST: u32 = 130;

impl Age {
    /// Of somebody born on a day; `None` where that lies after today or too long ago.
    pub fn of_birth(born: Date, today: Date) -> Option<Self> {
        let days = u32::try_from(today.days_since(born)).ok()?;
        let estimate = days / 365;
        let reached = |years: u32| today.minus_months(12 * years) >= born;
        let years = (estimate.saturating_sub(1)..=estimate).rev().find(|years| reached(*years)).unwrap_or(0);
        (years <= OLDEST).then_some(Self { least: days, most: days, years })
    }

    /// Of somebody who is this many whole years old.
    pub fn of_years(years: u32) -> Option<Self> {
        (years <= OLDEST).then(|| Self { least: days(years), most: days(years + 1) - 1, years })
    }

    /// Whole years.
    pub fn years(self) -> u32 {
        self.years
    }

    /// Whether the age lies in `from..before` (days; `None` is open): `None` where only some of what it may be does.
    pub fn within(self, from: Option<u32>, before: Option<u32>) -> Option<bool> {
        let holds = |day: u32| from.is_none_or(|from| day >= from) && before.is_none_or(|before| day < before);
        match (holds(self.least), holds(self.most)) {
            (true, true) => Some(true),
            (false, false) if from.is_none_or(|from| self.most < from || self.least >= from) => Some(false),
            _ => None,
        }
    }
}

/// The first day of an age in years, in days: 365.25 a year, rounded down.
pub const fn days(years: u32) -> u32 {
    years * 36_525 / 100
}

/// How well the liver works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hepatic {
    /// As it should.
    Normal,
    /// Child-Pugh A.
    Mild,
    /// Child-Pugh B.
    Moderate,
    /// Child-Pugh C.
    Severe,
}

/// What is known of a patient.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patient {
    /// How old.
    pub age: Option<Age>,
    /// Their sex, as formulas use it.
    pub sex: Option<Sex>,
    /// In kilograms.
    pub weight: Option<Decimal>,
    /// In centimetres.
    pub height: Option<Decimal>,
    /// Creatinine in serum, in mg/dL.
    pub creatinine: Option<Decimal>,
    /// The liver.
    pub hepatic: Option<Hepatic>,
    /// Whether they are pregnant.
    pub pregnant: Option<bool>,
    /// Whether they breastfeed.
    pub breastfeeding: Option<bool>,
    /// The filtration rate as a laboratory has reported it, in mL/min/1.73 m².
    pub filtration: Option<Decimal>,
    /// All that they have, by the names of [`CONDITIONS`]; `None` where nobody has asked.
    pub conditions: Option<Vec<String>>,
    /// What they are known to have, where nobody has asked for all of it: what is not here may be there all the same.
    pub recorded_conditions: Vec<String>,
    /// What they are allergic to; `None` where nobody has asked.
    pub allergies: Option<Vec<Allergy>>,
}

impl Patient {
    /// This, and where it says nothing what was known before. Allergies are those of both.
    #[must_use]
    pub fn over(self, known: Self) -> Self {
        let allergies = match (self.allergies, known.allergies) {
            (Some(own), Some(other)) => Some(own.into_iter().chain(other).collect()),
            (own, other) => own.or(other),
        };
        Self {
            age: self.age.or(known.age),
            sex: self.sex.or(known.sex),
            weight: self.weight.or(known.weight),
            height: self.height.or(known.height),
            creatinine: self.creatinine.or(known.creatinine),
            hepatic: self.hepatic.or(known.hepatic),
            pregnant: self.pregnant.or(known.pregnant),
            breastfeeding: self.breastfeeding.or(known.breastfeeding),
            filtration: self.filtration.or(known.filtration),
            conditions: self.conditions.or(known.conditions),
            recorded_conditions: known.recorded_conditions,
            allergies,
        }
    }

    /// Whether they have a condition; `None` where nobody knows. That something is recorded says nothing of what is not.
    pub fn has(&self, condition: &str) -> Option<bool> {
        let is = |known: &String| known == condition;
        match &self.conditions {
            _ if self.recorded_conditions.iter().any(is) => Some(true),
            Some(all) => Some(all.iter().any(is)),
            None => None,
        }
    }
}

/// A recorded allergy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allergy {
    /// The substance, brand or class, as it was recorded.
    pub to: String,
    /// Whether a reaction was severe: anaphylaxis, swelling of the throat, a severe skin reaction. Not known counts as
    /// not severe, and holds all the same.
    pub severe: bool,
    /// The medicines, by their labels, for which a pharmacist has looked up what this is, where no substance answers to it.
    pub looked_up_for: Vec<String>,
}

/// The conditions that rules ask about, and what they are called.
pub const CONDITIONS: &[(&str, &str)] = &[
    ("acute-coronary-syndrome", "acute coronary syndrome"),
    ("alcohol-dependence", "alcohol dependence"),
    ("asthma", "asthma"),
    ("bleeding-disorder", "a bleeding disorder or active bleeding"),
    ("bradycardia-or-heart-block", "a slow heartbeat or heart block"),
    ("contraception", "use for contraception"),
    ("copd", "chronic obstructive pulmonary disease"),
    ("diabetes", "diabetes"),
    ("diabetic-ketoacidosis", "diabetic ketoacidosis"),
    ("epilepsy", "epilepsy or seizures"),
    ("g6pd-deficiency", "G6PD deficiency"),
    ("glaucoma-narrow-angle", "narrow-angle glaucoma"),
    ("gout", "gout"),
    ("heart-failure", "heart failure"),
    ("hepatic-impairment", "moderately or severely impaired liver function"),
    ("hyperkalaemia", "high potassium"),
    ("hypertension-uncontrolled", "uncontrolled high blood pressure"),
    ("inflammatory-bowel-disease", "inflammatory bowel disease"),
    ("integrase-inhibitor-resistance", "resistance to integrase inhibitors"),
    ("ischaemic-heart-disease", "ischaemic heart disease"),
    ("left-ventricular-dysfunction", "impaired function of the left ventricle"),
    ("long-qt", "long QT"),
    ("meningioma", "meningioma"),
    ("migraine-with-aura", "migraine with aura"),
    ("myasthenia-gravis", "myasthenia gravis"),
    ("parkinsons-disease", "Parkinson's disease"),
    ("peptic-ulcer-history", "a peptic ulcer, now or before"),
    ("phaeochromocytoma", "phaeochromocytoma"),
    ("porphyria", "acute porphyria"),
    ("renal-impairment", "moderately or severely impaired kidney function"),
    ("stroke", "a stroke, now or before"),
    ("thrombosis", "venous thrombosis, now or before"),
    ("urinary-retention", "urinary retention or an enlarged prostate"),
];

/// What a condition is called.
pub fn condition_name(id: &str) -> Option<&'static str> {
    CONDITIONS.iter().find(|(known, _)| *known == id).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn an_age_in_years_leaves_the_day_open() {
        let twelve = Age::of_years(12).unwrap();
        assert_eq!(twelve.within(Some(days(12)), None), Some(true));
        assert_eq!(twelve.within(None, Some(days(12))), Some(false));
        assert_eq!(Age::of_years(0).unwrap().within(Some(90), Some(days(12))), None, "of what month?");
        assert_eq!(Age::of_years(3).unwrap().within(Some(90), Some(days(2))), Some(false));
        assert_eq!(Age::of_years(131), None);
    }

    #[test]
    fn a_birthday_gives_whole_years() {
        for (born, today, years) in [
            ("2000-02-29", "2026-02-28", 25),
            ("2000-02-29", "2026-03-01", 26),
            ("1956-11-29", "2026-11-29", 70),
            ("1956-12-01", "2026-11-29", 69),
            ("2026-11-29", "2026-11-29", 0),
        ] {
            assert_eq!(Age::of_birth(date(born), date(today)).unwrap().years(), years, "{born}");
        }
        assert_eq!(Age::of_birth(date("2026-11-30"), date("2026-11-29")), None);
    }

    #[test]
    fn what_is_recorded_is_there_and_what_is_not_is_unknown() {
        let recorded = Patient { recorded_conditions: vec!["asthma".to_owned()], ..Patient::default() };
        assert_eq!((recorded.has("asthma"), recorded.has("gout")), (Some(true), None));
        let asked = Patient { conditions: Some(vec!["gout".to_owned()]), ..recorded };
        assert_eq!((asked.has("asthma"), asked.has("gout"), asked.has("copd")), (Some(true), Some(true), Some(false)));
        assert_eq!(Patient::default().has("asthma"), None);
    }

    #[test]
    fn what_is_told_counts_before_what_was_known() {
        let allergy = |to: &str| Some(vec![Allergy { to: to.to_owned(), severe: true, ..Allergy::default() }]);
        let known = Patient {
            weight: "70".parse().ok(),
            pregnant: Some(false),
            recorded_conditions: vec!["asthma".to_owned()],
            allergies: allergy("aspirin"),
            ..Patient::default()
        };
        let told = Patient { weight: "68".parse().ok(), allergies: allergy("codeine"), ..Patient::default() };
        let both = told.over(known);
        assert_eq!((both.weight, both.pregnant, both.has("asthma")), ("68".parse().ok(), Some(false), Some(true)));
        assert_eq!(both.allergies.map(|all| all.len()), Some(2));
    }

    #[test]
    fn an_age_beyond_all_people_is_none() {
        assert_eq!(Age::of_birth(date("1850-01-01"), date("2026-11-29")), None);
    }
}
