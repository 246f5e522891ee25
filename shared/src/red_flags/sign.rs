//! Signs of danger that can be chosen from a list, where nobody writes: what each is called in the pharmacy's languages, whom it
//! is about, and where it is written that it is an emergency.
//!
//! The names are ours. Like the phrases, they are drafts that a clinician who knows the language is to read before they go
//! into production (docs/operations.md).

use std::sync::OnceLock;

use super::release::Reading;
use crate::accounts::Language;

/// Whom a sign is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// Anybody.
    Anybody,
    /// Children before their fifth birthday.
    Child,
    /// Infants in their first three months.
    Infant,
    /// Who is pregnant, or was within a year.
    Pregnant,
}

/// A sign of danger.
#[derive(Debug)]
pub struct Sign {
    /// Its id: `stiff_neck`.
    pub id: &'static str,
    /// Whom it is about, for who shows the list. Whoever chooses it is believed, whatever is known of the patient.
    pub about: About,
    /// Where it is written.
    pub source: &'static str,
    /// Which clinician has read its names.
    pub reading: Reading,
    names: [&'static str; 3],
}

impl Sign {
    /// What it is called.
    pub const fn name(&self, language: Language) -> &'static str {
        let [english, nepali, bengali] = self.names;
        match language {
            Language::English => english,
            Language::Nepali => nepali,
            Language::Bengali => bengali,
        }
    }
}

const TABLE: &str = include_str!("signs.tsv");

/// All of them.
pub fn signs() -> &'static [Sign] {
    static SIGNS: OnceLock<Vec<Sign>> = OnceLock::new();
    SIGNS.get_or_init(|| {
        let sign = |line: &'static str| {
            let mut columns = line.split('\t');
            let mut next = || columns.next().unwrap_or_default();
            let (id, about, source) = (next(), next(), next());
            let about = match about {
                "child" => About::Child,
                "infant" => About::Infant,
                "pregnant" => About::Pregnant,
                _ => About::Anybody,
            };
            let names = [next(), next(), next()];
            Sign { id, about, source, names, reading: Reading::of(next(), next(), next()) }
        };
        TABLE.lines().map(sign).collect()
    })
}

/// A sign by its id.
pub fn sign(id: &str) -> Option<&'static Sign> {
    signs().iter().find(|sign| sign.id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn there_are_enough_signs_and_each_is_named_in_three_languages_with_its_source() {
        let ids: BTreeSet<_> = signs().iter().map(|sign| sign.id).collect();
        assert!(signs().len() >= 40 && ids.len() == signs().len());
        for sign in signs() {
            let names = [Language::English, Language::Nepali, Language::Bengali].map(|language| sign.name(language));
            assert!(!sign.source.is_empty() && names.iter().all(|name| !name.is_empty()), "{}", sign.id);
            assert!(names[0].is_ascii() || names[0].contains(['°', '’']), "{}", sign.id);
            assert!(names[1].chars().any(|c| ('\u{900}'..='\u{97f}').contains(&c)), "{}", sign.id);
            assert!(names[2].chars().any(|c| ('\u{980}'..='\u{9ff}').contains(&c)), "{}", sign.id);
        }
    }
}
