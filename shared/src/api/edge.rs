//! What stands in front of the API where a CDN does: it alone may send requests, and it says where they come from.
//!
//! Whoever knows the address of API Gateway could go past the CDN, and with it past its firewall and its counts, and could write
//! any address into a header. So the CDN brings a secret along, and nothing that it says is heeded without it. The settings hold
//! the digest of the secret; the secret itself is known to the CDN alone.

use std::net::IpAddr;

use http::HeaderMap;

use crate::platform::crypto;
use crate::platform::error::{Error, Kind, Result};
use crate::platform::wording;

/// What the CDN proves itself by.
const SECRET: &str = "x-origin-secret";
/// Where the request came from, as the CDN saw it: `infra/edge.yaml` sets it, whatever the client has sent under that name.
const VIEWER: &str = "x-viewer-address";

/// The address of the client where the CDN says it; nothing where no CDN is in front, or where it said none.
///
/// # Errors
/// 403 for what came past the CDN.
pub(super) fn viewer(headers: &HeaderMap, digests: &[String]) -> Result<Option<IpAddr>> {
    if digests.is_empty() {
        return Ok(None);
    }
    let secret = headers.get(SECRET).map(|secret| crypto::sha256_hex(secret.as_bytes()));
    // Every digest is looked at, each in the same time: while the secret is changed there are two.
    let known = secret.is_some_and(|secret| {
        digests.iter().fold(false, |known, digest| crypto::equal(secret.as_bytes(), digest.as_bytes()) | known)
    });
    if !known {
        return Err(Error::new(Kind::Forbidden, "forbidden", wording::edge::published_address()));
    }
    Ok(headers.get(VIEWER).and_then(|address| address.to_str().ok()?.parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    fn digests(secrets: &[&str]) -> Vec<String> {
        secrets.iter().map(|secret| crypto::sha256_hex(secret.as_bytes())).collect()
    }

    #[test]
    fn without_a_cdn_nobody_says_where_they_come_from() {
        let said = headers(&[(SECRET, "anything"), (VIEWER, "198.51.100.7")]);
        assert_eq!(viewer(&said, &[]).unwrap(), None);
    }

    #[test]
    fn the_cdn_alone_says_where_a_request_comes_from() {
        let known = digests(&["the secret"]);
        for address in ["198.51.100.7", "2001:db8::7"] {
            let said = headers(&[(SECRET, "the secret"), (VIEWER, address)]);
            assert_eq!(viewer(&said, &known).unwrap(), Some(address.parse().unwrap()));
        }
        for said in [
            headers(&[(VIEWER, "198.51.100.7")]),
            headers(&[(SECRET, "another"), (VIEWER, "198.51.100.7")]),
            headers(&[(SECRET, "")]),
            // The digest is in the settings, which more people may read than the secret.
            HeaderMap::from_iter([(SECRET.parse().unwrap(), known[0].parse().unwrap())]),
        ] {
            assert_eq!(viewer(&said, &known).unwrap_err().kind(), Kind::Forbidden, "{said:?}");
        }
    }

    #[test]
    fn while_the_secret_is_changed_both_are_good() {
        let known = digests(&["new", "old"]);
        for secret in ["new", "old"] {
            assert!(viewer(&headers(&[(SECRET, secret)]), &known).is_ok());
        }
    }

    #[test]
    fn what_is_no_address_is_none() {
        let known = digests(&["s"]);
        for wrong in ["", "unknown", "198.51.100.7:443", "198.51.100.7, 203.0.113.9"] {
            assert_eq!(viewer(&headers(&[(SECRET, "s"), (VIEWER, wrong)]), &known).unwrap(), None, "{wrong}");
        }
    }
}
