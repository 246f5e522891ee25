//! How phrases are matched: words near one another, in any order.
//!
//! A pattern is a line of terms. All of them must occur, each in another word, and all within [`SLACK`] words more than there
//! are terms. A term is a word; `breath*` is every word that begins so; `#` is a number of five or more of what is swallowed;
//! `chest|breastbone` is either of them. Case, apostrophes
//! and punctuation do not count, and neither do the joiners that some scripts use.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::count::is_many;

/// How many other words may stand between those of a pattern, all together.
const SLACK: usize = 5;

/// The most terms of a pattern.
const MOST_TERMS: usize = 8;
/// The most characters of a pattern.
const LONGEST: usize = 200;
/// Fewer letters begin too many words.
const SHORTEST_STEM: usize = 2;

/// Whether a text is a pattern that can be found, and not in everything.
pub fn is_pattern(text: &str) -> bool {
    let pattern = plain(text);
    let is_choice = |choice: &str| {
        let (word, stem) = choice.strip_suffix('*').map_or((choice, false), |word| (word, true));
        let long = !word.is_empty() && (!stem || word.chars().count() >= SHORTEST_STEM);
        choice == "#" || (long && word.chars().all(is_of_word))
    };
    (1..=MOST_TERMS).contains(&pattern.split_whitespace().count())
        && text.chars().count() <= LONGEST
        && pattern.split_whitespace().all(|term| term.split('|').all(is_choice))
}

/// A text as its words, each with whether it counts many of what is swallowed.
#[derive(Debug)]
pub(crate) struct Words(Vec<(String, bool)>);

/// Joiners and apostrophes stand inside words and say nothing.
fn is_silent(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2018}' | '\u{02bc}' | '\u{200c}' | '\u{200d}')
}

/// Vowel signs of Indic scripts are marks, and parts of their words.
fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// As texts and patterns are compared.
pub(super) fn plain(text: &str) -> String {
    text.nfkc().filter(|c| !is_silent(*c)).flat_map(char::to_lowercase).nfc().collect()
}

impl Words {
    pub(crate) fn of(text: &str) -> Self {
        let plain = plain(text);
        let words = plain.split(|c: char| !is_of_word(c)).filter(|word| !word.is_empty()).map(str::to_owned);
        let words: Vec<String> = words.collect();
        let many: Vec<bool> = (0..words.len()).map(|at| words.get(at..).is_some_and(is_many)).collect();
        Self(words.into_iter().zip(many).collect())
    }

    /// Whether a pattern occurs.
    pub(crate) fn match_pattern(&self, pattern: &str) -> bool {
        let pattern = plain(pattern);
        let terms: Vec<Vec<&str>> = pattern.split_whitespace().map(|term| term.split('|').collect()).collect();
        let span = terms.len() + SLACK;
        let Some(last) = self.0.len().checked_sub(1) else { return false };
        // A window for each place that a match could begin at; the last ones are cut short by the end of the text.
        (0..=last).any(|start| {
            let window = self.0.get(start..(start + span).min(self.0.len())).unwrap_or_default();
            occur(&terms, window, &mut vec![false; window.len()])
        })
    }
}

/// Whether each term has a word of its own: the first free one that fits, or another where that leaves none for the rest.
fn occur(terms: &[Vec<&str>], words: &[(String, bool)], taken: &mut [bool]) -> bool {
    let Some((term, rest)) = terms.split_first() else { return true };
    for (place, (word, many)) in words.iter().enumerate() {
        let free = taken.get(place).is_some_and(|taken| !taken);
        if !free || !term.iter().any(|choice| fits(choice, word, *many)) {
            continue;
        }
        set(taken, place, true);
        if occur(rest, words, taken) {
            return true;
        }
        set(taken, place, false);
    }
    false
}

fn set(taken: &mut [bool], place: usize, to: bool) {
    if let Some(taken) = taken.get_mut(place) {
        *taken = to;
    }
}

fn fits(choice: &str, word: &str, many: bool) -> bool {
    if choice == "#" {
        return many;
    }
    match choice.strip_suffix('*') {
        Some(stem) => word.starts_with(stem),
        None => word == choice,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        Words::of(text).match_pattern(pattern)
    }

    #[test]
    fn words_may_stand_in_any_order_and_a_little_apart() {
        assert!(matches("chest pain*", "I have pains deep left in my CHEST!"));
        assert!(!matches("chest pain*", "My chest of drawers fell and now there is a little pain"));
        assert!(!matches("chest pain*", "chest"));
        assert!(!matches("chest pain*", ""));
    }

    #[test]
    fn what_is_found_nowhere_or_everywhere_is_no_pattern() {
        for good in ["chest pain*", "can't breath*", "face|mouth droop*", "swallow* #", "छाती दुख*", "a b c d e f g h"]
        {
            assert!(is_pattern(good), "{good}");
        }
        let long = "long ".repeat(41);
        for wrong in ["", " ", "*", "a*", "chest|", "pain-full", "pain.", "##", "a b c d e f g h i", &long] {
            assert!(!is_pattern(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_term_is_a_word_a_stem_or_a_choice() {
        assert!(matches("cant breath*", "I can’t breathe"));
        assert!(!matches("pain", "painting"));
        assert!(matches("face|mouth droop*", "her mouth is drooping"));
    }

    #[test]
    fn each_term_has_a_word_of_its_own() {
        assert!(!matches("pill* pill*", "two pills"));
        assert!(matches("pill*|many many", "many many"));
        assert!(matches("a*|b a*", "a b"), "the first fit of the first term is not the last word");
    }

    #[test]
    fn vowel_signs_are_parts_of_words_and_joiners_are_none() {
        assert!(matches("छाती दुख*", "मेरो छाती दुख्यो"));
        assert!(!matches("छत", "छाती"));
        assert!(matches("সাপ", "সাপ\u{200d}"));
    }
}
