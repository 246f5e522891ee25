//! What a prescription counts for. Pure rules: the same prescription always counts for the same.

use std::collections::BTreeMap;

use super::cell::{Book, Cell, Contribution, Measures};
use crate::platform::clock::Date;
use crate::platform::error::Result;
use crate::platform::zone::Zone;
use crate::prescriptions::{Prescription, Status};

/// The only part of a day.
pub const PART: &str = "all";
/// Prescriptions that came.
pub const RECEIVED: &str = "received";
/// Those that were approved.
pub const APPROVED: &str = "approved";
/// Those that were rejected.
pub const REJECTED: &str = "rejected";
/// Those that were taken back.
pub const WITHDRAWN: &str = "withdrawn";
/// Those whose last day had passed before all of it was dispensed.
pub const EXPIRED: &str = "expired";
/// For how many seconds those waited that were reviewed, together.
pub const WAITED: &str = "waited";

/// Up to how many minutes of waiting there is a counter each.
pub const WITHIN: [i64; 11] = [5, 15, 30, 60, 120, 240, 480, 1440, 2880, 4320, 10080];

/// The counter of those that waited for at most `minutes` and longer than the counter before says.
pub fn within(minutes: i64) -> String {
    format!("within_{minutes}")
}

/// What a prescription counts for, in the pharmacy's days.
///
/// # Errors
/// There is no such time zone.
pub fn of_prescription(prescription: &Prescription, zone: &Zone) -> Result<BTreeMap<Cell, Measures>> {
    let mut contribution = Contribution::default();
    let mut count = |day: Date, name: &str, by: i64| contribution.add(&Book::Prescriptions, day, PART, name, by);
    // What is not there with all of its files, checked, has not come.
    if prescription.sheets.are_complete() {
        count(zone.day(prescription.created_at)?, RECEIVED, 1);
    }
    if let Some(review) = &prescription.review {
        let day = zone.day(review.at)?;
        count(day, if review.rejection.is_some() { REJECTED } else { APPROVED }, 1);
        let waited = review.at.since(prescription.created_at).as_secs();
        let waited = i64::try_from(waited).unwrap_or(i64::MAX);
        count(day, WAITED, waited);
        if let Some(minutes) = WITHIN.into_iter().find(|minutes| waited <= minutes * 60) {
            count(day, &within(minutes), 1);
        }
    }
    if let Some(at) = prescription.withdrawn_at {
        count(zone.day(at)?, WITHDRAWN, 1);
    }
    // It counts on a day to come, and no more where all is dispensed before. Nobody has to look when that day is there.
    if let (Status::Approved, Some(last)) = (prescription.status, prescription.valid_until) {
        count(last.plus_days(1), EXPIRED, 1);
    }
    Ok(contribution.into_cells())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::platform::clock::Timestamp;
    use crate::prescriptions::document::DocumentType;
    use crate::prescriptions::prescription::{Rejection, Review, ScanFile};
    use crate::prescriptions::samples::{prescription, user};
    use crate::prescriptions::sheets::Sheet;

    fn counted(prescription: &Prescription) -> Vec<(String, i64)> {
        let zone = Zone::parse("Asia/Kathmandu").unwrap();
        let cells = of_prescription(prescription, &zone).unwrap().into_iter();
        let measures = cells.flat_map(|(cell, measures)| {
            measures.into_iter().map(move |(name, by)| (format!("{} {name}", cell.day), by)).collect::<Vec<_>>()
        });
        measures.collect()
    }

    fn came(at: &str) -> Prescription {
        let file = ScanFile {
            object_key: "scans/1".to_owned(),
            content_type: "image/png".to_owned(),
            sha256: "00".to_owned(),
            also_on_another_account: false,
        };
        Prescription {
            created_at: Timestamp::parse(at).unwrap(),
            sheets: Sheet::checked(file).into(),
            valid_until: None,
            withdrawn_at: None,
            review: None,
            ..prescription(Status::Pending, Vec::new())
        }
    }

    fn reviewed(minutes: u64, rejection: Option<Rejection>) -> Prescription {
        let came = came("2026-11-20T18:00:00Z");
        let at = came.created_at.plus(Duration::from_secs(60 * minutes));
        let status = if rejection.is_some() { Status::Rejected } else { Status::Approved };
        Prescription { status, review: Some(Review { by: user(9), at, rejection }), ..came }
    }

    #[test]
    fn what_comes_counts_once_its_file_was_checked() {
        assert_eq!(counted(&came("2026-11-20T18:14:59Z")), [("2026-11-20 received".to_owned(), 1)]);
        assert_eq!(counted(&came("2026-11-20T18:15:00Z")), [("2026-11-21 received".to_owned(), 1)]);
        let announced = Prescription {
            sheets: Sheet::announced(DocumentType::Png).into(),
            status: Status::AwaitingUpload,
            ..came("2026-11-20T10:00:00Z")
        };
        assert_eq!(counted(&announced), []);
    }

    #[test]
    fn a_review_counts_on_its_day_with_how_long_it_took() {
        let rejection = Rejection { code: "unreadable".to_owned(), reason: "It cannot be read.".to_owned() };
        let rejected = counted(&reviewed(60, Some(rejection)));
        let expected = [
            ("2026-11-20 received", 1),
            ("2026-11-21 rejected", 1),
            ("2026-11-21 waited", 3600),
            ("2026-11-21 within_60", 1),
        ];
        assert_eq!(rejected, expected.map(|(name, by)| (name.to_owned(), by)));
        // Longer than any counter.
        assert!(!counted(&reviewed(10_081, None)).iter().any(|(name, _)| name.contains("within")));
    }

    #[test]
    fn what_is_left_over_expires_on_the_day_after_its_last() {
        let last = Date::parse("2026-12-01").unwrap();
        let approved = Prescription { valid_until: Some(last), ..reviewed(1, None) };
        assert!(counted(&approved).contains(&("2026-12-02 expired".to_owned(), 1)));
        let spent = Prescription { status: Status::Spent, ..approved };
        assert!(!counted(&spent).iter().any(|(name, _)| name.contains("expired")));
    }
}
