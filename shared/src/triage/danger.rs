//! What is an emergency and no matter for ranking: signs of danger that somebody chose, and answers that are one by themselves,
//! or together, or at this age, or in pregnancy. Sensitivity goes before specificity: who chooses a sign is believed, whatever is
//! known of the patient.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::facts::Facts;
use super::person::Person;
use super::ranking::Known;
use crate::red_flags::sign;

/// A rule: when all of these symptoms are there, it is an emergency.
struct Rule {
    symptoms: Vec<&'static str>,
    /// Younger than this, in days; `None`: at any age. Where the age is not known, [`open`] asks.
    before_days: Option<u32>,
    /// Whether it is one in pregnancy alone.
    pregnant: bool,
    /// The sign that it amounts to.
    sign: &'static str,
}

/// A line for each rule: its symptoms, the age before which it holds, `pregnant`, its sign; and which clinician has reviewed it, when. A
/// rule without these two is a draft, and fires all the same: an alarm too many does less harm than one too few.
const TABLE: &str = include_str!("data/danger.tsv");

fn rules() -> &'static [Rule] {
    static RULES: OnceLock<Vec<Rule>> = OnceLock::new();
    RULES.get_or_init(|| {
        let rule = |line: &'static str| {
            let mut columns = line.split('\t');
            let mut next = || columns.next().unwrap_or_default();
            let (symptoms, before, pregnant, sign) = (next(), next(), next(), next());
            Rule {
                symptoms: symptoms.split(',').collect(),
                before_days: before.parse().ok(),
                pregnant: pregnant == "pregnant",
                sign,
            }
        };
        TABLE.lines().map(rule).collect()
    })
}

/// The sign that hangs on the age alone: a fever in a young infant.
const YOUNG_WITH_FEVER: &str = "fever_under_3_months";
/// "Are you pregnant, or may you be?"
pub(super) const PREGNANT: &str = "e167";

pub(super) fn is_there(known: &Known, id: &str) -> bool {
    Facts::get().place(id).and_then(|place| known.get(&place)) == Some(&true)
}

/// Whether the patient is pregnant, or may be.
pub fn may_be_pregnant(known: &Known, person: &Person) -> bool {
    person.pregnant == Some(true) || is_there(known, PREGNANT)
}

/// The sign that is to be asked for before anything else, and the question: a fever is an emergency in a young infant, and nobody has
/// said whether the patient is one.
pub fn open(known: &Known, person: &Person) -> Option<(&'static str, &'static str)> {
    let question = "Is it a baby under three months of age?";
    let hangs_on_the_age = |rule: &Rule| {
        rule.sign == YOUNG_WITH_FEVER
            && rule.before_days.is_some_and(|days| person.is_younger(days).is_none())
            && rule.symptoms.iter().all(|symptom| is_there(known, symptom))
    };
    rules().iter().any(hangs_on_the_age).then_some((YOUNG_WITH_FEVER, question))
}

/// The signs of danger among what somebody said; empty where there is none.
pub fn found(known: &Known, chosen: &[String], person: &Person) -> Vec<&'static str> {
    let young = |days: Option<u32>| days.is_none_or(|days| person.is_younger(days) == Some(true));
    let pregnant = may_be_pregnant(known, person);
    let by_rules = rules().iter().filter(|rule| {
        young(rule.before_days)
            && (pregnant || !rule.pregnant)
            && rule.symptoms.iter().all(|symptom| is_there(known, symptom))
    });
    // Who asks about a baby may be entered as the patient themselves: it is the sign that is believed, and not the age on record.
    let chosen = chosen.iter().filter_map(|id| sign(id)).map(|sign| sign.id);
    let mut signs: Vec<_> = chosen.chain(by_rules.map(|rule| rule.sign)).collect();
    let mut seen = BTreeSet::new();
    signs.retain(|sign| seen.insert(*sign));
    signs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::Sex;
    use crate::medicine::patient::Age;
    use crate::platform::clock::Date;
    use crate::red_flags::signs;

    fn known(present: &[&str]) -> Known {
        present.iter().map(|id| (Facts::get().place(id).unwrap(), true)).collect()
    }

    fn of_days(days: u32) -> Option<Age> {
        let today = Date::parse("2026-11-20").unwrap();
        Age::of_birth(today.plus_days(-i64::from(days)), today)
    }

    #[test]
    fn every_sign_on_the_list_is_an_emergency_whoever_the_patient_is() {
        let ages = [None, of_days(10), of_days(2 * 366), of_days(40 * 366)];
        for sign in signs() {
            for (age, pregnant) in ages.into_iter().flat_map(|age| [None, Some(false), Some(true)].map(|it| (age, it)))
            {
                for sex in [Sex::Female, Sex::Male, Sex::Other, Sex::Unknown] {
                    let person = Person { age, sex, pregnant, ..Person::default() };
                    assert_eq!(found(&Known::new(), &[sign.id.to_owned()], &person), [sign.id], "{person:?}");
                }
            }
        }
    }

    #[test]
    fn the_table_of_rules_is_whole_and_says_of_each_whether_it_is_reviewed() {
        assert_eq!(rules().len(), TABLE.lines().count());
        for line in TABLE.lines() {
            let columns: Vec<_> = line.split('\t').collect();
            assert_eq!(columns.len(), 6, "{line}");
            assert!(columns[0].split(',').all(|id| Facts::get().place(id).is_some()), "{line}");
            assert!(columns[1].is_empty() || columns[1].parse::<u32>().is_ok(), "{line}");
            assert!(["", "pregnant"].contains(&columns[2]) && sign(columns[3]).is_some(), "{line}");
            let (by, on) = (columns[4], columns[5]);
            assert_eq!(by.is_empty(), on.is_empty(), "{line}");
            assert!(on.is_empty() || Date::parse(on).is_ok(), "{line}");
        }
    }

    #[test]
    fn every_rule_fires_and_names_a_sign_that_there_is() {
        for rule in rules() {
            assert!(sign(rule.sign).is_some(), "{}", rule.sign);
            let age = rule.before_days.and_then(|days| of_days(days - 1));
            let person = Person { age, pregnant: rule.pregnant.then_some(true), ..Person::default() };
            assert!(found(&known(&rule.symptoms), &[], &person).contains(&rule.sign), "{:?}", rule.symptoms);
            // One sign less is another matter, unless another rule takes it for one by itself.
            for left_out in rule.symptoms.iter().filter(|_| rule.symptoms.len() > 1) {
                let fewer: Vec<_> = rule.symptoms.iter().filter(|one| *one != left_out).copied().collect();
                let by_another = rules().iter().any(|other| {
                    other.sign == rule.sign
                        && other.symptoms != rule.symptoms
                        && other.symptoms.iter().all(|one| fewer.contains(one))
                });
                assert_eq!(found(&known(&fewer), &[], &person).contains(&rule.sign), by_another, "{fewer:?}");
            }
        }
    }

    #[test]
    fn fever_is_one_in_the_first_three_months_alone() {
        let at = |age| found(&known(&["e91"]), &[], &Person { age, ..Person::default() });
        assert_eq!(at(of_days(60)), ["fever_under_3_months"]);
        assert!(at(of_days(100)).is_empty() && at(None).is_empty());
        let open = |age, said: &[&str]| open(&known(said), &Person { age, ..Person::default() }).map(|(sign, _)| sign);
        assert_eq!(open(None, &["e91"]), Some("fever_under_3_months"), "so it is asked");
        assert_eq!(open(Age::of_years(0), &["e91"]), Some("fever_under_3_months"), "whole years say too little");
        assert_eq!((open(of_days(100), &["e91"]), open(None, &["e201"])), (None, None));
    }

    #[test]
    fn pregnancy_on_record_or_said_makes_more_an_emergency() {
        let pregnant = Person { age: Age::of_years(30), pregnant: Some(true), ..Person::default() };
        let not = Person { pregnant: Some(false), ..pregnant };
        for (symptom, sign) in
            [("e91", "pregnancy_fever"), ("e159", "pregnancy_fainting"), ("e151", "pregnancy_swelling")]
        {
            assert!(found(&known(&[symptom]), &[], &pregnant).contains(&sign), "{sign}");
            assert!(found(&known(&[symptom, "e167"]), &[], &Person::default()).contains(&sign), "{sign}");
            assert!(!found(&known(&[symptom]), &[], &not).contains(&sign), "{sign}");
        }
    }

    #[test]
    fn what_people_come_to_a_pharmacy_with_is_none() {
        assert!(found(&known(&["e91", "e97", "e181", "e201", "e144"]), &[], &Person::default()).is_empty());
        assert!(found(&known(&["e173", "e148", "e51"]), &["no_such_sign".to_owned()], &Person::default()).is_empty());
    }
}
