//! The check of several medicines against each other.
//!
//! Every two medicines are looked at once, by substance and by class. Of several rules about the same two substances the
//! most severe that applies is told. The ingredients of one product are no pair, and a substance is no pair with itself:
//! that is a duplicate.

use std::collections::BTreeMap;

use super::condition::{Dose, Member};
use super::dataset::{Side, SmallMap, Vocabulary};
use super::patient::Patient;
use super::route::Route;
use super::rule::{Applied, Rule};

/// A medicine to be checked: a product, a brand or a substance alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// What the caller calls it: an id of a product, or a name.
    pub label: String,
    /// Its substances.
    pub parts: Vec<Part>,
    /// How many days ago its use ended; `None` for what is in use or about to be.
    pub ended_days_ago: Option<u32>,
}

/// A substance of a medicine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Which.
    pub substance: Side,
    /// By which routes; empty where that is not known.
    pub routes: Vec<Route>,
    /// How much.
    pub dose: Dose,
}

/// A rule that applies to two medicines.
#[derive(Clone, Debug)]
pub struct Alert<'r> {
    /// The two medicines, by their place in what was checked.
    pub items: (usize, usize),
    /// Their substances, the one on the rule's first side first.
    pub substances: (Side, Side),
    /// The sides of the rule that they matched.
    pub sides: (Side, Side),
    /// The rule that decides.
    pub rule: &'r Rule,
    /// What it says here.
    pub applied: Applied,
    /// Other rules about the same two that apply and are no more severe.
    pub others: Vec<&'r Rule>,
}

/// A substance that is in two medicines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The substance.
    pub substance: Side,
    /// The two medicines, by their place in what was checked.
    pub items: (usize, usize),
}

/// What a check found.
#[derive(Clone, Debug, Default)]
pub struct Findings<'r> {
    /// The interactions, the most severe first.
    pub alerts: Vec<Alert<'r>>,
    /// The same substance twice.
    pub duplicates: Vec<Duplicate>,
    /// Substances that no rule at all is about: known, but not covered.
    pub not_covered: Vec<Side>,
}

/// Rules, found by the two sides they are about.
#[derive(Debug)]
pub struct Index {
    rules: Vec<Rule>,
    by_sides: SmallMap<Vec<u32>>,
    /// Sides for one route only: what, by which route, under which number.
    routed: Vec<(Side, Route, Side)>,
    covered: Vec<bool>,
    any: Side,
}

struct Seen<'p> {
    part: &'p Part,
    sides: Vec<(Side, bool)>,
}

struct Judged<'p>(&'p Part, &'static Vocabulary);

impl Member for Judged<'_> {
    fn is(&self, id: &str) -> bool {
        let Some(side) = self.1.side(id) else { return false };
        side == self.0.substance || self.1.classes_of(self.0.substance).iter().any(|(class, _)| *class == side)
    }

    fn routes(&self) -> &[Route] {
        &self.0.routes
    }

    fn dose(&self) -> &Dose {
        &self.0.dose
    }
}

fn key(one: Side, other: Side) -> u32 {
    (u32::from(one.min(other)) << 16) | u32::from(one.max(other))
}

impl Index {
    /// Of these rules; one whose sides are not known is left out and said.
    pub fn new(rules: Vec<Rule>) -> (Self, Vec<String>) {
        let vocabulary = Vocabulary::get();
        let mut index = Self {
            rules: Vec::with_capacity(rules.len()),
            by_sides: SmallMap::default(),
            routed: Vec::new(),
            covered: vec![false; vocabulary.len()],
            any: vocabulary.side("any").unwrap_or(Side::MAX),
        };
        let mut unknown = Vec::new();
        for rule in rules {
            let sides = (index.number(vocabulary, &rule.first), index.number(vocabulary, &rule.second));
            let (Some(first), Some(second)) = sides else {
                unknown.push(rule.id.into_owned());
                continue;
            };
            let place = u32::try_from(index.rules.len()).unwrap_or(u32::MAX);
            index.by_sides.entry(key(first, second)).or_default().push(place);
            index.rules.push(rule);
        }
        index.cover(vocabulary);
        (index, unknown)
    }

    fn number(&mut self, vocabulary: &Vocabulary, side: &str) -> Option<Side> {
        let Some((what, route)) = side.split_once('@') else { return vocabulary.side(side) };
        let (what, route) = (vocabulary.side(what)?, Route::parse(route)?);
        let known = self.routed.iter().find(|(side, by, _)| *side == what && *by == route);
        Some(known.map(|(_, _, number)| *number).unwrap_or_else(|| {
            let number = Side::try_from(vocabulary.len() + self.routed.len()).unwrap_or(Side::MAX);
            self.routed.push((what, route, number));
            number
        }))
    }

    /// Marks the substances that some rule is about, by themselves or by a class of theirs.
    fn cover(&mut self, vocabulary: &Vocabulary) {
        let plain = |side: &str| vocabulary.side(side.split('@').next().unwrap_or(side));
        let named: Vec<Side> =
            self.rules.iter().flat_map(|rule| [plain(&rule.first), plain(&rule.second)]).flatten().collect();
        for side in named {
            let members = vocabulary.class(side).map(|class| class.members.as_slice()).unwrap_or_default();
            for covered in members.iter().map(|(member, _)| *member).chain([side]) {
                if let Some(mark) = self.covered.get_mut(usize::from(covered)) {
                    *mark = true;
                }
            }
        }
    }

    /// All its rules.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rules about a substance, by itself or by its classes.
    pub fn about(&self, substance: Side) -> Vec<&Rule> {
        let vocabulary = Vocabulary::get();
        let is_side = |side: &str| {
            let side = vocabulary.side(side.split('@').next().unwrap_or(side));
            side.is_some_and(|side| {
                side == substance || vocabulary.classes_of(substance).iter().any(|(class, _)| *class == side)
            })
        };
        self.rules.iter().filter(|rule| is_side(&rule.first) || is_side(&rule.second)).collect()
    }

    /// Checks every two of these medicines, for this patient.
    pub fn check(&self, items: &[Item], patient: &Patient) -> Findings<'_> {
        let vocabulary = Vocabulary::get();
        let seen: Vec<Vec<Seen<'_>>> = items
            .iter()
            .map(|item| item.parts.iter().map(|part| Seen { part, sides: self.sides(vocabulary, part) }).collect())
            .collect();
        let mut found: BTreeMap<(usize, usize, Side, Side), Alert<'_>> = BTreeMap::new();
        let mut findings = Findings::default();
        for (i, (one, ones)) in items.iter().zip(&seen).enumerate() {
            for (j, (other, others)) in items.iter().zip(&seen).enumerate().skip(i + 1) {
                if one.ended_days_ago.is_some() && other.ended_days_ago.is_some() {
                    continue;
                }
                for first in ones {
                    for second in others {
                        if first.part.substance == second.part.substance {
                            if one.ended_days_ago.or(other.ended_days_ago).is_none() {
                                let substance = first.part.substance;
                                findings.duplicates.push(Duplicate { substance, items: (i, j) });
                            }
                            continue;
                        }
                        let pair = Pair { items: (i, j), one, other, first, second };
                        self.check_pair(vocabulary, &pair, patient, &mut found);
                    }
                }
            }
        }
        findings.alerts = found.into_values().collect();
        findings.alerts.sort_by_key(|alert| std::cmp::Reverse(alert.applied.level));
        let substances = items.iter().flat_map(|item| &item.parts).map(|part| part.substance);
        for substance in substances {
            let covered = self.covered.get(usize::from(substance)).copied().unwrap_or(false);
            if !covered && !findings.not_covered.contains(&substance) {
                findings.not_covered.push(substance);
            }
        }
        findings
    }

    fn check_pair<'r>(
        &'r self,
        vocabulary: &'static Vocabulary,
        pair: &Pair<'_>,
        patient: &Patient,
        found: &mut BTreeMap<(usize, usize, Side, Side), Alert<'r>>,
    ) {
        for (s, s_open) in &pair.first.sides {
            for (t, t_open) in &pair.second.sides {
                let Some(places) = self.by_sides.get(&key(*s, *t)) else { continue };
                for rule in places.iter().filter_map(|place| self.rules.get(usize::try_from(*place).ok()?)) {
                    let straight = self.is_first(vocabulary, rule, *s);
                    let (first, second) = if straight { (pair.first, pair.second) } else { (pair.second, pair.first) };
                    let (first_item, second_item) =
                        if straight { (pair.one, pair.other) } else { (pair.other, pair.one) };
                    if !in_time(first_item, rule.washout_first) || !in_time(second_item, rule.washout_second) {
                        continue;
                    }
                    let judged = (Judged(first.part, vocabulary), Judged(second.part, vocabulary));
                    let Some(mut applied) = rule.apply(&judged.0, &judged.1, patient) else { continue };
                    for open in [(*s_open, pair.first), (*t_open, pair.second)].into_iter().filter(|(open, _)| *open) {
                        applied.open.push(format!("the route of {}", vocabulary.label(open.1.part.substance)));
                    }
                    let substances = (first.part.substance, second.part.substance);
                    let sides = if straight { (*s, *t) } else { (*t, *s) };
                    let alert = Alert { items: pair.items, substances, sides, rule, applied, others: Vec::new() };
                    keep(found, pair, alert);
                }
            }
        }
    }

    fn is_first(&self, vocabulary: &Vocabulary, rule: &Rule, side: Side) -> bool {
        match self.routed.iter().find(|(_, _, number)| *number == side) {
            None => vocabulary.side(&rule.first) == Some(side),
            Some((what, route, _)) => rule
                .first
                .split_once('@')
                .is_some_and(|(id, by)| vocabulary.side(id) == Some(*what) && Route::parse(by) == Some(*route)),
        }
    }

    /// What rules can be about that meets this substance, and whether that hangs on a route that is not known.
    fn sides(&self, vocabulary: &Vocabulary, part: &Part) -> Vec<(Side, bool)> {
        let unknown = part.routes.is_empty();
        let by = |wanted: &Route| part.routes.iter().any(|route| wanted.covers(*route));
        let classes = vocabulary.classes_of(part.substance).iter();
        let member = classes.filter(|(_, only)| only.is_empty() || unknown || only.iter().any(by));
        let mut sides = vec![(part.substance, false)];
        sides.extend(member.map(|(class, only)| (*class, unknown && !only.is_empty())));
        for (what, route, number) in &self.routed {
            let meets = *what == self.any || sides.iter().any(|(side, _)| side == what);
            if meets && (unknown || by(route)) {
                sides.push((*number, unknown));
            }
        }
        if !unknown && part.routes.iter().all(|route| !route.systemic()) {
            let routed = usize::from(Side::MAX).min(vocabulary.len());
            sides.retain(|(side, _)| {
                usize::from(*side) >= routed || part.routes.iter().any(|route| vocabulary.counts_locally(*side, *route))
            });
        }
        sides
    }
}

struct Pair<'p> {
    items: (usize, usize),
    one: &'p Item,
    other: &'p Item,
    first: &'p Seen<'p>,
    second: &'p Seen<'p>,
}

/// Whether a medicine is in use, or ended so lately that a rule with this washout still holds.
fn in_time(item: &Item, washout: u16) -> bool {
    item.ended_days_ago.is_none_or(|days| days < u32::from(washout))
}

/// Keeps the most severe of what applies to two substances, and of equally severe ones that with the least left open.
fn keep<'r>(found: &mut BTreeMap<(usize, usize, Side, Side), Alert<'r>>, pair: &Pair<'_>, mut alert: Alert<'r>) {
    let (one, other) = (pair.first.part.substance, pair.second.part.substance);
    let place = (pair.items.0, pair.items.1, one, other);
    let Some(kept) = found.get_mut(&place) else {
        found.insert(place, alert);
        return;
    };
    let better = alert.applied.level > kept.applied.level
        || (alert.applied.level == kept.applied.level && alert.applied.open.len() < kept.applied.open.len());
    if better {
        std::mem::swap(kept, &mut alert);
        kept.others = std::mem::take(&mut alert.others);
    }
    if kept.rule.id != alert.rule.id && kept.others.iter().all(|other| other.id != alert.rule.id) {
        kept.others.push(alert.rule);
    }
}

#[cfg(test)]
mod tests;
