//! The keys that sign what is handed out to come back: cursors, codes, CSRF tokens. They are published to all functions and
//! change from time to time; what an older one has signed stays good while that one is still published.

use std::sync::{Arc, PoisonError, RwLock};

use super::clock::Timestamp;
use super::config::Secret;
use super::crypto;
use super::error::{Error, Result};

/// A key and when it begins to sign. It is known before, so that no instance meets a signature it cannot check.
#[derive(Clone, Debug)]
pub struct SigningKey {
    /// The key.
    pub secret: Secret,
    /// From when it signs.
    pub from: Timestamp,
}

/// The keys of one moment.
#[derive(Clone, Debug)]
pub struct KeyRing {
    current: Secret,
    accepted: Vec<Secret>,
    lasting: Secret,
    as_of: Timestamp,
}

impl KeyRing {
    /// The ring of `keys` at `now`: the youngest that has begun signs, all are accepted. `lasting` is never changed.
    ///
    /// # Errors
    /// There is no key.
    pub fn new(keys: &[SigningKey], lasting: Secret, now: Timestamp) -> Result<Self> {
        let begun = keys.iter().filter(|key| key.from <= now).max_by_key(|key| key.from);
        let current = begun.or_else(|| keys.iter().min_by_key(|key| key.from));
        let current = current.ok_or_else(|| Error::unavailable("no signing key is published"))?.secret.clone();
        Ok(Self { current, accepted: keys.iter().map(|key| key.secret.clone()).collect(), lasting, as_of: now })
    }

    /// Signs: the HMAC-SHA-256 of `data` under the key of today.
    pub fn sign(&self, data: &[u8]) -> Vec<u8> {
        crypto::keyed_hash(self.current.bytes(), data)
    }

    /// What each accepted key makes of `data`, for who compares.
    pub fn signatures(&self, data: &[u8]) -> impl Iterator<Item = Vec<u8>> {
        self.accepted.iter().map(move |key| crypto::keyed_hash(key.bytes(), data))
    }

    /// The HMAC-SHA-256 of `data` under the key that is never changed: for what is compared years later.
    pub fn lasting(&self, data: &[u8]) -> Vec<u8> {
        crypto::keyed_hash(self.lasting.bytes(), data)
    }

    /// When it was made of what is published.
    pub fn as_of(&self) -> Timestamp {
        self.as_of
    }
}

/// The ring that this function knows, shared by all who sign and check.
#[derive(Clone, Debug, Default)]
pub struct SigningKeys(Arc<RwLock<Option<Arc<KeyRing>>>>);

impl SigningKeys {
    /// The keys.
    ///
    /// # Errors
    /// 503 while none were read yet.
    pub fn ring(&self) -> Result<Arc<KeyRing>> {
        let ring = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        ring.ok_or_else(|| Error::unavailable("the signing keys are not known yet"))
    }

    /// From now on these.
    pub fn set(&self, ring: KeyRing) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(ring));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(secret: &str, from: i64) -> SigningKey {
        SigningKey { secret: Secret::new(secret), from: Timestamp::from_millis(from) }
    }

    fn ring(keys: &[SigningKey], now: i64) -> KeyRing {
        KeyRing::new(keys, Secret::new("lasting"), Timestamp::from_millis(now)).unwrap()
    }

    #[test]
    fn what_an_older_key_has_signed_stays_good_while_it_is_published() {
        let before = ring(&[key("a", 0)], 10).sign(b"x");
        let overlapping = ring(&[key("a", 0), key("b", 20)], 30);
        assert_ne!(overlapping.sign(b"x"), before);
        assert!(overlapping.signatures(b"x").any(|one| one == before));
        assert!(ring(&[key("b", 20)], 30).signatures(b"x").all(|one| one != before));
    }

    #[test]
    fn a_key_is_accepted_before_it_signs() {
        let early = ring(&[key("a", 0), key("b", 20)], 10);
        assert_eq!(early.sign(b"x"), ring(&[key("a", 0)], 10).sign(b"x"));
        let soon = ring(&[key("b", 20)], 20).sign(b"x");
        assert!(early.signatures(b"x").any(|one| one == soon));
    }

    #[test]
    fn what_lasts_does_not_change_with_the_keys() {
        assert_eq!(ring(&[key("a", 0)], 0).lasting(b"x"), ring(&[key("b", 0)], 0).lasting(b"x"));
    }

    #[test]
    fn without_a_key_nothing_is_signed() {
        assert!(KeyRing::new(&[], Secret::new("lasting"), Timestamp::from_millis(0)).is_err());
        assert!(SigningKeys::default().ring().is_err());
    }
}
