//! Randomness, digests and keyed hashes, all from aws-lc, which the TLS stack brings along anyway.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::{constant_time, digest, hmac, rand};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// `N` bytes of the operating system's randomness.
///
/// The generator fails only where the operating system has none to give; nothing safe can be done then.
#[allow(clippy::panic, reason = "without randomness every id and code would be guessable")]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if rand::fill(&mut bytes).is_err() {
        panic!("the operating system gives no randomness");
    }
    bytes
}

/// A token nobody can guess: `N` random bytes in base64url.
pub fn random_token<const N: usize>() -> String {
    URL_SAFE_NO_PAD.encode(random::<N>())
}

/// The SHA-256 of `data`, in lower-case hexadecimal.
pub fn sha256_hex(data: &[u8]) -> String {
    digest::digest(&digest::SHA256, data).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The SHA-256 of `data`.
pub fn sha256(data: &[u8]) -> [u8; 32] {
    let mut sum = [0; 32];
    sum.copy_from_slice(digest::digest(&digest::SHA256, data).as_ref());
    sum
}

/// The SHA-256 of `data` in base64url: 43 characters, for keys and fingerprints.
pub fn fingerprint(data: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, data))
}

/// The HMAC-SHA-256 of `data` under `key`.
pub fn keyed_hash(key: &[u8], data: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), data).as_ref().to_vec()
}

/// Compares in a time that does not tell where the difference is.
pub fn equal(a: &[u8], b: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(a, b).is_ok()
}

/// Encrypts `data` so that only who has `secret` can read it, and only where `context` is the same (AES-256-GCM).
///
/// # Errors
/// The operating system gives no randomness.
pub fn seal(secret: &[u8; 32], context: &str, data: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let mut sealed = data.to_vec();
    let nonce =
        sealing_key(secret)?.seal_in_place_append_tag(Aad::from(context), &mut sealed).map_err(|_| Unreadable)?;
    sealed.extend_from_slice(nonce.as_ref());
    Ok(sealed)
}

/// Decrypts what [`seal`] made.
///
/// # Errors
/// Another secret or context, or bytes that were altered.
pub fn unseal(secret: &[u8; 32], context: &str, sealed: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let end = sealed.len().checked_sub(NONCE_LEN).ok_or(Unreadable)?;
    let (sealed, nonce) = sealed.split_at_checked(end).ok_or(Unreadable)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Unreadable)?;
    let mut data = sealed.to_vec();
    let opened = sealing_key(secret)?.open_in_place(nonce, Aad::from(context), &mut data).map_err(|_| Unreadable)?;
    Ok(opened.to_vec())
}

/// What cannot be sealed or unsealed; it does not say why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("sealed data cannot be read")
    }
}

impl std::error::Error for Unreadable {}

fn sealing_key(secret: &[u8; 32]) -> Result<RandomizedNonceKey, Unreadable> {
    RandomizedNonceKey::new(&AES_256_GCM, &keyed_hash(secret, b"seal")).map_err(|_| Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_its_secret_and_context_alone() {
        let sealed = seal(&[1; 32], "here", b"token").unwrap();
        assert_eq!(unseal(&[1; 32], "here", &sealed), Ok(b"token".to_vec()));
        assert_eq!(unseal(&[2; 32], "here", &sealed), Err(Unreadable));
        assert_eq!(unseal(&[1; 32], "there", &sealed), Err(Unreadable));
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert_eq!(unseal(&[1; 32], "here", &altered), Err(Unreadable), "{at}");
        }
        assert_eq!(unseal(&[1; 32], "here", b""), Err(Unreadable));
    }

    #[test]
    fn the_same_is_never_sealed_the_same() {
        assert_ne!(seal(&[1; 32], "", b"token").unwrap(), seal(&[1; 32], "", b"token").unwrap());
    }
}
