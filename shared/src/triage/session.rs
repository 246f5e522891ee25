//! A triage as it is kept, and as it is shown again.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::assess::Said;
use super::facts::{DISCLAIMER, Facts, Urgency};
use crate::platform::clock::Timestamp;
use crate::platform::ids::{PatientId, TriageId};

/// A triage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Triage {
    /// Its id.
    pub id: TriageId,
    /// Who is ill.
    pub patient: PatientId,
    /// All that was said, each symptom once.
    pub said: Vec<Said>,
    /// How soon somebody should be seen, by what was said.
    pub urgency: Urgency,
    /// What fitted, the best first, by their ids.
    pub conditions: Vec<String>,
    /// By which facts.
    pub dataset: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When something was said last.
    pub updated_at: Timestamp,
    /// Grows by one with every answer.
    pub version: u64,
}

/// One thing that was said, with its name.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TriageSaid)]
pub struct SaidView {
    /// The symptom.
    id: String,
    /// What it is called.
    name: &'static str,
    /// Whether it is there; `null`: not sure.
    present: Option<bool>,
    /// Since when.
    since: Option<String>,
    /// How bad.
    #[schema(value_type = Option<String>, pattern = "^(mild|moderate|severe)$")]
    severity: Option<String>,
}

/// A condition that fitted.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TriageFitted)]
pub struct FittedView {
    /// Its place.
    rank: usize,
    /// Its id.
    id: String,
    /// What it is called.
    name: &'static str,
}

/// A triage: what was asked and answered.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Triage)]
pub struct TriageView {
    /// Its id.
    #[schema(value_type = String)]
    id: TriageId,
    /// Who is ill.
    #[schema(value_type = String)]
    patient_id: PatientId,
    /// What was said.
    said: Vec<SaidView>,
    /// How soon somebody should be seen.
    urgency: Urgency,
    /// What fitted, the best first.
    conditions: Vec<FittedView>,
    /// By which facts.
    dataset: String,
    /// That it is no diagnosis.
    disclaimer: &'static str,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When something was said last.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// Grows with every answer.
    pub version: u64,
}

impl From<Triage> for TriageView {
    fn from(triage: Triage) -> Self {
        let facts = Facts::get();
        let name = |id: &str| facts.place(id).and_then(|place| facts.symptoms.get(place)).map_or("", |one| one.name);
        let said = triage.said.into_iter().map(|one| SaidView {
            name: name(&one.id),
            id: one.id,
            present: one.present,
            since: one.since,
            severity: one.severity,
        });
        let fitted = triage.conditions.into_iter().enumerate().map(|(place, id)| FittedView {
            rank: place + 1,
            name: facts.condition(&id).map_or("", |condition| condition.name),
            id,
        });
        Self {
            id: triage.id,
            patient_id: triage.patient,
            said: said.collect(),
            urgency: triage.urgency,
            conditions: fitted.collect(),
            dataset: triage.dataset,
            disclaimer: DISCLAIMER,
            created_at: triage.created_at,
            updated_at: triage.updated_at,
            version: triage.version,
        }
    }
}
