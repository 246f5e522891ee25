//! Whose key has signed: a chain of certificates up to an authority that is trusted, for the one name that PayPal signs by.

use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName, TrustAnchor, UnixTime};
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert};

use crate::platform::clock::Timestamp;

/// The most that is read of what PayPal shows as its certificate.
pub(super) const MAX_PEM: usize = 16 * 1024;
/// The most certificates of one chain.
const MAX_CHAIN: usize = 5;

/// What came of checking a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is good.
    Good,
    /// It is not, or not by who it should be.
    Bad,
    /// The certificate leads to no authority that is known: one in between may be missing.
    NoChain,
}

/// Reads the certificates of a PEM file, the one that signs at the front.
pub(super) fn chain(pem: &[u8]) -> Option<Vec<CertificateDer<'static>>> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    read.ok().filter(|chain| (1..=MAX_CHAIN).contains(&chain.len()))
}

/// Whether `signature` over `text` is by the first of `chain`, which is good for `name` at `now`, and leads to one of `roots`
/// (PEM).
pub(super) fn verify(
    chain: &[CertificateDer<'_>],
    roots: &[u8],
    name: &str,
    now: Timestamp,
    (text, signature): (&[u8], &[u8]),
) -> Verdict {
    let Some((first, between)) = chain.split_first() else { return Verdict::Bad };
    let Ok(signer) = EndEntityCert::try_from(first) else { return Verdict::Bad };
    let roots: Vec<_> = CertificateDer::pem_slice_iter(roots).filter_map(Result::ok).collect();
    let anchors: Vec<TrustAnchor<'_>> = roots.iter().filter_map(|root| anchor_from_trusted_cert(root).ok()).collect();
    let Ok(name) = ServerName::try_from(name) else { return Verdict::Bad };
    if signer.verify_is_valid_for_subject_name(&name).is_err() {
        return Verdict::Bad;
    }
    let time = UnixTime::since_unix_epoch(std::time::Duration::from_millis(now.millis().unsigned_abs()));
    let algorithms = webpki::ALL_VERIFICATION_ALGS;
    match signer.verify_for_usage(algorithms, &anchors, between, time, KeyUsage::server_auth(), None, None) {
        Err(webpki::Error::UnknownIssuer) => return Verdict::NoChain,
        Err(_) => return Verdict::Bad,
        Ok(_) => {}
    }
    let rsa = webpki::aws_lc_rs::RSA_PKCS1_2048_8192_SHA256;
    if signer.verify_signature(rsa, text, signature).is_ok() { Verdict::Good } else { Verdict::Bad }
}
