//! The key by which two texts name the same thing: the same substance, the same brand.
//!
//! Searching may find more than what was asked for; being the same may not. So nothing that makes another word in any
//! script is dropped here: accents, vowel signs, viramas and nuktas stay (`रेटिनल` is not `रेटिनोल`). What is left out are
//! differences that nobody writes on purpose: composed or decomposed, upper or lower case, full or half width, white
//! space, and characters that show nothing.

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;

/// The key of a name: Unicode's `NFKC_Casefold` (UAX #44: compatibility composition, full case folding, without
/// default-ignorable characters), with white space folded to one space. Keys are compared and never shown.
pub fn of(text: &str) -> String {
    let visible = text.nfd().filter(|c| !ignorable(*c));
    let folded = visible.default_case_fold().nfkd().default_case_fold();
    spaced(&folded.nfkc().filter(|c| !ignorable(*c)).collect::<String>())
}

/// The key of an amount, such as a strength or what a pack holds: as it is written, but for white space, composition and
/// characters that show nothing. Case and superscripts stay, since they are a factor: `mU` is not `MU`, `10²` not `102`.
pub fn of_amount(text: &str) -> String {
    spaced(&text.chars().filter(|c| !ignorable(*c)).nfc().collect::<String>())
}

fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether Unicode lists the character as one that shows nothing where it is not supported
/// (`Default_Ignorable_Code_Point` in `DerivedCoreProperties.txt`, Unicode 16).
fn ignorable(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_makes_another_word_makes_another_key() {
        for (one, other) in [
            ("रेटिनल", "रेटिनोल"),          // retinal, retinol: a vowel sign
            ("क़लम", "कलम"),               // a nukta
            ("রেটিনাল", "রেটিনল"),         // Bengali
            ("ロラタジン", "ロラタシン"), // a voicing mark
            ("เมทานอล", "เมทานล"),        // Thai
            ("resume", "résumé"),
            ("й", "и"),
            ("ı", "i"),
            ("vitamin b1", "vitamin b 1"),
        ] {
            assert_ne!(of(one), of(other), "{one} {other}");
            assert_ne!(of_amount(one), of_amount(other), "{one} {other}");
        }
    }

    #[test]
    fn how_a_word_is_typed_makes_no_difference() {
        for (one, other) in [
            ("Ibuprofén", "IBUPROFE\u{301}N"),
            ("Straße", "STRASSE"),
            ("ΟΔΟΣ", "οδος"),
            ("Ｖitamin\u{a0} Ｃ ", "vitamin c"),
            ("vitamin b₁₂", "Vitamin B12"),
            ("para\u{ad}ceta\u{200b}mol", "Paracetamol"),
            ("Ω", "ω"),
        ] {
            assert_eq!(of(one), of(other), "{one} {other}");
        }
    }

    #[test]
    fn an_amount_is_compared_as_it_is_written() {
        for (one, other) in [("5 MU", "5 mU"), ("10² IU", "102 IU"), ("1 Mg", "1 mg"), ("1 mg", "10 mg")] {
            assert_ne!(of_amount(one), of_amount(other));
        }
        assert_eq!(of_amount(" 200\u{a0} mg\u{200b}"), of_amount("200 mg"));
    }

    proptest! {
        #[test]
        fn a_key_is_its_own_key(text in "\\PC{0,40}") {
            prop_assert_eq!(of(&of(&text)), of(&text));
            prop_assert_eq!(of_amount(&of_amount(&text)), of_amount(&text));
        }

        #[test]
        fn composition_never_matters(text in "\\PC{0,40}") {
            let composed: String = text.nfc().collect();
            let apart: String = text.nfd().collect();
            prop_assert_eq!(of(&composed), of(&apart));
            prop_assert_eq!(of_amount(&composed), of_amount(&apart));
        }
    }
}
