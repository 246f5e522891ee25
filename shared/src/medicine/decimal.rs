//! Exact decimals: what is weighed, measured and dosed is never a floating-point number.

use std::fmt;

use rust_decimal::{MathematicalOps, RoundingStrategy};
use serde::de::{Deserializer, Error as _, Visitor};
use serde::{Deserialize, Serialize, Serializer};

pub use rust_decimal::Decimal;

use crate::platform::fields::Invalid;
use crate::platform::wording;

/// The most digits that a number from outside may have: more than any scale, syringe or laboratory can tell apart, and
/// few enough that no product of two leaves the exact range.
const MAX_DIGITS: usize = 12;

/// A decimal from outside: a JSON number, or the same as text (`"6.80"` keeps its zero).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number(pub Decimal);

impl Number {
    /// The number, where it lies between `low` and `high`.
    ///
    /// # Errors
    /// It does not.
    pub fn within(self, low: Decimal, high: Decimal) -> Result<Decimal, Invalid> {
        if self.0 >= low && self.0 <= high {
            Ok(self.0)
        } else {
            Err(Invalid::new("implausible", wording::field::implausible(low, high)))
        }
    }
}

/// Reads a decimal: digits, at most one point, at most [`MAX_DIGITS`] digits.
///
/// # Errors
/// Anything else, such as `1e3`, `.5` or `1,000`.
pub fn parse(text: &str) -> Result<Decimal, Invalid> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let digits = unsigned.bytes().filter(u8::is_ascii_digit).count();
    let points = unsigned.bytes().filter(|byte| *byte == b'.').count();
    let well_formed = digits + points == unsigned.len()
        && points <= 1
        && unsigned.bytes().next().is_some_and(|byte| byte.is_ascii_digit())
        && unsigned.bytes().last().is_some_and(|byte| byte.is_ascii_digit());
    let refused = || Invalid::new("invalid_decimal", wording::field::a_decimal());
    if !well_formed || digits > MAX_DIGITS {
        return Err(refused());
    }
    text.parse().map_err(|_| refused())
}

/// The number above zero with which the words of a label begin, and what follows it. `None` where the label does not tell which
/// number it is: `1.000` is one or a thousand by where it was written, `0,5` and `1,5` have a comma for the point, and `1 000`
/// goes on after its first digit. Commas between thousands are read, as in `1,000`.
pub fn of_label(text: &str) -> Option<(Decimal, &str)> {
    let text = text.trim();
    let end = text.find(|letter: char| !letter.is_ascii_digit() && !matches!(letter, '.' | ',')).unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    let rest = rest.trim_start();
    let (whole, fraction) = number.split_once('.').map_or((number, None), |(whole, rest)| (whole, Some(rest)));
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let leads = !first.starts_with('0') && (1..=3).contains(&first.len());
    let told = match (whole.contains(','), fraction) {
        (true, _) => leads && groups.all(|group| group.len() == 3),
        (false, Some(fraction)) => !leads || fraction.len() != 3,
        (false, None) => true,
    };
    if !told || rest.starts_with(char::is_numeric) {
        return None;
    }
    let number = parse(&number.replace(',', "")).ok().filter(|number| *number > Decimal::ZERO)?;
    Some((number, rest))
}

/// Rounded half up to `places` digits after the point.
pub fn rounded(value: Decimal, places: u32) -> Decimal {
    value.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero)
}

/// As short as it gets: `12.50` is `12.5`, `100.0` is `100`.
pub fn plain(value: Decimal) -> Decimal {
    value.normalize()
}

/// `base` to the power of `exponent`, by logarithm and exponential: good to 20 digits after the point for what is asked
/// of it here (bases from 0.001 to 200, exponents from -2 to 2), of which at most two are shown.
pub fn power(base: Decimal, exponent: Decimal) -> Option<Decimal> {
    base.checked_powd(exponent)
}

/// The square root, good to 26 digits.
pub fn root(value: Decimal) -> Option<Decimal> {
    value.sqrt()
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl Visitor<'_> for Reader {
            type Value = Number;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a decimal number")
            }

            fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Number, E> {
                self.visit_str(&value.to_string())
            }

            fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Number, E> {
                self.visit_str(&value.to_string())
            }

            // JSON's parser has made a float of it. The shortest text that reads back as the same float is what was
            // written, as long as that had no more than 15 digits, and 12 are allowed.
            fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Number, E> {
                self.visit_str(&value.to_string())
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Number, E> {
                parse(text).map(Number).map_err(|_| E::custom("not a number, expected a decimal number"))
            }
        }

        deserializer.deserialize_any(Reader).map_err(D::Error::custom)
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn numbers_are_read_as_they_were_written() {
        for (json, text) in [("70.5", "70.5"), ("\"6.80\"", "6.80"), ("0.1", "0.1"), ("12", "12"), ("-3", "-3")] {
            let number: Number = serde_json::from_str(json).unwrap();
            assert_eq!(number.0.to_string(), text);
        }
        for wrong in ["\"1e3\"", "\".5\"", "\"5.\"", "\"1,000\"", "\"\"", "1234567890123", "true", "\"NaN\"", "null"] {
            assert!(serde_json::from_str::<Number>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn halves_round_up() {
        assert_eq!(rounded(decimal("80.95"), 1), decimal("81.0"));
        assert_eq!(rounded(decimal("-0.05"), 1), decimal("-0.1"));
    }

    /// Against 40 digits of Python's `decimal`.
    #[test]
    fn powers_and_roots_hold_their_stated_precision() {
        let least = decimal("0.00000000000000000001");
        for (base, exponent, known) in [
            ("0.9", "-0.302", "1.0323305082596909098977720716"),
            ("2.7777777777777777777777777778", "-1.2", "0.2934695194581321882665464615"),
            ("0.9938", "70", "0.6470375254752473770671689838"),
            ("0.1", "-0.302", "2.0044720273651611424379788670"),
            ("20", "-1.2", "0.0274640135826529438054892923"),
            ("12.345", "0.725", "6.1848766610946122641122810720"),
        ] {
            let made = power(decimal(base), decimal(exponent)).unwrap();
            assert!((made - decimal(known)).abs() < least, "{base}^{exponent}: {made}");
        }
        assert_eq!(root(decimal("4")), Some(decimal("2")));
        assert!((root(decimal("3.25")).unwrap() - decimal("1.8027756377319946465596106337")).abs() < least);
    }
}
