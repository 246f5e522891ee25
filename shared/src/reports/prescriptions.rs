//! The report of prescriptions.

use serde::Serialize;
use utoipa::ToSchema;

use super::cell::{Measures, measure};
use super::csv::{Table, Value};
use super::of_prescription::{APPROVED, EXPIRED, RECEIVED, REJECTED, WAITED, WITHDRAWN, WITHIN, within};
use super::period::{Days, Period};

/// How long prescriptions waited from when they were announced until they were reviewed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Review {
    /// How many were reviewed.
    pub count: i64,
    /// The mean, in minutes, rounded down; `null` where none were.
    pub mean_minutes: Option<i64>,
    /// Half of them waited for at most so many minutes: 5, 15, 30, 60, 120, 240, 480, 1440, 2880, 4320 or 10080; `null` where none
    /// were reviewed, or half of them waited for longer.
    pub median_within_minutes: Option<i64>,
    /// The same of nine in ten.
    pub p90_within_minutes: Option<i64>,
}

/// Sums of prescriptions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PrescriptionSums {
    /// Those that came, counted on the day on which they were announced, once their file was checked.
    pub received: i64,
    /// Those that were approved.
    pub approved: i64,
    /// Those that were rejected.
    pub rejected: i64,
    /// Those that were taken back.
    pub withdrawn: i64,
    /// Those whose last day was the one before, and of which something was left.
    pub expired: i64,
    /// How long they waited.
    pub review: Review,
}

impl PrescriptionSums {
    pub(super) fn new(sums: &Measures) -> Self {
        let count = |name: &str| measure(sums, name);
        let (approved, rejected) = (count(APPROVED), count(REJECTED));
        let reviewed = approved + rejected;
        let within_minutes = |percent: i64| {
            let wanted = (reviewed * percent + 99).div_euclid(100).max(1);
            let mut so_far = 0;
            WITHIN.into_iter().find(|minutes| {
                so_far += count(&within(*minutes));
                so_far >= wanted
            })
        };
        let review = Review {
            count: reviewed,
            mean_minutes: (reviewed > 0).then(|| count(WAITED).div_euclid(60 * reviewed.max(1))),
            median_within_minutes: within_minutes(50),
            p90_within_minutes: within_minutes(90),
        };
        Self {
            received: count(RECEIVED),
            approved,
            rejected,
            withdrawn: count(WITHDRAWN),
            expired: count(EXPIRED),
            review,
        }
    }
}

/// The prescriptions of a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PrescriptionsRow {
    /// Which days.
    #[serde(flatten)]
    pub period: Period,
    /// The sums.
    #[serde(flatten)]
    pub sums: PrescriptionSums,
}

/// The prescriptions of some days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PrescriptionsReport {
    /// Which days.
    #[serde(flatten)]
    pub days: Days,
    /// A row for each period, those without any prescription too.
    pub rows: Vec<PrescriptionsRow>,
    /// The sums of all rows.
    pub totals: PrescriptionSums,
}

/// The columns of what is summed.
const COLUMNS: [&str; 9] = [
    "received",
    "approved",
    "rejected",
    "withdrawn",
    "expired",
    "reviewed",
    "mean_minutes",
    "median_within_minutes",
    "p90_within_minutes",
];

impl Table for PrescriptionsReport {
    fn head(&self) -> Vec<&'static str> {
        [&Period::COLUMNS[..], &COLUMNS].concat()
    }

    fn lines(&self) -> Vec<Vec<Value>> {
        let known = |number: Option<i64>| number.map_or(Value::None, Value::Number);
        let line = |row: &PrescriptionsRow| {
            let sums = &row.sums;
            let summed = vec![
                Value::Number(sums.received),
                Value::Number(sums.approved),
                Value::Number(sums.rejected),
                Value::Number(sums.withdrawn),
                Value::Number(sums.expired),
                Value::Number(sums.review.count),
                known(sums.review.mean_minutes),
                known(sums.review.median_within_minutes),
                known(sums.review.p90_within_minutes),
            ];
            [row.period.values().to_vec(), summed].concat()
        };
        self.rows.iter().map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_and_nine_in_ten_waited_for_at_most_so_long() {
        let sums = |counts: &[(i64, i64)], reviewed: i64, waited: i64| {
            let mut sums = Measures::from([(APPROVED.to_owned(), reviewed), (WAITED.to_owned(), waited)]);
            sums.extend(counts.iter().map(|(minutes, count)| (within(*minutes), *count)));
            PrescriptionSums::new(&sums).review
        };
        let ten = sums(&[(5, 5), (60, 4), (1440, 1)], 10, 600 * 60);
        assert_eq!(
            (ten.mean_minutes, ten.median_within_minutes, ten.p90_within_minutes),
            (Some(60), Some(5), Some(60))
        );
        let three = sums(&[(5, 1), (15, 1), (30, 1)], 3, 0);
        assert_eq!((three.median_within_minutes, three.p90_within_minutes), (Some(15), Some(30)));
        let late = sums(&[(5, 1)], 3, 0);
        assert_eq!(late.median_within_minutes, None, "two of three waited for longer than any counter says");
        let none = sums(&[], 0, 0);
        assert_eq!((none.count, none.mean_minutes, none.median_within_minutes), (0, None, None));
    }
}
