//! How a person is reached: e-mail addresses, and what is proven to be theirs.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::phone::Phone;
use crate::platform::fields::Invalid;
use crate::platform::wording;

/// An e-mail address: ASCII, in lower case, so that one mailbox is one account.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

/// RFC 5321: a path holds 256 octets, two of them the angle brackets.
const MAX_EMAIL: usize = 254;
/// RFC 5321: the part before the `@`.
const MAX_LOCAL_PART: usize = 64;

impl Email {
    /// Reads an address; capital letters are forgiven, and white space around it. Characters that are not seen are not: an
    /// address that somebody vouches for must not become another that looks the same.
    ///
    /// # Errors
    /// Too long, or not an address that mail on the public internet could be sent to.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let address = text.trim().to_ascii_lowercase();
        if address.len() > MAX_EMAIL {
            return Err(Invalid::new("too_long", wording::field::characters_at_most(MAX_EMAIL)));
        }
        let good = address.split_once('@').is_some_and(|(local, domain)| is_local_part(local) && is_domain(domain));
        let invalid = || Invalid::new("invalid_email", wording::accounts::an_email());
        good.then_some(Self(address)).ok_or_else(invalid)
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the `@`.
    pub fn local_part(&self) -> &str {
        self.0.split_once('@').map_or("", |(local, _)| local)
    }

    /// Enough for its owner to know it by, and for nobody else: `a***@e***`.
    pub fn masked(&self) -> String {
        let (local, domain) = self.0.split_once('@').unwrap_or_default();
        let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
        format!("{}***@{}***", first(local), first(domain))
    }
}

fn is_local_part(local: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b);
    (1..=MAX_LOCAL_PART).contains(&local.len())
        && local.bytes().all(allowed)
        && local.split('.').all(|part| !part.is_empty())
}

fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last_is_a_name = domain.rsplit('.').next().is_some_and(|last| last.bytes().any(|b| b.is_ascii_alphabetic()));
    domain.contains('.') && domain.split('.').all(label) && last_is_a_name
}

impl fmt::Debug for Email {
    /// Masked: an address has no place in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl TryFrom<String> for Email {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

/// How a person is reached, as far as it is proven to be theirs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contacts {
    /// Their address.
    pub email: Option<Email>,
    /// Their number.
    pub phone: Option<Phone>,
}

impl From<Email> for Contacts {
    fn from(email: Email) -> Self {
        Self { email: Some(email), phone: None }
    }
}

impl From<Phone> for Contacts {
    fn from(phone: Phone) -> Self {
        Self { email: None, phone: Some(phone) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_mailbox_is_one_address() {
        assert_eq!(Email::parse("  Anna.K+rx@Example.ORG ").unwrap().as_str(), "anna.k+rx@example.org");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("{}@example.org", "a".repeat(65));
        for wrong in [
            "",
            "anna",
            "@example.org",
            "anna@",
            "anna@localhost",
            "a@b@c.org",
            "anna @example.org",
            "änna@example.org",
            ".anna@example.org",
            "anna..k@example.org",
            "anna@-example.org",
            "anna@example..org",
            "anna@10.0.0.1",
            "anna@example.org\n.evil",
            "<anna@example.org>",
            long.as_str(),
        ] {
            assert!(Email::parse(wrong).is_err(), "{wrong:?}");
        }
        assert_eq!(Email::parse(&format!("a@{}.org", "b".repeat(300))).unwrap_err().code, "too_long");
    }

    #[test]
    fn a_masked_address_tells_its_owner_alone() {
        let email = Email::parse("anna@example.org").unwrap();
        assert_eq!(email.masked(), "a***@e***");
        assert_eq!(format!("{email:?}"), "a***@e***");
    }

    proptest! {
        #[test]
        fn an_address_reads_as_itself(text in "[A-Za-z0-9.+_-]{1,20}@[A-Za-z0-9.-]{1,20}") {
            if let Ok(email) = Email::parse(&text) {
                prop_assert_eq!(Email::parse(email.as_str()), Ok(email.clone()));
                prop_assert!(!email.as_str().bytes().any(|b| b.is_ascii_uppercase()));
            }
        }
    }
}
