//! How both sides sign: HMAC-SHA-256 in base64, over `name=value` joined by commas.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::platform::config::Secret;
use crate::platform::crypto;

/// The signature of these fields, in this order.
pub(super) fn sign(secret: &Secret, fields: &[(&str, &str)]) -> String {
    let text: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    STANDARD.encode(crypto::keyed_hash(secret.bytes(), text.join(",").as_bytes()))
}

/// Whether `signature` signs these fields, in this order.
pub(super) fn is_good(secret: &Secret, fields: &[(&str, &str)], signature: &str) -> bool {
    crypto::equal(sign(secret, fields).as_bytes(), signature.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_form_has_its_published_signature() {
        let secret = Secret::new("8gBm/:&EnhH.1/q");
        let fields = [("total_amount", "110"), ("transaction_uuid", "241028"), ("product_code", "EPAYTEST")];
        assert_eq!(sign(&secret, &fields), "i94zsd3oXF6ZsSr/kGqT4sSzYQzjj1W/waxjWyRwaME=");
        assert!(!is_good(&secret, &fields, ""));
        assert!(!is_good(&Secret::new("another"), &fields, "i94zsd3oXF6ZsSr/kGqT4sSzYQzjj1W/waxjWyRwaME="));
    }
}
