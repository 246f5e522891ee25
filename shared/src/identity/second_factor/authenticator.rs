//! The secret that an authenticator app shares with the house, and the codes that it shows.

use totp_rs::{Builder, Secret, Totp, TotpError};

use crate::platform::clock::Timestamp;
use crate::platform::crypto;

/// Who asks, as authenticator apps show it.
const ISSUER: &str = "Apothecary";
/// RFC 4226, requirement R6: at least 128 bits, better 160.
const SECRET_BYTES: usize = 20;

/// A shared secret: six digits, every thirty seconds new, by SHA-1, which is all that most apps know.
#[derive(Clone, PartialEq, Eq)]
pub struct Authenticator {
    secret: [u8; SECRET_BYTES],
}

impl Authenticator {
    /// A new one.
    pub fn generate() -> Self {
        Self { secret: crypto::random() }
    }

    /// From what [`Self::secret`] gave.
    pub(super) fn restore(secret: &[u8]) -> Option<Self> {
        Some(Self { secret: secret.try_into().ok()? })
    }

    /// The secret itself, to be sealed.
    pub(super) fn secret(&self) -> &[u8] {
        &self.secret
    }

    /// The secret as people type it: base32.
    pub fn base32(&self) -> String {
        Secret::from(self.secret).to_base32()
    }

    /// What a QR code holds, for the account that is shown as `account`.
    ///
    /// # Errors
    /// The account's name cannot stand in it.
    pub fn otpauth_uri(&self, account: &str) -> Result<String, TotpError> {
        let named = Builder::new().with_secret(self.secret).with_issuer(Some(ISSUER)).with_account_name(account);
        named.build()?.to_url()
    }

    /// Which step of thirty seconds `code` is of: the one at `now`, or one before or after it for clocks that differ.
    pub fn step_of(&self, code: &str, now: Timestamp) -> Option<u64> {
        self.codes().check(code, u64::try_from(now.seconds()).ok()?)
    }

    /// The code at `now`, as the app shows it.
    pub fn code(&self, now: Timestamp) -> String {
        self.codes().generate(u64::try_from(now.seconds()).unwrap_or_default()).to_string()
    }

    fn codes(&self) -> Totp {
        Builder::new().with_secret(self.secret).build_noncompliant()
    }
}

impl std::fmt::Debug for Authenticator {
    /// Hidden.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Authenticator(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // Appendix B, SHA-1: the secret is "12345678901234567890"; of its eight digits the last six.
        let authenticator = Authenticator::restore(b"12345678901234567890").unwrap();
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924")] {
            assert_eq!(authenticator.code(at(seconds)), code);
            assert_eq!(authenticator.step_of(code, at(seconds)), u64::try_from(seconds / 30).ok());
        }
    }

    #[test]
    fn a_code_is_good_one_step_around_its_own() {
        let authenticator = Authenticator::generate();
        let code = authenticator.code(at(90));
        assert_eq!([60, 90, 149].map(|now| authenticator.step_of(&code, at(now))), [Some(3); 3]);
        assert_eq!(authenticator.step_of(&code, at(180)), None);
        for wrong in ["", "1", "abcdef", "1234567", "12345６"] {
            assert_eq!(authenticator.step_of(wrong, at(90)), None, "{wrong}");
        }
    }

    #[test]
    fn the_uri_names_the_house_and_the_account() {
        let uri = Authenticator::generate().otpauth_uri("a***@e***").unwrap();
        assert!(uri.starts_with("otpauth://totp/Apothecary:a"), "{uri}");
        assert!(uri.contains("issuer=Apothecary") && uri.contains("secret="), "{uri}");
    }
}
