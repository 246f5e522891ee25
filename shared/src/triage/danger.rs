//! What is an emergency and no matter for ranking: signs of danger that somebody chose, and answers that are one by themselves,
//! or together, or at this age, or in pregnancy. Sensitivity goes before specificity.

use super::facts::Facts;
use super::ranking::Known;
use crate::red_flags::{About, sign};

/// What is known of the patient that decides about it. What is not known counts as if it were so.
#[derive(Clone, Copy, Debug, Default)]
pub struct Person {
    /// How old, in days.
    pub age_days: Option<i64>,
    /// Whether they are pregnant.
    pub pregnant: Option<bool>,
}

/// A rule: when all of these symptoms are there, it is an emergency.
struct Rule {
    symptoms: &'static [&'static str],
    /// Younger than this, in days; `None`: at any age.
    before_days: Option<i64>,
    /// What is answered, in English; the sign that it amounts to.
    sign: &'static str,
}

const fn rule(symptoms: &'static [&'static str], sign: &'static str) -> Rule {
    Rule { symptoms, before_days: None, sign }
}

const RULES: &[Rule] = &[
    rule(&["e14"], "chest_pressure"),
    rule(&["e38", "e66"], "chest_pressure"),
    rule(&["e45"], "blood_coughed_or_vomited"),
    rule(&["e210"], "blood_coughed_or_vomited"),
    rule(&["e140", "e82"], "black_stools_faint"),
    rule(&["e179", "e82"], "black_stools_faint"),
    rule(&["e43"], "convulsions"),
    rule(&["e156"], "face_droops"),
    rule(&["e63"], "speech_lost"),
    rule(&["e39"], "new_confusion"),
    rule(&["e194"], "stridor_when_calm"),
    rule(&["e128"], "cannot_finish_sentence"),
    rule(&["e42", "e66"], "throat_or_tongue_swells"),
    rule(&["e42", "e151"], "throat_or_tongue_swells"),
    rule(&["e42", "e159"], "throat_or_tongue_swells"),
    rule(&["e159", "e155"], "faint_on_effort"),
    rule(&["e159", "e218"], "faint_on_effort"),
    rule(&["e159", "e66"], "faint_on_effort"),
    rule(&["e73", "e91"], "sepsis_signs"),
    rule(&["e91", "e227"], "fever_without_defence"),
    rule(&["e91", "e34"], "fever_without_defence"),
    rule(&["e190", "e65", "e91"], "stridor_when_calm"),
    rule(&["e84", "e157", "e66"], "one_side_weak"),
    Rule { symptoms: &["e91"], before_days: Some(92), sign: "fever_under_3_months" },
];

/// The signs of danger among what somebody said; empty where there is none.
pub fn found(known: &Known, chosen: &[String], person: Person) -> Vec<&'static str> {
    let there = |id: &&str| Facts::get().place(id).and_then(|place| known.get(&place)) == Some(&true);
    let young = |days: Option<i64>| days.is_none_or(|days| person.age_days.is_some_and(|age| age < days));
    let by_rules = RULES.iter().filter(|rule| young(rule.before_days) && rule.symptoms.iter().all(there));
    // Who says they are not pregnant, and then chooses such a sign, is believed in the sign.
    let chosen = chosen.iter().filter_map(|id| sign(id)).filter(|sign| match sign.about {
        About::Infant => person.age_days.is_none_or(|age| age < 366),
        About::Child | About::Pregnant | About::Anybody => true,
    });
    let mut signs: Vec<_> = chosen.map(|sign| sign.id).chain(by_rules.map(|rule| rule.sign)).collect();
    let mut seen = std::collections::BTreeSet::new();
    signs.retain(|sign| seen.insert(*sign));
    signs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::red_flags::signs;

    fn known(present: &[&str]) -> Known {
        present.iter().map(|id| (Facts::get().place(id).unwrap(), true)).collect()
    }

    #[test]
    fn every_sign_on_the_list_is_an_emergency() {
        for sign in signs() {
            assert_eq!(found(&Known::new(), &[sign.id.to_owned()], Person::default()), [sign.id]);
        }
    }

    #[test]
    fn every_rule_fires_and_names_a_sign_that_there_is() {
        for rule in RULES {
            assert!(sign(rule.sign).is_some(), "{}", rule.sign);
            let person = Person { age_days: rule.before_days.map(|days| days - 1), pregnant: None };
            assert!(found(&known(rule.symptoms), &[], person).contains(&rule.sign), "{:?}", rule.symptoms);
            // One sign less is another matter, unless another rule takes it for one by itself.
            for left_out in rule.symptoms.iter().filter(|_| rule.symptoms.len() > 1) {
                let fewer: Vec<_> = rule.symptoms.iter().filter(|one| *one != left_out).copied().collect();
                let by_another = RULES.iter().any(|other| {
                    other.sign == rule.sign
                        && other.symptoms != rule.symptoms
                        && other.symptoms.iter().all(|one| fewer.contains(one))
                });
                assert_eq!(found(&known(&fewer), &[], person).contains(&rule.sign), by_another, "{fewer:?}");
            }
        }
    }

    #[test]
    fn fever_is_one_in_the_first_three_months_alone() {
        let at = |age_days| found(&known(&["e91"]), &[], Person { age_days, pregnant: None });
        assert_eq!(at(Some(60)), ["fever_under_3_months"]);
        assert!(at(Some(100)).is_empty() && at(None).is_empty());
    }

    #[test]
    fn what_people_come_to_a_pharmacy_with_is_none() {
        assert!(found(&known(&["e91", "e97", "e181", "e201", "e144"]), &[], Person::default()).is_empty());
        assert!(found(&known(&["e173", "e148", "e51"]), &["no_such_sign".to_owned()], Person::default()).is_empty());
    }
}
