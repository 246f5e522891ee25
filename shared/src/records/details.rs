//! What a record says, kind by kind: as it is stored, and as it is shown.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::kind::Kind;
use super::measurement::Measurement;
use super::partial_date::PartialDate;
use crate::medicine::decimal::Number;
use crate::platform::clock::{Date, Timestamp};
use crate::platform::ids::ProductId;

/// How bad a reaction was (FHIR AllergyIntolerance.reaction.severity).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AllergySeverity)]
pub enum Severity {
    /// Mild.
    Mild,
    /// Moderate.
    Moderate,
    /// Severe: anaphylaxis, swelling of the throat, a severe reaction of the skin.
    Severe,
}

/// How certain it is (FHIR AllergyIntolerance.verificationStatus).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AllergyCertainty)]
pub enum Certainty {
    /// Somebody thinks so.
    Unconfirmed,
    /// It was established.
    Confirmed,
    /// It was ruled out.
    Refuted,
}

/// What somebody reacts to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RecordedAllergy)]
pub struct Allergy {
    /// A substance, brand or class.
    pub substance: String,
    /// What happened.
    pub reaction: Option<String>,
    /// How bad.
    pub severity: Severity,
    /// How certain.
    pub certainty: Certainty,
}

/// How a condition stands (FHIR Condition.clinicalStatus).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RecordedConditionStatus)]
pub enum ConditionStatus {
    /// It is there.
    Active,
    /// It came back.
    Recurrence,
    /// It is there, and quiet.
    Remission,
    /// It is not a matter any more.
    Inactive,
    /// It is over.
    Resolved,
}

/// What somebody has, or had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RecordedCondition)]
pub struct Condition {
    /// ICD-10-CM.
    pub code: Option<String>,
    /// What it is called.
    pub name: String,
    /// Since when: a year, a month or a day.
    #[schema(value_type = Option<String>, example = "2019-03")]
    pub onset: Option<PartialDate>,
    /// Until when.
    #[schema(value_type = Option<String>)]
    pub resolved: Option<PartialDate>,
    /// How it stands.
    pub status: ConditionStatus,
}

/// What somebody takes, or took.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RecordedMedication)]
pub struct Medication {
    /// A substance or brand; `null` where a product stands.
    pub substance: Option<String>,
    /// A product of the catalogue; `null` where a substance stands.
    #[schema(value_type = Option<String>)]
    pub product_id: Option<ProductId>,
    /// How much at a time, as somebody says it: `500 mg`.
    pub dose: Option<String>,
    /// How often, as somebody says it.
    pub frequency: Option<String>,
    /// Since when.
    #[schema(value_type = Option<String>)]
    pub since: Option<PartialDate>,
    /// Until when; `null`: they still take it.
    #[schema(value_type = Option<String>)]
    pub until: Option<PartialDate>,
}

/// How a value compares that could not be measured exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = LabComparator)]
pub enum Comparator {
    /// Less than the value.
    #[serde(rename = "<")]
    Less,
    /// At most the value.
    #[serde(rename = "<=")]
    AtMost,
    /// At least the value.
    #[serde(rename = ">=")]
    AtLeast,
    /// More than the value.
    #[serde(rename = ">")]
    More,
}

/// What the laboratory takes for usual, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = LabRange)]
pub struct Range {
    /// From.
    #[schema(value_type = Option<String>)]
    pub low: Option<Number>,
    /// To.
    #[schema(value_type = Option<String>)]
    pub high: Option<Number>,
}

/// What a laboratory has measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RecordedLab)]
pub struct Lab {
    /// LOINC.
    pub loinc: Option<String>,
    /// What was measured.
    pub name: String,
    /// The value, as text: `"6.80"` keeps its zero. `null` where the result is no number.
    #[schema(value_type = Option<String>, example = "6.80")]
    pub value: Option<Number>,
    /// How the value compares, where it was not measured exactly.
    pub comparator: Option<Comparator>,
    /// The result where it is no number: `negative`.
    pub text: Option<String>,
    /// UCUM; `null` where the result is no number.
    pub unit: Option<String>,
    /// The reporting laboratory's range.
    pub range: Option<Range>,
    /// When the sample was taken.
    #[schema(value_type = String, format = DateTime)]
    pub taken_at: Timestamp,
    /// Which laboratory.
    pub lab: Option<String>,
}

/// What an examination by pictures is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ImagingModality)]
pub enum Modality {
    /// X-ray.
    Xray,
    /// Computed tomography.
    Ct,
    /// Magnetic resonance.
    Mri,
    /// Ultrasound.
    Ultrasound,
    /// Mammography.
    Mammography,
    /// Electrocardiogram.
    Ecg,
    /// Endoscopy.
    Endoscopy,
    /// Anything else.
    Other,
}

/// An examination by pictures. What they show is never interpreted here: `report` is what the examiner wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RecordedImaging)]
pub struct Imaging {
    /// What was done.
    pub modality: Modality,
    /// Of which part of the body.
    pub body_site: Option<String>,
    /// When.
    #[schema(value_type = String)]
    pub performed_on: PartialDate,
    /// What the examiner wrote.
    pub report: Option<String>,
    /// Who examined.
    pub performer: Option<String>,
}

/// What was done to somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RecordedProcedure)]
pub struct Procedure {
    /// What.
    pub name: String,
    /// When.
    #[schema(value_type = String)]
    pub performed_on: PartialDate,
    /// How it went.
    pub outcome: Option<String>,
}

/// A vaccination.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RecordedImmunization)]
pub struct Immunization {
    /// Against what, or which vaccine.
    pub vaccine: String,
    /// CVX.
    pub code: Option<String>,
    /// When.
    #[schema(value_type = String)]
    pub given_on: PartialDate,
    /// Which dose of a series.
    pub dose_number: Option<u8>,
    /// The number of the lot.
    pub lot: Option<String>,
}

/// What does not fit anywhere else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RecordedNote)]
pub struct Note {
    /// In a few words.
    pub title: String,
    /// All of it.
    pub text: String,
}

macro_rules! details {
    ($($kind:ident($details:ident),)*) => {
        /// What a record says.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "of", content = "is", rename_all = "snake_case")]
        pub enum Details {
            $(
                #[allow(missing_docs, reason = "the kind says what it is")]
                $kind($details),
            )*
        }

        /// What a record says, without its kind.
        #[derive(Clone, Debug, Serialize, ToSchema)]
        #[serde(untagged)]
        pub enum RecordDetails {
            $(
                #[allow(missing_docs, reason = "the kind says what it is")]
                $kind($details),
            )*
        }

        impl Details {
            /// Of which kind it is.
            pub const fn kind(&self) -> Kind {
                match self {
                    $(Self::$kind(_) => Kind::$kind,)*
                }
            }
        }

        impl From<Details> for RecordDetails {
            fn from(details: Details) -> Self {
                match details {
                    $(Details::$kind(details) => Self::$kind(details),)*
                }
            }
        }
    };
}

details! {
    Allergies(Allergy),
    Conditions(Condition),
    Medications(Medication),
    Labs(Lab),
    Imaging(Imaging),
    Measurements(Measurement),
    Procedures(Procedure),
    Immunizations(Immunization),
    Notes(Note),
}

impl Details {
    /// When what it says was measured.
    pub const fn taken_at(&self) -> Option<Timestamp> {
        match self {
            Self::Labs(lab) => Some(lab.taken_at),
            Self::Measurements(measurement) => Some(measurement.taken_at),
            _ => None,
        }
    }

    /// When what it says began, as far as it says so.
    pub fn begun_at(&self) -> Option<Timestamp> {
        let day = match self {
            Self::Conditions(one) => one.onset.as_ref(),
            Self::Medications(one) => one.since.as_ref(),
            Self::Imaging(one) => Some(&one.performed_on),
            Self::Procedures(one) => Some(&one.performed_on),
            Self::Immunizations(one) => Some(&one.given_on),
            Self::Labs(_) | Self::Measurements(_) => return self.taken_at(),
            Self::Allergies(_) | Self::Notes(_) => None,
        };
        day.and_then(PartialDate::earliest).map(Date::begins)
    }
}

impl Medication {
    /// Whether somebody still takes it on a day, as far as is known.
    pub fn is_taken_on(&self, day: Date) -> bool {
        self.until.as_ref().is_none_or(|until| !until.is_before(day))
    }
}
