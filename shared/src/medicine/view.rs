//! Answers about medicine. Each names its dataset, who reviewed what it says, and what it is not.

use serde::Serialize;
use utoipa::ToSchema;

use super::allergy::{Concern, Relation};
use super::contraindication::Finding;
use super::dataset::{Side, Vocabulary};
use super::interaction::{Alert, Findings};
use super::knowledge::Knowledge;
use super::review::{RuleKind, RuleStatus, RuleVersion, Set};
use super::severity::Severity;
use crate::platform::wording::{self, Words};

/// What every answer says of itself.
pub const DISCLAIMER: &str = "Decision support, not a diagnosis: it does not replace a pharmacist or a doctor. What is not \
    found here is not proven safe.";

/// A substance, by id and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SubstanceRef {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

impl SubstanceRef {
    /// Of a substance or a class.
    pub fn of(side: Side) -> Self {
        let vocabulary = Vocabulary::get();
        let id = vocabulary.substance(side).map(|substance| substance.id);
        let id = id.or_else(|| vocabulary.class(side).map(|class| class.id)).unwrap_or_else(|| vocabulary.label(side));
        Self { id: id.to_owned(), name: vocabulary.label(side).to_owned() }
    }
}

/// The rule behind a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RuleRef {
    /// Its id.
    pub id: String,
    /// The version that was reviewed.
    pub version: Option<u64>,
    /// The pharmacist who reviewed it.
    pub reviewed_by: Option<String>,
    /// When.
    #[schema(format = Date)]
    pub reviewed_on: Option<String>,
}

impl RuleRef {
    /// Of a rule that counts.
    pub fn of(id: &str, knowledge: &Knowledge) -> Self {
        let review = knowledge.review_of(id);
        Self {
            id: id.to_owned(),
            version: review.map(|review| review.version),
            reviewed_by: review.map(|review| review.by.to_string()),
            reviewed_on: review.map(|review| review.on.to_string()),
        }
    }
}

/// A set of the starter data that counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SetView {
    /// Its id among the rules.
    pub id: &'static str,
    /// What it is, with the notice that its source asks for.
    pub about: &'static str,
    /// The release that was reviewed.
    pub version: u64,
    /// By whom.
    pub reviewed_by: String,
    /// When.
    #[schema(format = Date)]
    pub reviewed_on: String,
}

/// What an answer was made with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DatasetView {
    /// Its name.
    pub name: &'static str,
    /// Its version, with the sets that count and the number of the pharmacy's own rules.
    pub version: String,
    /// The day of the starter data.
    #[schema(format = Date)]
    pub date: &'static str,
    /// The sets that count.
    pub sets: Vec<SetView>,
}

impl DatasetView {
    /// Of what counts.
    pub fn of(knowledge: &Knowledge) -> Self {
        let (name, version) = knowledge.dataset();
        let sets = knowledge.sets().iter().map(|(set, review)| SetView {
            id: set.id(),
            about: Set::about(*set),
            version: review.version,
            reviewed_by: review.by.to_string(),
            reviewed_on: review.on.to_string(),
        });
        Self { name, version, date: super::dataset::VERSION, sets: sets.collect() }
    }
}

/// Where the names of substances are from. No rule is among them, so no set has to be reviewed for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SubstanceDataset)]
pub struct NamesView {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: String,
    /// The day of the starter data.
    #[schema(format = Date)]
    pub date: &'static str,
}

impl NamesView {
    /// Of this release.
    pub fn of_release() -> Self {
        let (date, release) = (super::dataset::VERSION, super::dataset::RELEASE);
        Self { name: super::dataset::NAME, version: format!("{date}.{release}"), date }
    }
}

/// An interaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AlertView {
    /// How much it matters.
    pub severity: Severity,
    /// As FHIR's DetectedIssue.severity says it.
    #[schema(value_type = String, pattern = "^(high|moderate|low)$")]
    pub fhir_severity: &'static str,
    /// As the indicator of a CDS Hooks card.
    #[schema(value_type = String, pattern = "^(critical|warning|info)$")]
    pub indicator: &'static str,
    /// The two substances.
    pub substances: Vec<SubstanceRef>,
    /// The two medicines, as they were named in the request.
    pub items: Vec<String>,
    /// The classes by which the rule reaches them, where it does.
    pub classes: Vec<SubstanceRef>,
    /// What must be so for this level, in words.
    pub conditions: Vec<String>,
    /// What of it is not recorded, and was counted as being so.
    pub open: Vec<String>,
    /// What happens.
    pub mechanism: &'static str,
    /// What to do.
    #[schema(value_type = String)]
    pub recommended_action: Words,
    /// Where the rule is from.
    pub source: String,
    /// Its version there.
    pub source_version: String,
    /// The rule.
    pub rule: RuleRef,
    /// Other rules about the same two, no more severe.
    pub other_rules: Vec<String>,
}

impl AlertView {
    /// Of an alert between these medicines.
    pub fn of(alert: &Alert<'_>, labels: &[String], knowledge: &Knowledge) -> Self {
        let vocabulary = Vocabulary::get();
        let level = alert.applied.level;
        let label = |place: usize| labels.get(place).cloned().unwrap_or_default();
        let sides = [alert.sides.0, alert.sides.1];
        let classes = sides.into_iter().filter(|side| vocabulary.class(*side).is_some()).map(SubstanceRef::of);
        let reference = alert.rule.source.reference.as_ref();
        let reference = reference.map(|numbers| format!(", rules {numbers}")).unwrap_or_default();
        Self {
            severity: level,
            fhir_severity: level.fhir(),
            indicator: level.indicator(),
            substances: vec![SubstanceRef::of(alert.substances.0), SubstanceRef::of(alert.substances.1)],
            items: vec![label(alert.items.0), label(alert.items.1)],
            classes: classes.collect(),
            conditions: alert.applied.conditions.clone(),
            open: alert.applied.open.clone(),
            mechanism: alert.rule.mechanism.what,
            recommended_action: level.advice().then(&wording::medicine::rule_says(alert.rule.mechanism.action)),
            source: format!("{}{reference}", alert.rule.source.name),
            source_version: alert.rule.source.version.to_string(),
            rule: RuleRef::of(&alert.rule.id, knowledge),
            other_rules: alert.others.iter().map(|rule| rule.id.to_string()).collect(),
        }
    }
}

/// A substance that is in two medicines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DuplicateView {
    /// The substance.
    pub substance: SubstanceRef,
    /// The two medicines.
    pub items: Vec<String>,
}

/// An allergy that concerns a medicine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AllergyView {
    /// The allergy, as it was recorded.
    pub allergy: String,
    /// Whether the reaction was severe.
    pub severe: bool,
    /// The substance that it concerns.
    pub substance: SubstanceRef,
    /// `same_substance`, `same_class` or `may_cross_react`.
    #[schema(value_type = String, pattern = "^(same_substance|same_class|may_cross_react)$")]
    pub relation: &'static str,
    /// The class that joins them.
    pub class: Option<SubstanceRef>,
    /// Where that is from.
    pub source: Option<&'static str>,
}

impl AllergyView {
    /// Of a concern.
    pub fn of(concern: &Concern<'_>) -> Self {
        Self {
            allergy: concern.allergy.to.clone(),
            severe: concern.allergy.severe,
            substance: SubstanceRef::of(concern.substance),
            relation: match concern.relation {
                Relation::Same => "same_substance",
                Relation::SameClass => "same_class",
                Relation::MayCrossReact => "may_cross_react",
            },
            class: concern.class.map(SubstanceRef::of),
            source: concern.citation,
        }
    }
}

/// A contraindication that applies to the patient, or may.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ContraindicationView {
    /// The substance.
    pub substance: SubstanceRef,
    /// How much it matters.
    pub severity: Severity,
    /// For whom, in words.
    pub who: Vec<String>,
    /// What of it is not known of the patient; empty where it applies for certain.
    pub open: Vec<&'static str>,
    /// Where it is from.
    pub source: String,
    /// The rule.
    pub rule: RuleRef,
}

impl ContraindicationView {
    /// Of a finding.
    pub fn of(substance: Side, finding: &Finding<'_>, knowledge: &Knowledge) -> Self {
        let rule = finding.contraindication;
        Self {
            substance: SubstanceRef::of(substance),
            severity: rule.level,
            who: rule.who.iter().map(super::contraindication::Who::words).collect(),
            open: finding.open.clone(),
            source: rule.citation.to_string(),
            rule: RuleRef::of(&rule.id, knowledge),
        }
    }
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CheckView {
    /// The interactions, the most severe first.
    pub alerts: Vec<AlertView>,
    /// The same substance twice.
    pub duplicates: Vec<DuplicateView>,
    /// Allergies that concern one of them.
    pub allergies: Vec<AllergyView>,
    /// What the patient has against one of them, and what they may have since their age or a pregnancy is not known: `open`
    /// says which.
    pub contraindications: Vec<ContraindicationView>,
    /// Names that no substance answers to: nothing was checked of these, and they are not safe for that.
    pub unmapped: Vec<String>,
    /// Substances that are known and that no rule is about.
    pub not_covered: Vec<SubstanceRef>,
    /// What it was made with.
    pub dataset: DatasetView,
    /// What it is not.
    pub disclaimer: &'static str,
}

impl CheckView {
    /// Of findings between these medicines.
    pub fn of(findings: &Findings<'_>, labels: &[String], knowledge: &Knowledge) -> Self {
        let label = |place: usize| labels.get(place).cloned().unwrap_or_default();
        let duplicates = findings.duplicates.iter().map(|duplicate| DuplicateView {
            substance: SubstanceRef::of(duplicate.substance),
            items: vec![label(duplicate.items.0), label(duplicate.items.1)],
        });
        Self {
            alerts: findings.alerts.iter().map(|alert| AlertView::of(alert, labels, knowledge)).collect(),
            duplicates: duplicates.collect(),
            allergies: Vec::new(),
            contraindications: Vec::new(),
            unmapped: Vec::new(),
            not_covered: findings.not_covered.iter().map(|side| SubstanceRef::of(*side)).collect(),
            dataset: DatasetView::of(knowledge),
            disclaimer: DISCLAIMER,
        }
    }
}

/// A version of a rule.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RuleView {
    /// What it is about.
    pub kind: RuleKind,
    /// Which.
    pub id: String,
    /// Which version; of what came in a set, the release of the starter data.
    pub version: u64,
    /// How it stands.
    pub status: RuleStatus,
    /// Whether a pharmacist of the house has reviewed this version, or the set it came in, and approved it.
    pub reviewed: bool,
    /// What it says; absent for a set.
    #[schema(value_type = Option<Object>)]
    #[serde(skip_serializing_if = "serde_json::Value::is_null")]
    pub rule: serde_json::Value,
    /// What a set is, with the notice that its source asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<&'static str>,
    /// Who wrote it; absent for what came with the starter data.
    pub author: Option<String>,
    /// When.
    #[schema(format = DateTime)]
    pub written_at: Option<String>,
    /// Who reviewed it.
    pub reviewed_by: Option<String>,
    /// When.
    #[schema(format = DateTime)]
    pub reviewed_at: Option<String>,
    /// What the reviewer wrote.
    pub note: Option<String>,
}

impl RuleView {
    /// Of a stored version.
    pub fn of(version: &RuleVersion) -> Self {
        Self::with(version, serde_json::from_str(&version.body).unwrap_or_default())
    }

    /// Of a version that says `rule`.
    pub fn with(version: &RuleVersion, rule: serde_json::Value) -> Self {
        let written = version.author.as_ref().map(|_| version.written_at.to_string());
        Self {
            kind: version.kind,
            id: version.id.to_string(),
            version: version.version,
            status: version.status,
            reviewed: version.status == RuleStatus::Reviewed,
            rule,
            about: version.id.set().map(Set::about),
            author: version.author.as_ref().map(ToString::to_string),
            written_at: written,
            reviewed_by: version.reviewed_by.as_ref().map(ToString::to_string),
            reviewed_at: version.reviewed_at.map(|at| at.to_string()),
            note: version.note.clone(),
        }
    }
}
