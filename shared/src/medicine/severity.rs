//! How much an interaction or a contraindication matters, in this API's words and in those of the field.

use crate::platform::wording::{self, Words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The four levels, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    TakeIntoAccount,
    /// Possible with care: another dose, times apart, a check.
    Precaution,
    /// Better avoided; a pharmacist decides.
    NotRecommended,
    /// Never together.
    Contraindicated,
}

impl Severity {
    /// All of them, the least first.
    pub const ALL: [Self; 4] = [Self::TakeIntoAccount, Self::Precaution, Self::NotRecommended, Self::Contraindicated];

    /// Reads a level.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "take_into_account" => Some(Self::TakeIntoAccount),
            "precaution" => Some(Self::Precaution),
            "not_recommended" => Some(Self::NotRecommended),
            "contraindicated" => Some(Self::Contraindicated),
            _ => None,
        }
    }

    /// As FHIR's DetectedIssue.severity says it.
    pub fn fhir(self) -> &'static str {
        match self {
            Self::Contraindicated | Self::NotRecommended => "high",
            Self::Precaution => "moderate",
            Self::TakeIntoAccount => "low",
        }
    }

    /// As the indicator of a CDS Hooks card.
    pub fn indicator(self) -> &'static str {
        match self {
            Self::Contraindicated | Self::NotRecommended => "critical",
            Self::Precaution => "warning",
            Self::TakeIntoAccount => "info",
        }
    }

    /// What to do about it, before anything that the mechanism asks for.
    pub fn advice(self) -> Words {
        match self {
            Self::Contraindicated => wording::medicine::do_not_use(),
            Self::NotRecommended => wording::medicine::avoid(),
            Self::Precaution => wording::medicine::with_precaution(),
            Self::TakeIntoAccount => wording::medicine::keep_in_mind(),
        }
    }
}
