//! The day on a prescription.

use super::page::Line;
use super::suggestion::Read;
use super::tokens::{Sort, Token, tokens};
use crate::platform::clock::Date;

/// How far back a day may lie, in months; what is older is a day of birth or of something else.
const OLDEST_MONTHS: u32 = 12;
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The day that a line calls its date, or else the only day there is. Of a day that can be read in two ways, the one that
/// the customer has typed; if it is neither, nothing.
pub(super) fn issued_on(lines: &[&Line], typed: Date, today: Date) -> Option<Read<Date>> {
    let found: Vec<_> = lines
        .iter()
        .filter_map(|line| {
            let text = line.text.to_lowercase();
            // A day of birth is no date of anything that is prescribed.
            let birth = ["dob", "d.o.b", "birth", "valid until", "expir"].iter().any(|word| text.contains(word));
            let day = (!birth).then(|| day(&line.text, typed, today)).flatten()?;
            Some((!text.contains("date"), *line, day))
        })
        .collect();
    let labelled: Vec<_> = found.iter().filter(|(unlabelled, ..)| !unlabelled).collect();
    let (_, line, day) = match (labelled.as_slice(), found.as_slice()) {
        ([first, rest @ ..], _) if rest.iter().all(|other| other.2 == first.2) => first,
        ([], [first, rest @ ..]) if rest.iter().all(|other| other.2 == first.2) => first,
        _ => return None,
    };
    Some(Read::on(line, *day))
}

/// The day in a text, if there is one and only one that it can be.
fn day(text: &str, typed: Date, today: Date) -> Option<Date> {
    // A reader takes the O of a month for a zero.
    let text = text.replace('.', "-").replace("0ct", "Oct").replace("N0v", "Nov");
    let tokens = tokens(&text);
    let mut possible: Vec<Date> = starts(&tokens).filter_map(parts).flat_map(days).collect();
    possible.retain(|day| *day <= today && *day >= today.minus_months(OLDEST_MONTHS));
    possible.sort_unstable();
    possible.dedup();
    match possible.as_slice() {
        [only] => Some(*only),
        [] => None,
        several => several.contains(&typed).then_some(typed),
    }
}

/// The tokens from each place on where a day may begin: not in the middle of one.
fn starts<'t, 'a>(tokens: &'t [Token<'a>]) -> impl Iterator<Item = &'t [Token<'a>]> {
    (0..tokens.len()).filter_map(|start| {
        let (before, from) = tokens.split_at_checked(start)?;
        let inside = matches!(before, [.., number, sign] if number.sort == Sort::Number && parts_days(sign));
        (!inside).then_some(from)
    })
}

fn parts_days(sign: &Token<'_>) -> bool {
    sign.sort == Sort::Sign && matches!(sign.text, "-" | "/" | ",")
}

/// Three parts at the beginning of these tokens that may be a day, with at most one sign between two of them.
fn parts<'a>(tokens: &[Token<'a>]) -> Option<[&'a str; 3]> {
    let (first, mut rest) = tokens.split_first().filter(|(first, _)| first.sort != Sort::Sign)?;
    let mut next = || {
        if rest.first().is_some_and(parts_days) {
            rest = rest.get(1..)?;
        }
        let (part, after) = rest.split_first().filter(|(part, _)| part.sort != Sort::Sign)?;
        rest = after;
        Some(part.text)
    };
    Some([first.text, next()?, next()?])
}

fn days(parts: [&str; 3]) -> Vec<Date> {
    let [one, two, three] = parts;
    let mut found = Vec::new();
    if let Some(month) = month(two) {
        found.extend(date(three, month, one));
    } else if let Some(month) = month(one) {
        found.extend(date(three, month, two));
    } else if one.len() == 4 {
        found.extend(two.parse().ok().and_then(|month| date(one, month, three)));
    } else {
        // The day first, or the month.
        found.extend(two.parse().ok().and_then(|month| date(three, month, one)));
        found.extend(one.parse().ok().and_then(|month| date(three, month, two)));
    }
    found
}

fn month(text: &str) -> Option<u8> {
    let text = text.to_lowercase();
    let known = (1..).zip(MONTHS).find(|(_, month)| text.len() >= 3 && text.starts_with(month))?;
    Some(known.0)
}

fn date(year: &str, month: u8, day: &str) -> Option<Date> {
    let year = if year.len() == 2 { format!("20{year}") } else { year.to_owned() };
    let day: u8 = day.parse().ok()?;
    let digits = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| Date::parse(&format!("{year}-{month:02}-{day:02}")).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, typed: &str) -> Option<String> {
        let date = |text: &str| Date::parse(text).unwrap();
        day(text, date(typed), date("2026-11-20")).map(|day| day.to_string())
    }

    #[test]
    fn days_are_read_however_they_are_written() {
        for text in [
            "Date: 2026-11-13",
            "13/11/2026",
            "Date:13-Nov-2026",
            "13Nov2026",
            "13.11.26",
            "November 13, 2026",
            "13N0v2026",
        ] {
            assert_eq!(of(text, "2026-11-01").as_deref(), Some("2026-11-13"), "{text}");
        }
        for text in ["12/12/1980", "2027-01-01", "Tel. 01-555 0100", "1-0-1 x 7 days", "31/02/2026", ""] {
            assert_eq!(of(text, "2026-11-01"), None, "{text}");
        }
    }

    #[test]
    fn a_day_that_can_be_two_is_the_one_that_was_typed_or_none() {
        assert_eq!(of("10/11/2026", "2026-11-10").as_deref(), Some("2026-11-10"));
        assert_eq!(of("10/11/2026", "2026-10-11").as_deref(), Some("2026-10-11"));
        assert_eq!(of("10/11/2026", "2026-09-09"), None);
    }

    #[test]
    fn a_labelled_day_comes_first_and_two_are_none() {
        let line = |text: &str| Line {
            text: text.to_owned(),
            confidence: 90,
            place: super::super::page::Place::default(),
            slope: 0,
        };
        let date = |text: &str| Date::parse(text).unwrap();
        let read = |texts: &[&str]| {
            let lines: Vec<_> = texts.iter().map(|text| line(text)).collect();
            let lines: Vec<_> = lines.iter().collect();
            issued_on(&lines, date("2026-11-01"), date("2026-11-20")).map(|read| read.value.to_string())
        };
        assert_eq!(read(&["Follow-up 2026-11-02", "Date: 2026-11-13"]).as_deref(), Some("2026-11-13"));
        assert_eq!(read(&["2026-11-02", "2026-11-13"]), None);
        assert_eq!(read(&["DOB 2026-11-02", "2026-11-13"]).as_deref(), Some("2026-11-13"));
    }
}
