//! What comes back through the customer's browser: signed, and yet only a hint, since anybody may keep it and send it again.
//!
//! It is signed over the values as they are written: `1000.0` is another text than `1000`. So the numbers are never read and
//! written anew before the signature is checked.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use serde_json::value::RawValue;

use super::keys::EsewaKeys;
use super::signature::is_good;

/// The longest that is read.
const MAX: usize = 4096;
/// The fields that are signed, in their order; no other list is taken.
const SIGNED: [&str; 6] =
    ["transaction_code", "status", "total_amount", "transaction_uuid", "product_code", "signed_field_names"];

/// What eSewa has signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    /// What eSewa calls the attempt.
    pub reference: String,
    /// How much was paid, as it was written.
    pub total: String,
}

/// Reads what came back as `data`, where eSewa has signed exactly what it has to, for us.
pub fn read(keys: &EsewaKeys, data: &str) -> Option<Returned> {
    if data.len() > MAX {
        return None;
    }
    let json = STANDARD.decode(data).or_else(|_| STANDARD_NO_PAD.decode(data)).ok()?;
    let raw: BTreeMap<String, Box<RawValue>> = serde_json::from_slice(&json).ok()?;
    let text = |name: &str| raw.get(name).and_then(|token| written(token));
    // A member that is given twice, or one more, could be read otherwise by eSewa than by us.
    let members = String::from_utf8_lossy(&json).matches("\":").count();
    if raw.len() != SIGNED.len() + 1 || members != raw.len() {
        return None;
    }
    let values: Vec<String> = SIGNED.iter().map(|name| text(name)).collect::<Option<_>>()?;
    let fields: Vec<(&str, &str)> = SIGNED.into_iter().zip(values.iter().map(String::as_str)).collect();
    if !is_good(&keys.secret_key, &fields, &text("signature")?) {
        return None;
    }
    let ours = text("signed_field_names")? == SIGNED.join(",") && text("product_code")? == keys.product_code;
    let (reference, total) = (text("transaction_uuid")?, text("total_amount")?);
    ours.then_some(Returned { reference, total })
}

/// A value as it is written: a text without its quotes, a number by its own digits.
fn written(token: &RawValue) -> Option<String> {
    let raw = token.get();
    match raw.as_bytes().first()? {
        b'"' => serde_json::from_str(raw).ok(),
        b'0'..=b'9' => Some(raw.to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payments::esewa::signature::sign;

    const NAMES: &str = "transaction_code,status,total_amount,transaction_uuid,product_code,signed_field_names";

    fn keys() -> EsewaKeys {
        EsewaKeys::parse(r#"{"product_code": "EPAYTEST", "secret_key": "8gBm/:&EnhH.1/q"}"#).unwrap()
    }

    fn read(json: &str) -> Option<Returned> {
        super::read(&keys(), &STANDARD.encode(json))
    }

    fn published(total: &str) -> String {
        format!(
            r#"{{"transaction_code":"000AWEO","status":"COMPLETE","total_amount":{total},"transaction_uuid":"250610-162413","product_code":"EPAYTEST","signed_field_names":"{NAMES}","signature":"62GcfZTmVkzhtUeh+QJ1AqiJrjoWWGof3U+eTPTZ7fA="}}"#
        )
    }

    #[test]
    fn the_published_answer_is_good_as_it_is_written_and_no_otherwise() {
        let read_back = read(&published("1000.0")).unwrap();
        assert_eq!((read_back.reference.as_str(), read_back.total.as_str()), ("250610-162413", "1000.0"));
        for other in ["1000", "1000.00", "\"1000.00\"", "1e3"] {
            assert_eq!(read(&published(other)), None, "{other}");
        }
    }

    fn signed(names: &str, more: &str) -> String {
        let secret = keys().secret_key;
        let values = [
            ("transaction_code", "000AWEO"),
            ("status", "COMPLETE"),
            ("total_amount", "1000.0"),
            ("transaction_uuid", "x-1"),
            ("product_code", "EPAYTEST"),
            ("signed_field_names", names),
        ];
        let listed: Vec<(&str, &str)> =
            names.split(',').filter_map(|name| values.iter().find(|(known, _)| *known == name)).copied().collect();
        let signature = sign(&secret, &listed);
        format!(
            r#"{{"transaction_code":"000AWEO","status":"COMPLETE","total_amount":1000.0,"transaction_uuid":"x-1","product_code":"EPAYTEST","signed_field_names":"{names}","signature":"{signature}"{more}}}"#
        )
    }

    #[test]
    fn a_list_that_leaves_something_out_or_adds_something_is_refused() {
        assert!(read(&signed(NAMES, "")).is_some());
        for names in [
            "transaction_code,status,transaction_uuid,product_code,signed_field_names",
            "status,transaction_code,total_amount,transaction_uuid,product_code,signed_field_names",
            "transaction_code,status,total_amount,transaction_uuid,product_code,signed_field_names,total_amount",
            "",
        ] {
            assert_eq!(read(&signed(names, "")), None, "{names}");
        }
        assert_eq!(read(&signed(NAMES, r#","more":"x""#)), None);
        assert_eq!(read(&signed(NAMES, r#","status":"COMPLETE""#)), None, "a member twice");
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        for wrong in ["", "{}", "[]", "null"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!(super::read(&keys(), "%%%"), None);
        assert_eq!(super::read(&keys(), &"A".repeat(MAX + 1)), None);
        let other = EsewaKeys::parse(r#"{"product_code": "OTHER", "secret_key": "8gBm/:&EnhH.1/q"}"#).unwrap();
        assert_eq!(super::read(&other, &STANDARD.encode(published("1000.0"))), None, "for another merchant");
    }
}
