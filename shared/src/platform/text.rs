//! Text from outside: normalised, bounded, without control characters.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::fields::Invalid;

/// One line of text: Unicode NFC, trimmed, inner white space folded to one space.
///
/// # Errors
/// Empty, longer than `max` characters, or with control characters.
pub fn line(text: &str, max: usize) -> Result<String, Invalid> {
    check_controls(text, false)?;
    let folded = text.nfc().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
    bounded(folded, max)
}

/// Several lines of text: Unicode NFC, trimmed; line breaks and tabs are kept.
///
/// # Errors
/// Empty, longer than `max` characters, or with other control characters.
pub fn paragraph(text: &str, max: usize) -> Result<String, Invalid> {
    check_controls(text, true)?;
    bounded(text.nfc().collect::<String>().trim().to_owned(), max)
}

fn bounded(text: String, max: usize) -> Result<String, Invalid> {
    match text.chars().count() {
        0 => Err(Invalid::new("empty", "this field must not be empty")),
        length if length > max => Err(Invalid::new("too_long", format!("at most {max} characters"))),
        _ => Ok(text),
    }
}

fn check_controls(text: &str, breaks_allowed: bool) -> Result<(), Invalid> {
    // Bidirectional overrides and isolates can make a text read as another one; they have no place in a form.
    let forbidden = |c: char| match c {
        '\n' | '\r' | '\t' => !breaks_allowed,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => true,
        _ => c.is_control(),
    };
    if text.chars().any(forbidden) {
        return Err(Invalid::new("control_characters", "control characters are not allowed"));
    }
    Ok(())
}

/// For searching and comparing: without accents, in lower case.
pub fn folded(text: &str) -> String {
    text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

/// The words of a text, [`folded`]: runs of letters and digits.
pub fn words(text: &str) -> Vec<String> {
    split(&folded(text)).map(str::to_owned).collect()
}

/// The words of a text that is folded already.
pub fn split(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
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
    if good {
        Ok(text.to_owned())
    } else {
        Err(Invalid::new("invalid_slug", format!("expected up to {max} of a-z, 0-9 and single hyphens between them")))
    }
}

/// A slug made of a text: its [`words`] joined by hyphens, cut to `max` bytes; empty when it has none.
pub fn to_slug(text: &str, max: usize) -> String {
    let mut slug = String::new();
    for word in words(text) {
        let word: String = word.chars().filter(char::is_ascii_alphanumeric).collect();
        if word.is_empty() {
            continue;
        }
        let hyphen = usize::from(!slug.is_empty());
        if slug.len() + hyphen + word.len() > max {
            break;
        }
        if hyphen == 1 {
            slug.push('-');
        }
        slug.push_str(&word);
    }
    slug
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
        fn a_slug_made_of_anything_is_a_slug_or_empty(text in "\\PC{0,40}") {
            let made = to_slug(&text, 20);
            prop_assert!(made.is_empty() || slug(&made, 20).is_ok(), "{}", made);
        }

        #[test]
        fn a_line_is_its_own_line(text in "\\PC{1,40}") {
            if let Ok(once) = line(&text, 100) {
                prop_assert_eq!(line(&once, 100).unwrap(), once);
            }
        }
    }
}
