//! The number of an order: what people read to each other over the telephone and copy from a parcel.
//!
//! `AP-7K3M-9QXR-4TVW`: eleven characters and one that checks them, in Crockford's base 32, which has no letters that look
//! like digits. The number and the id of an order are made of each other: of the millisecond and a little chance. The order
//! is written under the condition that there is none with its id, so no two have the same number, and none is looked up by
//! anything but its id.

use std::fmt;

use crate::platform::clock::{Date, Timestamp};
use crate::platform::crypto;
use crate::platform::fields::Invalid;
use crate::platform::ids::OrderId;
use crate::platform::text;
use crate::platform::wording;

/// Without I, L, O and U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const PREFIX: &str = "AP";
/// How many characters check each other, the last of them included.
const LENGTH: usize = 12;
/// The milliseconds are counted from the year 2025 on, and last for 69 years.
const FROM: i64 = 1_735_689_600_000;
const TIME_BITS: u32 = 41;
/// How much chance there is among the orders of a millisecond.
const CHANCE_BITS: u32 = 14;
/// What fits into the characters but the last.
const MASK: u64 = (1 << (TIME_BITS + CHANCE_BITS)) - 1;
/// Any odd factor keeps all values apart. By this one neighbours in time do not look alike.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;
/// What takes it back.
const GATHER: u64 = inverse(SPREAD);

/// The number of an order: its millisecond and what chance has added.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct OrderNumber(u64);

impl OrderNumber {
    /// A number for an order of `now`.
    pub fn draw(now: Timestamp) -> Self {
        Self::made(now, u64::from(u16::from_be_bytes(crypto::random())))
    }

    fn made(at: Timestamp, chance: u64) -> Self {
        let since = at.millis().saturating_sub(FROM).clamp(0, (1 << TIME_BITS) - 1).unsigned_abs();
        Self((since << CHANCE_BITS) | (chance & ((1 << CHANCE_BITS) - 1)))
    }

    /// The number of the order with this id; of an old order there is none.
    pub fn of(id: OrderId) -> Option<Self> {
        let chance = u64::try_from(id.ulid().random() >> (80 - CHANCE_BITS)).ok()?;
        Some(Self::made(id.made_at(), chance)).filter(|number| number.id() == id)
    }

    /// The id of the order with this number. What chance has added fills a part of it, a digest of all the rest: an id is no
    /// secret, and one of before has this form by no accident.
    pub fn id(self) -> OrderId {
        let at = Timestamp::from_millis(FROM.saturating_add(i64::try_from(self.0 >> CHANCE_BITS).unwrap_or(0)));
        let digest = crypto::keyed_hash(b"the id of an order", &self.0.to_be_bytes());
        let digest = digest.iter().take(16).fold(0_u128, |bits, byte| (bits << 8) | u128::from(*byte));
        let chance = u128::from(self.0 & ((1 << CHANCE_BITS) - 1));
        let rest = (1_u128 << (80 - CHANCE_BITS)) - 1;
        OrderId::with(at, (chance << (80 - CHANCE_BITS)) | (digest & rest))
    }

    /// Reads a number as people write it: in small letters, with other separators or none, without `AP`, with O for 0 and
    /// I or L for 1.
    ///
    /// # Errors
    /// Another length or alphabet, or characters that do not check: one of them is wrong, or two have changed places.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let malformed = || Invalid::new("invalid_number", wording::orders::a_number());
        let joined = text::joined(text);
        let kept = joined.chars().filter(|c| !matches!(c, '.' | '/' | '#'));
        let kept: String = kept.map(|c| c.to_ascii_uppercase()).collect();
        let bare = kept.strip_prefix(PREFIX).filter(|rest| rest.len() == LENGTH).unwrap_or(&kept);
        let values = bare.bytes().map(value).collect::<Option<Vec<u8>>>().ok_or_else(malformed)?;
        let characters: [u8; LENGTH] = values.try_into().map_err(|_| malformed())?;
        if characters.into_iter().fold(0, step) != 0 {
            return Err(Invalid::new("invalid_number", wording::orders::a_character_is_wrong()));
        }
        let spread = characters.iter().take(LENGTH - 1).fold(0_u64, |bits, value| (bits << 5) | u64::from(*value));
        Ok(Self(spread.wrapping_mul(GATHER) & MASK))
    }

    /// The values of its characters.
    fn characters(self) -> [u8; LENGTH] {
        let mut left = self.0.wrapping_mul(SPREAD) & MASK;
        let mut characters = [0; LENGTH];
        for character in characters.iter_mut().rev().skip(1) {
            *character = u8::try_from(left & 31).unwrap_or_default();
            left >>= 5;
        }
        let check = characters.iter().take(LENGTH - 1).copied().fold(0, step);
        if let Some(last) = characters.last_mut() {
            *last = step(check, 0);
        }
        characters
    }
}

/// What an odd factor is taken back by, for whole numbers of 64 bits. Each step doubles how many bits are right.
const fn inverse(odd: u64) -> u64 {
    let mut inverse = odd;
    let mut steps = 0;
    while steps < 6 {
        inverse = inverse.wrapping_mul(2_u64.wrapping_sub(odd.wrapping_mul(inverse)));
        steps += 1;
    }
    inverse
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
        let text = text::hyphenated(text);
        let (day, ending) = text.split_once('-')?;
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

/// As a number is shown.
fn shown(characters: [u8; LENGTH], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(PREFIX)?;
    for (place, value) in characters.iter().enumerate() {
        let character = ALPHABET.get(usize::from(*value)).map_or('0', |byte| char::from(*byte));
        write!(f, "{}{character}", if place % 4 == 0 { "-" } else { "" })?;
    }
    Ok(())
}

impl fmt::Display for OrderNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        shown(self.characters(), f)
    }
}

impl fmt::Debug for OrderNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    struct Written([u8; LENGTH]);

    impl fmt::Display for Written {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            shown(self.0, f)
        }
    }

    fn now() -> Timestamp {
        Timestamp::parse("2026-11-20T10:00:00.123Z").unwrap()
    }

    #[test]
    fn a_number_is_read_however_people_write_it() {
        for _ in 0..200 {
            let number = OrderNumber::draw(now());
            let text = number.to_string();
            assert_eq!((text.len(), &text[..3]), (17, "AP-"), "{text}");
            let bare = text.replace('-', "");
            let lookalikes = text.replace('0', "o").replace('1', "l");
            let copied = format!("\u{feff}{}\u{200b}", text.replace('-', "\u{2212}\u{ad}"));
            let spaced = text.replace('-', " ");
            for written in [text.to_lowercase(), bare.clone(), spaced, bare[2..].to_owned(), lookalikes, copied] {
                assert_eq!(OrderNumber::parse(&written), Ok(number), "{written}");
            }
        }
    }

    #[test]
    fn no_letter_looks_like_a_digit_or_another() {
        assert!(!ALPHABET.iter().any(|letter| b"ILOU".contains(letter)));
    }

    #[test]
    fn neighbours_in_time_do_not_look_alike() {
        let first = OrderNumber::made(now(), 7).characters();
        let second = OrderNumber::made(now().plus(std::time::Duration::from_millis(1)), 7).characters();
        assert!(first.iter().zip(&second).filter(|(a, b)| a != b).count() > 6);
    }

    #[test]
    fn what_is_no_number_says_what_one_looks_like() {
        for wrong in ["", "AP-", "AP-7K3M", "20261129-ABCDEF", "AP-7K3M-9QXR-4TVW-1", "AP-7K3M-9QXR-4TVÜ"] {
            assert_eq!(OrderNumber::parse(wrong).unwrap_err().code, "invalid_number", "{wrong}");
        }
    }

    #[test]
    fn old_numbers_are_still_read() {
        let id = OrderId::parse("ord_01KB79AXG04TSV4RRFFQ69G5FA").unwrap();
        assert_eq!(OrderNumber::of(id), None);
        let old = OldNumber::of(id);
        assert_eq!(old.to_string(), "20251129-69G5FA");
        for written in [" 20251129-69g5fa ", "20251129\u{2011}69G5FA\u{200b}"] {
            assert_eq!(SoughtNumber::parse(written), Ok(SoughtNumber::Old(old.clone())), "{written:?}");
        }
        let (first, last) = old.ids();
        assert!(first < id && id < last);
        assert_eq!((OldNumber::of(first).day, OldNumber::of(last).day), (old.day, old.day));
        let number = OrderNumber::draw(now());
        assert_eq!(SoughtNumber::parse(&number.to_string()), Ok(SoughtNumber::Number(number)));
    }

    proptest! {
        #[test]
        fn number_and_id_are_made_of_each_other(since in 0_i64..1 << TIME_BITS, chance in 0_u64..1 << CHANCE_BITS) {
            let at = Timestamp::from_millis(FROM + since);
            let number = OrderNumber::made(at, chance);
            prop_assert_eq!(number.id().made_at(), at);
            prop_assert_eq!(OrderNumber::of(number.id()), Some(number));
            prop_assert_eq!(OrderNumber::parse(&number.to_string()), Ok(number));
        }

        #[test]
        fn other_orders_have_other_numbers(a in 0..=MASK, b in 0..=MASK) {
            prop_assert_eq!(a == b, OrderNumber(a).to_string() == OrderNumber(b).to_string());
        }

        #[test]
        fn one_wrong_character_shows(value in 0..=MASK, place in 0..LENGTH, other in 1_u8..32) {
            let mut characters = OrderNumber(value).characters();
            characters[place] ^= other;
            prop_assert!(OrderNumber::parse(&Written(characters).to_string()).is_err());
        }

        #[test]
        fn two_that_have_changed_places_show(value in 0..=MASK, a in 0..LENGTH, b in 0..LENGTH) {
            let mut characters = OrderNumber(value).characters();
            prop_assume!(characters[a] != characters[b]);
            characters.swap(a, b);
            prop_assert!(OrderNumber::parse(&Written(characters).to_string()).is_err());
        }

        #[test]
        fn reading_never_panics(text in "\\PC{0,24}") {
            let _ = SoughtNumber::parse(&text);
        }
    }
}
