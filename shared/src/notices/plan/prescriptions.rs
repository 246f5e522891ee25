//! What is told of a prescription, and what its owner is reminded of later.

use std::time::Duration;

use super::Planned;
use crate::notices::notice::{About, Addressee, Notice};
use crate::notices::record::Change;
use crate::notifications::NoticeKind;
use crate::platform::clock::{Date, Timestamp};
use crate::platform::error::Result;
use crate::platform::jurisdiction::Jurisdiction;
use crate::platform::zone::Zone;
use crate::prescriptions::{Prescription, Status};

/// How many days before its last day a prescription is said to run out.
const EXPIRY_NOTICE: i64 = 7;
/// How many days before the next fill may be had it is said to be due.
const REFILL_NOTICE: i64 = 3;
/// When on a day somebody is reminded.
const NINE: Duration = Duration::from_hours(9);

/// What is told of a change of a prescription.
///
/// # Errors
/// The pharmacy's time zone is none.
pub(super) fn of(change: &Change<Prescription>, zone: &Zone, law: Jurisdiction) -> Result<Vec<Planned>> {
    let Change { before, after } = change;
    let mut planned = Vec::new();
    if before.as_ref().map(|before| before.status) != Some(after.status) {
        let kind = match after.status {
            Status::Pending => Some(NoticeKind::PrescriptionReceived),
            // Who has announced a prescription and sent nothing knows it.
            Status::Refused => (!after.sheets.never_came()).then_some(NoticeKind::PrescriptionRefused),
            Status::Approved => Some(NoticeKind::PrescriptionApproved),
            Status::Rejected => Some(NoticeKind::PrescriptionRejected),
            Status::AwaitingUpload | Status::Spent | Status::Expired | Status::Withdrawn => None,
        };
        // A prescription that was spent and got a fill back is approved again, and one whose approval was taken back waits
        // again: neither is news.
        let again = before.as_ref().is_some_and(|before| match before.status {
            Status::Spent => true,
            Status::Approved => after.status == Status::Pending,
            _ => false,
        });
        if let Some(kind) = kind.filter(|_| !again) {
            let at = after.review.as_ref().map_or(after.created_at, |review| review.at);
            let what = after.status.as_str();
            planned.push(Planned::Now(notice(after, what, kind, at)));
        }
        if let Some(last) = after.valid_until.filter(|_| after.status == Status::Approved && !again) {
            let at = morning(last.plus_days(-EXPIRY_NOTICE), zone)?;
            planned.push(Planned::On(notice(after, &expiry(last), NoticeKind::PrescriptionExpiring, at), at));
        }
    }
    for (place, line) in after.lines.iter().enumerate() {
        let known = before.as_ref().and_then(|before| before.lines.get(place)).map_or(0, |line| line.fills.len());
        let (fills, on) = (line.fills.len(), line.eligible_on(line.early_percent(law)));
        let waits = line.min_days_between > 0 || line.days_supply.is_some();
        if let Some(on) = on.filter(|_| fills > known && line.fills_left() > 0 && waits) {
            let at = morning(on.plus_days(-REFILL_NOTICE), zone)?;
            planned.push(Planned::On(notice(after, &refill(place, fills), NoticeKind::RefillDue, at), at));
        }
    }
    Ok(planned)
}

fn morning(day: Date, zone: &Zone) -> Result<Timestamp> {
    Ok(zone.beginning(day)?.plus(NINE))
}

fn notice(prescription: &Prescription, what: &str, kind: NoticeKind, at: Timestamp) -> Notice {
    let to = Addressee::Person(prescription.owner.clone());
    Notice::new(format!("{}#{what}", prescription.id), kind, to, About::Prescription(prescription.id), at)
}

fn expiry(last: Date) -> String {
    format!("expires{last}")
}

fn refill(line: usize, fills: usize) -> String {
    format!("refill{line}-{fills}")
}

/// Whether a reminder is still true of the prescription as it is on `today`: nothing else is told of what has changed since.
pub fn is_still_so(reminder: &Notice, prescription: &Prescription, today: Date, law: Jurisdiction) -> bool {
    if prescription.status_on(today) != Status::Approved {
        return false;
    }
    let named = |what: String| reminder.event == format!("{}#{what}", prescription.id);
    match reminder.kind {
        NoticeKind::PrescriptionExpiring => {
            let left = prescription.lines.iter().any(|line| line.fills_left() > 0);
            left && prescription.valid_until.is_some_and(|last| named(expiry(last)))
        }
        NoticeKind::RefillDue => prescription.lines.iter().enumerate().any(|(place, line)| {
            let eligible_on = line.eligible_on(line.early_percent(law));
            let in_time = eligible_on.zip(prescription.valid_until).is_none_or(|(on, last)| on <= last);
            line.fills_left() > 0 && in_time && named(refill(place, line.fills.len()))
        }),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prescriptions::samples::prescription;

    #[test]
    fn an_approval_that_was_taken_back_is_no_news() {
        let zone = Zone::parse("UTC").unwrap();
        let told = |before: Option<Status>, after| {
            let [before, after] = [before, Some(after)].map(|status| Some(prescription(status?, Vec::new())));
            let change = Change { before, after: after.unwrap() };
            of(&change, &zone, Jurisdiction::Default).unwrap().len()
        };
        assert_eq!(told(Some(Status::Approved), Status::Pending), 0);
        assert_eq!(told(Some(Status::AwaitingUpload), Status::Pending), 1);
        assert_eq!(told(Some(Status::Pending), Status::Rejected), 1);
    }
}
