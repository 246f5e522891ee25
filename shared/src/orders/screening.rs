//! Screening of an order's lines by the rules of medicine: what they are screened with, what of the findings stands in the
//! way, and what is written down of them. Pure rules; the rules of medicine themselves are in [`crate::medicine`].

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::gate::{Line, Stage};
use super::limits::Bought;
use super::problem::{CheckoutProblem, ProblemCode};
use super::status::Status;
use crate::catalog::Label;
use crate::medicine::item::{Named, of_parts};
use crate::medicine::knowledge::Knowledge;
use crate::medicine::patient::Patient;
use crate::medicine::screening::{self, Consequence, Finding, FindingKind, Screening, Taken};
use crate::medicine::severity::Severity;
use crate::medicine::usage::Usage;
use crate::platform::clock::Timestamp;
use crate::platform::crypto;
use crate::platform::ids::{PatientId, PrescriptionId, ProductId, UserId};
use crate::platform::jurisdiction::Jurisdiction;
use crate::platform::wording::Words;
use crate::prescriptions::AuthorizedLine;

/// How many findings of a screening are written down with the order, the gravest first; the gate itself reckons with all.
const WRITTEN_DOWN: usize = 20;
/// How much of the digest of a finding's key stands in the id of its hold.
const DIGEST: usize = 16;

/// What is known of somebody whom lines are for.
#[derive(Clone, Debug, Default)]
pub struct Person {
    /// Who; `None`: the owner of the account.
    pub id: Option<PatientId>,
    /// What is known of them.
    pub patient: Patient,
    /// What they have already.
    pub taken: Vec<Taken>,
    /// What they bought before, for rolling limits.
    pub bought: Vec<Bought>,
    /// Whether what is on record about them is not known, which holds everything.
    pub unread: bool,
}

/// What lines are screened with: the rules that count, and what is known of whom the lines are for.
#[derive(Clone, Debug, Default)]
pub struct Care {
    /// The rules; `None` where they cannot be read, which holds everything.
    pub knowledge: Option<Arc<Knowledge>>,
    /// Whom lines may be for.
    pub people: Vec<Person>,
    /// Whose limits count.
    pub jurisdiction: Jurisdiction,
    /// The keys of the findings that pharmacists have decided to pass over in this order.
    pub overridden: Vec<String>,
}

impl Care {
    /// What is known of whom a line is for: of who is not known here, nothing, and so everything is held for them.
    pub fn person(&self, patient: Option<PatientId>) -> Cow<'_, Person> {
        let known = self.people.iter().find(|person| person.id == patient);
        let nobody = || Cow::Owned(Person { id: patient, unread: true, ..Person::default() });
        known.map_or_else(nobody, Cow::Borrowed)
    }

    /// Screens the lines for one person, each with the prescription that covers it and what that says of it, or whether it
    /// waits for one to be reviewed. What is found of different people has different keys.
    pub fn screen(&self, person: &Person, lines: &[(&Line<'_>, Cover, Option<&AuthorizedLine>)]) -> Screening {
        let lines: Vec<_> = lines.iter().map(|(line, cover, by)| medicine(line, *cover, *by)).collect();
        let mut found = screening::screen(self.knowledge.as_deref(), &lines, &person.taken, &person.patient);
        if person.unread {
            let unread = screening::unread(&lines).into_iter();
            found.findings = screening::merged(unread.chain(found.findings).collect());
        }
        if let Some(id) = person.id {
            for finding in &mut found.findings {
                finding.key = format!("{}@{id}", finding.key);
            }
        }
        found
    }
}

/// Whether a prescriber asked for a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cover {
    /// No.
    Nobody,
    /// It may be: a prescription that was given with it waits for its review, and the order with it.
    Waits,
    /// This prescription covers it.
    By(PrescriptionId),
}

fn medicine(line: &Line<'_>, cover: Cover, by: Option<&AuthorizedLine>) -> screening::Line {
    let offer = line.today.unwrap_or(line.agreed);
    let course = match cover {
        Cover::By(prescription) => Some(course(prescription, &offer.ingredients)),
        Cover::Nobody | Cover::Waits => None,
    };
    screening::Line {
        medicine: of_offer(&offer.product_id.to_string(), &offer.ingredients, offer.label.as_ref()),
        prescription_required: offer.legal_status.prescription_required(),
        covered: cover != Cover::Nobody,
        course,
        usage: by.zip(offer.label.as_ref()).map(|(by, label)| Usage {
            directions: by.directions.clone(),
            days: by.days_supply,
            packs: by.quantity,
            dispensed: line.quantity,
            strengths: offer.ingredients.iter().cloned().zip(label.strengths.iter().cloned()).collect(),
            pack_size: label.pack_size.clone(),
        }),
    }
}

/// What a product is to the rules of medicine, by what its offer says.
pub fn of_offer(name: &str, ingredients: &[String], label: Option<&Label>) -> Named {
    let strength = |place: usize| label.and_then(|label| label.strengths.get(place)).map(String::as_str);
    let parts = ingredients.iter().enumerate().map(|(place, key)| (key.as_str(), strength(place)));
    of_parts(name, parts, label.map(|label| label.route.as_str()))
}

/// The name of the treatment with these ingredients that a prescription is for.
pub fn course(prescription: PrescriptionId, ingredients: &[String]) -> String {
    let mut keys: Vec<&str> = ingredients.iter().map(String::as_str).collect();
    keys.sort_unstable();
    format!("{prescription} {}", keys.join("+"))
}

/// What stands against the lines at a stage. Before the sale what a pharmacist can decide about is no reason to refuse; the
/// order is held for it. Afterwards everything is that nobody has decided about.
pub(super) fn problems(stage: Stage, screening: &Screening, overridden: &[String]) -> Vec<CheckoutProblem> {
    let stands = |finding: &&Finding| stage != Stage::Place || finding.consequence == Consequence::Refuse;
    let mut problems = Vec::new();
    for finding in screening.standing(overridden).filter(stands) {
        let code = if forbidden(finding) { ProblemCode::Contraindicated } else { ProblemCode::Screening };
        let products = products(finding);
        problems
            .extend(products.into_iter().map(|product| CheckoutProblem::line(product, code, finding.detail.clone())));
    }
    problems
}

/// Whether it takes two pharmacists to pass over a finding.
pub fn forbidden(finding: &Finding) -> bool {
    finding.consequence == Consequence::Refuse || finding.severity == Some(Severity::Contraindicated)
}

/// The lines that a finding concerns.
pub(super) fn products(finding: &Finding) -> Vec<ProductId> {
    finding.concerns.iter().filter_map(|label| ProductId::parse(label).ok()).collect()
}

/// The id of the hold that a finding makes: the same as long as it is found by the same rule at the same level.
pub fn hold_id(key: &str) -> String {
    let digest: String = crypto::fingerprint(key.as_bytes()).chars().take(DIGEST).collect();
    format!("screening.{digest}")
}

/// What was screened at one stage of an order, and with what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Screened {
    /// When.
    pub at: Timestamp,
    /// For which state of the order.
    pub status: Status,
    /// The dataset and its version.
    pub dataset: String,
    /// What was found, the gravest first; at most twenty.
    pub findings: Vec<Found>,
    /// How many more there were.
    #[serde(default)]
    pub more: usize,
    /// Substances that no rule is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_covered: Vec<String>,
}

/// A finding, as it stands with an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// What sort.
    pub kind: FindingKind,
    /// What it means.
    pub consequence: Consequence,
    /// The level, where it has one.
    pub severity: Option<Severity>,
    /// The lines.
    pub products: Vec<ProductId>,
    /// What a person is told.
    #[serde(with = "crate::platform::wording::stored")]
    pub detail: Words,
    /// What it is known by.
    pub key: String,
    /// The rule behind it.
    pub rule: Option<String>,
}

impl Screened {
    /// What a screening found.
    pub fn of(screening: &Screening, status: Status, at: Timestamp) -> Self {
        let found = |finding: &Finding| Found {
            kind: finding.kind,
            consequence: finding.consequence,
            severity: finding.severity,
            products: products(finding),
            detail: finding.detail.clone(),
            key: finding.key.clone(),
            rule: finding.rule.clone(),
        };
        Self {
            at,
            status,
            dataset: screening.dataset.clone(),
            findings: screening.findings.iter().take(WRITTEN_DOWN).map(found).collect(),
            more: screening.findings.len().saturating_sub(WRITTEN_DOWN),
            not_covered: screening.not_covered.clone(),
        }
    }

    /// That it was screened, when and with what, and nothing of what was found: findings tell of the patient.
    #[must_use]
    pub fn stripped(&self) -> Self {
        let (findings, not_covered) = (Vec::new(), Vec::new());
        Self { findings, not_covered, more: 0, dataset: self.dataset.clone(), ..*self }
    }
}

/// That a pharmacist passed over a finding in an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// What the finding is known by.
    pub key: String,
    /// Why, as a code.
    pub reason_code: String,
    /// Why, in words.
    pub reason: String,
    /// Who.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// Whether it counts only once another pharmacist has confirmed it.
    pub by_two: bool,
    /// Who has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_by: Option<UserId>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_at: Option<Timestamp>,
}

impl Override {
    /// Whether it counts.
    pub fn counts(&self) -> bool {
        !self.by_two || self.confirmed_by.is_some()
    }

    /// Who decided, when and why by its code; nothing that tells of the patient.
    #[must_use]
    pub fn stripped(&self) -> Self {
        Self { key: String::new(), reason: String::new(), ..self.clone() }
    }
}
