//! Screening: what a check means for medicines that are about to be dispensed. Pure rules, for the dispensing gate.
//!
//! It fails closed: rules that nobody has reviewed or that cannot be read, and names that no substance answers to, hold
//! the medicine for a pharmacist. What a pharmacist has once overridden is known again by its `key`, which changes when
//! the level does.

use super::allergy::{self, Relation};
use super::contraindication;
use super::dataset::Vocabulary;
use super::interaction::Item;
use super::item::Named;
use super::kidneys::Kidneys;
use super::knowledge::Knowledge;
use super::patient::Patient;
use super::severity::Severity;

/// A medicine that is about to be dispensed.
#[derive(Clone, Debug)]
pub struct Line {
    /// What it is.
    pub medicine: Named,
    /// Whether it needs a prescription.
    pub prescription_required: bool,
    /// Whether a prescriber's prescription covers it.
    pub covered: bool,
}

/// What a finding means for the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Consequence {
    /// It is shown, to the customer and on the pharmacist's page.
    Tell,
    /// A pharmacist decides.
    Hold,
    /// It is not sold like this.
    Refuse,
}

/// What sort of finding it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingKind {
    /// No rules could be asked.
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
    pub detail: String,
    /// What it is known by: the same finding, at the same level, by the same rule.
    pub key: String,
    /// The rule behind it.
    pub rule: Option<String>,
}

/// What was found, and with what.
#[derive(Clone, Debug, PartialEq, Eq)]
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

    /// What still refuses or holds, beside what a pharmacist has overridden.
    pub fn standing<'s>(&'s self, overridden: &'s [String]) -> impl Iterator<Item = &'s Finding> {
        let grave = self.findings.iter().filter(|finding| finding.consequence > Consequence::Tell);
        grave.filter(|finding| !overridden.contains(&finding.key))
    }
}

/// Screens medicines that are about to be dispensed: against each other, against what the patient takes, and against the
/// patient. `knowledge` is `None` where the rules cannot be read.
pub fn screen(knowledge: Option<&Knowledge>, lines: &[Line], taken: &[Item], patient: &Patient) -> Screening {
    let index = knowledge.and_then(|knowledge| Some((knowledge, knowledge.interactions().ok()?)));
    let Some((knowledge, index)) = index else { return not_screened(lines) };
    let items: Vec<Item> = lines.iter().map(|line| line.medicine.item.clone()).chain(taken.iter().cloned()).collect();
    let checked = index.check(&items, patient);
    let mut findings = Vec::new();
    for line in lines {
        findings.extend(line.medicine.unmapped.iter().map(|name| unmapped(line, name)));
        findings.extend(against_patient(knowledge, line, patient));
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
        let open = match alert.applied.open.as_slice() {
            [] => String::new(),
            open => format!(" Not known, and counted as so: {}.", open.join("; ")),
        };
        findings.push(Finding {
            kind: FindingKind::Interaction,
            consequence: of_interaction(level, &concerned),
            severity: Some(level),
            concerns: labels(&concerned),
            detail: format!(
                "{} with {}: {} {} {}{open}",
                names[0],
                names[1],
                alert.rule.mechanism.what,
                level.advice(),
                alert.rule.mechanism.action
            ),
            key: format!("{}:{}+{}:{level:?}", alert.rule.id, names[0], names[1]),
            rule: Some(alert.rule.id.to_string()),
        });
    }
    for duplicate in &checked.duplicates {
        let concerned = about(duplicate.items);
        if concerned.is_empty() {
            continue;
        }
        let name = Vocabulary::get().label(duplicate.substance);
        let prescribed = concerned.iter().any(|line| line.prescription_required);
        findings.push(Finding {
            kind: FindingKind::Duplicate,
            consequence: if prescribed { Consequence::Hold } else { Consequence::Tell },
            severity: None,
            concerns: labels(&concerned),
            detail: format!("{name} is in two medicines that would be used at the same time."),
            key: format!("duplicate:{name}"),
            rule: None,
        });
    }
    findings.sort_by_key(|finding| (std::cmp::Reverse(finding.consequence), std::cmp::Reverse(finding.severity)));
    let not_covered = checked.not_covered.iter().map(|side| Vocabulary::get().label(*side).to_owned()).collect();
    let (name, version) = knowledge.dataset();
    Screening { dataset: format!("{name} {version}"), findings, not_covered }
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
        detail: "These medicines could not be screened: no reviewed rules can be read.".to_owned(),
        key: "not_screened".to_owned(),
        rule: None,
    };
    let findings = if lines.is_empty() { Vec::new() } else { vec![finding] };
    Screening { dataset: "none".to_owned(), findings, not_covered: Vec::new() }
}

fn unmapped(line: &Line, name: &str) -> Finding {
    Finding {
        kind: FindingKind::Unmapped,
        consequence: Consequence::Hold,
        severity: None,
        concerns: vec![line.medicine.item.label.clone()],
        detail: format!("No substance answers to {name}, so nothing was checked of it."),
        key: format!("unmapped:{name}"),
        rule: None,
    }
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
    let unknown = recorded.iter().filter(|allergy| !allergy::is_known(allergy));
    findings.extend(unknown.map(|allergy| unmapped(line, &allergy.to)));
    for part in &line.medicine.item.parts {
        let name = Vocabulary::get().label(part.substance);
        for concern in allergy::check(recorded, part.substance) {
            let refused = concern.allergy.severe && concern.relation >= Relation::SameClass;
            findings.push(Finding {
                kind: FindingKind::Allergy,
                consequence: if refused { Consequence::Refuse } else { Consequence::Hold },
                severity: None,
                concerns: vec![line.medicine.item.label.clone()],
                detail: format!("{name}: an allergy to {} is recorded.", concern.allergy.to),
                key: format!("allergy:{}:{name}", concern.allergy.to),
                rule: None,
            });
        }
        let rules = knowledge.contraindications().unwrap_or_default();
        let found = contraindication::check(rules, part.substance, &part.routes, patient, &kidneys);
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
                detail: format!("{name}: {}. {}", who.join(" and "), rule.citation),
                key: format!("{}:{name}:{:?}", rule.id, rule.level),
                rule: Some(rule.id.to_string()),
            });
        }
    }
    findings
}

#[cfg(test)]
mod tests;
