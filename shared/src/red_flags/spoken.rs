//! The signs of danger in somebody's own words: patterns for each sign of the list, in the pharmacy's languages, and the kind of emergency
//! that it is counted as.
//!
//! With the phrases of the kinds these are what is looked for wherever people write. They are drafts, like the phrases.

use std::sync::OnceLock;

use super::kind::Kind;
use super::phrase::Words;
use super::release::Reading;
use super::sign::{Sign, sign};

/// A sign, and how people say it.
#[derive(Debug)]
pub struct Spoken {
    /// The sign.
    pub sign: &'static Sign,
    /// The emergency that it is counted as.
    pub kind: Kind,
    /// The patterns in English, in Nepali, in Bengali.
    pub patterns: [Vec<&'static str>; 3],
    /// Which clinician has read the patterns.
    pub reading: Reading,
}

/// A line for each sign: its id, its kind, for each language its patterns with semicolons between them; which version of the line it
/// is, which clinician has read it (`draft`: nobody has), and when.
const TABLE: &str = include_str!("spoken.tsv");

/// All of them, in the order of the signs.
pub fn spoken() -> &'static [Spoken] {
    static SPOKEN: OnceLock<Vec<Spoken>> = OnceLock::new();
    SPOKEN.get_or_init(|| {
        let read = |line: &'static str| {
            let mut columns = line.split('\t');
            let (sign, kind) = (sign(columns.next()?)?, Kind::named(columns.next()?)?);
            let mut patterns = || columns.next().map(|patterns| patterns.split(';').collect::<Vec<_>>());
            let patterns = [patterns()?, patterns()?, patterns()?];
            let reading = Reading::of(columns.next()?, columns.next()?, columns.next()?);
            Some(Spoken { sign, kind, patterns, reading })
        };
        TABLE.lines().filter_map(read).collect()
    })
}

/// The signs that a text speaks of, each with its kind.
pub(super) fn found(words: &Words) -> impl Iterator<Item = (&'static Sign, Kind)> {
    let fires = move |spoken: &&Spoken| spoken.patterns.iter().flatten().any(|pattern| words.match_pattern(pattern));
    spoken().iter().filter(fires).map(|spoken| (spoken.sign, spoken.kind))
}

#[cfg(test)]
mod tests {
    use super::super::phrase::is_pattern;
    use super::super::sign::signs;
    use super::*;
    use crate::accounts::Language;

    #[test]
    fn every_sign_can_be_said_in_every_language() {
        let ids: Vec<_> = spoken().iter().map(|spoken| spoken.sign.id).collect();
        assert_eq!(ids, signs().iter().map(|sign| sign.id).collect::<Vec<_>>());
        let mut patterns = spoken().iter().flat_map(|spoken| spoken.patterns.iter().flatten());
        assert!(patterns.all(|pattern| is_pattern(pattern)));
        for sign in signs() {
            for language in Language::ALL {
                let said = Words::of(sign.name(*language));
                assert!(found(&said).any(|(found, _)| found.id == sign.id), "{}: {}", sign.id, sign.name(*language));
            }
        }
    }
}
