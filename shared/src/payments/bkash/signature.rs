//! Whether a message is signed by the key of a certificate.
//!
//! Amazon shows its certificate without those in between, so that no chain can be built: what makes it Amazon's is that it
//! comes over TLS from the host that the topic names, as Amazon's own clients have it.

use aws_lc_rs::signature::{
    RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use webpki::EndEntityCert;

use super::notice::{Digest, Notice};

/// The most that is read of what is shown as a certificate.
pub(super) const MAX_PEM: usize = 16 * 1024;

/// The key of a certificate in PEM; none where it is none.
pub(super) fn key(pem: &[u8]) -> Option<Vec<u8>> {
    if pem.len() > MAX_PEM {
        return None;
    }
    let certificate = CertificateDer::from_pem_slice(pem).ok()?;
    let read = EndEntityCert::try_from(&certificate).ok()?;
    Some(read.subject_public_key_info().as_ref().to_vec())
}

/// Whether `notice` is signed by `key`.
pub(super) fn is_signed(notice: &Notice, key: &[u8]) -> bool {
    let algorithm = match notice.digest() {
        Some(Digest::Sha1) => &RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
        Some(Digest::Sha256) => &RSA_PKCS1_2048_8192_SHA256,
        None => return false,
    };
    let Ok(signature) = STANDARD.decode(notice.signature()) else { return false };
    UnparsedPublicKey::new(algorithm, key).verify(notice.text().as_bytes(), &signature).is_ok()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::payments::bkash::notice::tests::sample;

    const PEM: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../infra/peers/src/certificates/sns.pem"));
    // By OpenSSL: openssl dgst -sha1 -sign …, and -sha256, over the text of the sample.
    const BY_SHA1: &str = "0VBmxWdaCUZ1T20UQhzXcMf9V3mBpGwyN0JzcZ4nHvTKd8lhBR4LDezc2CQ5j02cdB08BMRbkAutXoKMLGBphCRRxJJL82CxvIxF4+Dl5qjhC7zqt1oy4wtUsYZxWuFWJvHvra1qoTWr+ZS4XNwQNhCZocltKLY7b1aGlAOalW1oY4Dz8YFvH842n2vx6JYlr5vIDa+TmoHrKKws399E/bmreRPVXrIJvhyk9xep+ODMbPytwa/w0qYQpqp0yUE+T2dtbtDBF+rKp6GFx8uBoXpP0XAG4rvazADbSOyp+GsomFMY2NBZfj7V8kNCdyW1tAnT6F7F9l453oxJEDeOhA==";
    const BY_SHA256: &str = "eJA8Jh81NrLrn2VTg2TQERxpj+vmtB9yd/qNxTa1Z+DM5kL3NWUixsoNsXnBI/k8opNv4HkwRI2GBcKg0yzuFPgpG2jlkP0dADcSN6kBsikg80i+2ujTiYwp95k2UUJ/hECk87fimS7cWjTdKr0CWtVgAn6LlT0ptrcLhv3GOmcVnnNDDbiv+gTOQG9acOoUo47elw4rMUJDgGDGRrks4QBxb416FrJAEsyKdc69zjrDsFalaQr2eh+aNkgZ4JoXjccd3rZbarb/cNPxCHEeRx7SfSmDNrTEp4Mzv4QxoIDzT33HOnx4btRZifGtGvFSfgzQK9gsIa1649KBIl2BOg==";

    fn is_good(version: &str, signature: &str, change: impl FnOnce(&mut Value)) -> bool {
        let notice = sample(|body| {
            body["SignatureVersion"] = json!(version);
            body["Signature"] = json!(signature);
            change(body);
        });
        is_signed(&notice, &key(PEM).unwrap())
    }

    #[test]
    fn what_openssl_signs_is_good_by_both_digests() {
        assert!(is_good("1", BY_SHA1, |_| ()) && is_good("2", BY_SHA256, |_| ()));
        assert!(!is_good("2", BY_SHA1, |_| ()) && !is_good("1", BY_SHA256, |_| ()) && !is_good("3", BY_SHA256, |_| ()));
    }

    #[test]
    fn another_member_or_another_signature_is_refused() {
        for (name, value) in [
            ("Message", "{ }"),
            ("MessageId", "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf325"),
            ("Subject", "paid"),
            ("Timestamp", "2026-11-20T10:00:00.001Z"),
            ("TopicArn", "arn:aws:sns:ap-southeast-1:000000000000:bkash-ipm"),
            ("Signature", ""),
            ("Signature", "c2lnbmF0dXJl"),
            ("Signature", "*"),
        ] {
            assert!(!is_good("1", BY_SHA1, |body| body[name] = json!(value)), "{name} {value}");
        }
    }

    #[test]
    fn only_a_certificate_has_a_key() {
        assert!(key(PEM).is_some());
        for wrong in [&b""[..], b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", &[b'a'; MAX_PEM + 1]]
        {
            assert!(key(wrong).is_none());
        }
    }
}
