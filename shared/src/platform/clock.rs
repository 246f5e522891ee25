//! Time as a value that is handed in, so that expiry can be tested at its edge.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};

use super::fields::Invalid;
use crate::platform::wording;

/// Where the time comes from.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// A clock that stands until it is moved, in milliseconds since 1970; for tests.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// A clock for tests that stands at `start`.
    pub fn manual(start: Timestamp) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(start.0)))
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
            }
            Self::Manual(millis) => Timestamp(millis.load(Ordering::SeqCst)),
        }
    }

    /// Waits; a manual clock is moved on instead.
    pub async fn sleep(&self, time: Duration) {
        match self {
            Self::System => tokio::time::sleep(time).await,
            Self::Manual(_) => self.advance(time),
        }
    }

    /// Moves a manual clock on; the system's clock takes no orders.
    pub fn advance(&self, by: Duration) {
        if let Self::Manual(millis) = self {
            millis.fetch_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX), Ordering::SeqCst);
        }
    }
}

/// A point in time, UTC, to the millisecond. As text: RFC 3339 with three decimals, so that text orders as time does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

const FORMAT: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");

impl Timestamp {
    /// From milliseconds since 1970.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970, as DynamoDB's TTL counts.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This much later.
    #[must_use]
    pub fn plus(self, by: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
    }

    /// This much earlier.
    #[must_use]
    pub fn minus(self, by: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
    }

    /// How long after `earlier`; zero when it is not.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// The calendar day, in UTC.
    pub fn date(self) -> Date {
        Date(self.to_datetime().date())
    }

    /// Reads RFC 3339.
    ///
    /// # Errors
    /// Not a time of that form.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        OffsetDateTime::parse(text, &Rfc3339)
            .ok()
            .and_then(|time| i64::try_from(time.unix_timestamp_nanos().div_euclid(1_000_000)).ok())
            .map(Self)
            .ok_or_else(|| Invalid::new("invalid_time", wording::field::a_time()))
    }

    fn to_datetime(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// In the basic form of ISO 8601 that AWS signatures use: `20260131T093000Z`.
    pub fn amz_date(self) -> String {
        const AMZ: &[BorrowedFormatItem<'_>] = format_description!("[year][month][day]T[hour][minute][second]Z");
        self.to_datetime().format(AMZ).unwrap_or_default()
    }

    /// As the standard library has it.
    pub fn to_system(self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(u64::try_from(self.0).unwrap_or(0))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = self.to_datetime();
        let text = PrimitiveDateTime::new(time.date(), time.time()).format(FORMAT).map_err(|_| fmt::Error)?;
        f.write_str(&text)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A calendar day: `2026-01-31`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(time::Date);

const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

impl Date {
    /// Reads `2026-01-31`.
    ///
    /// # Errors
    /// Not a day of the calendar in that form.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        time::Date::parse(text, DAY).map(Self).map_err(|_| Invalid::new("invalid_date", wording::field::a_day()))
    }

    /// When it begins in UTC.
    pub fn begins(self) -> Timestamp {
        Timestamp::from_millis(self.0.midnight().assume_utc().unix_timestamp().saturating_mul(1000))
    }

    /// `days` later, or earlier when negative; the calendar's end where it would be left.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        let end = if days < 0 { time::Date::MIN } else { time::Date::MAX };
        Self(self.0.checked_add(time::Duration::days(days)).unwrap_or(end))
    }

    /// The same day `months` earlier, or the last day of that month where it has no such day.
    #[must_use]
    pub fn minus_months(self, months: u32) -> Self {
        let index = i64::from(self.0.year()) * 12 + i64::from(u8::from(self.0.month())) - 1 - i64::from(months);
        let year = i32::try_from(index.div_euclid(12)).unwrap_or(i32::MIN);
        let month = u8::try_from(index.rem_euclid(12) + 1).ok().and_then(|month| time::Month::try_from(month).ok());
        let month = month.unwrap_or(time::Month::January);
        let day = self.0.day().min(month.length(year));
        Self(time::Date::from_calendar_date(year, month, day).unwrap_or(time::Date::MIN))
    }

    /// The same day `years` later, or the last of February where it has no such day.
    #[must_use]
    pub fn plus_years(self, years: u32) -> Self {
        let year = i32::try_from(years).ok().and_then(|years| self.0.year().checked_add(years));
        let year = year.unwrap_or(i32::MAX);
        let day = self.0.day().min(self.0.month().length(year));
        Self(time::Date::from_calendar_date(year, self.0.month(), day).unwrap_or(time::Date::MAX))
    }

    /// The year and the number of its week, which begins on Monday (ISO 8601): the first days of January may be of the last
    /// week of the year before.
    pub fn iso_week(self) -> (i32, u8) {
        let (year, week, _) = self.0.to_iso_week_date();
        (year, week)
    }

    /// How many days ago Monday was.
    pub fn days_from_monday(self) -> u8 {
        self.0.weekday().number_days_from_monday()
    }

    /// The year and the month.
    pub fn month(self) -> (i32, u8) {
        (self.0.year(), u8::from(self.0.month()))
    }

    /// The day of the month.
    pub fn day_of_month(self) -> u8 {
        self.0.day()
    }

    /// Whole days from `earlier` to this day.
    pub fn days_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0).whole_days()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.format(DAY).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

macro_rules! as_text {
    ($($name:ident),*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    )*};
}

as_text!(Timestamp, Date);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_orders_as_time_does() {
        let a = Timestamp::from_millis(1_795_168_999_001);
        let b = a.plus(Duration::from_millis(999));
        assert!(a.to_string() < b.to_string());
        assert_eq!(Timestamp::parse(&a.to_string()), Ok(a));
    }

    #[test]
    fn offsets_are_read_as_utc() {
        let time = Timestamp::parse("2026-01-31T09:30:00+06:00").unwrap();
        assert_eq!(time.to_string(), "2026-01-31T03:30:00.000Z");
    }

    #[test]
    fn months_back_stay_in_the_month() {
        let day = Date::parse("2026-08-31").unwrap();
        assert_eq!(day.minus_months(6).to_string(), "2026-02-28");
        assert_eq!(Date::parse("2026-03-15").unwrap().minus_months(6).to_string(), "2025-09-15");
    }

    #[test]
    fn weeks_are_those_of_iso() {
        let week = |day: &str| Date::parse(day).unwrap().iso_week();
        assert_eq!((week("2026-12-31"), week("2027-01-03"), week("2027-01-04")), ((2026, 53), (2026, 53), (2027, 1)));
        let monday = Date::parse("2026-11-16").unwrap();
        assert_eq!((monday.days_from_monday(), monday.plus_days(6).days_from_monday()), (0, 6));
    }

    #[test]
    fn only_real_days_are_read() {
        for wrong in ["2026-02-30", "2026-1-1", "31-01-2026", "", "2026-01-31T00:00:00Z"] {
            assert!(Date::parse(wrong).is_err(), "{wrong}");
        }
    }
}
