//! Telephone numbers, as people write them (ITU-T E.123) and as networks dial them (E.164).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::platform::fields::Invalid;
use crate::platform::text;
use crate::platform::wording;

/// A telephone number in E.164: `+9779812345678`.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(String);

/// The countries with codes of one and two digits (E.164, annex to the list of assigned country codes); all others have
/// three.
const SHORT_CODES: [&str; 46] = [
    "1", "7", "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48",
    "49", "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84",
    "86", "90", "91", "92", "93", "94", "95", "98",
];
/// Where a zero at the beginning is part of the number from abroad too, at least of some (libphonenumber's metadata): Italy
/// and the Vatican, San Marino, Benin, Congo, Ivory Coast, Gabon, Niger; free numbers of Botswana, Belize, Fiji, Macao, New
/// Caledonia, Eswatini and Tonga.
const DIALLED_ZERO: [&str; 14] =
    ["39", "378", "229", "242", "225", "241", "227", "267", "501", "679", "853", "687", "268", "676"];

impl Phone {
    /// Reads a number as people write and copy it: white space, hyphens, dots, slashes and brackets between its digits are
    /// forgiven, and what cannot be seen. A zero after the country's code, in brackets or not, is for calls inside the
    /// country: `+44 (0)20 7946 0958` is `+442079460958`.
    ///
    /// # Errors
    /// Without the country's code, or not 7 to 15 digits.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let number: String = text::joined(text).chars().filter(|c| !matches!(c, '.' | '/' | '(' | ')')).collect();
        Self::dialled(without_trunk_zero(number))
    }

    /// A number as it is dialled.
    fn dialled(number: String) -> Result<Self, Invalid> {
        let good = number.strip_prefix('+').is_some_and(|digits| {
            (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0')
        });
        let invalid = || Invalid::new("invalid_phone", wording::accounts::a_phone());
        good.then_some(Self(number)).ok_or_else(invalid)
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Enough for its owner to know it by, and for nobody else: `+***78`.
    pub fn masked(&self) -> String {
        format!("+***{}", self.0.get(self.0.len().saturating_sub(2)..).unwrap_or_default())
    }
}

/// Takes away the zero that is dialled inside a country only.
fn without_trunk_zero(number: String) -> String {
    let Some(digits) = number.strip_prefix('+') else { return number };
    let Some((code, rest)) = country(digits) else { return number };
    if DIALLED_ZERO.contains(&code) {
        return number;
    }
    format!("+{code}{}", rest.trim_start_matches('0'))
}

/// The country's code, and what comes after it.
fn country(digits: &str) -> Option<(&str, &str)> {
    let short = (1..=2).filter_map(|length| digits.split_at_checked(length));
    short.into_iter().find(|(code, _)| SHORT_CODES.contains(code)).or_else(|| digits.split_at_checked(3))
}

impl fmt::Debug for Phone {
    /// Hidden: a number has no place in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone(…)")
    }
}

impl TryFrom<String> for Phone {
    type Error = Invalid;

    /// From what is stored, as it is: only what people type is mended.
    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::dialled(text)
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> Self {
        phone.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> String {
        Phone::parse(text).map(String::from).unwrap_or_default()
    }

    #[test]
    fn numbers_carry_their_country() {
        assert_eq!(read("+977 (98) 1234-5678"), "+9779812345678");
        for wrong in ["", "9812345678", "+0123456789", "+12345", "+1234567890123456", "+97798x2345678", "++9779812345"]
        {
            assert!(Phone::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_zero_for_calls_inside_the_country_is_not_dialled() {
        for (written, dialled) in [
            ("+44 (0)20 7946 0958", "+442079460958"),
            ("+44(0)2079460958", "+442079460958"),
            ("+44 020 7946 0958", "+442079460958"),
            ("+49 (0) 30 / 123 45-67", "+49301234567"),
            ("+977 (0)1-4412345", "+97714412345"),
            ("+880 (0)1712-345678", "+8801712345678"),
            ("+39 (0)6 6982 0000", "+390669820000"),
            ("+39 06 6982 0000", "+390669820000"),
            ("+378 0549 886377", "+3780549886377"),
            ("+225 01 23 45 67 89", "+2250123456789"),
            ("+1 (202) 555-0100", "+12025550100"),
            ("+7 (495) 123-45-67", "+74951234567"),
        ] {
            assert_eq!(read(written), dialled, "{written}");
        }
    }

    #[test]
    fn a_number_that_was_copied_is_read() {
        // As the contacts of a telephone copy it, and as a web page breaks it.
        assert_eq!(read("\u{202a}+977\u{a0}98\u{2011}1234\u{2013}5678\u{202c}"), "+9779812345678");
    }

    #[test]
    fn what_is_stored_is_read_as_it_is() {
        let stored = "+4402079460958".to_owned();
        assert_eq!(Phone::try_from(stored.clone()).map(String::from), Ok(stored));
    }

    proptest! {
        #[test]
        fn a_number_reads_as_itself(text in "\\+[0-9() ./-]{6,20}") {
            if let Ok(phone) = Phone::parse(&text) {
                prop_assert_eq!(Phone::parse(phone.as_str()), Ok(phone.clone()), "{}", text);
                prop_assert_eq!(Phone::try_from(phone.as_str().to_owned()), Ok(phone));
            }
        }
    }
}
