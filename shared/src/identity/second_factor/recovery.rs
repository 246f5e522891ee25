//! Recovery codes: ten, each good once, for who has lost their authenticator.

use crate::platform::config::Secret;
use crate::platform::crypto;
use crate::platform::ids::UserId;
use crate::platform::text;

/// How many a person gets.
pub(super) const COUNT: usize = 10;
/// Crockford's base32: no letter that looks like a digit.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Fifty bits: more than anybody guesses at five tries in half an hour.
const LENGTH: usize = 10;

/// A recovery code: `XXXXX-XXXXX`.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(String);

impl RecoveryCode {
    /// A new one.
    pub fn generate() -> Self {
        let bytes: [u8; LENGTH] = crypto::random();
        // A byte is uniform, and so is what is left of it by a power of two.
        let letters = bytes.iter().filter_map(|byte| ALPHABET.get(usize::from(byte % 32)));
        Self(letters.map(|letter| char::from(*letter)).collect())
    }

    /// Reads a code; case, hyphens, spaces and look-alikes are forgiven.
    pub fn parse(text: &str) -> Option<Self> {
        let code: String = text::joined(text)
            .chars()
            .map(|c| match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            })
            .collect();
        let good = code.len() == LENGTH && code.bytes().all(|byte| ALPHABET.contains(&byte));
        good.then_some(Self(code))
    }

    /// As people keep it.
    pub fn expose(&self) -> String {
        let (first, second) = self.0.split_at_checked(LENGTH / 2).unwrap_or((&self.0, ""));
        format!("{first}-{second}")
    }

    /// What is stored of it.
    pub(super) fn digest(&self, user: &UserId, key: &Secret) -> String {
        let text = format!("recovery code\0{user}\0{}", self.0);
        crypto::fingerprint(&crypto::keyed_hash(key.bytes(), text.as_bytes()))
    }
}

impl std::fmt::Debug for RecoveryCode {
    /// Hidden.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_reads_as_itself_however_it_is_typed() {
        let code = RecoveryCode::generate();
        let shown = code.expose();
        assert_eq!((shown.len(), shown.as_bytes()[5]), (11, b'-'));
        for typed in [
            shown.clone(),
            shown.to_lowercase(),
            shown.replace('-', " "),
            shown.replace('-', "\u{2011}\u{a0}"),
            shown.replace('0', "o").replace('1', "l"),
        ] {
            assert_eq!(RecoveryCode::parse(&typed), Some(code.clone()), "{typed}");
        }
    }

    #[test]
    fn what_is_no_code_is_none() {
        for wrong in ["", "123456", "ABCDE-FGHJ", "ABCDE-FGHJU", "ABCDE-FGHJKM", "ÄBCDE-FGHJ"] {
            assert_eq!(RecoveryCode::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn one_persons_code_is_not_anothers() {
        let (code, key) = (RecoveryCode::generate(), Secret::new("key"));
        let user = |n: u8| UserId::parse(&format!("0b9d5f3a-8f5e-4c5c-9d55-2f0b7f1b1c1{n}")).unwrap();
        assert_ne!(code.digest(&user(1), &key), code.digest(&user(2), &key));
    }
}
