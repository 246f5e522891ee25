//! How soon somebody should be seen, and what they can buy until then.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::assess::OptionView;
use super::danger::{PREGNANT, may_be_pregnant};
use super::facts::{Facts, Urgency};
use super::person::Person;
use super::ranking::{self, Known, Ranked};
use crate::accounts::Sex;

/// How many of the conditions decide.
const BEST: usize = 3;
/// With fewer answers than these next to nothing is known.
const ENOUGH: usize = 3;
/// Before this birthday somebody falls ill faster than answers tell.
const INFANT_BEFORE: u32 = 1;
/// From this birthday on the labels of what can be bought are written for somebody.
const GROWN: u32 = 12;
/// From this birthday on nobody is asked whether they are pregnant.
const PAST_CHILDBEARING: u32 = 56;

/// What somebody has or takes that the labels of usual painkillers and cold medicines warn of: painkillers, corticosteroids, high blood
/// pressure, heart attack, heart failure, stroke, kidney failure, asthma, blood thinners. With others of that sort (dialysis, cirrhosis)
/// a doctor is to be asked anyway.
const WARNED_OF: [&str; 9] = ["e10", "e44", "e104", "e105", "e106", "e107", "e113", "e124", "e146"];

/// Said where something can be bought and is not named.
const ASK_A_PHARMACIST: &str = "Ask a pharmacist before you take anything: age, pregnancy, breastfeeding, an illness or another \
     medicine decides what is safe for this patient, or nobody has said how old they are or whether they are pregnant.";

/// Why nothing is named that can be bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = OptionsWithheldFor)]
pub enum Reason {
    /// Nobody has said how old the patient is: the first question asks for it.
    AgeUnknown,
    /// They are younger than twelve years.
    UnderTwelve,
    /// They are pregnant, or may be.
    Pregnancy,
    /// They may be pregnant, and nobody has said whether they are: the question for it comes after that for the age.
    PregnancyUnknown,
    /// They breastfeed.
    Breastfeeding,
    /// They have or take what the labels warn of.
    IllnessOrMedicine,
}

/// What helps, and why nothing is named where something is withheld.
#[derive(Debug, Default)]
pub struct Help {
    /// What helps.
    pub options: Vec<OptionView>,
    /// Why nothing is named; empty where nothing is withheld.
    pub withheld_for: Vec<Reason>,
}

impl Help {
    /// The same in a sentence.
    pub fn withheld(&self) -> Option<&'static str> {
        (!self.withheld_for.is_empty()).then_some(ASK_A_PHARMACIST)
    }
}

/// How soon somebody should be seen: as soon as any of the three that fit best asks for, or any single thing that is there; and by a
/// doctor as long as next to nothing is known, in pregnancy, and before the first birthday.
pub fn urgency(known: &Known, person: &Person) -> Urgency {
    let best = ranking::rank(known, BEST);
    let fitting = best.iter().map(|ranked| ranked.condition.urgency);
    let there = known.iter().filter(|(_, present)| **present);
    let said = there.filter_map(|(place, _)| Facts::get().symptoms.get(*place)?.least);
    let most = fitting.chain(said).max().unwrap_or(Urgency::DoctorSoon);
    let careful =
        known.len() < ENOUGH || may_be_pregnant(known, person) || person.is_before(INFANT_BEFORE).unwrap_or_default();
    if careful { most.max(Urgency::DoctorSoon) } else { most }
}

/// Whether somebody may be pregnant of whom nobody has said it. Before it is known that they are no child, that is asked for first.
pub fn is_pregnancy_open(known: &Known, person: &Person) -> bool {
    let is_said = || Facts::get().place(PREGNANT).is_some_and(|place| known.contains_key(&place));
    person.sex != Sex::Male
        && person.pregnant.is_none()
        && person.is_before(GROWN) == Some(false)
        && person.is_before(PAST_CHILDBEARING) != Some(false)
        && !is_said()
}

/// Why somebody should not choose for themselves. Whose age nobody knows may be a child.
fn reasons_to_ask(known: &Known, person: &Person) -> Vec<Reason> {
    let warned = |id: &&str| Facts::get().place(id).and_then(|place| known.get(&place)) == Some(&true);
    let young = person.is_before(GROWN);
    let reasons = [
        (Reason::AgeUnknown, young.is_none()),
        (Reason::UnderTwelve, young == Some(true)),
        (Reason::Pregnancy, may_be_pregnant(known, person)),
        (Reason::PregnancyUnknown, is_pregnancy_open(known, person)),
        (Reason::Breastfeeding, person.breastfeeding == Some(true)),
        (Reason::IllnessOrMedicine, WARNED_OF.iter().any(warned)),
    ];
    reasons.into_iter().filter_map(|(reason, holds)| holds.then_some(reason)).collect()
}

/// What helps against what fits best: what can be bought, where it can be looked after at home or by a pharmacist and nothing known of
/// the patient speaks against choosing alone; to clinicians all of it.
pub fn help(ranked: &[Ranked], known: &Known, person: &Person, clinician: bool) -> Help {
    if !clinician && urgency(known, person) > Urgency::Pharmacy {
        return Help::default();
    }
    let mut options = Vec::new();
    for ranked in ranked.iter().take(BEST) {
        let guide = &ranked.condition.guide;
        options.extend(guide.otc.iter().map(|choice| OptionView::of(choice, false)));
        options.extend(guide.rx.iter().filter(|_| clinician).map(|choice| OptionView::of(choice, true)));
    }
    let mut seen = BTreeSet::new();
    options.retain(|option| seen.insert((option.ingredient, option.purpose)));
    if clinician || options.is_empty() {
        return Help { options, withheld_for: Vec::new() };
    }
    let withheld_for = reasons_to_ask(known, person);
    if !withheld_for.is_empty() {
        options.clear();
    }
    Help { options, withheld_for }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::medicine::patient::Age;

    const COLD: [&str; 3] = ["e91", "e201", "e181"];

    fn known(present: &[&str]) -> Known {
        present.iter().map(|id| (Facts::get().place(id).unwrap(), true)).collect()
    }

    fn of_years(years: u32) -> Person {
        Person { age: Age::of_years(years), pregnant: Some(false), ..Person::default() }
    }

    fn offered(present: &[&str], person: Person, clinician: bool) -> Help {
        let known = known(present);
        help(&ranking::rank(&known, 5), &known, &person, clinician)
    }

    #[test]
    fn next_to_nothing_known_is_no_reason_to_stay_at_home() {
        assert!(urgency(&known(&["e181"]), &of_years(30)) >= Urgency::DoctorSoon);
        assert_eq!(urgency(&known(&["e42", "e151", "e129"]), &of_years(30)), Urgency::DoctorToday);
    }

    #[test]
    fn a_cold_explains_away_nothing_that_is_alarming() {
        assert_eq!(urgency(&known(&COLD), &of_years(30)), Urgency::Pharmacy);
        let with = |id: &str| urgency(&known(&[&COLD[..], &[id]].concat()), &of_years(30));
        for id in ["e52", "e66", "e75", "e82", "e83", "e84", "e140", "e164", "e176", "e179", "e188", "e190", "e205"] {
            assert_eq!(with(id), Urgency::DoctorToday, "{id}");
        }
        for id in ["e8", "e64", "e110", "e154", "e162", "e167", "e178", "e211", "e227"] {
            assert!(with(id) >= Urgency::DoctorSoon, "{id}");
        }
        for symptom in Facts::get().symptoms.iter().filter(|symptom| symptom.least.is_some()) {
            assert!(with(symptom.id) >= symptom.least.unwrap(), "{}", symptom.id);
            assert!(offered(&[&COLD[..], &[symptom.id]].concat(), of_years(30), false).options.is_empty());
        }
    }

    #[test]
    fn infants_and_who_is_pregnant_are_seen_by_a_doctor() {
        let pregnant = Person { pregnant: Some(true), ..of_years(30) };
        for person in [of_years(0), pregnant] {
            assert_eq!(urgency(&known(&["e201", "e181", "e97"]), &person), Urgency::DoctorSoon, "{person:?}");
        }
        assert_eq!(urgency(&known(&["e201", "e181", "e97"]), &of_years(2)), Urgency::Pharmacy);
    }

    #[test]
    fn who_should_not_choose_alone_is_sent_to_a_pharmacist() {
        let grown = offered(&COLD, of_years(30), false);
        assert!(!grown.options.is_empty() && grown.withheld_for.is_empty() && grown.withheld().is_none());
        assert!(grown.options.iter().all(|option| !option.prescription));
        let breastfeeding = Person { breastfeeding: Some(true), ..of_years(30) };
        for (person, reason) in [
            (of_years(2), Reason::UnderTwelve),
            (of_years(11), Reason::UnderTwelve),
            (breastfeeding, Reason::Breastfeeding),
            (Person::default(), Reason::AgeUnknown),
        ] {
            let help = offered(&COLD, person, false);
            assert_eq!((help.options.len(), help.withheld_for.as_slice()), (0, &[reason][..]), "{person:?}");
            assert!(help.withheld().is_some(), "{person:?}");
            let told = offered(&COLD, person, true);
            assert!(!told.options.is_empty() && told.withheld_for.is_empty(), "a clinician sees them: {person:?}");
        }
        let unsaid = |sex: Sex, years: u32| Person { sex, pregnant: None, ..of_years(years) };
        for (person, told) in [
            (unsaid(Sex::Male, 30), true),
            (unsaid(Sex::Female, 56), true),
            (unsaid(Sex::Female, 55), false),
            (unsaid(Sex::Female, 12), false),
            (unsaid(Sex::Other, 30), false),
            (unsaid(Sex::Unknown, 30), false),
        ] {
            let help = offered(&COLD, person, false);
            let withheld: &[Reason] = if told { &[] } else { &[Reason::PregnancyUnknown] };
            assert_eq!((help.options.is_empty(), help.withheld_for.as_slice()), (!told, withheld), "{person:?}");
        }
        let mut denied = known(&COLD);
        denied.insert(Facts::get().place(PREGNANT).unwrap(), false);
        assert!(!is_pregnancy_open(&denied, &unsaid(Sex::Female, 30)));
        for id in WARNED_OF {
            let help = offered(&[&COLD[..], &[id]].concat(), of_years(30), false);
            assert!(help.options.is_empty(), "{id}");
        }
        let several = reasons_to_ask(&known(&["e104", "e167"]), &Person::default());
        assert_eq!(several, [Reason::AgeUnknown, Reason::Pregnancy, Reason::IllnessOrMedicine], "each is named");
        assert!(offered(&COLD, Person { pregnant: Some(true), ..of_years(30) }, false).options.is_empty());
    }
}
