//! Whether an event is Stripe's: the `Stripe-Signature` header over the raw bytes of the body.
//!
//! `t=<seconds>,v1=<hex>[,v1=<hex>…]`, HMAC-SHA-256 with the endpoint's secret as text over `<t>.<body>`. While a secret is
//! rotated there are two, on their side as well as on ours: any of theirs may match any of ours. Other schemes are passed over.

use crate::platform::clock::Timestamp;
use crate::platform::crypto;

/// How far an event's time may be from ours, either way.
const TOLERANCE_SECONDS: u64 = 300;
/// How many signatures are looked at.
const MAX_SIGNATURES: usize = 5;

/// Whether `header` signs `body` with one of `secrets`, within five minutes of `now`.
pub fn is_good(header: &str, body: &[u8], secrets: &[&[u8]], now: Timestamp) -> bool {
    let mut time = None;
    let mut signatures = Vec::new();
    for part in header.split(',') {
        match part.trim().split_once('=') {
            Some(("t", value)) if time.is_none() => time = Some(value),
            // A second time would leave open which of them was signed.
            Some(("t", _)) => return false,
            Some(("v1", value)) => signatures.push(value),
            _ => {}
        }
    }
    let Some(time) = time.filter(|time| !time.is_empty() && time.bytes().all(|byte| byte.is_ascii_digit())) else {
        return false;
    };
    let Ok(seconds) = time.parse::<i64>() else { return false };
    if seconds.abs_diff(now.seconds()) > TOLERANCE_SECONDS || signatures.len() > MAX_SIGNATURES {
        return false;
    }
    let mut signed = Vec::with_capacity(time.len() + 1 + body.len());
    signed.extend_from_slice(time.as_bytes());
    signed.push(b'.');
    signed.extend_from_slice(body);
    let expected: Vec<String> = secrets.iter().map(|secret| hex(&crypto::keyed_hash(secret, &signed))).collect();
    // All are compared, whichever matches.
    let matches = signatures.iter().flat_map(|signature| {
        expected.iter().map(move |expected| crypto::equal(signature.as_bytes(), expected.as_bytes()))
    });
    matches.fold(false, |any, this| any | this)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000;
    const BODY: &[u8] = br#"{"id":"evt_1"}"#;

    fn v1(secret: &str, time: i64, body: &[u8]) -> String {
        let signed = [time.to_string().as_bytes(), b".", body].concat();
        hex(&crypto::keyed_hash(secret.as_bytes(), &signed))
    }

    fn good(header: &str, body: &[u8], secrets: &[&str]) -> bool {
        let secrets: Vec<_> = secrets.iter().map(|secret| secret.as_bytes()).collect();
        is_good(header, body, &secrets, Timestamp::from_millis(NOW * 1000 + 999))
    }

    #[test]
    fn a_known_signature_is_good() {
        // By stripe-python: WebhookSignature._compute_signature("1700000000.{\"id\":\"evt_1\"}", "whsec_test").
        let known = "c89214b5b5da833daed6f0b8c5bb6bd58cea9022bd80ccc78230f3942d632925";
        assert!(good(&format!("t={NOW},v1={known}"), BODY, &["whsec_test"]));
        assert_eq!(v1("whsec_test", NOW, BODY), known);
    }

    #[test]
    fn while_a_secret_is_rotated_any_of_ours_matches_any_of_theirs() {
        let (old, new) = (v1("old", NOW, BODY), v1("new", NOW, BODY));
        for header in [format!("t={NOW},v1={old},v1={new}"), format!("t={NOW},v1={new},v0=x,v1={old}")] {
            assert!(
                good(&header, BODY, &["old"]) && good(&header, BODY, &["new"]) && good(&header, BODY, &["x", "new"])
            );
            assert!(!good(&header, BODY, &["x"]) && !good(&header, BODY, &[]));
        }
    }

    #[test]
    fn five_minutes_are_good_both_ways_and_a_second_more_is_not() {
        for (off, expected) in [(-301, false), (-300, true), (0, true), (300, true), (301, false)] {
            let time = NOW + off;
            assert_eq!(good(&format!("t={time},v1={}", v1("s", time, BODY)), BODY, &["s"]), expected, "{off}");
        }
    }

    #[test]
    fn what_was_altered_or_left_out_is_refused() {
        let right = v1("s", NOW, BODY);
        assert!(good(&format!("t={NOW}, v1={right}"), BODY, &["s"]));
        let upper = right.to_uppercase();
        for header in [
            String::new(),
            format!("t={NOW}"),
            format!("v1={right}"),
            format!("t={NOW},v0={right}"),
            format!("t={NOW},v1="),
            format!("t={NOW},v1={}", &right[..63]),
            format!("t={NOW},v1={upper}"),
            format!("t={},v1={right}", NOW + 1),
            format!("t={NOW},t={NOW},v1={right}"),
            format!("t=+{NOW},v1={right}"),
            format!("t=-1,v1={right}"),
            format!("t=99999999999999999999,v1={right}"),
            format!("t={NOW},v1=a,v1=b,v1=c,v1=d,v1=e,v1={right}"),
        ] {
            assert!(!good(&header, BODY, &["s"]), "{header}");
        }
        let header = format!("t={NOW},v1={right}");
        for body in [&b""[..], b"{}", br#"{"id": "evt_1"}"#, &BODY[1..]] {
            assert!(!good(&header, body, &["s"]));
        }
    }
}
