//! Words as passages are found by: folded, stemmed a little, those of other scripts and spellings in English as well.

use std::collections::BTreeSet;

use super::glossary;
use crate::platform::language::{is_bengali, is_devanagari};
use crate::platform::text;

/// Words that are in every question and in every passage, and tell none from another.
const STOP: &[&str] = &[
    "a",
    "about",
    "against",
    "all",
    "also",
    "am",
    "amar",
    "ami",
    "an",
    "and",
    "any",
    "are",
    "as",
    "at",
    "aushadhi",
    "aushadi",
    "be",
    "been",
    "best",
    "but",
    "by",
    "can",
    "cause",
    "cha",
    "could",
    "did",
    "do",
    "does",
    "drug",
    "every",
    "explain",
    "for",
    "from",
    "garne",
    "get",
    "give",
    "go",
    "good",
    "had",
    "happen",
    "happens",
    "has",
    "have",
    "he",
    "help",
    "her",
    "hi",
    "him",
    "his",
    "ho",
    "hole",
    "how",
    "hoy",
    "i",
    "if",
    "in",
    "into",
    "is",
    "it",
    "its",
    "just",
    "k",
    "ke",
    "ki",
    "know",
    "ko",
    "lai",
    "le",
    "like",
    "long",
    "ma",
    "make",
    "may",
    "me",
    "medication",
    "medicine",
    "mero",
    "mine",
    "more",
    "most",
    "much",
    "must",
    "my",
    "need",
    "normal",
    "not",
    "of",
    "off",
    "ok",
    "okay",
    "on",
    "one",
    "or",
    "oshudh",
    "osudh",
    "other",
    "our",
    "pill",
    "please",
    "safe",
    "same",
    "say",
    "see",
    "she",
    "should",
    "so",
    "some",
    "something",
    "tablet",
    "take",
    "taken",
    "taking",
    "tell",
    "than",
    "that",
    "the",
    "their",
    "them",
    "then",
    "there",
    "these",
    "they",
    "thing",
    "this",
    "to",
    "too",
    "up",
    "us",
    "use",
    "used",
    "using",
    "very",
    "want",
    "was",
    "way",
    "we",
    "were",
    "what",
    "when",
    "where",
    "which",
    "while",
    "who",
    "why",
    "will",
    "with",
    "without",
    "work",
    "would",
    "you",
    "your",
];

/// How many letters of a word of an Indic script are its stem: what follows is mostly case endings.
const INDIC_STEM: usize = 5;

/// The same in Nepali and Bengali.
const INDIC_STOP: &[&str] = &[
    "के",
    "हो",
    "छ",
    "कि",
    "को",
    "र",
    "मा",
    "हुन्",
    "हुन",
    "केका",
    "लागि",
    "गर्ने",
    "गर्नु",
    "खान",
    "खाने",
    "मिल्छ",
    "लाग्छ",
    "लाग्दा",
    "लागे",
    "कसरी",
    "कहिले",
    "कुन",
    "यो",
    "किन",
    "मलाई",
    "কী",
    "কি",
    "হলে",
    "জন্য",
    "কিসের",
    "করবেন",
    "করব",
    "কখন",
    "কীভাবে",
    "খেতে",
    "পারে",
    "আসে",
    "খেলে",
    "ও",
    "যাব",
    "এর",
    "কেন",
    "আমার",
    "কোন",
];

/// Whether a word tells nothing.
pub(super) fn is_stop(word: &str) -> bool {
    let known = |word: &str| STOP.binary_search(&word).is_ok();
    if word.is_ascii() {
        return known(word) || known(&singular(word));
    }
    INDIC_STOP.iter().any(|stop| text::folded(stop) == word)
}

/// An English word without its plural.
fn singular(word: &str) -> String {
    let plain = word.len() <= 3 || !word.is_ascii() || ["ss", "us", "is"].iter().any(|end| word.ends_with(end));
    if plain {
        return word.to_owned();
    }
    if let Some(front) = word.strip_suffix("ies") {
        return format!("{front}y");
    }
    let sibilant = ["ches", "shes", "sses", "xes"].iter().any(|end| word.ends_with(end));
    let front = if sibilant { word.strip_suffix("es") } else { word.strip_suffix('s') };
    front.unwrap_or(word).to_owned()
}

/// A word without its endings: of English its plural, `ed`, `ing` and a last `e`; of an Indic script all but its first letters.
pub(super) fn stem(word: &str) -> String {
    if word.chars().any(|c| is_devanagari(c) || is_bengali(c)) {
        return word.chars().take(INDIC_STEM).collect();
    }
    let word = singular(word);
    if !word.is_ascii() {
        return word;
    }
    let bare = match word.as_str() {
        word if word.len() > 5 && word.ends_with("ed") => word.strip_suffix("ed"),
        word if word.len() > 6 && word.ends_with("ing") => word.strip_suffix("ing"),
        _ => None,
    };
    let word = bare.unwrap_or(&word);
    let shorter = if word.len() > 4 { word.strip_suffix('e') } else { None };
    shorter.unwrap_or(word).to_owned()
}

/// A word that is asked for: itself, or what it means in English. One of them is enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// What it may be found as.
    pub(super) terms: BTreeSet<String>,
    /// Whether no page in English can have it.
    pub(super) foreign: bool,
}

/// The words of a text that tell something, in order, each with what it may be found as.
pub(super) fn asked(text: &str) -> Vec<Asked> {
    let mut all = Vec::new();
    for word in text::words(text) {
        let meant = glossary::english(&word);
        let foreign = word.chars().any(|c| is_devanagari(c) || is_bengali(c));
        let meanings = meant.iter().flat_map(|meaning| meaning.split(' '));
        let mut terms: BTreeSet<String> = meanings.filter(|meaning| !is_stop(meaning)).map(stem).collect();
        // A Latin spelling of a Nepali word is no English word.
        if (meant.is_empty() || foreign) && !is_stop(&word) {
            terms.extend(Some(stem(&word)).filter(|own| own.chars().count() > 1));
        }
        if !terms.is_empty() {
            all.push(Asked { terms, foreign: foreign && meant.is_empty() });
        }
    }
    all
}

/// The terms of a text, in order: each word that tells something, stemmed, and what it means in English.
pub(super) fn terms(text: &str) -> Vec<String> {
    asked(text).into_iter().flat_map(|word| word.terms).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_that_tell_nothing_are_in_order() {
        assert!(STOP.is_sorted());
    }

    #[test]
    fn plurals_and_endings_go() {
        for (word, plain) in [
            ("tablets", "tablet"),
            ("allergies", "allergy"),
            ("headaches", "headache"),
            ("crushing", "crushed"),
            ("ज्वरोमा", "ज्वरो"),
        ] {
            assert_eq!(stem(word), stem(plain));
        }
        assert_eq!(stem("virus"), "virus");
    }

    #[test]
    fn a_text_is_known_by_its_english_terms() {
        assert_eq!(terms("What are the side effects of Paracetamol?"), ["side", "effect", "paracetamol"]);
        let nepali = terms("पारासिटामोलको नराम्रो असर के हो?");
        assert!(nepali.contains(&"paracetamol".to_owned()) && nepali.contains(&"effect".to_owned()), "{nepali:?}");
        let bengali = terms("প্যারাসিটামলের পার্শ্বপ্রতিক্রিয়া কী?");
        assert!(bengali.contains(&"paracetamol".to_owned()) && bengali.contains(&"effect".to_owned()), "{bengali:?}");
        assert!(terms("jwaro ma k khane").contains(&"fever".to_owned()));
    }
}
