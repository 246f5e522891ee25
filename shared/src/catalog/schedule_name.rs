//! The schedule that a law puts a medicine in: `CII`, `H1`, `X`.

use serde::{Deserialize, Serialize};

use crate::platform::fields::Invalid;
use crate::platform::wording;

/// The longest name.
const MOST: usize = 8;

/// The name of a schedule, as its law writes it, in capitals. What it means depends on where the pharmacy is
/// ([`limits`](super::schedule::limits)); a schedule that is none there has the strictest row of the legal status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ScheduleName(String);

impl ScheduleName {
    /// Reads a name, in capitals or not.
    ///
    /// # Errors
    /// Nothing, more than eight characters, or others than letters and digits.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let good = (1..=MOST).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let unknown = || Invalid::new("invalid_schedule", wording::catalog::a_schedule());
        good.then(|| Self(text.to_ascii_uppercase())).ok_or_else(unknown)
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ScheduleName {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl From<ScheduleName> for String {
    fn from(name: ScheduleName) -> Self {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schedule_is_letters_and_digits_in_capitals() {
        for (written, name) in [("CII", "CII"), ("h1", "H1"), ("X", "X")] {
            assert_eq!(ScheduleName::parse(written).unwrap().as_str(), name);
        }
        for wrong in ["", "C II", "C-II", "SCHEDULE2X", "২"] {
            assert_eq!(ScheduleName::parse(wrong).unwrap_err().code, "invalid_schedule", "{wrong}");
        }
        let stored: ScheduleName = serde_json::from_str("\"CII\"").unwrap();
        assert_eq!(serde_json::to_string(&stored).unwrap(), "\"CII\"");
        assert!(serde_json::from_str::<ScheduleName>("\"\"").is_err());
    }
}
