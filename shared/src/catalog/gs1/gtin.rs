//! The number of a trade item.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::platform::fields::Invalid;
use crate::platform::wording;

/// A GTIN of 14 digits; shorter ones are filled up with zeros on the left, as GS1 stores them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gtin([u8; 14]);

/// Whether the last of these digits is the check digit of those before it: weights 3, 1, 3, … from the right.
pub(super) fn checks(digits: &[u8]) -> bool {
    let Some((check, rest)) = digits.split_last() else { return false };
    let weighed = rest.iter().rev().zip([3_u32, 1].into_iter().cycle());
    let sum: u32 = weighed.map(|(digit, weight)| u32::from(digit.saturating_sub(b'0')) * weight).sum();
    (10 - sum % 10) % 10 == u32::from(check.saturating_sub(b'0'))
}

impl Gtin {
    /// Reads 8, 12, 13 or 14 digits.
    ///
    /// # Errors
    /// Anything else, or a check digit that is wrong.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let digits = text.as_bytes();
        if !matches!(digits.len(), 8 | 12 | 13 | 14) || !digits.iter().all(u8::is_ascii_digit) {
            return Err(Invalid::new("invalid_gtin", wording::catalog::a_gtin()));
        }
        if !checks(digits) {
            return Err(Invalid::new("invalid_gtin", wording::catalog::gtin_check_digit()));
        }
        let mut whole = [b'0'; 14];
        for (place, digit) in whole.iter_mut().rev().zip(digits.iter().rev()) {
            *place = *digit;
        }
        Ok(Self(whole))
    }
}

impl fmt::Display for Gtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.0).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Gtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Gtin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Gtin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}
