//! The kinds of records.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::fields::Invalid;
use crate::platform::wording;

/// A kind of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RecordKind)]
pub enum Kind {
    /// What somebody reacts to.
    Allergies,
    /// What they have, or had.
    Conditions,
    /// What they take, or took.
    Medications,
    /// What a laboratory has measured.
    Labs,
    /// Pictures of the inside: their reports, never their meaning.
    Imaging,
    /// What is measured at home or in a practice.
    Measurements,
    /// What was done to them.
    Procedures,
    /// Vaccinations.
    Immunizations,
    /// What does not fit anywhere else.
    Notes,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Allergies,
        Self::Conditions,
        Self::Medications,
        Self::Labs,
        Self::Imaging,
        Self::Measurements,
        Self::Procedures,
        Self::Immunizations,
        Self::Notes,
    ];

    /// The name, as the API and the table have it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allergies => "allergies",
            Self::Conditions => "conditions",
            Self::Medications => "medications",
            Self::Labs => "labs",
            Self::Imaging => "imaging",
            Self::Measurements => "measurements",
            Self::Procedures => "procedures",
            Self::Immunizations => "immunizations",
            Self::Notes => "notes",
        }
    }

    /// Reads a name.
    ///
    /// # Errors
    /// None of that name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| Invalid::new("unknown_value", wording::records::a_kind()))
    }

    /// Whether what medicines may be had depends on it.
    pub const fn is_screened(self) -> bool {
        matches!(self, Self::Allergies | Self::Conditions | Self::Medications)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_read_by_its_name() {
        for kind in Kind::ALL {
            assert_eq!(kind.to_string().parse(), Ok(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
        assert!(Kind::parse("Allergies").is_err());
    }
}
