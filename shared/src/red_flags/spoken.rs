//! The signs of danger in somebody's own words: patterns for each sign of the list, in the pharmacy's languages, and the kind of emergency
//! that it is counted as.
//!
//! With the phrases of the kinds these are what is looked for wherever people write. They are drafts, like the phrases.

use std::sync::OnceLock;

use super::kind::Kind;
use super::phrase::Words;
use super::sign::{Sign, sign};

/// A sign, and how people say it.
struct Spoken {
    sign: &'static Sign,
    kind: Kind,
    patterns: Vec<&'static str>,
}

/// A line for each sign: its id, its kind, and for each language its patterns with semicolons between them.
const TABLE: &str = include_str!("spoken.tsv");

fn all() -> &'static [Spoken] {
    static SPOKEN: OnceLock<Vec<Spoken>> = OnceLock::new();
    SPOKEN.get_or_init(|| {
        let read = |line: &'static str| {
            let mut columns = line.split('\t');
            let (sign, kind) = (sign(columns.next()?)?, Kind::named(columns.next()?)?);
            Some(Spoken { sign, kind, patterns: columns.flat_map(|patterns| patterns.split(';')).collect() })
        };
        TABLE.lines().filter_map(read).collect()
    })
}

/// The signs that a text speaks of, each with its kind.
pub(super) fn found(words: &Words) -> impl Iterator<Item = (&'static Sign, Kind)> {
    let fires = move |spoken: &&Spoken| spoken.patterns.iter().any(|pattern| words.match_pattern(pattern));
    all().iter().filter(fires).map(|spoken| (spoken.sign, spoken.kind))
}

#[cfg(test)]
mod tests {
    use super::super::sign::signs;
    use super::*;
    use crate::accounts::Language;

    #[test]
    fn every_sign_can_be_said_in_every_language() {
        let spoken: Vec<_> = all().iter().map(|spoken| spoken.sign.id).collect();
        assert_eq!(spoken, signs().iter().map(|sign| sign.id).collect::<Vec<_>>());
        for line in TABLE.lines() {
            assert_eq!(line.split('\t').filter(|column| !column.is_empty()).count(), 5, "{line}");
        }
        for sign in signs() {
            for language in Language::ALL {
                let said = Words::of(sign.name(*language));
                assert!(found(&said).any(|(found, _)| found.id == sign.id), "{}: {}", sign.id, sign.name(*language));
            }
        }
    }
}
