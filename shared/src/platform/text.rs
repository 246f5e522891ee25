//! Text from outside: normalised, bounded, without control characters, and with something to see.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

use super::fields::Invalid;
use super::invisible;
use crate::platform::wording;

/// One line of text: Unicode NFC, without white space and invisible characters at its ends, inner white space folded to one
/// space.
///
/// # Errors
/// Nothing to see, longer than `max` characters, or with control characters.
pub fn line(text: &str, max: usize) -> Result<String, Invalid> {
    check_controls(text, false)?;
    let text: String = text.nfc().collect();
    let words = text.split_whitespace().filter(|word| !invisible::is_all(word));
    let folded = words.collect::<Vec<_>>().join(" ");
    bounded(invisible::trimmed(&folded).to_owned(), max)
}

/// Several lines of text: Unicode NFC, without white space and invisible characters at its ends; line breaks and tabs are
/// kept.
///
/// # Errors
/// Nothing to see, longer than `max` characters, or with other control characters.
pub fn paragraph(text: &str, max: usize) -> Result<String, Invalid> {
    check_controls(text, true)?;
    let text: String = text.nfc().collect();
    bounded(invisible::trimmed(&text).to_owned(), max)
}

/// Whether there is nothing to see in a text.
pub fn is_blank(text: &str) -> bool {
    invisible::is_all(text)
}

/// A text without white space and invisible characters at its ends.
pub fn trimmed(text: &str) -> &str {
    invisible::trimmed(text)
}

/// A code or a number as people copy it: without the white space, hyphens and invisible characters that mail programs,
/// spreadsheets and people put between its parts.
pub fn joined(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !is_hyphen(*c) && !invisible::is(*c)).collect()
}

/// Whether a character shows nothing.
pub fn is_invisible(c: char) -> bool {
    invisible::is(c)
}

/// A code of letters, digits and hyphens as people copy it: with plain hyphens, and without white space and what cannot be
/// seen.
pub fn hyphenated(text: &str) -> String {
    let kept = text.chars().filter(|c| !c.is_whitespace() && !invisible::is(*c));
    kept.map(|c| if is_hyphen(c) { '-' } else { c }).collect()
}

/// The hyphens and dashes of Unicode's general category Pd that stand in numbers, and the minus sign.
pub fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}')
}

fn bounded(text: String, max: usize) -> Result<String, Invalid> {
    match text.chars().count() {
        0 => Err(Invalid::new("empty", wording::field::not_empty())),
        length if length > max => Err(Invalid::new("too_long", wording::field::characters_at_most(max))),
        _ => Ok(text),
    }
}

fn check_controls(text: &str, breaks_allowed: bool) -> Result<(), Invalid> {
    // Bidirectional overrides and isolates can make a text read as another one; they have no place in a form.
    let forbidden = |c: char| match c {
        '\n' | '\r' | '\t' => !breaks_allowed,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        _ => c.is_control(),
    };
    if text.chars().any(forbidden) {
        return Err(Invalid::new("control_characters", wording::field::control_characters()));
    }
    Ok(())
}

/// For searching: in lower case, without accents and without what cannot be seen. Marks that are more than accents stay:
/// the vowels of Devanagari, the voicing of kana.
pub fn folded(text: &str) -> String {
    text.nfkd().filter(|c| !is_accent(*c) && !invisible::is(*c)).flat_map(char::to_lowercase).collect()
}

/// Marks above, below and through letters, and the points of Hebrew and Arabic, by the classes that Unicode sorts them into
/// (UAX 44, table 15).
fn is_accent(c: char) -> bool {
    matches!(canonical_combining_class(c), 1 | 10..=36 | 200..=240)
}

/// The words of a text, [`folded`]: runs of letters, digits and the marks that belong to them.
pub fn words(text: &str) -> Vec<String> {
    split(&folded(text)).map(str::to_owned).collect()
}

/// The words of a text that is folded already.
pub fn split(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c)).filter(|word| !word.is_empty())
}

/// A slug: 1 to `max` lower-case letters, digits and single hyphens between them.
///
/// # Errors
/// Anything else.
pub fn slug(text: &str, max: usize) -> Result<String, Invalid> {
    let good = text.len() <= max
        && !text.is_empty()
        && !text.starts_with('-')
        && !text.ends_with('-')
        && !text.contains("--")
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if good { Ok(text.to_owned()) } else { Err(Invalid::new("invalid_slug", wording::field::a_slug(max))) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_is_trimmed_and_folded() {
        assert_eq!(line("  Anna \u{a0} Maria ", 20).unwrap(), "Anna Maria");
    }

    #[test]
    fn controls_and_overrides_are_refused() {
        for wrong in ["a\u{0}b", "a\nb", "a\u{202e}b", "a\u{7f}b"] {
            assert_eq!(line(wrong, 20).unwrap_err().code, "control_characters", "{wrong:?}");
        }
        assert_eq!(paragraph("a\nb", 20).unwrap(), "a\nb");
    }

    #[test]
    fn what_shows_nothing_is_empty() {
        for nothing in [
            "\u{200b}",
            "\u{feff}",
            "\u{ad}\u{200b}",
            " \u{2060} \u{3164} ",
            "\u{2800}",
            "\u{e0020}",
            "\u{fe0f}",
            "\u{34f}",
        ] {
            assert_eq!(line(nothing, 20).unwrap_err().code, "empty", "{nothing:?}");
            assert_eq!(paragraph(nothing, 20).unwrap_err().code, "empty", "{nothing:?}");
            assert!(is_blank(nothing) && words(nothing).is_empty(), "{nothing:?}");
        }
    }

    #[test]
    fn invisible_ends_go_and_what_joins_stays() {
        assert_eq!(line("\u{200b}Anna\u{feff} \u{200b} Maria\u{ad}\u{200b} ", 20).unwrap(), "Anna\u{feff} Maria");
        // A family is one picture of four, Persian and Bengali join or part letters, and a heart is red by its last sign.
        for kept in [
            "👩\u{200d}👧",
            "می\u{200c}خواهم",
            "র\u{200d}্যাপার",
            "ক্\u{200d}",
            "❤\u{fe0f}",
            "🏴\u{e0067}\u{e0062}\u{e007f}",
        ] {
            assert_eq!(line(kept, 20).unwrap(), kept);
            assert_eq!(paragraph(&format!("\u{200b}\n{kept} \u{200b}"), 20).unwrap(), kept);
        }
    }

    #[test]
    fn keys_ignore_what_cannot_be_seen() {
        for typed in ["Para\u{ad}cetamol", "Para\u{200b}cetamol", "\u{feff}Paracetamol", "Paracet\u{200d}amol"] {
            assert_eq!(words(typed), ["paracetamol"], "{typed:?}");
        }
    }

    #[test]
    fn accents_go_and_other_marks_stay() {
        assert_eq!(folded("Éλίξιρ Йод"), "eλιξιρ иод");
        assert_ne!(folded("रेटिनल"), folded("रेटिनोल"));
        assert_ne!(folded("が"), folded("か"));
        assert_eq!(words("एमोक्सिसिलिन ৫০০ মিগ্রা"), ["एमोक्सिसिलिन", "৫০০", "মিগ্রা"], "a virama is no gap");
        assert_eq!(folded("قُرْص"), folded("قرص"));
    }

    #[test]
    fn hyphens_that_belong_to_a_code_stay() {
        for copied in ["A-1", " A\u{2011}1\u{a0}", "A\u{200b}\u{2013}1", "A - 1", "\u{feff}A\u{2212}1"] {
            assert_eq!(hyphenated(copied), "A-1", "{copied:?}");
        }
    }

    #[test]
    fn what_is_copied_is_joined() {
        for typed in
            ["123 456", "123-456", "123\u{a0}456", "\u{200b}123\u{202f}456", "123\u{2011}456", "\u{2066}123456\u{2069}"]
        {
            assert_eq!(joined(typed), "123456", "{typed:?}");
        }
    }

    #[test]
    fn length_counts_characters_not_bytes() {
        assert!(line(&"é".repeat(5), 5).is_ok());
        assert_eq!(line(&"é".repeat(6), 5).unwrap_err().code, "too_long");
    }

    #[test]
    fn words_forget_case_and_accents() {
        assert_eq!(words("Paracétamol 500-mg ÉLIXIR"), ["paracetamol", "500", "mg", "elixir"]);
    }

    proptest! {
        #[test]
        fn a_line_is_its_own_line(text in "\\PC{1,40}") {
            if let Ok(once) = line(&text, 100) {
                prop_assert_eq!(line(&once, 100).unwrap(), once);
            }
        }
    }
}
