//! Certificates that sign events here, by an authority that nobody trusts who was not told to.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The authority, as PEM.
pub const AUTHORITY: &str = include_str!("certificates/authority.pem");
/// The certificate that PayPal's events are signed by, as PEM.
pub const PAYPAL: &str = include_str!("certificates/paypal.pem");

/// The certificate that bKash's events are signed by, which Amazon's notification service would show, as PEM.
pub const SNS: &str = include_str!("certificates/sns.pem");

const PAYPAL_KEY: &str = include_str!("certificates/paypal.key.pem");
const SNS_KEY: &str = include_str!("certificates/sns.key.pem");

/// The signature of `text` by PayPal's key: RSA (PKCS #1 v1.5) with SHA-256, in base64. Empty where the key is broken.
pub fn paypal_signature(text: &str) -> String {
    sign(PAYPAL_KEY, text).unwrap_or_default()
}

/// The same by the notification service's key.
pub fn sns_signature(text: &str) -> String {
    sign(SNS_KEY, text).unwrap_or_default()
}

fn sign(key: &str, text: &str) -> Option<String> {
    let base64: String = key.lines().filter(|line| !line.starts_with('-')).collect();
    let key = RsaKeyPair::from_pkcs8(&STANDARD.decode(base64).ok()?).ok()?;
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature).ok()?;
    Some(STANDARD.encode(signature))
}
