//! What somebody is known by when they sign in: an e-mail address or a telephone number.

use std::fmt;

use crate::accounts::{Email, Phone};
use crate::notifications::To;
use crate::platform::crypto;
use crate::platform::fields::{Field, FieldErrors, Invalid, Optional, all};
use crate::platform::wording;

/// An e-mail address or a telephone number.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Identifier {
    /// An address.
    Email(Email),
    /// A number.
    Phone(Phone),
}

impl Identifier {
    /// The one that a body gives; exactly one of the two must be there.
    ///
    /// # Errors
    /// Neither, both, or not valid.
    pub fn parse(email: Option<Field<String>>, phone: Option<Field<String>>) -> Result<Self, FieldErrors> {
        let given = all((
            email.parse_optional("email", |text| Email::parse(&text)),
            phone.parse_optional("phone", |text| Phone::parse(&text)),
        ))?;
        match given {
            (Some(email), None) => Ok(Self::Email(email)),
            (None, Some(phone)) => Ok(Self::Phone(phone)),
            (None, None) => {
                Err(vec![Invalid::new("required", wording::field::one_is_needed("email", "phone")).at("email")])
            }
            (Some(_), Some(_)) => {
                Err(vec![Invalid::new("exactly_one", wording::field::one_or_other("email", "phone")).at("phone")])
            }
        }
    }

    /// As text. An address has an `@` and a number none, so that the two never meet.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Email(email) => email.as_str(),
            Self::Phone(phone) => phone.as_str(),
        }
    }

    /// Enough for its owner to know it by, and for nobody else.
    pub fn masked(&self) -> String {
        match self {
            Self::Email(email) => email.masked(),
            Self::Phone(phone) => phone.masked(),
        }
    }

    /// By which way it is reached: `email` or `sms`.
    pub fn channel(&self) -> &'static str {
        match self {
            Self::Email(_) => "email",
            Self::Phone(_) => "sms",
        }
    }

    /// The name of its field in requests.
    pub fn field(&self) -> &'static str {
        match self {
            Self::Email(_) => "email",
            Self::Phone(_) => "phone",
        }
    }

    /// The address, if it is one.
    pub fn email(&self) -> Option<&Email> {
        match self {
            Self::Email(email) => Some(email),
            Self::Phone(_) => None,
        }
    }

    /// Where a message to it goes.
    pub fn to(&self) -> To<'_> {
        match self {
            Self::Email(email) => To::Email(email),
            Self::Phone(phone) => To::Phone(phone),
        }
    }

    /// What stands for it in keys, so that no table holds a list of addresses.
    pub(super) fn fingerprint(&self) -> String {
        crypto::fingerprint(self.as_str().as_bytes())
    }

    /// From what [`Self::as_str`] has made.
    pub(super) fn of_text(text: &str) -> Result<Self, Invalid> {
        if text.contains('@') { Email::parse(text).map(Self::Email) } else { Phone::parse(text).map(Self::Phone) }
    }
}

impl From<Email> for Identifier {
    fn from(email: Email) -> Self {
        Self::Email(email)
    }
}

impl From<Phone> for Identifier {
    fn from(phone: Phone) -> Self {
        Self::Phone(phone)
    }
}

impl fmt::Debug for Identifier {
    /// Masked: neither has a place in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.channel())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(text: &str) -> Option<Field<String>> {
        Some(Field::Present(text.to_owned()))
    }

    fn refused(email: Option<Field<String>>, phone: Option<Field<String>>) -> Vec<(String, &'static str)> {
        Identifier::parse(email, phone).unwrap_err().into_iter().map(|error| (error.field, error.code)).collect()
    }

    #[test]
    fn exactly_one_of_the_two_is_taken() {
        let email = Identifier::parse(field("Anna@Example.org"), None).unwrap();
        assert_eq!(
            (email.as_str(), email.channel(), email.masked().as_str()),
            ("anna@example.org", "email", "a***@e***")
        );
        let phone = Identifier::parse(Some(Field::Missing), field("+977 981-234-5678")).unwrap();
        assert_eq!((phone.as_str(), phone.channel(), phone.masked().as_str()), ("+9779812345678", "sms", "+***78"));
        assert_eq!(refused(None, None), [("email".to_owned(), "required")]);
        assert_eq!(refused(field("a@b.org"), field("+9779812345678")), [("phone".to_owned(), "exactly_one")]);
        let both = refused(field("а@b.org"), field("98"));
        assert_eq!(both, [("email".to_owned(), "invalid_email"), ("phone".to_owned(), "invalid_phone")]);
    }

    #[test]
    fn it_reads_what_it_wrote_and_hides_itself() {
        for text in ["anna@example.org", "+9779812345678"] {
            let identifier = Identifier::of_text(text).unwrap();
            assert_eq!(identifier.as_str(), text);
            assert!(!format!("{identifier:?}").contains(text));
        }
    }
}
