//! The number that a manufacturer gives a lot.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::catalog::gs1;
use crate::platform::fields::Invalid;
use crate::platform::wording;

/// A lot's number as it is printed: 1 to 20 characters of GS1's set 82, whose case counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct LotNumber(String);

impl LotNumber {
    /// Reads one.
    ///
    /// # Errors
    /// Empty, longer than 20 characters, or with characters that no code on a pack can have.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text.len() {
            1..=20 if gs1::is_set_82(text) => Ok(Self(text.to_owned())),
            1..=20 => Err(Invalid::new("invalid_lot_number", wording::catalog::a_lot_number())),
            _ => Err(Invalid::new("invalid_lot_number", wording::catalog::lot_number_length())),
        }
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LotNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for LotNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_what_can_stand_in_a_code() {
        for good in ["A1", "ab/12-3", "ABCDEFGHIJKLMNOPQRST", "0"] {
            assert_eq!(LotNumber::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", " A1", "A#1", "লট", "ABCDEFGHIJKLMNOPQRSTU"] {
            assert_eq!(LotNumber::parse(bad).unwrap_err().code, "invalid_lot_number", "{bad:?}");
        }
        assert_ne!(LotNumber::parse("a1"), LotNumber::parse("A1"), "the case of its letters counts");
    }
}
