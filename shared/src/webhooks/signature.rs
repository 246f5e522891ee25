//! How events are signed: Standard Webhooks, v1 (<https://github.com/standard-webhooks/standard-webhooks>, specification of 2026).
//! Signed is `<id>.<seconds>.<body>` by HMAC-SHA-256 under the bytes that stand in base64 behind `whsec_`. Each attempt is signed anew.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::platform::clock::Timestamp;
use crate::platform::crypto;
use crate::platform::error::{Error, Result};

/// What a secret begins with.
const PREFIX: &str = "whsec_";
/// How many bytes a new one has; 24 to 64 may be.
const LENGTH: usize = 32;

/// The secret that the events for one address are signed with.
#[derive(Clone)]
pub struct SigningSecret(Zeroizing<Vec<u8>>);

impl std::fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningSecret(…)")
    }
}

impl SigningSecret {
    /// A new one.
    pub fn generate() -> Self {
        Self(Zeroizing::new(crypto::random::<LENGTH>().to_vec()))
    }

    /// From what [`Self::show`] gave.
    ///
    /// # Errors
    /// Anything else.
    pub fn read(text: &str) -> Result<Self> {
        let bytes = text.strip_prefix(PREFIX).and_then(|encoded| STANDARD.decode(encoded).ok());
        let bytes = bytes.filter(|bytes| (24..=64).contains(&bytes.len()));
        bytes.map(|bytes| Self(Zeroizing::new(bytes))).ok_or_else(|| Error::internal("a secret that is none"))
    }

    /// As its owner is shown it, once.
    pub fn show(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{PREFIX}{}", STANDARD.encode(&*self.0)))
    }

    fn sign(&self, text: &[u8]) -> String {
        format!("v1,{}", STANDARD.encode(crypto::keyed_hash(&self.0, text)))
    }
}

/// The three headers of an attempt. Of several secrets, while one takes the place of another, each signs.
pub fn headers(id: &str, at: Timestamp, body: &str, secrets: &[SigningSecret]) -> [(&'static str, String); 3] {
    let seconds = at.seconds();
    let text = format!("{id}.{seconds}.{body}");
    let signatures: Vec<_> = secrets.iter().map(|secret| secret.sign(text.as_bytes())).collect();
    [
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", seconds.to_string()),
        ("webhook-signature", signatures.join(" ")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vector_of_the_specification_is_signed() {
        let secret = SigningSecret::read("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let at = Timestamp::from_millis(1_614_265_330_000);
        let signed = headers("msg_p5jXN8AQM9LWM0D4loKWxJek", at, r#"{"test": 2432232314}"#, &[secret]);
        assert_eq!(signed[1], ("webhook-timestamp", "1614265330".to_owned()));
        assert_eq!(signed[2].1, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_reads_as_it_is_shown_and_not_in_a_log() {
        let secret = SigningSecret::generate();
        let shown = secret.show();
        assert!(shown.starts_with("whsec_"));
        let at = Timestamp::from_millis(1);
        let again = SigningSecret::read(&shown).unwrap();
        assert_eq!(headers("a", at, "b", std::slice::from_ref(&secret)), headers("a", at, "b", &[again]));
        assert!(!format!("{secret:?}").contains(&shown[6..20]));
        for wrong in ["", "whsec_", "whsec_AAAA", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] {
            assert!(SigningSecret::read(wrong).is_err(), "{wrong}");
        }
        let both = headers("a", at, "b", &[secret, SigningSecret::generate()]);
        assert_eq!(both[2].1.split(' ').count(), 2);
    }
}
