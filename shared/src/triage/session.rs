//! A triage as it is kept, and as it is shown again.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::assess::{Said, TriageAlarm};
use super::facts::{DISCLAIMER, Facts, Urgency};
use super::person::birthday;
use crate::accounts::Language;
use crate::platform::clock::Timestamp;
use crate::platform::ids::{PatientId, TriageId};
use crate::red_flags::{Kind, Rule, sign};

/// A sign of an emergency that the pharmacy has added, as it was when it was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnSign {
    /// The rule.
    pub id: String,
    /// The version of it that counted.
    pub version: u64,
    /// The emergency that it is.
    pub kind: Kind,
    /// What it is called, in English.
    pub name: String,
    /// Where it is written that it is one.
    pub source: String,
    /// The symptoms that amounted to it; none where it was chosen or put into words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<String>,
}

impl OwnSign {
    /// By a rule that counts, as somebody said it.
    pub fn of(rule: &Rule) -> Self {
        Self {
            id: rule.id.clone(),
            version: rule.version,
            kind: rule.kind,
            name: rule.names.en.clone(),
            source: rule.citation.clone(),
            by: Vec::new(),
        }
    }

    /// By a rule that counts, as answers amounted to it.
    pub fn answered(rule: &Rule) -> Self {
        Self { by: rule.symptoms.clone(), ..Self::of(rule) }
    }

    /// One that is said to be there while its rule cannot be read.
    pub fn unread(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            version: 0,
            kind: Kind::Danger,
            name: "a sign that the pharmacy has added".to_owned(),
            source: "a rule of the pharmacy".to_owned(),
            by: Vec::new(),
        }
    }
}

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
    /// The signs of an emergency, by their ids, as long as nobody has said that they are not there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emergency: Vec<String>,
    /// The sort of emergency that somebody's own words spoke of. It stays: no answer takes words back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Kind>,
    /// Of the signs that were said to be there, those that the pharmacy has added.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub own: Vec<OwnSign>,
    /// By which facts.
    pub dataset: String,
    /// By which list of signs of an emergency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub red_flags: Option<String>,
    /// When it began.
    pub created_at: Timestamp,
    /// When something was said last.
    pub updated_at: Timestamp,
    /// Grows by one with every answer.
    pub version: u64,
}

impl Triage {
    /// With an emergency in what was said, `own` among it: nothing is ranked by it any more.
    pub(super) fn alarmed(
        self,
        said: Vec<Said>,
        words: Option<Kind>,
        own: Vec<OwnSign>,
        alarm: &TriageAlarm,
        now: Timestamp,
    ) -> Self {
        Self {
            said,
            own,
            red_flags: Some(alarm.emergency.red_flags.version.clone()),
            urgency: Urgency::DoctorToday,
            conditions: Vec::new(),
            emergency: alarm.emergency.matched.iter().map(|sign| sign.id.clone().into_owned()).collect(),
            // One of the signs says which it is, and is among what was said.
            words: words.filter(|kind| *kind != Kind::Danger),
            updated_at: now,
            version: self.version + 1,
            ..self
        }
    }
}

/// One thing that was said, with its name.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TriageSaid)]
pub struct SaidView {
    /// The symptom.
    id: String,
    /// What it is called.
    name: String,
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

/// A sign of an emergency.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TriageMark)]
pub struct MarkView {
    /// Its id.
    id: String,
    /// What it is called.
    name: String,
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
    /// The signs of an emergency that were said to be there; with any, call for help before anything else, and nothing is ranked.
    emergency: Vec<MarkView>,
    /// How soon somebody should be seen.
    urgency: Urgency,
    /// What fitted, the best first.
    conditions: Vec<FittedView>,
    /// By which facts.
    dataset: String,
    /// By which list of signs of an emergency: its release, and after a plus what the pharmacy's own rules were last changed by.
    red_flags: Option<String>,
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
        let own = triage.own;
        let added = |id: &str| own.iter().find(|sign| sign.id == id).map(|sign| sign.name.as_str());
        let danger = |id: &str| sign(id).map(|sign| sign.name(Language::English)).or_else(|| added(id));
        let symptom = |id: &str| facts.place(id).and_then(|place| facts.symptoms.get(place)).map(|one| one.name);
        let age = |id: &str| birthday(id).map(|birthday| birthday.name);
        let name = |id: &str| symptom(id).or_else(|| danger(id)).or_else(|| age(id)).unwrap_or_default().to_owned();
        let marks = triage
            .emergency
            .into_iter()
            .map(|id| MarkView { name: danger(&id).unwrap_or("in the person's own words").to_owned(), id });
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
            emergency: marks.collect(),
            urgency: triage.urgency,
            conditions: fitted.collect(),
            dataset: triage.dataset,
            red_flags: triage.red_flags,
            disclaimer: DISCLAIMER,
            created_at: triage.created_at,
            updated_at: triage.updated_at,
            version: triage.version,
        }
    }
}
