//! What a customer types to use a coupon.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::platform::fields::Invalid;
use crate::platform::text;
use crate::platform::wording;

/// The code of a coupon: 3 to 32 of A-Z, 0-9 and hyphens. Small letters are taken for capital ones.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CouponCode(String);

impl CouponCode {
    /// Reads a code as people type and copy it: with any hyphens, and with white space and what cannot be seen around it and
    /// in it.
    ///
    /// # Errors
    /// Too short, too long, or with other characters.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let code = text::hyphenated(text).to_ascii_uppercase();
        let fits = code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-');
        if fits && (3..=32).contains(&code.len()) {
            Ok(Self(code))
        } else {
            Err(Invalid::new("invalid_code", wording::coupons::a_code()))
        }
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CouponCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for CouponCode {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_of_one_size_and_nothing_else_gets_in() {
        for copied in [" spring-26 ", "SPRING\u{2011}26", "\u{feff}Spring-\u{200b}26\u{a0}", "SPRING - 26"] {
            assert_eq!(CouponCode::parse(copied).unwrap().as_str(), "SPRING-26", "{copied:?}");
        }
        for wrong in ["", "AB", "A\u{200b}B", "SPRING#26", "ÄPFEL", &"A".repeat(33)] {
            assert!(CouponCode::parse(wrong).is_err(), "{wrong}");
        }
    }
}
