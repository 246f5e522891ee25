//! Characters that show nothing.

use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

/// The class of the marks that take a letter's vowel away, after which a joiner makes half a letter (UAX 44, table 15).
const VIRAMA: u8 = 9;

/// Whether a character shows nothing: Unicode's `Default_Ignorable_Code_Point` (UAX 44), and the two that are there to be
/// blank, one of Hangul, which is among those too, and one of Braille.
pub fn is(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fff8}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Whether a text shows nothing: white space, invisible characters, and marks without a letter to stand on.
pub fn is_all(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is(c) || is_combining_mark(c))
}

/// A text without white space and invisible characters at its ends. At its end stays what shows by what is before it: half a
/// letter's joiner, and the signs that choose how the last character looks.
pub fn trimmed(text: &str) -> &str {
    let blank = |c: char| c.is_whitespace() || is(c);
    let text = text.trim_start_matches(blank);
    let bare = text.trim_end_matches(blank);
    let tail = text.get(bare.len()..).unwrap_or_default();
    let last = bare.chars().next_back();
    let halves = |c: char| c == '\u{200d}' && last.is_some_and(|last| canonical_combining_class(last) == VIRAMA);
    let chooses =
        |c: char| matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0020}'..='\u{e007f}' | '\u{e0100}'..='\u{e01ef}');
    let kept: usize = match tail.chars().next() {
        Some(c) if halves(c) => c.len_utf8(),
        _ => tail.chars().take_while(|c| chooses(*c)).map(char::len_utf8).sum(),
    };
    text.get(..bare.len() + kept).unwrap_or(bare)
}
