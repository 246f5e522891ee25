//! The interaction rules of the starter data: those of the thesaurus of the ANSM, and those of labels.

use std::borrow::Cow;

use super::condition::Branch;
use super::dataset::{ANSM_VERSION, rows};
use super::mechanism::Mechanism;
use super::rule::{Rule, Source};
use super::severity::Severity;

const ANSM: &str = include_str!("data/ansm_rules.tsv");
const LABELS: &str = include_str!("data/label_rules.tsv");

/// The rules of the thesaurus.
pub fn ansm() -> Vec<Rule> {
    rows::<6>(ANSM)
        .map(|[number, first, second, level, kind, numbers]| Rule {
            id: Cow::Owned(format!("rul_ansm_{number}")),
            first: Cow::Borrowed(first),
            second: Cow::Borrowed(second),
            branches: branches(level),
            mechanism: Mechanism::of(kind),
            source: Source {
                name: Cow::Borrowed("ANSM, Thésaurus des interactions médicamenteuses"),
                version: Cow::Borrowed(ANSM_VERSION),
                reference: Some(Cow::Borrowed(numbers)),
            },
            washout_first: 0,
            washout_second: 0,
        })
        .collect()
}

/// The rules of labels: a line may name several on a side, and each pair is a rule with the line's number.
pub fn labels() -> Vec<Rule> {
    let mut rules = Vec::new();
    for (line, [first, second, level, kind, citation, washout]) in rows::<6>(LABELS).enumerate() {
        let mut part = 0;
        for one in first.split(',').map(str::trim) {
            for other in second.split(',').map(str::trim) {
                part += 1;
                rules.push(Rule {
                    id: Cow::Owned(format!("rul_label_{}_{part}", line + 1)),
                    first: Cow::Borrowed(one),
                    second: Cow::Borrowed(other),
                    branches: branches(level),
                    mechanism: Mechanism::of(kind),
                    source: Source {
                        name: Cow::Borrowed(citation),
                        version: Cow::Borrowed(super::dataset::VERSION),
                        reference: None,
                    },
                    washout_first: days(washout, "a="),
                    washout_second: days(washout, "b="),
                });
            }
        }
    }
    rules
}

/// A level as a word, or levels with conditions as JSON.
fn branches(cell: &str) -> Vec<Branch> {
    match Severity::parse(cell) {
        Some(level) => vec![Branch { level, when: Vec::new() }],
        None => serde_json::from_str(cell).unwrap_or_default(),
    }
}

fn days(cell: &str, side: &str) -> u16 {
    cell.strip_prefix(side).and_then(|days| days.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::medicine::dataset::Vocabulary;

    #[test]
    fn every_rule_is_whole() {
        let all = Vocabulary::get();
        let rules: Vec<Rule> = ansm().into_iter().chain(labels()).collect();
        for rule in &rules {
            assert!(!rule.branches.is_empty(), "{}: no level", rule.id);
            for side in [&rule.first, &rule.second] {
                let id = side.split('@').next().unwrap();
                assert!(all.side(id).is_some(), "{}: {side}", rule.id);
            }
            for condition in rule.branches.iter().flat_map(|branch| &branch.when) {
                assert_eq!(condition.fault(), None, "{}: {condition:?}", rule.id);
                for id in condition.ids() {
                    assert!(all.side(id).is_some(), "{}: {id}", rule.id);
                }
            }
        }
        let mut ids: Vec<_> = rules.iter().map(|rule| rule.id.as_ref()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), rules.len(), "an id stands twice");
    }

    #[test]
    fn every_kind_of_mechanism_is_known() {
        let ansm = rows::<6>(ANSM).map(|[_, _, _, _, kind, _]| kind);
        for kind in ansm.chain(rows::<6>(LABELS).map(|[_, _, _, kind, _, _]| kind)) {
            assert!(Mechanism::is_known(kind), "{kind}");
        }
        assert_eq!(rows::<6>(ANSM).count(), 1583);
        assert!(rows::<6>(LABELS).count() >= 80);
    }

    #[test]
    fn every_rule_of_a_label_says_which() {
        for [first, _, _, _, citation, washout] in rows::<6>(LABELS) {
            assert!(citation.len() > 15, "{first}: {citation}");
            assert!(washout == "-" || days(washout, "a=") + days(washout, "b=") > 0, "{first}: {washout}");
        }
    }
}
