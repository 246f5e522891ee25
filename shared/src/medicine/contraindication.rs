//! For whom a substance is not: age, pregnancy, breastfeeding, diseases, kidneys, liver.

use std::borrow::Cow;

use super::dataset::{Side, Vocabulary, rows};
use super::decimal::Decimal;
use super::formula::Sex;
use super::kidneys::{Kidneys, Metric};
use super::patient::{Hepatic, Patient, condition_name, days};
use super::severity::Severity;

const TABLE: &str = include_str!("data/contraindications.tsv");

/// Something about a patient that a medicine does not go with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Younger than so many days.
    YoungerThan(u32),
    /// At least so many days old.
    AtLeast(u32),
    /// Pregnant.
    Pregnancy,
    /// Breastfeeding.
    Breastfeeding,
    /// Has a condition.
    Condition(String),
    /// The kidneys do less than this.
    Kidneys(Metric, Decimal),
    /// The liver is at least so badly off.
    Liver(Hepatic),
}

/// A contraindication, or a caution of a lower level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contraindication {
    /// Which: `rul_contra_12_1`.
    pub id: Cow<'static, str>,
    /// The substance or class.
    pub side: Cow<'static, str>,
    /// All of these.
    pub who: Vec<Who>,
    /// How much it matters.
    pub level: Severity,
    /// Where it is from.
    pub citation: Cow<'static, str>,
}

/// How a contraindication stands to a patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It applies.
    Applies,
    /// It does not.
    DoesNot,
    /// Nobody knows; what is missing.
    Open(&'static str),
}

impl Who {
    /// Reads one: `age<12y`, `pregnancy`, `egfr<30`, `hepatic>=severe`, or a condition.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(age) = text.strip_prefix("age<") {
            return age_days(age).map(Self::YoungerThan);
        }
        if let Some(age) = text.strip_prefix("age>=") {
            return age_days(age).map(Self::AtLeast);
        }
        if let Some(level) = text.strip_prefix("hepatic>=") {
            return match level {
                "mild" => Some(Self::Liver(Hepatic::Mild)),
                "moderate" => Some(Self::Liver(Hepatic::Moderate)),
                "severe" => Some(Self::Liver(Hepatic::Severe)),
                _ => None,
            };
        }
        if let Some((metric, limit)) = text.split_once('<') {
            return Some(Self::Kidneys(Metric::parse(metric)?, super::decimal::parse(limit).ok()?));
        }
        match text {
            "pregnancy" => Some(Self::Pregnancy),
            "breastfeeding" => Some(Self::Breastfeeding),
            _ => condition_name(text).map(|_| Self::Condition(text.to_owned())),
        }
    }

    /// As it is written and read: `age<12y`.
    pub fn code(&self) -> String {
        match self {
            Self::YoungerThan(days) => format!("age<{}", age_code(*days)),
            Self::AtLeast(days) => format!("age>={}", age_code(*days)),
            Self::Pregnancy => "pregnancy".to_owned(),
            Self::Breastfeeding => "breastfeeding".to_owned(),
            Self::Condition(id) => id.clone(),
            Self::Kidneys(Metric::Clearance, limit) => format!("crcl<{limit}"),
            Self::Kidneys(Metric::Filtration, limit) => format!("egfr<{limit}"),
            Self::Liver(Hepatic::Severe) => "hepatic>=severe".to_owned(),
            Self::Liver(Hepatic::Moderate) => "hepatic>=moderate".to_owned(),
            Self::Liver(_) => "hepatic>=mild".to_owned(),
        }
    }

    /// In words.
    pub fn words(&self) -> String {
        match self {
            Self::YoungerThan(days) => format!("younger than {}", age_words(*days)),
            Self::AtLeast(days) => format!("{} or older", age_words(*days)),
            Self::Pregnancy => "pregnancy".to_owned(),
            Self::Breastfeeding => "breastfeeding".to_owned(),
            Self::Condition(id) => condition_name(id).unwrap_or(id).to_owned(),
            Self::Kidneys(metric, limit) => format!("{} below {limit}", metric.name()),
            Self::Liver(Hepatic::Severe) => "severely impaired liver function".to_owned(),
            Self::Liver(_) => "impaired liver function".to_owned(),
        }
    }

    /// How it stands to a patient.
    pub fn judge(&self, patient: &Patient, kidneys: &Kidneys) -> Standing {
        let known = |holds: Option<bool>, missing| match holds {
            Some(true) => Standing::Applies,
            Some(false) => Standing::DoesNot,
            None => Standing::Open(missing),
        };
        match self {
            Self::YoungerThan(limit) => known(patient.age.and_then(|age| age.within(None, Some(*limit))), "age"),
            Self::AtLeast(limit) => known(patient.age.and_then(|age| age.within(Some(*limit), None)), "age"),
            Self::Pregnancy => known(patient.pregnant, "pregnancy"),
            Self::Breastfeeding => known(patient.breastfeeding, "breastfeeding"),
            Self::Condition(id) => known(patient.has(id), "conditions"),
            Self::Kidneys(metric, limit) => {
                let rate = kidneys.rate(*metric).map(|rate| rate < *limit);
                // A recorded impairment counts where nobody has measured.
                let recorded = patient.has("renal-impairment").filter(|impaired| *impaired);
                known(rate.or(recorded), "creatinine")
            }
            Self::Liver(least) => {
                let recorded = patient.has("hepatic-impairment").filter(|impaired| *impaired);
                let graded = patient.hepatic.map(|grade| grade >= *least);
                known(graded.or(recorded), "hepatic")
            }
        }
    }
}

/// `12y`, `6mo`, `4wk` or `28d` in days.
pub fn age_days(text: &str) -> Option<u32> {
    let split = text.find(|letter: char| !letter.is_ascii_digit())?;
    let (number, unit) = text.split_at(split);
    let number: u32 = number.parse().ok().filter(|number| *number <= 2000)?;
    match unit {
        "y" => Some(days(number)),
        "mo" => Some(number * 36_525 / 1200),
        "wk" => Some(number * 7),
        "d" => Some(number),
        _ => None,
    }
}

/// An age in days as it is written: `12y`, `6mo`, `28d`.
pub fn age_code(age: u32) -> String {
    (1..=130)
        .find(|years| days(*years) == age)
        .map(|years| format!("{years}y"))
        .or_else(|| (1..24).find(|months| months * 36_525 / 1200 == age).map(|months| format!("{months}mo")))
        .unwrap_or_else(|| format!("{age}d"))
}

/// An age in days as people say it.
pub fn age_words(age: u32) -> String {
    (1..=130)
        .find(|years| days(*years) == age)
        .map(|years| format!("{years} years"))
        .or_else(|| (1..24).find(|months| months * 36_525 / 1200 == age).map(|months| format!("{months} months")))
        .unwrap_or_else(|| format!("{age} days"))
}

/// The contraindications of the starter data: a line may name several substances and conditions joined by `&`.
pub fn starter() -> Vec<Contraindication> {
    let mut all = Vec::new();
    for (line, [sides, who, level, citation]) in rows::<4>(TABLE).enumerate() {
        let Some(level) = Severity::parse(level) else { continue };
        let Some(who) = who.split('&').map(Who::parse).collect::<Option<Vec<_>>>() else { continue };
        for (part, side) in sides.split(',').enumerate() {
            all.push(Contraindication {
                id: Cow::Owned(format!("rul_contra_{}_{}", line + 1, part + 1)),
                side: Cow::Borrowed(side.trim()),
                who: who.clone(),
                level,
                citation: Cow::Borrowed(citation),
            });
        }
    }
    all
}

/// A contraindication of a substance that applies to a patient, or may.
#[derive(Clone, Debug)]
pub struct Finding<'c> {
    /// Which.
    pub contraindication: &'c Contraindication,
    /// What is not known of the patient, where it only may.
    pub open: Vec<&'static str>,
}

impl Finding<'_> {
    /// Whether nothing but the age or a pregnancy is missing, which everybody can be asked for: what is open for that reason is
    /// said. Pregnancy is asked of women who are, or may be, between 12 and 55.
    pub fn is_to_be_asked(&self, patient: &Patient) -> bool {
        let asked = |missing: &str| match missing {
            "age" => true,
            "pregnancy" => may_be_pregnant(patient),
            _ => false,
        };
        !self.open.is_empty() && self.open.iter().all(|missing| asked(missing))
    }

    /// Whether a pregnancy is what is missing.
    pub fn asks_for_pregnancy(&self) -> bool {
        self.open.contains(&"pregnancy")
    }
}

fn may_be_pregnant(patient: &Patient) -> bool {
    let outside = patient.age.and_then(|age| age.within(Some(days(12)), Some(days(56)))) == Some(false);
    patient.sex == Some(Sex::Female) && !outside
}

/// The contraindications of a substance for a patient: those that apply, and those that may, since something is not known.
/// What is used on the skin, in the eye, … has those alone that a reviewed list lets it have.
pub fn check<'c>(
    all: &'c [Contraindication],
    substance: Side,
    routes: &[super::route::Route],
    patient: &Patient,
    kidneys: &Kidneys,
) -> Vec<Finding<'c>> {
    let vocabulary = Vocabulary::get();
    let local = !routes.is_empty() && routes.iter().all(|route| !route.systemic());
    let concerns = |side: &str| {
        vocabulary.side(side).is_some_and(|side| {
            let is = side == substance || vocabulary.classes_of(substance).iter().any(|(class, _)| *class == side);
            is && (!local || routes.iter().any(|route| vocabulary.counts_locally(side, *route)))
        })
    };
    let found = all.iter().filter(|one| concerns(&one.side)).filter_map(|contraindication| {
        let mut open = Vec::new();
        for who in &contraindication.who {
            match who.judge(patient, kidneys) {
                Standing::Applies => {}
                Standing::DoesNot => return None,
                Standing::Open(missing) => open.push(missing),
            }
        }
        Some(Finding { contraindication, open })
    });
    let mut found: Vec<Finding<'c>> = found.collect();
    found.sort_by_key(|finding| (finding.open.len(), std::cmp::Reverse(finding.contraindication.level)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::medicine::patient::Age;
    use crate::medicine::route::Route;

    fn levels(substance: &str, routes: &[Route], patient: &Patient) -> Vec<(String, Severity, bool)> {
        let all = starter();
        let side = Vocabulary::get().side(substance).unwrap();
        check(&all, side, routes, patient, &Kidneys::of(patient))
            .iter()
            .map(|found| (found.contraindication.who[0].words(), found.contraindication.level, found.open.is_empty()))
            .collect()
    }

    fn known() -> Patient {
        Patient {
            age: Age::of_years(30),
            pregnant: Some(false),
            breastfeeding: Some(false),
            conditions: Some(Vec::new()),
            creatinine: "0.9".parse().ok(),
            sex: Some(Sex::Female),
            weight: "60".parse().ok(),
            hepatic: Some(Hepatic::Normal),
            ..Patient::default()
        }
    }

    #[test]
    fn every_line_is_read() {
        let lines = rows::<4>(TABLE);
        for (line, [sides, who, level, citation]) in lines.enumerate() {
            assert!(Severity::parse(level).is_some() && citation.len() > 10, "line {line}");
            assert!(who.split('&').all(|one| Who::parse(one).is_some()), "line {line}: {who}");
            assert!(sides.split(',').all(|side| Vocabulary::get().side(side.trim()).is_some()), "line {line}: {sides}");
        }
        assert_eq!(TABLE.lines().filter(|line| !line.starts_with('#')).count(), rows::<4>(TABLE).count());
    }

    #[test]
    fn nothing_stands_against_a_healthy_adult() {
        for substance in ["isotretinoin", "lisinopril", "codeine", "ibuprofen", "metformin", "warfarin"] {
            assert_eq!(levels(substance, &[Route::Oral], &known()), [], "{substance}");
        }
    }

    #[test]
    fn what_is_known_applies_and_what_is_not_is_open() {
        let pregnant = Patient { pregnant: Some(true), ..known() };
        let found = levels("isotretinoin", &[Route::Oral], &pregnant);
        assert_eq!(found, [("pregnancy".to_owned(), Severity::Contraindicated, true)]);
        let asked_nothing = levels("isotretinoin", &[Route::Oral], &Patient::default());
        assert!(asked_nothing.iter().all(|(_, _, certain)| !certain) && asked_nothing.len() == 2);
        let child = Patient { age: Age::of_years(9), ..known() };
        assert_eq!(levels("codeine", &[Route::Oral], &child)[0].1, Severity::Contraindicated);
        assert_eq!(levels("aspirin", &[Route::Oral], &child)[0].0, "younger than 16 years");
    }

    #[test]
    fn kidneys_are_measured_or_recorded() {
        let weak = Patient { creatinine: "3.0".parse().ok(), ..known() };
        assert_eq!(levels("metformin", &[Route::Oral], &weak)[0].0, "eGFR below 30");
        let recorded = Patient { creatinine: None, conditions: Some(vec!["renal-impairment".to_owned()]), ..known() };
        assert!(levels("metformin", &[Route::Oral], &recorded)[0].2);
        let reported = Patient { creatinine: None, filtration: "25".parse().ok(), ..known() };
        assert_eq!(levels("metformin", &[Route::Oral], &reported)[0].0, "eGFR below 30");
    }

    #[test]
    fn of_what_is_recorded_alone_the_rest_stays_open() {
        let recorded = Patient { conditions: None, recorded_conditions: vec!["asthma".to_owned()], ..known() };
        let found = levels("propranolol", &[Route::Oral], &recorded);
        assert_eq!((found[0].0.as_str(), found[0].2), ("asthma", true));
        assert!(found[1..].iter().all(|(_, _, certain)| !certain) && found.len() > 1, "{found:?}");
    }

    #[test]
    fn a_cream_has_no_contraindication_of_the_tablet() {
        let pregnant = Patient { pregnant: Some(true), ..known() };
        assert_eq!(levels("diclofenac", &[Route::Topical], &pregnant), []);
        let asthma = Patient { conditions: Some(vec!["asthma".to_owned()]), ..known() };
        assert_eq!(levels("timolol", &[Route::Ophthalmic], &asthma)[0].1, Severity::Contraindicated);
    }

    #[test]
    fn ages_are_read_and_said() {
        for (text, words) in [("12y", "12 years"), ("6mo", "6 months"), ("28d", "28 days")] {
            assert_eq!(age_words(age_days(text).unwrap()), words);
        }
        for wrong in ["", "y", "12", "12 y", "-3y", "3000d"] {
            assert_eq!(age_days(wrong), None, "{wrong}");
        }
    }
}
