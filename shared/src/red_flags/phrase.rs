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

/// Words that nearly every message to a pharmacy has, in its languages and as Nepali and Bengali are written in Latin letters.
const COMMON: &str = "a about after all also am an and any are as at baby be because been before but by can could daughter day days did \
    do doctor does dont each father feel few for from get go good got had has have he hello help her hi him his hot how i if in is it its \
    just know like long make many may me medicine medicines month months more morning mother much my need night no not now of off on once \
    one or order our out pain patient please she should since so some son still tablet tablets take taken taking thank thanks that the \
    their them then there they this time to today too took two up use very want was we week weeks were what when where which while who \
    why will with year years yes yesterday you your \
    म मलाई मेरो मेरी हामी हाम्रो तपाईं उनी उनको उहाँ छ छु छन् छैन हो होइन थियो भयो गर्न गर्छ र वा पनि को का की ले लाई मा बाट देखि सम्म यो त्यो के \
    कति कुन किन कसरी दिन आज हिजो औषधि आमा बुवा छोरा छोरी बच्चा दुख्छ \
    আমি আমার আমাকে আমরা আপনি আপনার সে তার তাকে আছে নেই না হ্যাঁ হয় হয়েছে হচ্ছে করে করছে করতে এই ওই সেই কি কী কেন কখন কত কোন আর ও এবং বা থেকে দিন \
    আজ কাল গতকাল জন্য ওষুধ মা বাবা ছেলে মেয়ে বাচ্চা ব্যথা \
    ma malai mero cha chha chaina ho hoina ra ko ki ami amar amake ache nai na ar kono";

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

/// Whether a pattern is one term that common words fit: it would be found in nearly every message.
pub fn is_everywhere(text: &str) -> bool {
    let pattern = plain(text);
    let common = plain(COMMON);
    let mut terms = pattern.split_whitespace();
    let (Some(term), None) = (terms.next(), terms.next()) else { return false };
    term.split('|').any(|choice| common.split_whitespace().any(|word| fits(choice, word, false)))
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
            occur(&terms, window)
        })
    }
}

/// Whether each term can have a word of its own: term by term, one that finds its word taken moves the term that has it to another. A term
/// looks at each word once, so that no pattern takes longer than its terms, times the words, times the terms again.
fn occur(terms: &[Vec<&str>], words: &[(String, bool)]) -> bool {
    let mut taken: Vec<Option<&[&str]>> = vec![None; words.len()];
    terms.iter().all(|term| find_place(term, words, &mut taken, &mut vec![false; words.len()]))
}

fn find_place<'a>(
    term: &'a [&'a str],
    words: &[(String, bool)],
    taken: &mut [Option<&'a [&'a str]>],
    tried: &mut [bool],
) -> bool {
    for (place, (word, many)) in words.iter().enumerate() {
        let is_new = tried.get(place).is_some_and(|tried| !tried);
        if !is_new || !term.iter().any(|choice| fits(choice, word, *many)) {
            continue;
        }
        if let Some(tried) = tried.get_mut(place) {
            *tried = true;
        }
        let moved = match taken.get(place).copied().flatten() {
            None => true,
            Some(other) => find_place(other, words, taken, tried),
        };
        if moved {
            if let Some(taken) = taken.get_mut(place) {
                *taken = Some(term);
            }
            return true;
        }
    }
    false
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
    fn a_term_that_is_in_the_way_moves_and_no_pattern_takes_long() {
        assert!(matches("a* ab|b a*|b b", "ab b b a"), "in whichever order they come");
        assert!(!matches("a* a* b", "a b b"));
        // The last term has no word, and the others as many ways to stand as there are.
        let (pattern, text) = ("a* a* a* a* a* a* a* zz", "ab ".repeat(330));
        let (pattern, started) = (pattern.replace("a*", "ab*"), std::time::Instant::now());
        assert!(is_pattern(&pattern) && !matches(&pattern, &text));
        assert!(started.elapsed() < std::time::Duration::from_secs(5), "{:?}", started.elapsed());
    }

    #[test]
    fn one_common_word_is_everywhere_and_what_is_built_in_is_not() {
        for wrong in ["my", "No", "is|spots", "th*", "मेरो", "আমার", "mal*"] {
            assert!(is_everywhere(wrong), "{wrong}");
        }
        for good in ["purple", "my spots", "spots|rash", "suicid*", "breathless*", "unconscious"] {
            assert!(!is_everywhere(good), "{good}");
        }
        let built_in =
            super::super::phrases::ALL.iter().flat_map(|language| language.iter()).flat_map(|(_, all)| all.iter());
        for pattern in built_in {
            assert!(!is_everywhere(pattern), "{pattern}");
        }
        let spoken = super::super::spoken().iter().flat_map(|spoken| spoken.patterns.iter().flatten());
        assert!(spoken.copied().all(|pattern| !is_everywhere(pattern)));
    }

    #[test]
    fn vowel_signs_are_parts_of_words_and_joiners_are_none() {
        assert!(matches("छाती दुख*", "मेरो छाती दुख्यो"));
        assert!(!matches("छत", "छाती"));
        assert!(matches("সাপ", "সাপ\u{200d}"));
    }
}
