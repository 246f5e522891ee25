//! Which conditions fit what is known: naive Bayes over the shares of DDXPlus.
//!
//! A symptom that nobody was asked about contributes nothing. Shares are kept away from zero and one: the synthetic patients never
//! have what their condition does not list, and real people do. What comes out is an order and what speaks for and against;
//! the numbers behind it are those of synthetic patients and say nothing of how likely a condition is, so no number leaves
//! this file but to be measured.
#![allow(clippy::float_arithmetic, reason = "an order of conditions; nothing of it is counted, dosed or shown")]

use std::collections::BTreeMap;

use super::facts::{Condition, Facts};

/// The least that a share is taken for; the most is as far from one.
const LEAST: f64 = 0.01;

/// What is known: by the place of a symptom, whether it is there.
pub type Known = BTreeMap<usize, bool>;

/// A condition in its place.
#[derive(Clone, Debug)]
pub struct Ranked {
    /// Which.
    pub condition: &'static Condition,
    /// What speaks for it, the most telling first, by the place of the symptom.
    pub for_it: Vec<usize>,
    /// What speaks against it, the most telling first.
    pub against: Vec<usize>,
    /// What would tell most of it and is not known.
    pub unknown: Vec<usize>,
}

fn share(condition: &Condition, symptom: usize) -> f64 {
    let millionths = condition.shares.get(&symptom).copied().unwrap_or(0);
    (f64::from(millionths) / 1_000_000.0).clamp(LEAST, 1.0 - LEAST)
}

/// The logarithm of how well an answer fits a condition.
fn fit(condition: &Condition, symptom: usize, present: bool) -> f64 {
    let share = share(condition, symptom);
    if present { share.ln() } else { (1.0 - share).ln() }
}

fn score(condition: &Condition, known: &Known) -> f64 {
    let prior = f64::from(condition.count).ln();
    known.iter().fold(prior, |score, (symptom, present)| score + fit(condition, *symptom, *present))
}

/// The conditions with their weights, which add up to one; the heaviest first.
fn weights(known: &Known) -> Vec<(&'static Condition, f64)> {
    let mut scored: Vec<_> = Facts::get().ranked().map(|condition| (condition, score(condition, known))).collect();
    // By name where they weigh alike, so that the same answers always give the same order.
    scored.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.id.cmp(other.0.id)));
    let most = scored.first().map_or(0.0, |first| first.1);
    let sum: f64 = scored.iter().map(|(_, score)| (score - most).exp()).sum();
    scored.into_iter().map(|(condition, score)| (condition, (score - most).exp() / sum)).collect()
}

/// Of a million, how much each condition weighs, the heaviest first. To measure by, and never to be shown: it is no chance of having it.
pub(super) fn millionths(known: &Known) -> Vec<(&'static Condition, u32)> {
    let whole = |weight: f64| format!("{:.0}", weight * 1_000_000.0).parse().unwrap_or_default();
    weights(known).into_iter().map(|(condition, weight)| (condition, whole(weight))).collect()
}

/// In which place a condition comes, from zero.
pub(super) fn place(known: &Known, condition: &Condition) -> Option<usize> {
    weights(known).iter().position(|(other, _)| other.id == condition.id)
}

/// How often a symptom is there among all synthetic patients.
fn usual(symptom: usize) -> f64 {
    let (with, all) = Facts::get().ranked().fold((0.0, 0.0), |(with, all), condition| {
        let count = f64::from(condition.count);
        (with + count * share(condition, symptom), all + count)
    });
    with / all
}

/// How much an answer speaks for a condition, or, below zero, against it.
fn telling(condition: &Condition, symptom: usize, present: bool) -> f64 {
    let usual = usual(symptom);
    fit(condition, symptom, present) - if present { usual.ln() } else { (1.0 - usual).ln() }
}

/// The first `most` conditions by how well they fit, with what speaks for and against each.
pub fn rank(known: &Known, most: usize) -> Vec<Ranked> {
    // Less than this tells nothing worth saying: a factor of 1.25.
    const WORTH_SAYING: f64 = 0.22;
    let one = |condition: &'static Condition| {
        let mut told: Vec<_> =
            known.iter().map(|(symptom, present)| (*symptom, telling(condition, *symptom, *present))).collect();
        told.sort_by(|one, other| other.1.abs().total_cmp(&one.1.abs()).then(one.0.cmp(&other.0)));
        let mut open: Vec<_> =
            condition.shares.keys().copied().filter(|symptom| !known.contains_key(symptom)).collect();
        open.sort_by(|one, other| {
            telling(condition, *other, true).total_cmp(&telling(condition, *one, true)).then(one.cmp(other))
        });
        open.truncate(3);
        Ranked {
            condition,
            for_it: told.iter().filter(|(_, told)| *told > WORTH_SAYING).map(|(symptom, _)| *symptom).collect(),
            against: told.iter().filter(|(_, told)| *told < -WORTH_SAYING).map(|(symptom, _)| *symptom).collect(),
            unknown: open,
        }
    };
    weights(known).into_iter().take(most).map(|(condition, _)| one(condition)).collect()
}

fn entropy(weights: impl Iterator<Item = f64>) -> f64 {
    weights.filter(|weight| *weight > 0.0).map(|weight| -weight * weight.ln()).sum()
}

/// The symptoms that it would tell most to know, the most telling first: those by which the order is expected to become
/// clearest (information gain). `askable` leaves out what makes no sense to ask.
pub fn questions(known: &Known, most: usize, askable: impl Fn(usize) -> bool) -> Vec<usize> {
    let weights = weights(known);
    let now = entropy(weights.iter().map(|(_, weight)| *weight));
    let gain = |symptom: usize| {
        let yes: f64 = weights.iter().map(|(condition, weight)| weight * share(condition, symptom)).sum();
        let after = |present: bool, all: f64| {
            let of = |(condition, weight): &(&Condition, f64)| {
                let share = share(condition, symptom);
                let answered = if present { share } else { 1.0 - share };
                weight * answered / all
            };
            entropy(weights.iter().map(of))
        };
        now - yes * after(true, yes) - (1.0 - yes) * after(false, 1.0 - yes)
    };
    let open = (0..Facts::get().symptoms.len()).filter(|symptom| !known.contains_key(symptom) && askable(*symptom));
    let mut gains: Vec<_> = open.map(|symptom| (symptom, gain(symptom))).collect();
    gains.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
    // What would change nothing is not asked.
    gains.into_iter().filter(|(_, gain)| *gain > 0.001).take(most).map(|(symptom, _)| symptom).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn known(answers: &[(&str, bool)]) -> Known {
        answers.iter().map(|(id, present)| (Facts::get().place(id).unwrap(), *present)).collect()
    }

    fn order(answers: &[(&str, bool)]) -> Vec<&'static str> {
        rank(&known(answers), 3).iter().map(|ranked| ranked.condition.id).collect()
    }

    #[test]
    fn what_is_typical_comes_first() {
        // Whooping cough: contact, whoop, fits, vomiting after coughing.
        assert_eq!(order(&[("e40", true), ("e202", true), ("e203", true), ("e166", true)])[0], "whooping-cough");
        assert_eq!(order(&[("e173", true), ("e215", true), ("e217", true), ("e91", false)])[0], "reflux");
        assert!(order(&[("e181", true), ("e97", true), ("e91", true), ("e201", true)]).contains(&"common-cold"));
    }

    #[test]
    fn what_speaks_for_and_against_is_named() {
        let ranked = rank(&known(&[("e203", true), ("e91", true), ("e40", false)]), 49);
        let cough = ranked.iter().find(|ranked| ranked.condition.id == "whooping-cough").unwrap();
        let place = |id: &str| Facts::get().place(id).unwrap();
        assert!(cough.for_it.contains(&place("e203")), "{cough:?}");
        assert!(!cough.unknown.contains(&place("e203")) && cough.unknown.len() <= 3);
        let reflux = ranked.iter().find(|ranked| ranked.condition.id == "reflux").unwrap();
        assert!(reflux.against.contains(&place("e203")), "{reflux:?}");
    }

    #[test]
    fn a_question_is_never_asked_twice_and_not_where_it_makes_no_sense() {
        let known = known(&[("e91", true), ("e201", true)]);
        let asked = questions(&known, 208, |symptom| !Facts::get().symptoms[symptom].women_only);
        assert!(asked.len() > 10);
        assert!(
            asked.iter().all(|symptom| !known.contains_key(symptom) && !Facts::get().symptoms[*symptom].women_only)
        );
    }

    proptest! {
        /// What is answered with "unsure" is left out, so the order of answering cannot matter; and all conditions keep a
        /// place, whatever is said.
        #[test]
        fn every_condition_keeps_a_place(answers in proptest::collection::btree_map(0_usize..208, any::<bool>(), 0..40)) {
            let ranked = rank(&answers, 49);
            prop_assert_eq!(ranked.len(), 49);
            for one in &ranked {
                prop_assert!(one.for_it.iter().all(|symptom| !one.against.contains(symptom)));
            }
            let weights = weights(&answers);
            let sum: f64 = weights.iter().map(|(_, weight)| weight).sum();
            prop_assert!((sum - 1.0).abs() < 1e-9);
            prop_assert!(weights.windows(2).all(|pair| pair[0].1 >= pair[1].1));
        }

        /// The condition that a sign is most usual in never fits less for it.
        #[test]
        fn a_sign_never_lowers_the_condition_that_it_is_most_usual_in(sign in 0_usize..208) {
            let most = Facts::get().ranked().max_by_key(|one| one.shares.get(&sign).copied().unwrap_or(0)).unwrap();
            let place = |known: &Known| weights(known).iter().position(|(one, _)| one.id == most.id).unwrap();
            prop_assert!(place(&Known::from([(sign, true)])) <= place(&Known::from([(sign, false)])));
        }
    }
}
