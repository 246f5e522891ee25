//! Passwords: long, not common, not about their owner. What they are made of is nobody's business (NIST SP 800-63B).

use unicode_normalization::UnicodeNormalization;

use crate::accounts::{Email, FullName};
use crate::platform::fields::Invalid;
use crate::platform::text::folded;
use crate::platform::wording;

/// The fewest characters.
pub const MIN_LENGTH: usize = 12;
/// The most characters.
pub const MAX_LENGTH: usize = 128;
/// Shorter names and addresses are in half the words there are.
const MIN_PERSONAL: usize = 4;
/// Fewer different characters than this are a pattern, not a password.
const MIN_VARIETY: usize = 5;
/// Characters in a row that follow an alphabet or a keyboard are a run from this length on.
const MIN_RUN: usize = 4;
/// What must be left of a password when its runs are taken out.
const MIN_OUTSIDE_RUNS: usize = 6;

/// Common passwords, and the words that common ones are made of, in lower case.
const COMMON: &str = include_str!("common_passwords.txt");
/// What fingers follow, forwards and backwards.
const ROWS: [&str; 7] = [
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
];

/// A password that may be chosen.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Reads a new password of the person with this address and name, as far as they are known.
    ///
    /// # Errors
    /// `too_short`, `too_long`, `control_characters`, `surrounding_space` (Cognito takes none), `common_password` or
    /// `personal_password`.
    pub fn parse(text: &str, email: Option<&Email>, name: Option<&FullName>) -> Result<Self, Invalid> {
        let password = normalised(text);
        match password.chars().count() {
            length if length < MIN_LENGTH => {
                return Err(Invalid::new("too_short", wording::field::characters_at_least(MIN_LENGTH)));
            }
            length if length > MAX_LENGTH => {
                return Err(Invalid::new("too_long", wording::field::characters_at_most(MAX_LENGTH)));
            }
            _ => {}
        }
        if password.chars().any(char::is_control) {
            return Err(Invalid::new("control_characters", wording::field::control_characters()));
        }
        if password.starts_with(char::is_whitespace) || password.ends_with(char::is_whitespace) {
            return Err(Invalid::new("surrounding_space", wording::identity::surrounding_space()));
        }
        if is_common(&folded(&password)) {
            return Err(Invalid::new("common_password", wording::identity::common_password()));
        }
        if is_personal(&folded(&password), email, name) {
            return Err(personal());
        }
        Ok(Self(password))
    }

    /// Looks at it once more, when it is known whose it is.
    ///
    /// # Errors
    /// `personal_password`.
    pub fn must_not_be_about(&self, email: Option<&Email>, name: Option<&FullName>) -> Result<(), Invalid> {
        if is_personal(&folded(&self.0), email, name) { Err(personal()) } else { Ok(()) }
    }

    /// The password itself, for the one call that sets it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

fn personal() -> Invalid {
    Invalid::new("personal_password", wording::identity::personal_password())
}

impl std::fmt::Debug for Password {
    /// Hidden.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

/// A password that somebody claims to be theirs; any text can be one.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordClaim(String);

impl PasswordClaim {
    /// Reads it.
    ///
    /// # Errors
    /// Empty, or longer than any password can be.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text.chars().count() {
            0 => Err(Invalid::new("empty", wording::field::not_empty())),
            length if length > 2 * MAX_LENGTH => Err(Invalid::new("too_long", wording::identity::password_too_long())),
            _ => Ok(Self(normalised(text))),
        }
    }

    /// The text itself, for the one call that checks it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<&Password> for PasswordClaim {
    fn from(password: &Password) -> Self {
        Self(password.0.clone())
    }
}

impl std::fmt::Debug for PasswordClaim {
    /// Hidden.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordClaim(…)")
    }
}

/// The same characters however the keyboard at hand composes them.
fn normalised(text: &str) -> String {
    text.nfkc().collect()
}

fn is_common(password: &str) -> bool {
    let common = |text: &str| COMMON.lines().any(|line| line == text);
    let characters: Vec<char> = password.chars().collect();
    let variety = characters.iter().collect::<std::collections::BTreeSet<_>>().len();
    let word = undisguised(password);
    variety < MIN_VARIETY
        || is_repetition(&characters)
        || outside_runs(&characters) < MIN_OUTSIDE_RUNS
        || common(password)
        || common(&word)
        || common(&undisguised(&word))
        || is_repetition(&word.chars().collect::<Vec<_>>())
}

/// The word in the middle of `P@ssw0rd2024!`: without what is hung on its ends, and with digits read as letters.
fn undisguised(password: &str) -> String {
    let core = password.trim_matches(|c: char| !c.is_alphabetic());
    core.chars()
        .filter(|c| !" -_.".contains(*c))
        .map(|c| match c {
            '0' => 'o',
            '1' | '!' => 'i',
            '3' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            '7' => 't',
            other => other,
        })
        .collect()
}

/// Whether it is one piece, over and over.
fn is_repetition(characters: &[char]) -> bool {
    (1..=characters.len() / 2)
        .any(|length| characters.iter().zip(characters.iter().skip(length)).all(|(one, other)| one == other))
}

/// How many characters are in no run along [`ROWS`].
fn outside_runs(characters: &[char]) -> usize {
    let mut in_run = vec![false; characters.len()];
    for row in ROWS {
        let forwards: Vec<char> = row.chars().collect();
        let backwards: Vec<char> = row.chars().rev().collect();
        for row in [forwards, backwards] {
            for start in 0..characters.len() {
                let length = run_at(characters.get(start..).unwrap_or_default(), &row);
                if length >= MIN_RUN {
                    in_run.iter_mut().skip(start).take(length).for_each(|flag| *flag = true);
                }
            }
        }
    }
    in_run.iter().filter(|flag| !**flag).count()
}

/// How many of the first characters follow each other as they do in `row`.
fn run_at(characters: &[char], row: &[char]) -> usize {
    let starts = row.iter().enumerate().filter(|(_, c)| characters.first() == Some(c));
    let length = |(at, _)| characters.iter().zip(row.iter().skip(at)).take_while(|(one, other)| one == other).count();
    starts.map(length).max().unwrap_or(0)
}

fn is_personal(password: &str, email: Option<&Email>, name: Option<&FullName>) -> bool {
    let squeezed = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let password = squeezed(password);
    let contains = |personal: &str| personal.chars().count() >= MIN_PERSONAL && password.contains(personal);
    email.is_some_and(|email| contains(email.local_part()))
        || name.is_some_and(|name| contains(&squeezed(&folded(name.as_str()))))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn refused(password: &str) -> Option<&'static str> {
        let email = Email::parse("anna.karki@example.org").unwrap();
        let name = FullName::parse("Anna Karki").unwrap();
        Password::parse(password, Some(&email), Some(&name)).err().map(|invalid| invalid.code)
    }

    #[test]
    fn length_is_what_counts() {
        for good in [
            "correct horse battery staple",
            "local-only-apothecary",
            "tigers sleep in june",
            "Zx9!kQ2#vL7p",
            "गोरखा पहाड बिहान",
            "my cat is called mouse",
            "9f3a1c7e5b2d",
            "blue-42-river-stone",
        ] {
            assert_eq!(refused(good), None, "{good}");
        }
        assert_eq!(refused("elevenchars"), Some("too_short"));
        assert_eq!(refused(&"tigers in june ".repeat(10)), Some("too_long"));
        assert_eq!(refused("tigers sleep\u{0} in june"), Some("control_characters"));
    }

    #[test]
    fn common_ones_are_refused_in_any_dress() {
        for common in [
            "passwordpassword",
            "Password1234!",
            "P@ssw0rd2024!",
            "123456789012",
            "qwertyuiop12",
            "Qwertyuiop[]",
            "aaaaaaaaaaaa",
            "abababababab",
            "abcabcabcabc",
            "1q2w3e4r5t6y",
            "1qaz2wsx3edc",
            "zyxwvutsrqponm",
            "iloveyou1234",
            "letmein123456",
            "administrator1",
            "0987654321098",
            "welcome-12345",
            "password password",
            "pass-word-1234",
            "qwerty123456",
            "changeme12345",
        ] {
            assert_eq!(refused(common), Some("common_password"), "{common}");
        }
    }

    #[test]
    fn ones_about_their_owner_are_refused() {
        assert_eq!(refused("my anna.karki pass"), Some("personal_password"));
        assert_eq!(refused("i am Anna Karki 77"), Some("personal_password"));
        assert_eq!(refused("i am ÁnnaKarki 77"), Some("personal_password"));
    }

    #[test]
    fn short_names_are_in_half_the_words_there_are() {
        let email = Email::parse("ann@example.org").unwrap();
        assert!(Password::parse("cannot be guessed", Some(&email), None).is_ok());
    }

    #[test]
    fn the_list_is_in_the_form_it_is_compared_in() {
        let mut seen = std::collections::BTreeSet::new();
        for line in COMMON.lines() {
            assert!(!line.is_empty() && folded(line) == line && !line.contains(' '), "{line:?}");
            assert!(seen.insert(line), "{line} stands twice");
        }
        assert!(seen.len() >= 300, "{}", seen.len());
    }

    #[test]
    fn one_password_is_one_password_on_every_keyboard() {
        let composed = Password::parse("café au lait at six", None, None).unwrap();
        assert_eq!(PasswordClaim::parse("cafe\u{301} au lait at six").unwrap(), PasswordClaim::from(&composed));
    }

    proptest! {
        #[test]
        fn what_is_random_is_good(password in "[a-zA-Z0-9]{20}") {
            prop_assert!(Password::parse(&password, None, None).is_ok(), "{}", password);
        }

        #[test]
        fn checking_never_panics(password in "\\PC{0,140}") {
            let _ = Password::parse(&password, None, None);
        }
    }
}
