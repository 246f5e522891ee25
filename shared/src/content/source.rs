//! Where something is from that a page says.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::clock::Date;
use crate::platform::fields::{Field, FieldErrors, Invalid, Optional, all};
use crate::platform::text;
use crate::platform::wording;

/// The longest title, publisher and address, in characters.
const MAX: usize = 300;

/// When a source was published or last changed, as exactly as it is known: `2006`, `2006-05` or `2006-05-31`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SourceDate(String);

impl SourceDate {
    /// Reads a year, a month or a day.
    ///
    /// # Errors
    /// None of these, or none of the calendar.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let first_day = match text.len() {
            4 => format!("{text}-01-01"),
            7 => format!("{text}-01"),
            _ => text.to_owned(),
        };
        Date::parse(&first_day)
            .map(|_| Self(text.to_owned()))
            .map_err(|_| Invalid::new("invalid_date", wording::content::a_date()))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SourceDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for SourceDate {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl From<SourceDate> for String {
    fn from(date: SourceDate) -> Self {
        date.0
    }
}

/// Where something is from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Source {
    /// What it is called.
    pub title: String,
    /// Who has published it.
    pub publisher: String,
    /// When it was published or last changed, where that is known: `2006`, `2006-05` or `2006-05-31`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "2006-05")]
    pub date: Option<SourceDate>,
    /// Where it can be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A source as a request has it.
#[derive(Deserialize, ToSchema)]
pub struct SourceInput {
    /// What it is called.
    #[schema(value_type = String, max_length = 300)]
    title: Field<String>,
    /// Who has published it.
    #[schema(value_type = String, max_length = 300)]
    publisher: Field<String>,
    /// When it was published or last changed, where that is known: `2006`, `2006-05` or `2006-05-31`.
    #[schema(value_type = Option<String>, example = "2006-05")]
    date: Option<Field<String>>,
    /// Where it can be read; https alone.
    #[schema(value_type = Option<String>, max_length = 300)]
    url: Option<Field<String>>,
}

impl SourceInput {
    /// Checks all of it.
    ///
    /// # Errors
    /// Every field at fault.
    pub fn check(self) -> Result<Source, FieldErrors> {
        let (title, publisher, date, url) = all((
            self.title.parse("title", |text| text::line(&text, MAX)),
            self.publisher.parse("publisher", |text| text::line(&text, MAX)),
            self.date.parse_optional("date", |text| SourceDate::parse(&text)),
            self.url.parse_optional("url", |text| address(&text)),
        ))?;
        Ok(Source { title, publisher, date, url })
    }
}

fn address(text: &str) -> Result<String, Invalid> {
    let text = text::line(text, MAX)?;
    let plain =
        text.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace));
    if plain { Ok(text) } else { Err(Invalid::new("invalid_url", wording::field::a_secure_address())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_as_exact_as_it_is_known() {
        for known in ["2006", "2006-05", "2006-05-31"] {
            assert_eq!(SourceDate::parse(known).unwrap().to_string(), known);
        }
        for wrong in ["", "soon", "06", "2006-13", "2006-02-30", "2006-5", "-200", "2006-05-31T00:00:00Z", "२००६"]
        {
            assert!(SourceDate::parse(wrong).is_err(), "{wrong}");
        }
    }
}
