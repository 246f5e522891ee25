//! What a request asks of a report.

use serde::Deserialize;
use utoipa::IntoParams;

use super::period::{Group, MAX_DAYS};
use crate::platform::clock::Date;
use crate::platform::fields::{Field, FieldErrors, Invalid, Optional, all};
use crate::platform::wording;

/// As what a report is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON.
    Json,
    /// A file of comma-separated values.
    Csv,
}

impl Format {
    /// Reads `json` or `csv`.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "json" => Ok(Self::Json),
            "csv" => Ok(Self::Csv),
            _ => Err(Invalid::new("unknown_value", wording::field::one_of("json, csv"))),
        }
    }
}

/// Which days, and how.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReportQuery {
    /// The first day.
    #[param(value_type = String, example = "2026-11-01")]
    from: Field<String>,
    /// The last day, at most 400 in all.
    #[param(value_type = String, example = "2026-11-30")]
    to: Field<String>,
    /// `day` (by default), `week` (ISO 8601, from Monday on) or `month`.
    #[param(value_type = Option<String>, example = "day")]
    group: Option<Field<String>>,
    /// `json` (by default) or `csv`.
    #[param(value_type = Option<String>, example = "json")]
    format: Option<Field<String>>,
}

/// The same for what was sold.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SalesQuery {
    /// The first day.
    #[param(value_type = String, example = "2026-11-01")]
    from: Field<String>,
    /// The last day, at most 400 in all; by products, at most 31.
    #[param(value_type = String, example = "2026-11-30")]
    to: Field<String>,
    /// `day` (by default), `week` (ISO 8601, from Monday on) or `month`; by products, without effect.
    #[param(value_type = Option<String>, example = "day")]
    group: Option<Field<String>>,
    /// `json` (by default) or `csv`.
    #[param(value_type = Option<String>, example = "json")]
    format: Option<Field<String>>,
    /// `period` (by default) or `product`: of which there is a row each.
    #[param(value_type = Option<String>, example = "period")]
    by: Option<Field<String>>,
}

/// The same for what there is now: days and groups are read and change nothing.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct InventoryQuery {
    /// Read as in the other reports, and without effect: the inventory is reported as it is now.
    #[param(value_type = Option<String>, example = "2026-11-01")]
    from: Option<Field<String>>,
    /// The same.
    #[param(value_type = Option<String>, example = "2026-11-30")]
    to: Option<Field<String>>,
    /// The same.
    #[param(value_type = Option<String>, example = "day")]
    group: Option<Field<String>>,
    /// `json` (by default) or `csv`.
    #[param(value_type = Option<String>, example = "json")]
    format: Option<Field<String>>,
    /// How soon what expires is counted as expiring, in days: 1 to 3650, 90 by default.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 3650)]
    within_days: Option<Field<String>>,
    /// `next_cursor` of the part before.
    #[param(value_type = Option<String>)]
    pub cursor: Option<Field<String>>,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// By what the days are put together.
    pub group: Group,
    /// As what it is answered.
    pub format: Format,
}

/// Of what a report of sales has a row each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Of days, weeks or months.
    Period,
    /// Of products.
    Product,
}

impl By {
    fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "period" => Ok(Self::Period),
            "product" => Ok(Self::Product),
            _ => Err(Invalid::new("unknown_value", wording::field::one_of("period, product"))),
        }
    }
}

/// For how many days what was sold of each product can be asked for at once: each has a counter a day.
const MAX_DAYS_OF_PRODUCTS: i64 = 31;

/// How soon what expires is expiring, where nobody says.
const WITHIN_DAYS: i64 = 90;

fn day(text: String) -> Result<Date, Invalid> {
    Date::parse(&text)
}

impl ReportQuery {
    /// What is asked for.
    ///
    /// # Errors
    /// All parameters at fault.
    pub fn check(self) -> Result<Asked, FieldErrors> {
        let (from, to, group, format) = all((
            self.from.parse("from", day),
            self.to.parse("to", day),
            self.group.parse_optional("group", |text| Group::parse(&text)),
            self.format.parse_optional("format", |text| Format::parse(&text)),
        ))?;
        if !(0..MAX_DAYS).contains(&to.days_since(from)) {
            let message = wording::field::day_from(MAX_DAYS);
            return Err(vec![Invalid::new("out_of_range", message).at("to")]);
        }
        Ok(Asked { from, to, group: group.unwrap_or(Group::Day), format: format.unwrap_or(Format::Json) })
    }
}

impl SalesQuery {
    /// What is asked for.
    ///
    /// # Errors
    /// All parameters at fault.
    pub fn check(self) -> Result<(Asked, By), FieldErrors> {
        let Self { from, to, group, format, by } = self;
        let days = ReportQuery { from, to, group, format };
        let (asked, by) = all((days.check(), by.parse_optional("by", |text| By::parse(&text))))?;
        let by = by.unwrap_or(By::Period);
        if by == By::Product && asked.to.days_since(asked.from) >= MAX_DAYS_OF_PRODUCTS {
            let message = wording::field::days_at_most(MAX_DAYS_OF_PRODUCTS);
            return Err(vec![Invalid::new("out_of_range", message).at("to")]);
        }
        Ok((asked, by))
    }
}

impl InventoryQuery {
    /// As what it is answered, and how soon what expires is expiring.
    ///
    /// # Errors
    /// All parameters at fault.
    pub fn check(self) -> Result<(Format, i64), FieldErrors> {
        let (_, _, _, format, within) = all((
            self.from.parse_optional("from", day),
            self.to.parse_optional("to", day),
            self.group.parse_optional("group", |text| Group::parse(&text)),
            self.format.parse_optional("format", |text| Format::parse(&text)),
            self.within_days.parse_optional("within_days", |text| {
                let days = text.parse().ok().filter(|days| (1..=3650).contains(days));
                days.ok_or_else(|| Invalid::new("out_of_range", wording::field::between(1, 3650)))
            }),
        ))?;
        Ok((format.unwrap_or(Format::Json), within.unwrap_or(WITHIN_DAYS)))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn check(query: Value) -> Result<Asked, Vec<(String, &'static str)>> {
        let query: ReportQuery = serde_json::from_value(query).unwrap();
        query.check().map_err(|errors| errors.into_iter().map(|error| (error.field, error.code)).collect())
    }

    #[test]
    fn days_groups_and_formats_are_named_where_they_are_at_fault() {
        let asked = check(json!({"from": "2026-11-01", "to": "2026-11-01"})).unwrap();
        assert_eq!((asked.group, asked.format), (Group::Day, Format::Json));
        let wrong = check(json!({"from": "soon", "to": "2026-11-31", "group": "year", "format": "pdf"})).unwrap_err();
        let fields: Vec<_> = wrong.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, ["from", "to", "group", "format"]);
    }

    #[test]
    fn products_are_asked_for_by_the_month() {
        let check = |to: &str, by: &str| {
            let query: SalesQuery = serde_json::from_value(json!({"from": "2026-11-01", "to": to, "by": by})).unwrap();
            query.check().map(|(_, by)| by).map_err(|errors| errors[0].field.clone())
        };
        assert_eq!(check("2026-12-01", "product"), Ok(By::Product), "31 days");
        assert_eq!(check("2026-12-02", "product"), Err("to".to_owned()));
        assert_eq!(check("2026-12-02", "period"), Ok(By::Period));
        assert_eq!(check("2026-12-01", "seller"), Err("by".to_owned()));
    }

    #[test]
    fn days_are_bounded() {
        let days = |from: &str, to: &str| check(json!({"from": from, "to": to})).map(|_| ());
        assert_eq!(days("2026-01-01", "2027-02-04"), Ok(()), "400 days");
        for (from, to) in [("2026-01-01", "2027-02-05"), ("2026-11-02", "2026-11-01")] {
            assert_eq!(days(from, to), Err(vec![("to".to_owned(), "out_of_range")]));
        }
    }
}
