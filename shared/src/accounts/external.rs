//! Who people are elsewhere: an identity is a provider's name and the subject that the provider knows them by.
//!
//! An account is never found by an e-mail address that another provider names: addresses change hands, subjects do not.

use crate::platform::crypto;

/// Somebody as another provider knows them.
#[derive(Clone, PartialEq, Eq)]
pub struct ExternalIdentity {
    provider: &'static str,
    subject: String,
}

impl ExternalIdentity {
    /// The person that `provider` calls `subject`.
    pub fn new(provider: &'static str, subject: impl Into<String>) -> Self {
        Self { provider, subject: subject.into() }
    }

    /// The provider: `google`, `facebook`.
    pub fn provider(&self) -> &'static str {
        self.provider
    }

    /// What stands for the identity in keys and attributes: the same for the same person, and no number to look them up
    /// by elsewhere.
    pub fn digest(&self) -> String {
        crypto::sha256_hex(format!("{}\0{}", self.provider, self.subject).as_bytes())
    }
}

impl std::fmt::Debug for ExternalIdentity {
    /// Without the subject.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ExternalIdentity({}, …)", self.provider)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn provider_and_subject_together_are_the_identity() {
        let digest = |provider, subject: &str| ExternalIdentity::new(provider, subject).digest();
        assert_eq!(digest("google", "1"), digest("google", "1"));
        assert_ne!(digest("google", "1"), digest("facebook", "1"));
        assert_ne!(digest("google", "1"), digest("google", "2"));
        assert!(!format!("{:?}", ExternalIdentity::new("google", "1048576")).contains("1048576"));
    }
}
