//! What tells one fault from another: a mark that all failures of one kind and place have in common, and no other.
//!
//! It is made of the function, the code, and the shape of the cause: its words, without whatever is of one request alone. So it
//! is the same tomorrow, on every instance and after every deployment that leaves the message as it is, and it names nobody.

use super::crypto;
use super::error::Error;

/// How many characters it has.
const LENGTH: usize = 12;
/// Longer words are ids, tokens or what somebody has sent.
const LONGEST_WORD: usize = 32;
/// How much of a cause tells its kind.
const MOST_WORDS: usize = 24;

/// The mark of a failure of `function`.
pub fn fingerprint(function: &str, error: &Error) -> String {
    let shape = error.cause().map(|cause| shape(&cause)).unwrap_or_default();
    let mut mark = crypto::fingerprint(format!("{function}\n{}\n{shape}", error.code()).as_bytes());
    mark.truncate(LENGTH);
    mark
}

/// The words of a cause: what is quoted, and every word with a digit in it or too long for one, is left out.
fn shape(cause: &str) -> String {
    let mut quoted = false;
    let mut words = Vec::new();
    for piece in cause.split_inclusive(['"', '`']) {
        if !quoted {
            words.extend(piece.split(is_between).filter(|word| !word.is_empty()).map(word_of));
        } else {
            words.push("*");
        }
        quoted ^= piece.ends_with(['"', '`']);
    }
    words.dedup();
    words.truncate(MOST_WORDS);
    words.join(" ")
}

fn is_between(letter: char) -> bool {
    !(letter.is_alphanumeric() || matches!(letter, '-' | '_' | '@' | '.' | '/' | '#' | '+' | '='))
}

fn word_of(word: &str) -> &str {
    let is_of_one = word.len() > LONGEST_WORD || word.contains(|letter: char| letter.is_ascii_digit() || letter == '@');
    if is_of_one { "*" } else { word.trim_matches('.') }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mark(function: &str, cause: &str) -> String {
        fingerprint(function, &Error::internal(cause.to_owned()))
    }

    #[test]
    fn what_is_of_one_request_alone_makes_no_difference() {
        let one = "service error: ValidationException: item ord_01J9Z3NDEKTSV4RRFFQ69G5FAV (request id: JKJaXmPLvHcESHA7) after 31 ms";
        let other = "service error: ValidationException: item ord_01KBXQ0E3T6XH1V4W0V5Q3R2N9 (request id: 5D2kQ9xPLv0) after 7 ms";
        assert_eq!(mark("orders-get", one), mark("orders-get", other));
        assert_eq!(mark("f", "no row \"Anna\""), mark("f", "no row \"Bo Long\""));
        assert_eq!(mark("f", "mail to anna@example.com failed"), mark("f", "mail to bo@example.org failed"));
    }

    #[test]
    fn another_function_code_or_cause_is_another_fault() {
        let marks = [
            mark("orders-get", "timed out"),
            mark("orders-list", "timed out"),
            mark("orders-get", "connection refused"),
            fingerprint("orders-get", &Error::unavailable("timed out")),
            fingerprint("orders-get", &Error::busy()),
        ];
        for (place, mark) in marks.iter().enumerate() {
            assert_eq!(mark.len(), LENGTH);
            assert!(!marks[..place].contains(mark), "{marks:?}");
        }
    }

    #[test]
    fn a_shape_holds_no_name_and_no_number() {
        assert_eq!(
            shape("panic: index out of bounds: the len is 3 but the index is 7"),
            "panic index out of bounds the len is * but the index is *"
        );
        assert_eq!(shape("no such key `Anna Long` at 12"), "no such key * at *");
    }

    proptest! {
        #[test]
        fn every_cause_has_a_mark(cause in "\\PC{0,300}") {
            prop_assert_eq!(mark("f", &cause).len(), LENGTH);
        }
    }
}
