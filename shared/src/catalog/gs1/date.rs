//! Dates on packs: two digits of the year, the month, the day.

use crate::platform::clock::Date;

/// How the year of `today` relates to the one that two digits mean, in the GS1 General Specifications, section 7.12: 51
/// years or more ahead is the century before, 50 or more behind is the century after, all else is this one.
fn year_of(two_digits: i64, today: i64) -> i64 {
    let (century, now) = (today.div_euclid(100) * 100, today.rem_euclid(100));
    match two_digits - now {
        51.. => century - 100 + two_digits,
        ..=-50 => century + 100 + two_digits,
        _ => century + two_digits,
    }
}

/// The day that `YYMMDD` means, and whether only the month was given: day 00 stands for the last day of the month.
/// `None` where there is no such day.
pub(super) fn read(digits: &str, today: Date) -> Option<(Date, bool)> {
    let part = |from: usize| digits.get(from..from + 2)?.parse::<i64>().ok();
    let (year, month, day) = (part(0)?, part(2)?, part(4)?);
    let now: i64 = today.to_string().get(..4)?.parse().ok()?;
    let year = year_of(year, now);
    if day > 0 {
        return Date::parse(&format!("{year:04}-{month:02}-{day:02}")).ok().map(|date| (date, false));
    }
    let (next_year, next) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    // The month itself must be one: month 00 has no first day.
    Date::parse(&format!("{year:04}-{month:02}-01")).ok()?;
    let first_of_next = Date::parse(&format!("{next_year:04}-{next:02}-01")).ok()?;
    Some((first_of_next.plus_days(-1), true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_century_is_the_nearest() {
        // Seen from 2026: 76 is fifty years ahead, 77 fifty-one.
        for (digits, year) in [(26, 2026), (28, 2028), (76, 2076), (77, 1977), (99, 1999), (0, 2000), (25, 2025)] {
            assert_eq!(year_of(digits, 2026), year, "{digits}");
        }
        // Seen from late in a century the next one begins soon.
        for (digits, year) in [(99, 2099), (48, 2148), (49, 2149), (50, 2050), (0, 2100)] {
            assert_eq!(year_of(digits, 2099), year, "{digits}");
        }
    }

    #[test]
    fn a_day_of_zero_is_the_last_of_its_month() {
        let today = Date::parse("2026-11-20").unwrap();
        for (digits, day, whole_month) in [
            ("280131", "2028-01-31", false),
            ("280200", "2028-02-29", true),
            ("270200", "2027-02-28", true),
            ("271200", "2027-12-31", true),
        ] {
            assert_eq!(read(digits, today), Some((Date::parse(day).unwrap(), whole_month)), "{digits}");
        }
        for wrong in ["200230", "210229", "200010", "200000", "201310", "201300", "2801", "28013x"] {
            assert_eq!(read(wrong, today), None, "{wrong}");
        }
    }
}
