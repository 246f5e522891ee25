//! Finding people. Cognito searches by the beginning of one attribute, or lists one group, and nothing else; what can be
//! asked for is what that answers, one source after the other, and a filter over it.

use crate::identity::role::Role;
use crate::identity::user_pool::person::Person;
use crate::platform::fields::{FieldErrors, Invalid};
use crate::platform::text;
use crate::platform::wording;

/// The longest text to search for, in characters.
const MAX_QUERY: usize = 100;

/// Where people come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Everybody.
    Everybody,
    /// Those who may sign in, or those who may not.
    Enabled(bool),
    /// Those whose address begins so.
    Email(String),
    /// Those whose number begins so.
    Phone(String),
    /// Those whose name begins so.
    Name(String),
    /// Those with a role.
    Role(Role),
}

impl Source {
    /// As Cognito's `ListUsers` wants it.
    pub(in crate::identity) fn filter(&self) -> Option<String> {
        let begins = |attribute: &str, text: &str| {
            let quoted = text.replace('\\', "\\\\").replace('"', "\\\"");
            Some(format!("{attribute} ^= \"{quoted}\""))
        };
        match self {
            Self::Everybody | Self::Role(_) => None,
            Self::Enabled(true) => Some("status = \"Enabled\"".to_owned()),
            Self::Enabled(false) => Some("status = \"Disabled\"".to_owned()),
            Self::Email(text) => begins("email", text),
            Self::Phone(text) => begins("phone_number", text),
            Self::Name(text) => begins("name", text),
        }
    }
}

/// Whom to list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserSearch {
    sources: Vec<Source>,
    enabled: Option<bool>,
    said: String,
}

impl UserSearch {
    /// From the beginning of an address, a number or a name; or a role; and whether they may sign in.
    ///
    /// # Errors
    /// A text that is empty or too long; a text and a role together, which Cognito cannot answer.
    pub fn new(query: Option<&str>, role: Option<Role>, enabled: Option<bool>) -> Result<Self, FieldErrors> {
        let query = query.map(|query| text::line(query, MAX_QUERY)).transpose();
        let query = query.map_err(|invalid| vec![invalid.at("query")])?;
        let sources = match (&query, role) {
            (Some(_), Some(_)) => {
                return Err(vec![
                    Invalid::new("not_combinable", wording::field::one_or_other("query", "role")).at("role"),
                ]);
            }
            (Some(query), None) => sources(query),
            (None, Some(role)) => vec![Source::Role(role)],
            (None, None) => vec![enabled.map_or(Source::Everybody, Source::Enabled)],
        };
        let said = format!("users {query:?} {role:?} {enabled:?}");
        Ok(Self { sources, enabled, said })
    }

    /// A name for cursors, which serve this list alone.
    pub fn name(&self) -> &str {
        &self.said
    }

    /// What was asked for, without what was typed: that is somebody's address or name.
    pub(in crate::identity) fn detail(&self) -> String {
        let by: Vec<_> = self.sources.iter().map(Source::kind).collect();
        let enabled = match self.enabled {
            None => "",
            Some(true) => " enabled",
            Some(false) => " disabled",
        };
        format!("by {}{enabled}", by.join(" or "))
    }

    pub(in crate::identity) fn source(&self, index: usize) -> Option<&Source> {
        self.sources.get(index)
    }

    /// Whether a person of the source `index` is to be listed: not twice, not by what only stands in for an address, and
    /// only with the state asked for.
    pub(in crate::identity) fn fits(&self, index: usize, person: &Person) -> bool {
        let email_begins = |begins: &str| person.email.as_ref().is_some_and(|email| email.as_str().starts_with(begins));
        let by_email = |source: &Source| matches!(source, Source::Email(begins) if email_begins(begins));
        let listed_before = self.sources.iter().take(index).any(by_email);
        let found_by_stand_in = matches!(self.source(index), Some(Source::Email(begins)) if !email_begins(begins));
        !listed_before && !found_by_stand_in && self.enabled.is_none_or(|enabled| enabled == person.enabled)
    }
}

impl Source {
    fn kind(&self) -> &'static str {
        match self {
            Self::Everybody => "nothing",
            Self::Enabled(_) => "state",
            Self::Email(_) => "email",
            Self::Phone(_) => "phone",
            Self::Name(_) => "name",
            Self::Role(role) => role.group(),
        }
    }
}

/// What begins with a plus is a number, what has an `@` an address; all else may begin an address or a name.
fn sources(query: &str) -> Vec<Source> {
    // Addresses are stored in lower case.
    let email = || Source::Email(query.to_lowercase());
    if query.starts_with('+') {
        vec![Source::Phone(query.chars().filter(|c| !" -.()".contains(*c)).collect())]
    } else if query.contains('@') {
        vec![email()]
    } else {
        vec![email(), Source::Name(query.to_owned())]
    }
}

/// A place in a list: in which source, and where Cognito goes on in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::identity) struct Place {
    pub(in crate::identity) source: usize,
    pub(in crate::identity) token: Option<String>,
}

impl Place {
    pub(in crate::identity) fn parse(text: &str) -> Option<Self> {
        let (source, token) = text.split_once(':')?;
        Some(Self { source: source.parse().ok()?, token: (!token.is_empty()).then(|| token.to_owned()) })
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.source, self.token.as_deref().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn search(query: &str) -> UserSearch {
        UserSearch::new(Some(query), None, None).unwrap()
    }

    #[test]
    fn a_text_is_taken_for_what_it_looks_like() {
        assert_eq!(search("+977 98-12").sources, [Source::Phone("+9779812".to_owned())]);
        assert_eq!(search("Anna@Ex").sources, [Source::Email("anna@ex".to_owned())]);
        assert_eq!(search("Anna").sources, [Source::Email("anna".to_owned()), Source::Name("Anna".to_owned())]);
    }

    #[test]
    fn what_cannot_be_combined_is_refused() {
        let both = UserSearch::new(Some("anna"), Some(Role::Doctor), None).unwrap_err();
        assert_eq!((both[0].field.as_str(), both[0].code), ("role", "not_combinable"));
        assert_eq!(UserSearch::new(Some(" "), None, None).unwrap_err()[0].field, "query");
        assert!(UserSearch::new(None, Some(Role::Doctor), Some(false)).is_ok());
    }

    #[test]
    fn what_was_typed_is_not_told() {
        let search = UserSearch::new(Some("anna@example.org"), None, Some(true)).unwrap();
        assert_eq!(search.detail(), "by email enabled");
    }

    proptest! {
        #[test]
        fn nobody_breaks_out_of_the_quotes(text in "\\PC{0,30}") {
            let filter = Source::Name(text).filter().unwrap();
            let inner = filter.strip_prefix("name ^= \"").unwrap().strip_suffix('"').unwrap();
            let mut escaped = false;
            for c in inner.chars() {
                prop_assert!(escaped || c != '"', "{}", filter);
                escaped = !escaped && c == '\\';
            }
            prop_assert!(!escaped, "{}", filter);
        }

        #[test]
        fn a_place_reads_what_it_wrote(source in 0_usize..3, token in "[a-zA-Z0-9+/=:]{1,40}") {
            let place = Place { source, token: Some(token) };
            prop_assert_eq!(Place::parse(&place.to_string()), Some(place));
        }
    }
}
