//! What a model says is held against the passages that it was given. It counts only where each sentence names a passage
//! that says the same numbers, units and medicines, and nothing in it tells anybody how much to take. In doubt the passages
//! are answered as they are.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::OnceLock;

use serde::Deserialize;

use super::named;
use super::words::{is_stop, stem};
use crate::accounts::Language;
use crate::platform::language::{is_bengali, is_devanagari};
use crate::platform::text;

/// The most sentences, and letters in one.
const MOST_SENTENCES: usize = 8;
const LONGEST: usize = 400;
/// So much of what a sentence says must be in its passages, in hundredths of its words.
const FROM_PASSAGE: usize = 70;

/// What a model answers: sentences, each with the numbers of the passages that say it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    sentences: Vec<Sentence>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sentence {
    text: String,
    cites: Vec<usize>,
}

/// Why what a model says does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not the JSON that was asked for, or too long.
    Form,
    /// A sentence names no passage, or one that was not given.
    Citation,
    /// A number that is not in the passage.
    Number,
    /// A unit that is not in the passage, or stands with another number there.
    Unit,
    /// A medicine that the passage does not name.
    Medicine,
    /// It says how much to take.
    Dose,
    /// It leads elsewhere.
    Link,
    /// It is in another language.
    Language,
    /// It says something else than the passage, or leaves out a "not".
    Meaning,
}

impl Fault {
    /// The name in the log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Citation => "citation",
            Self::Number => "number",
            Self::Unit => "unit",
            Self::Medicine => "medicine",
            Self::Dose => "dose",
            Self::Link => "link",
            Self::Language => "language",
            Self::Meaning => "meaning",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Numbers that are written as words, some in each line; a line for each ten.
const NUMBER_WORDS: &str = include_str!("number_words.txt");

/// How many letters a number of an Indic script has at least that endings are written to.
const LONG_ENOUGH: usize = 3;

/// Units, as they are written, each group the same.
const UNITS: &[&[&str]] = &[
    &["mg", "milligram", "milligrams", "मिलिग्राम", "एमजी", "মিলিগ্রাম", "এমজি"],
    &["g", "gram", "grams", "ग्राम", "গ্রাম"],
    &["mcg", "µg", "μg", "ug", "microgram", "micrograms", "माइक्रोग्राम", "মাইক্রোগ্রাম"],
    &["ml", "millilitre", "millilitres", "milliliter", "milliliters", "मिलिलिटर", "মিলিলিটার"],
    &["litre", "litres", "liter", "liters", "लिटर", "লিটার"],
    &["kg", "kilogram", "kilograms"],
    &["iu", "unit", "units"],
    &["tablet", "tablets", "pill", "pills", "चक्की", "ট্যাবলেট", "বড়ি"],
    &["drop", "drops", "थोपा", "ফোঁটা"],
    &["spoon", "spoons", "teaspoon", "teaspoons", "चम्चा", "চামচ"],
    &["hour", "hours", "घण्टा", "घण्टासम्म", "ঘণ্টা", "ঘন্টা"],
    &["day", "days", "दिन", "দিন"],
    &["week", "weeks", "हप्ता", "সপ্তাহ"],
    &["month", "months", "महिना", "মাস"],
    &["year", "years", "वर्ष", "বছর"],
    &["minute", "minutes", "मिनेट", "মিনিট"],
    &["time", "times", "पटक", "বার"],
    &["%", "percent"],
];

/// What makes an amount an order to take it.
const GIVING: &[&str] = &[
    "take",
    "takes",
    "taken",
    "give",
    "gives",
    "given",
    "swallow",
    "use",
    "dose",
    "dosage",
    "maximum",
    "inject",
    "खानु",
    "खानुहोस्",
    "दिनुहोस्",
    "खुवाउनुहोस्",
    "মাত্রা",
    "খান",
    "খাবেন",
    "দিন",
    "খাওয়ান",
    "मात्रा",
];

/// Units of what is taken, among [`UNITS`]: the first so many.
const AMOUNTS: usize = 10;

const NEGATIONS: &[&str] = &[
    "not",
    "no",
    "never",
    "without",
    "avoid",
    "cannot",
    "neither",
    "nor",
    "unless",
    "arent",
    "cant",
    "couldnt",
    "didnt",
    "doesnt",
    "dont",
    "hasnt",
    "havent",
    "isnt",
    "mustnt",
    "shouldnt",
    "wasnt",
    "wont",
    "stop",
    "नखानुहोस्",
    "हुँदैन",
    "नगर्नुहोस्",
    "नदिनुहोस्",
    "होइन",
    "छैन",
    "না",
    "নয়",
    "নেই",
];

/// Holds what a model says, in the language `asked`, against the passages that it was given in that language, in their order.
///
/// # Errors
/// The first fault.
pub fn check(said: &str, passages: &[&str], asked: Language) -> Result<String, Fault> {
    let said: Said = serde_json::from_str(said.trim()).map_err(|_| Fault::Form)?;
    if said.sentences.is_empty() || said.sentences.len() > MOST_SENTENCES {
        return Err(Fault::Form);
    }
    let mut told = Vec::new();
    for Sentence { text, cites } in said.sentences {
        let sentence = text::line(&text, LONGEST).map_err(|_| Fault::Form)?;
        if cites.is_empty() {
            return Err(Fault::Citation);
        }
        let mut sources = Vec::new();
        for number in &cites {
            let passage = number.checked_sub(1).and_then(|place| passages.get(place)).ok_or(Fault::Citation)?;
            sources.push(*passage);
        }
        hold(&sentence, &sources.join("\n"))?;
        is_in(&sentence, asked)?;
        let marks: String = cites.iter().map(|number| format!(" [{number}]")).collect();
        told.push(format!("{sentence}{marks}"));
    }
    Ok(told.join(" "))
}

fn hold(sentence: &str, passage: &str) -> Result<(), Fault> {
    let lower = sentence.to_lowercase();
    if ["http", "www.", "](", "<a", "://"].iter().any(|link| lower.contains(link)) {
        return Err(Fault::Link);
    }
    let (said, stands) = (Tokens::of(sentence), Tokens::of(passage));
    // A whole sentence, word for word, is as the pharmacy has written it.
    if sentences(passage).any(|known| Tokens::of(known) == said) {
        return Ok(());
    }
    if said.numbers().any(|number| !stands.numbers().any(|known| known == number)) {
        return Err(Fault::Number);
    }
    if said.amounts().any(|amount| !stands.amounts().any(|known| known == amount)) {
        return Err(Fault::Unit);
    }
    if said.doses() {
        return Err(Fault::Dose);
    }
    let known: BTreeSet<_> = named::substances(passage).into_iter().collect();
    if named::substances(sentence).iter().any(|name| !known.contains(name)) {
        return Err(Fault::Medicine);
    }
    if !means(sentence, passage) {
        return Err(Fault::Meaning);
    }
    Ok(())
}

/// A text as words, with its digits in ASCII and its units by their group.
#[derive(Debug, PartialEq, Eq)]
struct Tokens(Vec<Token>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Number(String),
    Unit(usize),
    Word(String),
}

impl Tokens {
    fn of(text: &str) -> Self {
        let mut tokens = Vec::new();
        let mut open = String::new();
        let mut in_number = false;
        let text = text.replace('%', " % ");
        for c in text.chars().map(ascii_digit).chain([' ']) {
            // Halves and quarters, small figures above the line, and the figures of other scripts are numbers, too.
            let digit = c.is_numeric();
            let joins = in_number && matches!(c, '.' | ',' | '/');
            let goes_on = if in_number { digit || joins } else { !digit && !is_gap(c) };
            if !open.is_empty() && !goes_on {
                tokens.extend(token(&open, in_number));
                open.clear();
            }
            if !is_gap(c) || joins && !open.is_empty() {
                if open.is_empty() {
                    in_number = digit;
                }
                open.push(c);
            }
        }
        Self(tokens)
    }

    fn numbers(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|token| match token {
            Token::Number(number) => Some(number.as_str()),
            _ => None,
        })
    }

    /// Each unit with the number before it, if one stands there.
    fn amounts(&self) -> impl Iterator<Item = (Option<&str>, usize)> {
        let before = std::iter::once(None).chain(self.0.iter().map(Some));
        before.zip(&self.0).filter_map(|(before, token)| match (before, token) {
            (Some(Token::Number(number)), Token::Unit(unit)) => Some((Some(number.as_str()), *unit)),
            (_, Token::Unit(unit)) => Some((None, *unit)),
            _ => None,
        })
    }

    /// Whether it says how much to take.
    fn doses(&self) -> bool {
        let is_giving = |word: &String| GIVING.iter().any(|giving| text::folded(giving) == *word);
        let gives = self.0.iter().any(|token| matches!(token, Token::Word(word) if is_giving(word)));
        gives && self.amounts().any(|(_, unit)| unit < AMOUNTS)
    }
}

/// The sentences of a text: a full stop within a number ends none.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split(['।', '\n', '?', '!', ';']).flat_map(|line| line.split(". "))
}

fn is_gap(c: char) -> bool {
    !(c.is_alphanumeric() || is_devanagari(c) && c != '।' || is_bengali(c) || c == '%' || c == 'µ')
}

fn token(said: &str, number: bool) -> Option<Token> {
    if number {
        // `4,000` and `4000` are one number; a full stop at the end is none of it.
        let plain = said.trim_end_matches(['.', ',', '/']).replace(',', "");
        return Some(Token::Number(plain));
    }
    let word = text::folded(said);
    if word.is_empty() {
        return None;
    }
    if is_number(&word) {
        return Some(Token::Number(word));
    }
    let unit = UNITS.iter().position(|group| group.iter().any(|unit| text::folded(unit) == word));
    Some(unit.map_or(Token::Word(word), Token::Unit))
}

/// Whether a folded word is a number. In Indic scripts its endings are written to it, so what begins with one counts: in doubt it
/// is a number, which the passage must have.
fn is_number(word: &str) -> bool {
    static WORDS: OnceLock<BTreeSet<String>> = OnceLock::new();
    let words = WORDS.get_or_init(|| NUMBER_WORDS.split_whitespace().map(text::folded).collect());
    if words.contains(word) {
        return true;
    }
    let begins = |number: &String| number.chars().count() >= LONG_ENOUGH && word.starts_with(number.as_str());
    !word.is_ascii() && words.iter().filter(|number| !number.is_ascii()).any(begins)
}

fn ascii_digit(c: char) -> char {
    let zero = match c {
        '\u{966}'..='\u{96f}' => 0x966,
        '\u{9e6}'..='\u{9ef}' => 0x9e6,
        _ => return c,
    };
    char::from_digit(u32::from(c).saturating_sub(zero), 10).unwrap_or(c)
}

/// Whether a sentence says what its passage says: most of its words are there, and no "not" is missing or added.
fn means(sentence: &str, passage: &str) -> bool {
    let content = |text: &str| -> BTreeSet<String> {
        let words = text::words(text).into_iter().filter(|word| !is_stop(word) && word.chars().count() > 3);
        words.map(|word| stem(&word)).collect()
    };
    let (said, stands) = (content(sentence), content(passage));
    let there = said.iter().filter(|word| stands.contains(*word)).count();
    if there * 100 < said.len() * FROM_PASSAGE {
        return false;
    }
    // Of the passage the sentences that share most words with it: where they disagree, nobody knows which was meant.
    let shared: Vec<_> = sentences(passage).map(|part| (said.intersection(&content(part)).count(), part)).collect();
    let most = shared.iter().map(|(count, _)| *count).max().unwrap_or_default();
    let denied = negations(sentence);
    shared.iter().filter(|(count, _)| *count == most).all(|(_, nearest)| negations(nearest) == denied)
}

/// How often a text says "not".
fn negations(text: &str) -> usize {
    let joined = text.replace(['\'', '’'], "");
    let denies = |word: &&String| NEGATIONS.iter().any(|negation| text::folded(negation) == **word);
    text::words(&joined).iter().filter(denies).count()
}

/// Whether most letters of a sentence are of the script of a language.
fn is_in(sentence: &str, language: Language) -> Result<(), Fault> {
    let of = |is: fn(char) -> bool| sentence.chars().filter(|c| is(*c)).count();
    let (latin, devanagari, bengali) = (of(|c| c.is_ascii_alphabetic()), of(is_devanagari), of(is_bengali));
    let own = match language {
        Language::English => latin,
        Language::Nepali => devanagari,
        Language::Bengali => bengali,
    };
    if own * 2 > latin + devanagari + bengali { Ok(()) } else { Err(Fault::Language) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const PASSAGE: &str = "Keep to the dose on the package. An adult must not take more than 4000 mg in 24 hours from all \
        medicines together. Paracetamol eases headache and lowers a fever. Do not take it with a liver disease.";

    fn one(text: &str, cites: &[usize]) -> Result<String, Fault> {
        let said = json!({"sentences": [{"text": text, "cites": cites}]}).to_string();
        check(&said, &[PASSAGE], Language::English)
    }

    #[test]
    fn what_a_passage_says_counts() {
        assert_eq!(
            one("Paracetamol lowers a fever and eases headache.", &[1]).unwrap(),
            "Paracetamol lowers a fever and eases headache. [1]"
        );
        assert!(one("An adult must not take more than 4000 mg in 24 hours from all medicines together.", &[1]).is_ok());
    }

    #[test]
    fn a_number_that_is_not_there_does_not_count() {
        for lie in [
            "Paracetamol eases headache within 30 minutes.",
            "Paracetamol lowers a fever for 5 days.",
            "Paracetamol lowers a fever three times.",
            "Paracetamol lowers a fever in ५ hours.",
            "Paracetamol eases headache in 4 000 patients.",
            "Paracetamol lowers a fever by half.",
            "Paracetamol lowers a fever by \u{bd}.",
            "Paracetamol lowers a fever\u{b2}.",
            "Paracetamol lowers a fever under seventy.",
            "Paracetamol lowers a fever of a couple.",
        ] {
            assert_eq!(one(lie, &[1]), Err(Fault::Number), "{lie}");
        }
        assert_eq!(one("Paracetamol lowers a fever for 24 days.", &[1]), Err(Fault::Unit));
        assert_eq!(one("Paracetamol lowers a fever, 4000 hours.", &[1]), Err(Fault::Unit));
    }

    #[test]
    fn a_number_counts_in_every_script_and_with_its_endings() {
        for word in [
            "thirteen",
            "seventy",
            "ninety",
            "million",
            "third",
            "couple",
            "सत्तरी",
            "सत्तरीभन्दा",
            "पच्चीस",
            "সত্তর",
            "সত্তরের",
            "পঁচিশ",
        ] {
            assert!(is_number(&text::folded(word)), "{word}");
        }
        for word in ["fever", "tension", "kidney", "ज्वरो", "औषधि", "জ্বর", "ওষুধ"] {
            assert!(!is_number(&text::folded(word)), "{word}");
        }
        let (of, other) = ("मिर्गौला कमजोर भएकालाई तीसभन्दा मुनि होइन", "मिर्गौला कमजोर भएकालाई सत्तरीभन्दा मुनि होइन");
        assert_eq!(hold(other, &format!("{of}।")), Err(Fault::Number));
    }

    #[test]
    fn nobody_is_told_how_much_to_take() {
        assert_eq!(one("The maximum for adults is 4000 mg together, take it.", &[1]), Err(Fault::Dose));
        assert!(matches!(one("The maximum dose for a child of 10 kg is 100 mg.", &[1]), Err(Fault::Number)));
        assert_eq!(one("Take tablets against headache.", &[1]), Err(Fault::Unit));
    }

    #[test]
    fn a_medicine_that_is_not_there_does_not_count() {
        assert_eq!(one("Ibuprofen eases headache and lowers a fever.", &[1]), Err(Fault::Medicine));
        assert_eq!(
            one("Tylenol eases headache and lowers a fever.", &[1]).map(|_| ()),
            Ok(()),
            "the same under another name"
        );
    }

    #[test]
    fn a_not_may_not_be_lost_or_found() {
        assert_eq!(one("Do take it with a liver disease.", &[1]), Err(Fault::Meaning));
        assert_eq!(
            one("take it with a liver disease", &[1]),
            Err(Fault::Meaning),
            "a part of a sentence, word for word"
        );
        assert_eq!(one("Paracetamol does not lower a fever.", &[1]), Err(Fault::Meaning));
        assert_eq!(one("Paracetamol doesn't lower a fever.", &[1]), Err(Fault::Meaning));
        let twice = "Do not drive and do not drink after it. Drink water.";
        assert_eq!(hold("Do not drive and do drink after it", twice), Err(Fault::Meaning), "one of two");
        assert_eq!(hold("Drink", "Do not drink. Drink water."), Err(Fault::Meaning), "either may be meant");
        assert_eq!(one("Paracetamol cures cancer quickly everywhere.", &[1]), Err(Fault::Meaning));
    }

    #[test]
    fn form_citation_link_and_language() {
        let all = |said: &str| check(said, &[PASSAGE], Language::English);
        for wrong in [
            "",
            "Paracetamol lowers a fever.",
            "{}",
            r#"{"sentences": []}"#,
            r#"{"sentences": [{"text": "x", "cites": [1], "more": 1}]}"#,
            r#"```json {"sentences": [{"text": "x", "cites": [1]}]} ```"#,
        ] {
            assert_eq!(all(wrong), Err(Fault::Form), "{wrong}");
        }
        for cites in [&[][..], &[0], &[2], &[1, 9]] {
            assert_eq!(one("Paracetamol lowers a fever.", cites), Err(Fault::Citation));
        }
        assert_eq!(one("Paracetamol lowers a fever, see https://evil.example.", &[1]), Err(Fault::Link));
        let nepali = json!({"sentences": [{"text": "Paracetamol lowers a fever.", "cites": [1]}]}).to_string();
        assert_eq!(check(&nepali, &[PASSAGE], Language::Nepali), Err(Fault::Language));
        let own = "पारासिटामोलले ज्वरो घटाउँछ। कलेजोको रोगमा नखानुहोस्।";
        let said = json!({"sentences": [{"text": "पारासिटामोलले ज्वरो घटाउँछ।", "cites": [1]}]}).to_string();
        assert!(check(&said, &[own], Language::Nepali).is_ok());
        assert_eq!(check(&said, &[PASSAGE], Language::Nepali), Err(Fault::Meaning), "nobody can tell");
        let lie = json!({"sentences": [{"text": "पारासिटामोलले ५ घण्टामा ज्वरो घटाउँछ।", "cites": [1]}]}).to_string();
        assert_eq!(check(&lie, &[PASSAGE], Language::Nepali), Err(Fault::Number));
    }

    proptest! {
        /// Whatever a model says: no number comes through that is not in the passage that it names.
        #[test]
        fn no_number_comes_through_that_is_not_in_its_passage(
            words in "[a-zA-Z ]{0,30}", number in 0u32..100_000, more in "( mg| hours| tablets|%|\\.|,| times a day)?", indic in any::<bool>(),
        ) {
            prop_assume!(![4000, 24].contains(&number));
            let digits: String = number.to_string().chars().map(|c| {
                if indic { char::from_u32(0x966 + c.to_digit(10).unwrap()).unwrap() } else { c }
            }).collect();
            let said = one(&format!("Paracetamol lowers a fever {words} {digits}{more} and eases headache"), &[1]);
            prop_assert!(said.is_err(), "{:?}", said);
        }
    }
}
