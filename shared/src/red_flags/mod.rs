//! Words that speak of an emergency: phrase rules in the pharmacy's languages, and what is said to who writes them.
//!
//! Whoever takes a person's own words about their health asks here first. A rule that fires ends the request: no doctor, no
//! search and no model is asked, and nothing of the words is kept. In doubt it is an emergency.

mod answer;
mod kind;
mod phrase;
mod phrases;

pub use answer::{Emergency, EmergencyNumber};
pub use kind::Kind;

use phrase::Words;

/// The first emergency that a text speaks of, in whichever of the languages it is written.
pub fn find(text: &str) -> Option<Kind> {
    let words = Words::of(text);
    phrases::ALL.iter().flat_map(|language| language.iter()).find_map(|(kind, patterns)| {
        let fires = patterns.iter().any(|pattern| words.match_pattern(pattern));
        fires.then_some(*kind)
    })
}

#[cfg(test)]
mod tests;
