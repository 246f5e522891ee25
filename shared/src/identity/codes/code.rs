//! The codes that are sent by mail and text message, as they come back.

use crate::platform::error::Error;
use crate::platform::fields::Invalid;
use crate::platform::text;
use crate::platform::wording;

/// A code: six digits.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    /// Reads a code; white space and hyphens in it and around it are forgiven, and what cannot be seen.
    ///
    /// # Errors
    /// Not six digits.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let code = text::joined(text);
        let good = code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit());
        good.then_some(Self(code)).ok_or_else(|| Invalid::new("invalid_code", wording::identity::six_digits()))
    }

    /// The code of a number below a million.
    pub(in crate::identity) fn of_number(number: u64) -> Self {
        Self(format!("{number:06}"))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Code {
    /// Hidden: a code is as good as a password for a while.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Code(…)")
    }
}

/// The answer to a wrong code, whatever is wrong with it.
pub(in crate::identity) fn invalid_code() -> Error {
    Error::invalid("invalid_code", wording::identity::invalid_code())
}

/// The answer to a code that is too old.
pub(in crate::identity) fn expired_code() -> Error {
    Error::invalid("expired_code", wording::identity::expired_code())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_six_digits() {
        for typed in [
            "123456",
            " 123456 ",
            "123 456",
            "123-456",
            "123\u{a0}456",
            "12\u{2011}34\u{202f}56",
            "\u{200b}123456\u{feff}",
        ] {
            assert_eq!(Code::parse(typed).unwrap().as_str(), "123456", "{typed:?}");
        }
        for wrong in ["", "12345", "1234567", "12345a", "١٢٣٤٥٦"] {
            assert_eq!(Code::parse(wrong).unwrap_err().code, "invalid_code", "{wrong}");
        }
    }
}
