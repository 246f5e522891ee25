//! The days of a report in groups: days, ISO weeks, months. Pure rules.

use serde::Serialize;
use utoipa::ToSchema;

use super::csv::Value;
use crate::platform::clock::Date;
use crate::platform::fields::Invalid;
use crate::platform::wording;

/// For how many days a report can be asked for at once.
pub const MAX_DAYS: i64 = 400;

/// By what the days of a report are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReportGroup)]
pub enum Group {
    /// Each by itself.
    Day,
    /// By weeks that begin on Monday (ISO 8601).
    Week,
    /// By months.
    Month,
}

impl Group {
    const ALL: [(&'static str, Self); 3] = [("day", Self::Day), ("week", Self::Week), ("month", Self::Month)];

    /// Reads `day`, `week` or `month`.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.iter().find(|(name, _)| *name == text);
        let unknown = || Invalid::new("unknown_value", wording::field::one_of("day, week, month"));
        found.map(|(_, group)| *group).ok_or_else(unknown)
    }

    fn first_of(self, day: Date) -> Date {
        let back = match self {
            Self::Day => 0,
            Self::Week => i64::from(day.days_from_monday()),
            Self::Month => i64::from(day.day_of_month()) - 1,
        };
        day.plus_days(-back)
    }

    fn name(self, day: Date) -> String {
        match self {
            Self::Day => day.to_string(),
            Self::Week => {
                let (year, week) = day.iso_week();
                format!("{year:04}-W{week:02}")
            }
            Self::Month => {
                let (year, month) = day.month();
                format!("{year:04}-{month:02}")
            }
        }
    }
}

/// The days of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ReportDays)]
pub struct Days {
    /// The first day.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// The last day.
    #[schema(value_type = String, format = Date)]
    pub to: Date,
    /// By what the days are put together.
    pub group: Group,
    /// Where the days are.
    pub time_zone: String,
}

/// The days of a row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[schema(as = ReportPeriod)]
pub struct Period {
    /// The first that was asked for.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// The last that was asked for.
    #[schema(value_type = String, format = Date)]
    pub to: Date,
    /// What they are called: `2026-11-20`, `2026-W47`, `2026-11`; all of them `2026-11-01/2026-11-30`.
    #[serde(rename = "period")]
    pub name: String,
}

impl Period {
    /// All of them as one: `2026-11-01/2026-11-30` (ISO 8601).
    pub fn whole(from: Date, to: Date) -> Self {
        Self { from, to, name: format!("{from}/{to}") }
    }

    /// All from one day to another, without a gap; the first and the last may be parts of a week or a month.
    pub fn all(from: Date, to: Date, group: Group) -> Vec<Self> {
        let mut periods: Vec<Self> = Vec::new();
        let mut day = from;
        while day <= to && periods.len() <= usize::try_from(MAX_DAYS).unwrap_or_default() {
            let first = group.first_of(day);
            let mut last = day;
            while last < to && group.first_of(last.plus_days(1)) == first {
                last = last.plus_days(1);
            }
            periods.push(Self { from: day, to: last, name: group.name(day) });
            day = last.plus_days(1);
        }
        periods
    }

    /// The first columns of every table of days.
    pub const COLUMNS: [&'static str; 3] = ["period", "from", "to"];

    /// What is in them.
    pub(super) fn values(&self) -> [Value; 3] {
        [Value::text(&self.name), Value::Day(self.from), Value::Day(self.to)]
    }

    /// Whether a day is one of them.
    pub fn has(&self, day: Date) -> bool {
        (self.from..=self.to).contains(&day)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    fn names(from: &str, to: &str, group: Group) -> Vec<String> {
        let periods = Period::all(day(from), day(to), group).into_iter();
        periods.map(|period| format!("{} {} {}", period.name, period.from, period.to)).collect()
    }

    #[test]
    fn weeks_are_of_their_iso_year_and_cut_at_the_ends() {
        let expected = ["2026-W53 2026-12-30 2027-01-03", "2027-W01 2027-01-04 2027-01-05"];
        assert_eq!(names("2026-12-30", "2027-01-05", Group::Week), expected);
    }

    #[test]
    fn months_are_as_long_as_they_are() {
        let expected =
            ["2028-01 2028-01-31 2028-01-31", "2028-02 2028-02-01 2028-02-29", "2028-03 2028-03-01 2028-03-01"];
        assert_eq!(names("2028-01-31", "2028-03-01", Group::Month), expected);
    }

    #[test]
    fn groups_are_read_by_their_names() {
        assert_eq!(Group::parse("week"), Ok(Group::Week));
        assert_eq!(Group::parse("year").unwrap_err().code, "unknown_value");
    }

    proptest! {
        #[test]
        fn every_day_is_in_one_period(first in 0i64..3000, days in 0i64..MAX_DAYS, group in 0usize..3) {
            let from = day("2024-01-01").plus_days(first);
            let to = from.plus_days(days);
            let periods = Period::all(from, to, Group::ALL[group].1);
            prop_assert_eq!(periods.first().unwrap().from, from);
            prop_assert_eq!(periods.last().unwrap().to, to);
            for pair in periods.windows(2) {
                prop_assert_eq!(pair[0].to.plus_days(1), pair[1].from);
                prop_assert_ne!(&pair[0].name, &pair[1].name);
            }
        }
    }
}
