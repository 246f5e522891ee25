//! Screening: what a check means for medicines that are about to be dispensed. Pure rules, for the dispensing gate.
//!
//! It fails closed: rules that nobody has reviewed or that cannot be read, and names that no substance answers to, hold
//! the medicine for a pharmacist. What a pharmacist has once overridden is known again by its `key`, which changes when
//! the level does.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::allergy::{self, Relation};
use super::contraindication;
use super::dataset::Vocabulary;
use super::interaction::Item;
use super::item::Named;
use super::kidneys::Kidneys;
use super::knowledge::Knowledge;
use super::patient::Patient;
use super::severity::Severity;
use super::usage::{self, Usage};
use crate::platform::wording::{self, Words, medicine as said};

/// A medicine that is about to be dispensed.
#[derive(Clone, Debug)]
pub struct Line {
    /// What it is.
    pub medicine: Named,
    /// Whether it needs a prescription.
    pub prescription_required: bool,
    /// Whether a prescriber's prescription covers it.
    pub covered: bool,
    /// The treatment that it goes on with, where that is known: more of the same is no duplicate of what came before.
    pub course: Option<String>,
    /// How it is to be used, by the prescription that covers it.
    pub usage: Option<Usage>,
}

/// A medicine that the patient has already.
#[derive(Clone, Debug)]
pub struct Taken {
    /// What it is.
    pub item: Item,
    /// Which treatments it belongs to; `None` where it is recorded as taken and not as supplied: whether more of it is the
    /// same treatment nobody knows.
    pub courses: Option<Vec<String>>,
    /// The names of it that no substance answers to, and that are to be looked up.
    pub unmapped: Vec<String>,
    /// The medicines, by their labels, for which a pharmacist has looked these up.
    pub looked_up_for: Vec<String>,
}

impl Taken {
    fn is_continued_by(&self, line: &Line) -> bool {
        match (&self.courses, &line.course) {
            (Some(courses), Some(course)) => courses.contains(course),
            (None, _) | (Some(_), None) => false,
        }
    }

    /// Whether it is recorded, and a line is nothing but more of it: getting more is what one does with such a medicine.
    fn is_got_by(&self, line: &Line) -> bool {
        let substances = |item: &Item| item.parts.iter().map(|part| part.substance).collect::<BTreeSet<_>>();
        self.courses.is_none() && substances(&self.item) == substances(&line.medicine.item)
    }
}

/// What the key of a finding begins with that is about a name to which no substance answers.
pub const UNMAPPED: &str = "unmapped:";

/// What a finding means for the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ScreeningConsequence)]
pub enum Consequence {
    /// It is shown, to the customer and on the pharmacist's page.
    Tell,
    /// A pharmacist decides.
    Hold,
    /// It is not sold like this.
    Refuse,
}

/// What sort of finding it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ScreeningFindingKind)]
pub enum FindingKind {
    /// No rules could be asked, or what is on record about the patient could not be read.
    NotScreened,
    /// A name that no substance answers to.
    Unmapped,
    /// Two medicines together.
    Interaction,
    /// The same substance twice.
    Duplicate,
    /// A recorded allergy.
    Allergy,
    /// Something that the patient has.
    Contraindication,
    /// More of it than is given.
    DoseTooHigh,
    /// Directions that contradict the rules, or the packs and the days that they are for.
    Directions,
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What sort.
    pub kind: FindingKind,
    /// What it means.
    pub consequence: Consequence,
    /// The level, where it has one.
    pub severity: Option<Severity>,
    /// The medicines that are about to be dispensed and that it concerns, by their labels.
    pub concerns: Vec<String>,
    /// What a person is told.
    pub detail: Words,
    /// What it is known by: the same finding, at the same level, by the same rule.
    pub key: String,
    /// The rule behind it.
    pub rule: Option<String>,
}

/// What was found, and with what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Screening {
    /// The dataset and its version.
    pub dataset: String,
    /// What was found, the gravest first.
    pub findings: Vec<Finding>,
    /// Substances that are known and that no rule is about, by name.
    pub not_covered: Vec<String>,
}

impl Screening {
    /// The gravest consequence; nothing where nothing was found.
    pub fn consequence(&self) -> Option<Consequence> {
        self.findings.iter().map(|finding| finding.consequence).max()
    }

    /// This screening and another with the same rules, of somebody else's lines, as one.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.dataset = other.dataset;
        self.findings.extend(other.findings);
        self.findings
            .sort_by_key(|finding| (std::cmp::Reverse(finding.consequence), std::cmp::Reverse(finding.severity)));
        let new: Vec<_> = other.not_covered.into_iter().filter(|name| !self.not_covered.contains(name)).collect();
        self.not_covered.extend(new);
        self
    }

    /// What still refuses or holds, beside what a pharmacist has overridden.
    pub fn standing<'s>(&'s self, overridden: &'s [String]) -> impl Iterator<Item = &'s Finding> {
        let grave = self.findings.iter().filter(|finding| finding.consequence > Consequence::Tell);
        grave.filter(|finding| !overridden.contains(&finding.key))
    }
}

/// Screens medicines that are about to be dispensed: against each other, against what the patient takes, and against the
/// patient. `knowledge` is `None` where the rules cannot be read.
pub fn screen(knowledge: Option<&Knowledge>, lines: &[Line], taken: &[Taken], patient: &Patient) -> Screening {
    let index = knowledge.and_then(|knowledge| Some((knowledge, knowledge.interactions().ok()?)));
    let Some((knowledge, index)) = index else { return not_screened(lines) };
    let own = lines.iter().map(|line| &line.medicine.item);
    let items: Vec<Item> = own.chain(taken.iter().map(|taken| &taken.item)).cloned().collect();
    let checked = index.check(&items, patient);
    let mut findings = unmapped(lines, taken, patient);
    for line in lines {
        findings.extend(against_patient(knowledge, line, patient));
        let used =
            line.usage.as_ref().map(|usage| usage::check(knowledge.doses(), &line.medicine.item, usage, patient));
        findings.extend(used.unwrap_or_default());
    }
    let about = |places: (usize, usize)| -> Vec<&Line> {
        [places.0, places.1].into_iter().filter_map(|place| lines.get(place)).collect()
    };
    for alert in &checked.alerts {
        let concerned = about(alert.items);
        if concerned.is_empty() {
            continue;
        }
        let names = [alert.substances.0, alert.substances.1].map(|side| Vocabulary::get().label(side));
        let level = alert.applied.level;
        let mechanism = &alert.rule.mechanism;
        let detail = wording::medicine::together(names[0], names[1], mechanism.what)
            .then(&level.advice())
            .then(&wording::medicine::rule_says(mechanism.action));
        let detail = match alert.applied.open.as_slice() {
            [] => detail,
            open => detail.then(&wording::medicine::counted_as_so(open.join("; "))),
        };
        findings.push(Finding {
            kind: FindingKind::Interaction,
            consequence: of_interaction(level, &concerned),
            severity: Some(level),
            concerns: labels(&concerned),
            detail,
            key: format!("{}:{}+{}:{level:?}", alert.rule.id, names[0], names[1]),
            rule: Some(alert.rule.id.to_string()),
        });
    }
    for duplicate in &checked.duplicates {
        let concerned = about(duplicate.items);
        // What is taken already comes after the lines, and so second.
        let before = duplicate.items.1.checked_sub(lines.len()).and_then(|place| taken.get(place));
        let continued = |taken: &Taken| concerned.iter().all(|line| taken.is_continued_by(line));
        if concerned.is_empty() || before.is_some_and(continued) {
            continue;
        }
        let name = Vocabulary::get().label(duplicate.substance);
        let prescribed = concerned.iter().any(|line| line.prescription_required);
        let got = before.is_some_and(|taken| concerned.iter().all(|line| taken.is_got_by(line)));
        let (detail, key) = match before {
            Some(Taken { courses: None, .. }) => {
                (wording::medicine::taken_already(name), format!("duplicate:recorded:{name}"))
            }
            _ => (wording::medicine::in_two_medicines(name), format!("duplicate:{name}")),
        };
        findings.push(Finding {
            kind: FindingKind::Duplicate,
            consequence: if prescribed && !got { Consequence::Hold } else { Consequence::Tell },
            severity: None,
            concerns: labels(&concerned),
            detail,
            key,
            rule: None,
        });
    }
    let findings = merged(findings);
    let not_covered = checked.not_covered.iter().map(|side| Vocabulary::get().label(*side).to_owned()).collect();
    let (name, version) = knowledge.dataset();
    Screening { dataset: format!("{name} {version}"), findings, not_covered }
}

/// The gravest first, and what is known by the same key once, with all that it concerns: what is supplied and recorded is
/// found twice.
pub fn merged(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_key(|finding| (std::cmp::Reverse(finding.consequence), std::cmp::Reverse(finding.severity)));
    let mut merged: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings {
        match merged.iter_mut().find(|one| one.key == finding.key) {
            Some(one) => {
                let new = finding.concerns.into_iter().filter(|label| !one.concerns.contains(label));
                let new: Vec<_> = new.collect();
                one.concerns.extend(new);
            }
            None => merged.push(finding),
        }
    }
    merged
}

fn labels(lines: &[&Line]) -> Vec<String> {
    lines.iter().map(|line| line.medicine.item.label.clone()).collect()
}

fn not_screened(lines: &[Line]) -> Screening {
    let finding = Finding {
        kind: FindingKind::NotScreened,
        consequence: Consequence::Hold,
        severity: None,
        concerns: lines.iter().map(|line| line.medicine.item.label.clone()).collect(),
        detail: wording::medicine::not_screened(),
        key: "not_screened".to_owned(),
        rule: None,
    };
    let findings = if lines.is_empty() { Vec::new() } else { vec![finding] };
    Screening { dataset: "none".to_owned(), findings, not_covered: Vec::new() }
}

/// That what is on record about the patient cannot be read, which holds everything; nothing where nothing is to be screened.
pub fn unread(lines: &[Line]) -> Option<Finding> {
    let finding = Finding {
        kind: FindingKind::NotScreened,
        consequence: Consequence::Hold,
        severity: None,
        concerns: lines.iter().map(|line| line.medicine.item.label.clone()).collect(),
        detail: wording::medicine::records_unread(),
        key: "not_screened:records".to_owned(),
        rule: None,
    };
    (!lines.is_empty()).then_some(finding)
}

/// The names that no substance answers to: of the lines, of what is taken, and of what the patient is allergic to.
fn unmapped(lines: &[Line], taken: &[Taken], patient: &Patient) -> Vec<Finding> {
    let finding = |concerns: Vec<String>, name: &str, detail: Words| Finding {
        kind: FindingKind::Unmapped,
        consequence: Consequence::Hold,
        severity: None,
        concerns,
        detail,
        key: format!("{UNMAPPED}{name}"),
        rule: None,
    };
    let all = || lines.iter().map(|line| line.medicine.item.label.clone()).collect::<Vec<_>>();
    let mut findings = Vec::new();
    for line in lines {
        let label = &line.medicine.item.label;
        findings
            .extend(line.medicine.unmapped.iter().map(|name| finding(vec![label.clone()], name, said::unmapped(name))));
    }
    if lines.is_empty() {
        return findings;
    }
    // On record, and so met with every order: held until a pharmacist has looked it up for these medicines, and told afterwards.
    let on_record = |name: &str, detail: Words, looked_up_for: &[String]| {
        let open: Vec<_> = all().into_iter().filter(|label| !looked_up_for.contains(label)).collect();
        match open.is_empty() {
            false => finding(open, name, detail),
            true => {
                let found = finding(all(), name, detail);
                let detail = found.detail.then(&said::looked_up());
                Finding { consequence: Consequence::Tell, detail, ..found }
            }
        }
    };
    for taken in taken {
        let names = taken.unmapped.iter();
        findings.extend(names.map(|name| on_record(name, said::unmapped_taken(name), &taken.looked_up_for)));
    }
    let allergies = patient.allergies.as_deref().unwrap_or_default().iter();
    let unknown = allergies.filter(|one| !allergy::is_known(one) && !allergy::is_of_no_medicine(one));
    findings.extend(unknown.map(|one| on_record(&one.to, said::unmapped_allergy(&one.to), &one.looked_up_for)));
    findings
}

/// Contraindicated is refused, unless a prescriber asked for every medicine of it that is about to be dispensed.
fn of_interaction(level: Severity, concerned: &[&Line]) -> Consequence {
    match level {
        Severity::Contraindicated if concerned.iter().all(|line| line.covered) => Consequence::Hold,
        Severity::Contraindicated => Consequence::Refuse,
        Severity::NotRecommended => Consequence::Hold,
        Severity::Precaution | Severity::TakeIntoAccount => Consequence::Tell,
    }
}

fn against_patient(knowledge: &Knowledge, line: &Line, patient: &Patient) -> Vec<Finding> {
    let mut findings = Vec::new();
    let kidneys = Kidneys::of(patient);
    let recorded = patient.allergies.as_deref().unwrap_or_default();
    for part in &line.medicine.item.parts {
        let name = Vocabulary::get().label(part.substance);
        for concern in allergy::check(recorded, part.substance) {
            let refused = concern.allergy.severe && concern.relation >= Relation::SameClass;
            findings.push(Finding {
                kind: FindingKind::Allergy,
                consequence: if refused { Consequence::Refuse } else { Consequence::Hold },
                severity: None,
                concerns: vec![line.medicine.item.label.clone()],
                detail: wording::medicine::allergy(name, &concern.allergy.to),
                key: format!("allergy:{}:{name}", concern.allergy.to),
                rule: None,
            });
        }
        let rules = knowledge.contraindications().unwrap_or_default();
        let found = contraindication::check(rules, part.substance, &part.routes, patient, &kidneys);
        findings.extend(found.iter().filter(|one| one.is_to_be_asked(patient)).map(|one| to_be_asked(one, name, line)));
        for finding in found.iter().filter(|finding| finding.open.is_empty()) {
            let rule = finding.contraindication;
            let who: Vec<String> = rule.who.iter().map(contraindication::Who::words).collect();
            findings.push(Finding {
                kind: FindingKind::Contraindication,
                consequence: match rule.level {
                    Severity::Contraindicated if !line.prescription_required => Consequence::Refuse,
                    Severity::Contraindicated | Severity::NotRecommended => Consequence::Hold,
                    Severity::Precaution | Severity::TakeIntoAccount => Consequence::Tell,
                },
                severity: Some(rule.level),
                concerns: vec![line.medicine.item.label.clone()],
                detail: wording::medicine::contraindicated(name, who.join(" and "), &rule.citation),
                key: format!("{}:{name}:{:?}", rule.id, rule.level),
                rule: Some(rule.id.to_string()),
            });
        }
    }
    findings
}

/// A contraindication of which nobody knows whether it applies, since nobody has asked. It has no level of its own: one
/// pharmacist who asks is enough, and what they have found out is no word on what is known later.
fn to_be_asked(found: &contraindication::Finding<'_>, name: &str, line: &Line) -> Finding {
    let rule = found.contraindication;
    let who: Vec<String> = rule.who.iter().map(contraindication::Who::words).collect();
    // An age is told alone: who has no date of birth on record is an adult nearly always, and every second medicine has a rule.
    let grave = rule.level == Severity::Contraindicated && found.asks_for_pregnancy();
    Finding {
        kind: FindingKind::Contraindication,
        consequence: if grave && line.prescription_required { Consequence::Hold } else { Consequence::Tell },
        severity: None,
        concerns: vec![line.medicine.item.label.clone()],
        detail: wording::medicine::not_on_record(name, who.join(" and "), found.open.join("; "), &rule.citation),
        key: format!("{}:{name}:{:?}:open", rule.id, rule.level),
        rule: Some(rule.id.to_string()),
    }
}

#[cfg(test)]
mod tests;
