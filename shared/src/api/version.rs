//! The versions inside `/v1`: what has got another form on which day, and until when the old one is served.
//!
//! A client names the version that it was written for (`Apothecary-Version: 2026-12-01`); who names none is served the first
//! that is still served. docs/versioning.md has the policy.

use http::header::{HeaderMap, HeaderName, HeaderValue, LINK};
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::{datetime, format_description};

use crate::platform::error::{Error, Result};
use crate::platform::fields::Invalid;
use crate::platform::wording;

/// The header of requests and answers.
pub const VERSION: HeaderName = HeaderName::from_static("apothecary-version");
/// Since when the form that was served is deprecated (RFC 9745).
const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");
/// From when on it may be gone (RFC 8594).
const SUNSET: HeaderName = HeaderName::from_static("sunset");
/// Where people read what to do instead.
const GUIDE: HeaderValue = HeaderValue::from_static("</v1/docs#overview>; rel=\"deprecation\"; type=\"text/html\"");
/// The date of HTTP (RFC 9110, section 5.6.7).
const HTTP_DATE: &[BorrowedFormatItem<'_>] =
    format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");

/// A version, by the day on which it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ApiVersion {
    /// The first: everything in `/v1` as it was before anything changed.
    V2026_11_01,
    /// The need of a prescription is a facet like the others.
    V2026_12_01,
}

impl ApiVersion {
    /// All that are served, oldest first.
    pub const ALL: [Self; 2] = [Self::V2026_11_01, Self::V2026_12_01];
    /// What is served to who names none: a client that was written before there were versions goes on working.
    pub const UNNAMED: Self = Self::V2026_11_01;

    /// As the header has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V2026_11_01 => "2026-11-01",
            Self::V2026_12_01 => "2026-12-01",
        }
    }

    /// The version that a request asks for.
    ///
    /// # Errors
    /// 400 that names the header, for what is no version of ours or was given twice.
    pub(super) fn asked(headers: &HeaderMap) -> Result<Self> {
        let mut named = headers.get_all(VERSION).iter();
        let Some(first) = named.next() else { return Ok(Self::UNNAMED) };
        let known = Self::ALL.into_iter().find(|version| first == version.as_str());
        known.filter(|_| named.next().is_none()).ok_or_else(unknown)
    }

    /// Puts into the headers of an answer of `function` which version it is of, and of a good one whether its form is on its
    /// way out: refusals have one form.
    pub(super) fn tell(self, function: &str, good: bool, headers: &mut HeaderMap) {
        headers.insert(VERSION, HeaderValue::from_static(self.as_str()));
        let Some(change) = changes_of(function).find(|change| good && self < change.since) else { return };
        if let Ok(value) = HeaderValue::from_str(&format!("@{}", change.deprecated_at.unix_timestamp())) {
            headers.insert(DEPRECATION, value);
        }
        let sunset = change.sunset_at.format(HTTP_DATE).ok().and_then(|text| HeaderValue::from_str(&text).ok());
        headers.extend(sunset.map(|value| (SUNSET, value)));
        headers.append(LINK, GUIDE);
    }
}

fn unknown() -> Error {
    let known: Vec<_> = ApiVersion::ALL.into_iter().map(ApiVersion::as_str).collect();
    let invalid = Invalid::new("unknown_value", wording::field::one_of(&known.join(", ")));
    vec![invalid.at("Apothecary-Version")].into()
}

/// One change of form.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    /// The version that brought it.
    pub since: ApiVersion,
    /// Whose answers have the new form from that version on.
    pub functions: &'static [&'static str],
    /// What has changed, in a sentence.
    pub what: &'static str,
    /// Since when the old form is deprecated.
    pub deprecated_at: OffsetDateTime,
    /// Until when it is served at least.
    pub sunset_at: OffsetDateTime,
}

/// Every change inside `/v1`, in the order in which they came. docs/versioning.md has a section for each.
pub const CHANGES: &[Change] = &[Change {
    since: ApiVersion::V2026_12_01,
    functions: &["catalog-list-products"],
    what: "`facets.prescription_required` is a list of `{value, count}`, as all facets of values are.",
    deprecated_at: datetime!(2026-12-01 00:00:00 UTC),
    sunset_at: datetime!(2027-06-01 00:00:00 UTC),
}];

/// The changes that a function's answers have gone through.
pub fn changes_of(function: &str) -> impl Iterator<Item = &'static Change> {
    CHANGES.iter().filter(move |change| change.functions.contains(&function))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::access;
    use crate::platform::error::Kind;

    fn asked(values: &[&'static str]) -> Result<ApiVersion> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(VERSION, HeaderValue::from_static(value));
        }
        ApiVersion::asked(&headers)
    }

    fn told(version: ApiVersion, function: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        version.tell(function, true, &mut headers);
        headers
    }

    #[test]
    fn who_names_no_version_gets_the_first_and_who_names_one_gets_it() {
        assert_eq!(asked(&[]).unwrap(), ApiVersion::V2026_11_01);
        for version in ApiVersion::ALL {
            assert_eq!(asked(&[version.as_str()]).unwrap(), version);
        }
    }

    #[test]
    fn a_version_that_is_not_served_is_refused_by_the_name_of_the_header() {
        for wrong in [&["2026-12-02"][..], &[""], &["latest"], &["2026-12-01", "2026-12-01"], &["2026-12-01 "]] {
            let error = asked(wrong).unwrap_err();
            assert_eq!(
                (error.kind(), error.fields()[0].field.as_str()),
                (Kind::Invalid, "Apothecary-Version"),
                "{wrong:?}"
            );
        }
    }

    #[test]
    fn an_old_form_is_told_to_be_on_its_way_out() {
        let old = told(ApiVersion::V2026_11_01, "catalog-list-products");
        assert_eq!(old[VERSION], "2026-11-01");
        assert_eq!(old[DEPRECATION], "@1796083200");
        assert_eq!(old[SUNSET], "Tue, 01 Jun 2027 00:00:00 GMT");
        assert!(old[LINK].to_str().unwrap().contains("rel=\"deprecation\""));
        let new = told(ApiVersion::V2026_12_01, "catalog-list-products");
        assert_eq!((new[VERSION].to_str().unwrap(), new.len()), ("2026-12-01", 1));
        let other = told(ApiVersion::V2026_11_01, "catalog-get-product");
        assert_eq!(other.len(), 1, "what has not changed is not on its way out");
        let mut refused = HeaderMap::new();
        ApiVersion::V2026_11_01.tell("catalog-list-products", false, &mut refused);
        assert_eq!(refused.len(), 1, "a refusal has no old form");
    }

    #[test]
    fn versions_and_changes_go_forward_and_name_what_is_there() {
        assert!(ApiVersion::ALL.windows(2).all(|pair| pair[0] < pair[1] && pair[0].as_str() < pair[1].as_str()));
        for change in CHANGES {
            assert!(change.sunset_at >= change.deprecated_at, "RFC 8594 and RFC 9745: {}", change.what);
            for function in change.functions {
                assert!(access::route(function).is_some(), "{function}");
            }
        }
        for version in ApiVersion::ALL.into_iter().skip(1) {
            assert!(CHANGES.iter().any(|change| change.since == version), "{} changes nothing", version.as_str());
        }
    }
}
