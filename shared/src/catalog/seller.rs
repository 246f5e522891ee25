//! Sellers as shoppers see them: the name that stands beside what they sell.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection::skeleton;

use crate::platform::clock::Timestamp;
use crate::platform::fields::Invalid;
use crate::platform::ids::{ProductId, UserId};
use crate::platform::wording;
use crate::platform::{invisible, text};

/// The most characters of a name.
pub const LONGEST_NAME: usize = 60;
/// What the house is called: no seller's name may look as if it were the house. It is this product's name; a pharmacy that calls
/// itself otherwise looks at its sellers' applications for its own.
const HOUSE: &str = "apothecary";

/// What a seller is called in the shop.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DisplayName(String);

impl DisplayName {
    /// Reads a name: one line with something to read in it, that nobody takes for the house's.
    ///
    /// # Errors
    /// Anything else; `reserved` for what looks like the house's name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let name = text::line(text, LONGEST_NAME)?;
        if name.chars().any(|c| is_directing(c) || invisible::is(c) && !is_joining(c)) {
            return Err(Invalid::new("invisible", wording::catalog::visible_characters()));
        }
        if !name.chars().any(char::is_alphanumeric) {
            return Err(Invalid::new("empty", wording::catalog::letters_or_digits()));
        }
        if likeness(&name).contains(&likeness(HOUSE)) {
            return Err(Invalid::new("reserved", wording::catalog::reserved_name()));
        }
        Ok(Self(name))
    }

    /// A name that was read once and is stored: what is refused meanwhile was not when it was given.
    pub(in crate::catalog) fn stored(name: &str) -> Self {
        Self(name.to_owned())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DisplayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a character turns the direction of what is around it.
const fn is_directing(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character joins letters or parts them, which Devanagari and Bengali are written with.
const fn is_joining(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// What a text looks like at a glance: the skeleton of UTS 39 of its plain letters, without what is neither letter nor digit, and with the digits
/// that are read as letters.
fn likeness(text: &str) -> String {
    let plain: String = text.nfkc().collect();
    let skeleton: String = skeleton(&plain.to_lowercase()).collect();
    let skeleton = skeleton.to_lowercase();
    let seen = skeleton.chars().filter(|c| c.is_alphanumeric());
    seen.map(|c| match c {
        '3' => 'e',
        '4' => 'a',
        other => other,
    })
    .collect()
}

/// Who sells a product.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Seller {
    /// Who.
    pub id: UserId,
    /// What they are called, where they have said so.
    pub name: Option<DisplayName>,
}

/// What a seller says of themselves to shoppers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SellerProfile {
    /// Who.
    pub seller: UserId,
    /// What they are called.
    pub display_name: DisplayName,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When they have changed it within the day before that, and then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renamed: Vec<Timestamp>,
    /// Up to which of their products the name is written on them, where they sell more than are written at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reached: Option<ProductId>,
    /// Grows by one with every change.
    pub version: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> &'static str {
        DisplayName::parse(text).map_or_else(|invalid| invalid.code, |_| "good")
    }

    #[test]
    fn names_are_taken_as_people_write_them() {
        for name in ["Everest Medico", "हिमालय फार्मेसी", "24/7 Pharma", "Sagarmatha & Sons (Pvt.) Ltd.", "Apo's shop"]
        {
            assert_eq!(DisplayName::parse(name).unwrap().as_str(), name);
        }
        assert_eq!(DisplayName::parse("  Everest   Medico ").unwrap().as_str(), "Everest Medico");
    }

    #[test]
    fn what_cannot_be_read_is_no_name() {
        assert_eq!(code(&"x".repeat(LONGEST_NAME)), "good");
        for bad in ["", "   ", "--", "a\u{0}b", "a\nb", &"x".repeat(LONGEST_NAME + 1), "ab\u{202e}cd", "a\u{200b}b"] {
            assert_ne!(code(bad), "good", "{bad:?}");
        }
    }

    #[test]
    fn nobody_looks_like_the_house() {
        for name in [
            "Apothecary",
            "APOTHECARY Official",
            "A-p-o-t-h-e-c-a-r-y",
            "the apothecary",
            // Cyrillic letters.
            "\u{410}\u{440}\u{43e}th\u{435}\u{441}\u{430}r\u{443}",
            "Ap0thecary",
            "4poth3cary",
            "Ａｐｏｔｈｅｃａｒｙ",
        ] {
            assert_eq!(code(name), "reserved", "{name}");
        }
    }
}
