//! What a request demands of the state that it changes (RFC 9110, section 13): `If-Match` and `If-None-Match`.

use super::error::{Error, Kind, Result};
use super::fields::Invalid;
use crate::platform::wording;

/// What must hold before a change is made; by itself nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Precondition {
    if_match: Option<Tags>,
    if_none_match: Option<Tags>,
}

/// The entity tags of a header.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Tags {
    /// `*`: whatever is there.
    Any,
    /// The versions that they name. A tag that is not ours is of none.
    Versions(Vec<u64>),
}

impl Precondition {
    /// Reads the two headers, each as one list.
    ///
    /// # Errors
    /// What is no list of entity tags, of `If-Match` and then of `If-None-Match`.
    pub fn parse(if_match: Option<&str>, if_none_match: Option<&str>) -> Result<Self> {
        let read = |name: &str, header: Option<&str>, weak: bool| {
            let invalid = || Error::from(vec![Invalid::new("invalid_version", wording::field::a_version()).at(name)]);
            header.map(|text| tags(text, weak).ok_or_else(invalid)).transpose()
        };
        // A weak tag never equals another where bytes may depend on it, which is what `If-Match` is about.
        Ok(Self {
            if_match: read("If-Match", if_match, false)?,
            if_none_match: read("If-None-Match", if_none_match, true)?,
        })
    }

    /// Holds a change to it, of what is at `version`, or is not there yet.
    ///
    /// # Errors
    /// 412 `version_mismatch` or `already_exists`.
    pub fn check(&self, version: Option<u64>) -> Result<()> {
        self.check_part(version.is_some(), version)
    }

    /// The same for what is a part of something bigger and shares its version: `version` is the whole's, and `exists` says
    /// whether the part is there.
    ///
    /// # Errors
    /// 412 `version_mismatch` or `already_exists`.
    pub fn check_part(&self, exists: bool, version: Option<u64>) -> Result<()> {
        let matches = |tags: &Tags| match tags {
            Tags::Any => exists,
            Tags::Versions(versions) => version.is_some_and(|version| versions.contains(&version)),
        };
        if self.if_match.as_ref().is_some_and(|tags| !matches(tags)) {
            return Err(Error::version_mismatch());
        }
        if self.if_none_match.as_ref().is_some_and(matches) {
            let detail = wording::edge::already_exists();
            return Err(Error::new(Kind::PreconditionFailed, "already_exists", detail));
        }
        Ok(())
    }
}

/// The versions of a list of entity tags; `None` for what is no such list. A version without quotation marks is taken too.
fn tags(text: &str, weak: bool) -> Option<Tags> {
    let text = text.trim();
    if text == "*" {
        return Some(Tags::Any);
    }
    let mut versions = Vec::new();
    let mut rest = text;
    let mut found = false;
    loop {
        // Lists may have empty members (RFC 9110, section 5.6.1).
        rest = rest.trim_start_matches([' ', '\t', ',']);
        if rest.is_empty() {
            return found.then_some(Tags::Versions(versions));
        }
        found = true;
        let (is_weak, after) = rest.strip_prefix("W/").map_or((false, rest), |after| (true, after));
        let tag;
        (tag, rest) = match after.strip_prefix('"') {
            Some(opened) => opened.split_once('"')?,
            None => {
                let (tag, rest) = after.split_at(after.find(',').unwrap_or(after.len()));
                tag.trim().parse::<u64>().ok()?;
                (tag.trim(), rest)
            }
        };
        if !rest.trim_start().is_empty() && !rest.trim_start().starts_with(',') {
            return None;
        }
        // A public answer's tag is its version and a digest of the rest: "3-Zm9v".
        let version = tag.split('-').next().and_then(|version| version.parse::<u64>().ok());
        versions.extend(version.filter(|_| weak || !is_weak));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn if_match(header: &str, version: Option<u64>) -> bool {
        Precondition::parse(Some(header), None).unwrap().check(version).is_ok()
    }

    fn if_none_match(header: &str, version: Option<u64>) -> bool {
        Precondition::parse(None, Some(header)).unwrap().check(version).is_ok()
    }

    #[test]
    fn one_of_a_list_is_enough() {
        for header in
            ["\"3\"", "\"1\", \"3\"", "\"3\",\"1\"", " ,\"1\" ,, \"3-Zm9v-x\",", "\"a, b\", \"3\"", "3", "1, 3"]
        {
            assert!(if_match(header, Some(3)), "{header}");
            assert!(!if_match(header, Some(2)), "{header}");
            assert!(!if_none_match(header, Some(3)), "{header}");
            assert!(if_none_match(header, Some(2)), "{header}");
        }
    }

    #[test]
    fn anything_matches_what_is_there_and_nothing_else() {
        assert!(if_match("*", Some(1)) && !if_match("*", None));
        assert!(!if_none_match("*", Some(1)) && if_none_match("*", None));
        let part = Precondition::parse(Some("*"), None).unwrap();
        assert_eq!(part.check_part(false, Some(4)).unwrap_err().code(), "version_mismatch");
        let part = Precondition::parse(None, Some("*")).unwrap();
        assert!(part.check_part(false, Some(4)).is_ok());
        assert_eq!(part.check_part(true, Some(4)).unwrap_err().code(), "already_exists");
    }

    #[test]
    fn what_is_not_there_has_no_version() {
        assert!(!if_match("\"3\"", None) && if_none_match("\"3\"", None));
    }

    #[test]
    fn a_weak_tag_allows_no_change_but_knows_what_is_there() {
        assert!(!if_match("W/\"3\"", Some(3)) && if_match("W/\"3\", \"3\"", Some(3)));
        assert!(!if_none_match("W/\"3\"", Some(3)));
    }

    #[test]
    fn a_tag_of_another_house_is_no_fault_and_matches_nothing() {
        assert!(!if_match("\"abc\"", Some(3)) && if_none_match("\"abc\"", Some(3)));
    }

    #[test]
    fn what_is_no_list_of_tags_is_named_for_its_header() {
        for wrong in ["", ",", "abc", "\"3", "\"3\" \"4\"", "*, \"3\"", "W/", "-1", "\"3\"x"] {
            let error = Precondition::parse(Some(wrong), None).unwrap_err();
            assert_eq!(
                (error.fields()[0].field.as_str(), error.fields()[0].code),
                ("If-Match", "invalid_version"),
                "{wrong}"
            );
            assert_eq!(
                Precondition::parse(None, Some(wrong)).unwrap_err().fields()[0].field,
                "If-None-Match",
                "{wrong}"
            );
        }
    }

    proptest! {
        #[test]
        fn reading_never_panics(text in "\\PC{0,40}", version in any::<u64>()) {
            let _ = Precondition::parse(Some(&text), Some(&text)).and_then(|both| both.check(Some(version)));
        }
    }
}
