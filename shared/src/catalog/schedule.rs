//! What the law lets one prescription dispense, by jurisdiction, legal status and schedule. The only place that says so: a
//! review cannot approve more, and the ledger does not dispense more. The rows are data beside this file, each with its
//! source and the days between which it holds; they are proposals of this project, to be reviewed by counsel.

use std::sync::OnceLock;

use super::legal::LegalStatus;
use super::offer::Offer;
use crate::platform::clock::Date;
use crate::platform::jurisdiction::Jurisdiction;

/// The limits of a medicine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// For at most this many days after the day it was written.
    pub validity_days: u32,
    /// At most this many fills of one line.
    pub most_fills: u32,
    /// For at most this many days in one fill.
    pub supply_days: u32,
    /// The next fill may be had once this share of the days of the one before is over, in percent.
    pub early_percent: u32,
    /// Whether it may be sold to who is not there.
    pub remote: bool,
    /// Whether a line may name an active ingredient in place of a product.
    pub by_ingredient: bool,
    /// Whether what is dispensed is entered in a register.
    pub register: bool,
    /// Where that is from.
    pub source: &'static str,
}

/// What holds where no row does: nothing again, and not remotely.
const STRICTEST: Limits = Limits {
    validity_days: 30,
    most_fills: 1,
    supply_days: 30,
    early_percent: 100,
    remote: false,
    by_ingredient: false,
    register: true,
    source: "no row",
};

#[derive(Debug)]
struct Row {
    place: Jurisdiction,
    status: LegalStatus,
    schedule: &'static str,
    /// The first day on which it holds, where there is one.
    from: Option<Date>,
    /// The last.
    until: Option<Date>,
    limits: Limits,
}

impl Row {
    fn holds_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

const TABLES: [(Jurisdiction, &str); 5] = [
    (Jurisdiction::Default, include_str!("schedules/default.tsv")),
    (Jurisdiction::Us, include_str!("schedules/us.tsv")),
    (Jurisdiction::In, include_str!("schedules/in.tsv")),
    (Jurisdiction::Bd, include_str!("schedules/bd.tsv")),
    (Jurisdiction::Np, include_str!("schedules/np.tsv")),
];

fn rows() -> &'static [Row] {
    static ROWS: OnceLock<Vec<Row>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let lines = |(place, table): &(Jurisdiction, &'static str)| {
            let place = *place;
            table
                .lines()
                .filter(|line| !line.starts_with('#'))
                .filter_map(move |line| row(place, line))
                .collect::<Vec<_>>()
        };
        TABLES.iter().flat_map(lines).collect()
    })
}

fn row(place: Jurisdiction, line: &'static str) -> Option<Row> {
    let mut cells = line.split('\t');
    let mut next = || cells.next();
    let status = match next()? {
        "prescription" => LegalStatus::Prescription,
        "controlled" => LegalStatus::Controlled,
        _ => return None,
    };
    let schedule = next()?;
    let mut number = || next()?.parse::<u32>().ok();
    let (validity_days, most_fills, supply_days, early_percent) = (number()?, number()?, number()?, number()?);
    let mut yes = || match cells.next()? {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let (remote, by_ingredient, register) = (yes()?, yes()?, yes()?);
    let mut day = || match cells.next()? {
        "-" => Some(None),
        day => Date::parse(day).ok().map(Some),
    };
    let (from, until) = (day()?, day()?);
    let source = cells.next()?;
    let limits =
        Limits { validity_days, most_fills, supply_days, early_percent, remote, by_ingredient, register, source };
    Some(Row { place, status, schedule, from, until, limits })
}

/// The rows of a schedule, where it has rows; those of the legal status otherwise.
fn rows_of(place: Jurisdiction, status: LegalStatus, schedule: Option<&str>) -> impl Iterator<Item = &'static Row> {
    let status = if status == LegalStatus::Otc { LegalStatus::Prescription } else { status };
    let here = move || rows().iter().filter(move |row| row.place == place && row.status == status);
    let own = schedule.and_then(|schedule| here().find(|row| row.schedule.eq_ignore_ascii_case(schedule)));
    let schedule = own.map_or("*", |row| row.schedule);
    here().filter(move |row| row.schedule == schedule)
}

/// The limits on a day of a medicine that is sold under `status` and is in `schedule`, where that is known. What is free for sale
/// has those of a prescription, where one names it. A schedule all of whose rows have ended has the strictest limits there are.
pub fn limits(place: Jurisdiction, status: LegalStatus, schedule: Option<&str>, on: Date) -> Limits {
    rows_of(place, status, schedule).find(|row| row.holds_on(on)).map_or(STRICTEST, |row| row.limits)
}

/// The limits on a day of what is offered.
pub fn of_offer(place: Jurisdiction, offer: &Offer, on: Date) -> Limits {
    limits(place, offer.legal_status, offer.schedule.as_ref().map(super::ScheduleName::as_str), on)
}

/// Whether what is dispensed of an offer is entered in a register: on any day, so that a register has no gap where a row ends.
/// What is free for sale is in none.
pub fn is_registered(place: Jurisdiction, offer: &Offer) -> bool {
    let schedule = offer.schedule.as_ref().map(super::ScheduleName::as_str);
    let mut rows = rows_of(place, offer.legal_status, schedule);
    offer.legal_status != LegalStatus::Otc && rows.any(|row| row.limits.register)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn every_row_is_read_and_says_where_it_is_from() {
        let lines = TABLES.iter().flat_map(|(_, table)| table.lines()).filter(|line| !line.starts_with('#')).count();
        assert_eq!(rows().len(), lines);
        for row in rows() {
            let Limits { validity_days, most_fills, supply_days, early_percent, source, .. } = row.limits;
            assert!((1..=366).contains(&validity_days) && (1..=12).contains(&most_fills), "{row:?}");
            assert!(supply_days <= 90 && (50..=100).contains(&early_percent) && source.len() > 20, "{row:?}");
        }
        for (place, table) in TABLES {
            assert!(table.lines().next().unwrap().contains("to be reviewed by counsel"), "{place:?}");
            for status in [LegalStatus::Otc, LegalStatus::Prescription, LegalStatus::Controlled] {
                assert_ne!(limits(place, status, None, day("2026-11-20")).source, "no row", "{place:?} {status:?}");
            }
        }
    }

    #[test]
    fn a_schedule_has_a_row_of_its_own_and_what_is_not_known_the_strictest() {
        let today = day("2026-11-20");
        let fills = |place, schedule| limits(place, LegalStatus::Controlled, schedule, today).most_fills;
        assert_eq!((fills(Jurisdiction::Us, Some("CII")), fills(Jurisdiction::Us, Some("civ"))), (1, 6));
        assert_eq!(fills(Jurisdiction::Us, None), 1);
        assert_eq!(fills(Jurisdiction::Us, Some("C9")), 1);
        assert_eq!(limits(Jurisdiction::Us, LegalStatus::Controlled, Some("CIII"), today).validity_days, 180);
        assert!(!limits(Jurisdiction::In, LegalStatus::Prescription, Some("H1"), today).remote);
        assert!(limits(Jurisdiction::In, LegalStatus::Prescription, None, today).remote);
        for place in Jurisdiction::ALL {
            assert!(!limits(place, LegalStatus::Controlled, None, today).by_ingredient, "{place:?}");
        }
    }

    #[test]
    fn a_row_that_ends_on_a_day_holds_on_it_and_not_the_day_after() {
        for schedule in [Some("CII"), Some("CIII"), Some("CIV"), Some("CV"), None] {
            let remote = |on| limits(Jurisdiction::Us, LegalStatus::Controlled, schedule, day(on)).remote;
            assert_eq!((remote("2026-12-31"), remote("2027-01-01")), (true, false), "{schedule:?}");
            let fills = |on| limits(Jurisdiction::Us, LegalStatus::Controlled, schedule, day(on)).most_fills;
            assert_eq!(fills("2026-12-31"), fills("2027-01-01"), "only the telemedicine exception ends");
        }
        assert!(limits(Jurisdiction::Us, LegalStatus::Prescription, None, day("2027-01-01")).remote);
    }

    #[test]
    fn no_day_is_without_a_row_or_with_two() {
        for row in rows() {
            for on in ["2020-01-01", "2026-12-31", "2027-01-01", "2040-01-01"] {
                let rows = rows_of(row.place, row.status, Some(row.schedule)).filter(|row| row.holds_on(day(on)));
                assert_eq!(rows.count(), 1, "{row:?} on {on}");
            }
        }
    }

    #[test]
    fn what_is_registered_is_so_by_its_schedule_and_where_the_pharmacy_is() {
        let offer = |legal_status, schedule: Option<&str>| {
            let product = crate::catalog::product::tests::new_product();
            let schedule = schedule.map(|name| crate::catalog::ScheduleName::parse(name).unwrap());
            Offer { legal_status, schedule, ..product.offer() }
        };
        let h1 = offer(LegalStatus::Prescription, Some("H1"));
        assert!(is_registered(Jurisdiction::In, &h1) && !is_registered(Jurisdiction::Us, &h1));
        for place in Jurisdiction::ALL {
            assert!(is_registered(place, &offer(LegalStatus::Controlled, None)), "{place:?}");
            assert!(!is_registered(place, &offer(LegalStatus::Prescription, None)), "{place:?}");
            assert!(!is_registered(place, &offer(LegalStatus::Otc, Some("H1"))), "{place:?}");
        }
    }
}
