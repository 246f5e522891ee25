//! Which list of signs this is, and who has read each line of it.

/// Which release of the list this is: what a pharmacy signs. It grows whenever a table of it changes; a test holds it to them.
pub const RELEASE: u64 = 1;
/// The day of it.
pub const DATE: &str = "2026-12-01";

/// What stands in a table where nobody has read a line.
const NOBODY: &str = "draft";

/// The reading of a line of a table by a clinician who knows its languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Which version of the line it is, from 1.
    pub version: u32,
    /// Who has read it; nobody: it is a draft, and counts all the same.
    pub by: Option<&'static str>,
    /// When.
    pub on: Option<&'static str>,
}

impl Reading {
    /// Of the last three columns of a line.
    pub(super) fn of(version: &'static str, by: &'static str, on: &'static str) -> Self {
        let said = |text: &'static str, nobody: &str| Some(text).filter(|text| !text.is_empty() && *text != nobody);
        Self { version: version.parse().unwrap_or(1), by: said(by, NOBODY), on: said(on, "-") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::Date;

    /// What the list is made of: the signs and how they are said, what counts many of what is swallowed, and what is answered.
    const TABLES: [&str; 8] = [
        include_str!("signs.tsv"),
        include_str!("spoken.tsv"),
        include_str!("phrases/en.rs"),
        include_str!("phrases/ne.rs"),
        include_str!("phrases/bn.rs"),
        include_str!("../triage/data/danger.tsv"),
        include_str!("count.rs"),
        include_str!("answer.rs"),
    ];

    /// Where this fails a table has changed, or a sentence or number that is answered: give the list a new release and a new day, and write its digest here.
    #[test]
    fn the_release_is_of_these_tables() {
        // FNV-1a: to notice a change, not an attack.
        let digest = TABLES
            .iter()
            .flat_map(|table| table.bytes())
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        assert_eq!((RELEASE, format!("{digest:016x}")), (1, "d21a15cebdc6d7ef".to_owned()));
    }

    #[test]
    fn every_line_says_whether_a_clinician_has_read_it() {
        for (table, columns) in [(TABLES[0], 9), (TABLES[1], 8)] {
            for line in table.lines() {
                let cells: Vec<_> = line.split('\t').collect();
                assert_eq!(cells.len(), columns, "{line}");
                let [version, by, on] = [cells[columns - 3], cells[columns - 2], cells[columns - 1]];
                assert!(version.parse::<u32>().is_ok_and(|version| version > 0), "{line}");
                assert!(!by.is_empty() && (by == NOBODY) == (on == "-"), "{line}");
                assert!(on == "-" || Date::parse(on).is_ok(), "{line}");
            }
        }
        assert_eq!(Reading::of("2", "Dr. Rai", "2027-01-05").by, Some("Dr. Rai"));
        assert_eq!(Reading::of("1", "draft", "-"), Reading { version: 1, by: None, on: None });
    }
}
