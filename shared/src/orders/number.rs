//! The number of an order: what people read to each other over the telephone and copy from a parcel.
//!
//! `AP-7K3M-9QXR`: seven characters at random and one that checks them, in Crockford's base 32, which has no letters that
//! look like digits. That no two orders have the same number is a condition of the transaction that places the order.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::platform::clock::Date;
use crate::platform::crypto;
use crate::platform::fields::Invalid;
use crate::platform::ids::OrderId;

/// Without I, L, O and U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const PREFIX: &str = "AP";
/// How many characters check each other, the last of them included.
const LENGTH: usize = 8;

/// The number of an order, in its canonical form.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct OrderNumber([u8; LENGTH]);

impl OrderNumber {
    /// A number at random: one of 34 thousand million.
    pub fn generate() -> Self {
        let bits = crypto::random::<5>().into_iter().fold(0_u64, |bits, byte| (bits << 8) | u64::from(byte));
        let mut characters = [0; LENGTH];
        let mut check = 0;
        for (place, character) in (0..).step_by(5).zip(characters.iter_mut().take(LENGTH - 1)) {
            *character = u8::try_from((bits >> place) & 31).unwrap_or_default();
            check = step(check, *character);
        }
        if let Some(last) = characters.last_mut() {
            *last = step(check, 0);
        }
        Self(characters)
    }

    /// Reads a number as people write it: in small letters, with other separators or none, without `AP`, with O for 0 and
    /// I or L for 1.
    ///
    /// # Errors
    /// Another length or alphabet, or characters that do not check: one of them is wrong, or two have changed places.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let malformed = || Invalid::new("invalid_number", "expected the number of an order such as AP-7K3M-9QXR");
        let kept = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '‐' | '‑' | '–' | '.' | '/' | '#'));
        let kept: String = kept.map(|c| c.to_ascii_uppercase()).collect();
        let bare = kept.strip_prefix(PREFIX).filter(|rest| rest.len() == LENGTH).unwrap_or(&kept);
        let values = bare.bytes().map(value).collect::<Option<Vec<u8>>>().ok_or_else(malformed)?;
        let characters: [u8; LENGTH] = values.try_into().map_err(|_| malformed())?;
        match characters.into_iter().fold(0, step) {
            0 => Ok(Self(characters)),
            _ => Err(Invalid::new("invalid_number", "this is no number of an order: a character of it must be wrong")),
        }
    }
}

/// The number of an order from before [`OrderNumber`]: its day in UTC and the last six characters of its id, such as
/// `20261129-4TSV4R`. Nobody made sure that no other order has the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OldNumber {
    day: Date,
    ending: String,
}

/// How many characters of an id are in an old number.
const ENDING: usize = 6;

impl OldNumber {
    /// What was made of an id.
    pub fn of(id: OrderId) -> Self {
        let text = id.to_string();
        let ending = text.get(text.len().saturating_sub(ENDING)..).unwrap_or_default().to_owned();
        Self { day: id.made_at().date(), ending }
    }

    fn parse(text: &str) -> Option<Self> {
        let (day, ending) = text.trim().split_once('-')?;
        let (year, rest) = day.split_at_checked(4)?;
        let (month, day) = rest.split_at_checked(2)?;
        let day = Date::parse(&format!("{year}-{month}-{day}")).ok()?;
        let ending = ending.to_ascii_uppercase();
        (ending.len() == ENDING && ending.bytes().all(|byte| ALPHABET.contains(&byte))).then_some(Self { day, ending })
    }

    /// The first and the last id of its day.
    pub fn ids(&self) -> (OrderId, OrderId) {
        (OrderId::first_at(self.day.begins()), OrderId::last_before(self.day.plus_days(1).begins()))
    }
}

impl fmt::Display for OldNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.day.to_string().replace('-', ""), self.ending)
    }
}

/// A number that somebody looks for, of either kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SoughtNumber {
    /// One that no two orders have.
    Number(OrderNumber),
    /// An old one.
    Old(OldNumber),
}

impl SoughtNumber {
    /// Reads a number of either kind.
    ///
    /// # Errors
    /// As [`OrderNumber::parse`].
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match OldNumber::parse(text) {
            Some(old) => Ok(Self::Old(old)),
            None => OrderNumber::parse(text).map(Self::Number),
        }
    }
}

/// One step of the check: twice what was, and the next character, in the field of 32 elements. Over a whole number every
/// place has another weight, so that any wrong character shows, and any two that have changed places.
const fn step(so_far: u8, character: u8) -> u8 {
    let twice = so_far << 1;
    let reduced = if twice & 0b10_0000 == 0 { twice } else { twice ^ 0b10_0101 };
    reduced ^ character
}

fn value(character: u8) -> Option<u8> {
    let meant = match character {
        b'O' => b'0',
        b'I' | b'L' => b'1',
        other => other,
    };
    ALPHABET.iter().position(|one| *one == meant).and_then(|place| u8::try_from(place).ok())
}

impl fmt::Display for OrderNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(PREFIX)?;
        for (place, value) in self.0.iter().enumerate() {
            let character = ALPHABET.get(usize::from(*value)).map_or('0', |byte| char::from(*byte));
            write!(f, "{}{character}", if place % 4 == 0 { "-" } else { "" })?;
        }
        Ok(())
    }
}

impl fmt::Debug for OrderNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for OrderNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for OrderNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_number_is_read_however_people_write_it() {
        for _ in 0..200 {
            let number = OrderNumber::generate();
            let text = number.to_string();
            assert_eq!((text.len(), &text[..3]), (12, "AP-"), "{text}");
            let bare = text.replace('-', "");
            let lookalikes = text.replace('0', "o").replace('1', "l");
            for written in [text.to_lowercase(), bare.clone(), text.replace('-', " "), bare[2..].to_owned(), lookalikes]
            {
                assert_eq!(OrderNumber::parse(&written), Ok(number), "{written}");
            }
        }
    }

    #[test]
    fn no_letter_looks_like_a_digit_or_another() {
        assert!(!ALPHABET.iter().any(|letter| b"ILOU".contains(letter)));
    }

    #[test]
    fn what_is_no_number_says_what_one_looks_like() {
        for wrong in ["", "AP-", "AP-7K3M", "20261129-ABCDEF", "AP-7K3M-9QXR-1", "AP-7K3M-9QXÜ"] {
            assert_eq!(OrderNumber::parse(wrong).unwrap_err().code, "invalid_number", "{wrong}");
        }
    }

    #[test]
    fn old_numbers_are_still_read() {
        let id = OrderId::parse("ord_01KB79AXG04TSV4RRFFQ69G5FA").unwrap();
        let old = OldNumber::of(id);
        assert_eq!(old.to_string(), "20251129-69G5FA");
        assert_eq!(SoughtNumber::parse(" 20251129-69g5fa "), Ok(SoughtNumber::Old(old.clone())));
        let (first, last) = old.ids();
        assert!(first < id && id < last);
        assert_eq!((OldNumber::of(first).day, OldNumber::of(last).day), (old.day, old.day));
        let number = OrderNumber::generate();
        assert_eq!(SoughtNumber::parse(&number.to_string()), Ok(SoughtNumber::Number(number)));
    }

    proptest! {
        #[test]
        fn one_wrong_character_shows(place in 0..LENGTH, other in 1_u8..32) {
            let OrderNumber(mut characters) = OrderNumber::generate();
            characters[place] ^= other;
            prop_assert!(OrderNumber::parse(&OrderNumber(characters).to_string()).is_err());
        }

        #[test]
        fn two_that_have_changed_places_show(a in 0..LENGTH, b in 0..LENGTH) {
            let OrderNumber(mut characters) = OrderNumber::generate();
            prop_assume!(characters[a] != characters[b]);
            characters.swap(a, b);
            prop_assert!(OrderNumber::parse(&OrderNumber(characters).to_string()).is_err());
        }

        #[test]
        fn reading_never_panics(text in "\\PC{0,24}") {
            let _ = OrderNumber::parse(&text);
        }
    }
}
