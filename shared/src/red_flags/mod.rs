//! Words that speak of an emergency: phrase rules in the pharmacy's languages, and what is said to who writes them.
//!
//! Whoever takes a person's own words about their health asks here first. A rule that fires ends the request: no doctor, no
//! search and no model is asked, and nothing of the words is kept. In doubt it is an emergency.
//!
//! What is built in is asked by [`find`] and [`signs_in`]; with what a pharmacy has added to it, by [`Flags`].

mod answer;
mod count;
mod flags;
mod kind;
mod phrase;
mod phrases;
mod release;
mod rule;
mod sign;
mod spoken;

pub use answer::{Emergency, EmergencyNumber};
pub use flags::{Flags, Found};
pub use kind::Kind;
pub use phrase::{is_everywhere, is_pattern};
pub use release::{DATE, RELEASE, Reading};
pub use rule::{InLanguages, Rule, Whom};
pub use sign::{About, Sign, sign, signs};
pub use spoken::{Spoken, spoken};

pub(crate) use phrase::Words;

/// The first emergency that a text speaks of, in whichever of the languages it is written: one of the phrases, or a sign of danger. Where
/// any of them is a wish to die it is that one.
pub fn find(text: &str) -> Option<Kind> {
    let words = Words::of(text);
    let mut kinds = by_phrase(&words).chain(spoken::found(&words).map(|(_, kind)| kind));
    let first = kinds.next()?;
    if kinds.any(|kind| kind == Kind::Suicide) { Some(Kind::Suicide) } else { Some(first) }
}

/// The signs of danger that a text speaks of.
pub fn signs_in(text: &str) -> Vec<&'static Sign> {
    spoken::found(&Words::of(text)).map(|(sign, _)| sign).collect()
}

fn by_phrase(words: &Words) -> impl Iterator<Item = Kind> {
    phrases::ALL.iter().flat_map(|language| language.iter()).filter_map(move |(kind, patterns)| {
        let fires = patterns.iter().any(|pattern| words.match_pattern(pattern));
        fires.then_some(*kind)
    })
}

#[cfg(test)]
mod tests;
