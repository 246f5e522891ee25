//! A day as far as it is known: a year, a month of a year, or a day. Nothing is filled in.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::platform::clock::Date;
use crate::platform::fields::Invalid;
use crate::platform::wording;

/// `2019`, `2019-03` or `2019-03-07`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PartialDate(String);

impl PartialDate {
    /// Reads a year, a month or a day.
    ///
    /// # Errors
    /// Anything else, or a day that no calendar has.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let whole = match text.len() {
            4 => format!("{text}-01-01"),
            7 => format!("{text}-01"),
            _ => text.to_owned(),
        };
        let known = Date::parse(&whole).is_ok() && text.starts_with(['1', '2']);
        known
            .then(|| Self(text.to_owned()))
            .ok_or_else(|| Invalid::new("invalid_date", wording::records::a_partial_date()))
    }

    /// The same for what lies in the past.
    ///
    /// # Errors
    /// As [`Self::parse`], and `implausible` where it begins after today.
    pub fn past(text: &str, today: Date) -> Result<Self, Invalid> {
        let date = Self::parse(text)?;
        // Texts of this form are in the order of time as far as both go.
        let today = today.to_string();
        let begins_after = today.get(..date.0.len()).is_some_and(|today| date.0.as_str() > today);
        if begins_after { Err(Invalid::new("implausible", wording::field::in_the_past())) } else { Ok(date) }
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first of the days that it may be.
    pub fn earliest(&self) -> Option<Date> {
        let day = match self.0.len() {
            4 => format!("{}-01-01", self.0),
            7 => format!("{}-01", self.0),
            _ => return Date::parse(&self.0).ok(),
        };
        Date::parse(&day).ok()
    }

    /// The last of the days that it may be.
    pub fn latest(&self) -> Option<Date> {
        let month = match self.0.len() {
            4 => format!("{}-12", self.0),
            7 => self.0.clone(),
            _ => return Date::parse(&self.0).ok(),
        };
        (28..=31).rev().find_map(|day| Date::parse(&format!("{month}-{day}")).ok())
    }

    /// Whether it lies before a day, whatever of it is not known.
    pub fn is_before(&self, day: Date) -> bool {
        let day = day.to_string();
        day.get(..self.0.len()).is_some_and(|day| self.0.as_str() < day)
    }
}

impl fmt::Debug for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for PartialDate {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl From<PartialDate> for String {
    fn from(date: PartialDate) -> Self {
        date.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Date {
        Date::parse("2026-11-29").unwrap()
    }

    #[test]
    fn a_day_is_kept_as_far_as_it_is_known() {
        for text in ["2019", "2019-03", "2019-03-07", "2026-11-29", "2026-11", "2026"] {
            assert_eq!(PartialDate::past(text, today()).unwrap().as_str(), text);
        }
        for wrong in ["", "19", "2019-13", "2019-02-29", "2019-3-7", "2019-03-07T00:00:00Z", "0019", "last year"] {
            assert_eq!(PartialDate::parse(wrong).unwrap_err().code, "invalid_date", "{wrong}");
        }
        for future in ["2027", "2026-12", "2026-11-30"] {
            assert_eq!(PartialDate::past(future, today()).unwrap_err().code, "implausible", "{future}");
        }
    }

    #[test]
    fn the_last_of_the_days_that_it_may_be() {
        for (text, latest) in
            [("2024", "2024-12-31"), ("2024-02", "2024-02-29"), ("2026-11", "2026-11-30"), ("2026-11-03", "2026-11-03")]
        {
            assert_eq!(PartialDate::parse(text).unwrap().latest(), Date::parse(latest).ok(), "{text}");
        }
    }

    #[test]
    fn what_is_not_known_is_not_before() {
        let before = |text: &str| PartialDate::parse(text).unwrap().is_before(today());
        assert!(before("2025") && before("2026-10") && before("2026-11-28"));
        assert!(!before("2026") && !before("2026-11") && !before("2026-11-29"));
    }
}
