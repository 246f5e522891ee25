//! Words in Latin letters: for searching in another script than a name is written in, and for names in URLs.
//!
//! Only what searches or names products uses this: the table of all letters weighs half a megabyte.

use any_ascii::any_ascii_char;
use unicode_normalization::UnicodeNormalization;

use super::text;

/// For searching: [`text::folded`], with the Latin letters that are no letter and an accent spelt out (`ß` is `ss`), and without
/// the differences of Devanagari and Bengali that people do not heed when they type.
pub fn folded(text: &str) -> String {
    let mut spelt = String::new();
    for c in text::folded(text).chars() {
        match c {
            _ if is_latin(c) => spelt.push_str(&any_ascii_char(c).to_lowercase()),
            // A dot below: between ড় and র people do not tell any more; otherwise it is left out as often as not.
            '\u{9bc}' if spelt.ends_with(['ড', 'ঢ']) => {
                spelt.pop();
                spelt.push('র');
            }
            '\u{93c}' | '\u{9bc}' => {}
            // Chandrabindu is written for anusvara and the other way round.
            '\u{901}' => spelt.push('\u{902}'),
            '\u{981}' => spelt.push('\u{982}'),
            // A t without its vowel has a letter of its own, which Unicode does not take apart; so has r in Assamese.
            '\u{9ce}' => spelt.push_str("\u{9a4}\u{9cd}"),
            '\u{9f0}' => spelt.push('র'),
            '\u{966}'..='\u{96f}' | '\u{9e6}'..='\u{9ef}' => spelt.push_str(any_ascii_char(c)),
            _ => spelt.push(c),
        }
    }
    spelt
}

/// The blocks of Latin letters beyond ASCII, as far as their letters do not fall apart into others.
fn is_latin(c: char) -> bool {
    matches!(
        c,
        '\u{c0}'..='\u{2af}'
            | '\u{1d00}'..='\u{1dbf}'
            | '\u{1e00}'..='\u{1eff}'
            | '\u{2c60}'..='\u{2c7f}'
            | '\u{a720}'..='\u{a7ff}'
            | '\u{ab30}'..='\u{ab6f}'
    ) && c.is_alphanumeric()
}

/// The words of a text, [`folded`].
pub fn words(text: &str) -> Vec<String> {
    text::split(&folded(text)).map(str::to_owned).collect()
}

/// A folded word in Latin letters and digits, whatever script it is written in; empty where nobody knows how.
pub fn romanised(word: &str) -> String {
    // The sign for a millionth is a Greek letter, and only there an m.
    let mixed = word.chars().any(|c| c.is_ascii_alphabetic());
    // Together again, since what is a mark of its own here (`ピ`) is spelt as part of its letter.
    let spelt = word.nfc().map(|c| if mixed && c == 'μ' { "u" } else { any_ascii_char(c) });
    spelt.flat_map(str::chars).filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// A slug made of a text: its words [`romanised`] and joined by hyphens, as many as fit into `max` bytes; and whether all of
/// them are in it.
pub fn slug(text: &str, max: usize) -> (String, bool) {
    let mut slug = String::new();
    let mut whole = true;
    for word in words(text) {
        let word = romanised(&word);
        let hyphen = usize::from(!slug.is_empty());
        if slug.len() + hyphen + word.len() > max {
            return (slug, false);
        }
        whole &= !word.is_empty();
        if hyphen == 1 && !word.is_empty() {
            slug.push('-');
        }
        slug.push_str(&word);
    }
    (slug, whole)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn letters_that_are_no_letter_and_an_accent_are_spelt_out() {
        for (written, typed) in [
            ("Straße", "strasse"),
            ("STRAẞE", "strasse"),
            ("Łódź", "lodz"),
            ("Smørbrød", "smorbrod"),
            ("Œuvre", "oeuvre"),
            ("Þorn", "thorn"),
            ("ılık", "ilik"),
        ] {
            assert_eq!(folded(written), typed, "{written}");
        }
        assert_eq!(folded("Παρακεταμόλη"), "παρακεταμολη", "Greek stays Greek");
    }

    #[test]
    fn indic_words_are_the_same_however_they_are_typed() {
        for (one, other) in [
            ("ट्राँसमिटर", "ट्रांसमिटर"),          // chandrabindu, anusvara
            ("फ़ेनाड्रिल", "फेनाड्रिल"),            // a nukta
            ("\u{958}लम", "\u{915}\u{93c}लम"), // composed, decomposed
            ("पाउडर", "पा\u{200d}उडर"),        // a joiner
            ("র\u{200d}্যাবিপ্রাজল", "র্যাবিপ্রাজল"),
            ("হঠাৎ", "হঠাত্"),             // khanda ta
            ("বড়ি", "বরি"),             // ড় and র
            ("ৰেনিটিডিন", "রেনিটিডিন"), // Assamese
            ("৫০০", "500"),
            ("५००", "500"),
        ] {
            assert_eq!(folded(one), folded(other), "{one} {other}");
        }
        assert_ne!(folded("रेटिनल"), folded("रेटिनोल"), "a vowel sign is another word");
    }

    #[test]
    fn words_of_other_scripts_have_a_latin_form() {
        for (written, latin) in [
            ("Ибупрофен", "ibuprofen"),
            ("Παρακεταμόλη", "paraketamoli"),
            ("नापा", "napa"),
            ("নাপা", "napa"),
            ("৫০০", "500"),
            ("アスピリン", "asupirin"),
        ] {
            assert_eq!(words(written).iter().map(|word| romanised(word)).collect::<Vec<_>>(), [latin], "{written}");
        }
        assert_ne!(romanised(&folded("रेटिनल")), romanised(&folded("रेटिनोल")));
    }

    #[test]
    fn a_millionth_is_no_thousandth() {
        assert_eq!(slug("Levothyroxine 50 µg", 100).0, "levothyroxine-50-ug");
    }

    #[test]
    fn a_slug_says_whether_all_of_a_name_is_in_it() {
        assert_eq!(slug("Straße 7", 100), ("strasse-7".to_owned(), true));
        assert_eq!(slug("Paracetamol 500 mg", 15), ("paracetamol-500".to_owned(), false));
        assert_eq!(slug("Paracetamol", 5), (String::new(), false));
        assert_eq!(slug("💊", 100), (String::new(), true));
    }

    proptest! {
        #[test]
        fn a_slug_made_of_anything_is_a_slug_or_empty(text in "\\PC{0,40}") {
            let (made, _) = slug(&text, 20);
            prop_assert!(made.is_empty() || text::slug(&made, 20).is_ok(), "{}", made);
        }

        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,20}") {
            let once = folded(&text);
            prop_assert_eq!(folded(&once), once);
        }
    }
}
