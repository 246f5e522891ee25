//! Whether an event is PayPal's: its headers over the raw bytes of the body.
//!
//! Signed is `<id>|<time>|<webhook>|<checksum>`, by RSA (PKCS #1 v1.5) with SHA-256 and the key of a certificate that PayPal
//! shows. The checksum is the CRC-32 of the body, as a decimal number. The webhook is one of ours, so that no event that was
//! signed for another merchant is taken.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::platform::clock::Timestamp;

/// How far an event's time may be from ours, either way.
const TOLERANCE_SECONDS: u64 = 300;
/// The longest header that is looked at.
const MAX_HEADER: usize = 1024;
/// The one algorithm.
const ALGORITHM: &str = "SHA256withRSA";

/// The headers of an event.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// `PAYPAL-TRANSMISSION-ID`.
    pub id: &'a str,
    /// `PAYPAL-TRANSMISSION-TIME`, RFC 3339.
    pub time: &'a str,
    /// `PAYPAL-TRANSMISSION-SIG`, base64.
    pub signature: &'a str,
    /// `PAYPAL-CERT-URL`.
    pub certificate: &'a str,
    /// `PAYPAL-AUTH-ALGO`.
    pub algorithm: &'a str,
}

impl Signed<'_> {
    /// The signature, where everything that can be checked without a certificate is good.
    pub(super) fn plausible(&self, now: Timestamp) -> Option<Vec<u8>> {
        let headers = [self.id, self.time, self.signature, self.certificate, self.algorithm];
        let visible = |text: &str| {
            (1..=MAX_HEADER).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'|')
        };
        if !headers.into_iter().all(visible) || self.algorithm != ALGORITHM {
            return None;
        }
        let time = Timestamp::parse(self.time).ok()?;
        if time.seconds().abs_diff(now.seconds()) > TOLERANCE_SECONDS {
            return None;
        }
        STANDARD.decode(self.signature).ok()
    }

    /// What is signed, for one of our webhooks.
    pub(super) fn text(&self, webhook: &str, body: &[u8]) -> String {
        format!("{}|{}|{webhook}|{}", self.id, self.time, crc32fast::hash(body))
    }

    /// In the order in which PayPal is asked about them.
    pub(super) fn headers(&self) -> [&str; 5] {
        [self.id, self.time, self.signature, self.certificate, self.algorithm]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-20T10:00:00Z";

    fn signed() -> Signed<'static> {
        Signed {
            id: "69cd13f0-d67a-11e5-baa3-778b53f4ae55",
            time: NOW,
            signature: "c2lnbmF0dXJl",
            certificate: "https://api.paypal.com/v1/notifications/certs/CERT-360caa42",
            algorithm: "SHA256withRSA",
        }
    }

    fn is_plausible(signed: Signed<'_>) -> bool {
        signed.plausible(Timestamp::parse(NOW).unwrap()).is_some()
    }

    #[test]
    fn the_text_is_the_one_that_paypals_own_client_signs() {
        // By paypalrestsdk 1.13.3: WebhookEvent._get_expected_sig(id, time, webhook, body).
        let text = signed().text("8PT597110X687430L", b"123456789");
        assert_eq!(text, "69cd13f0-d67a-11e5-baa3-778b53f4ae55|2026-11-20T10:00:00Z|8PT597110X687430L|3421780262");
    }

    #[test]
    fn five_minutes_are_good_both_ways_and_a_second_more_is_not() {
        for (time, good) in [
            ("2026-11-20T09:54:59Z", false),
            ("2026-11-20T09:55:00Z", true),
            ("2026-11-20T10:05:00Z", true),
            ("2026-11-20T10:05:01Z", false),
            ("2026-11-20T15:45:00+05:45", true),
            ("2026-11-20", false),
        ] {
            assert_eq!(is_plausible(Signed { time, ..signed() }), good, "{time}");
        }
    }

    #[test]
    fn what_is_missing_or_odd_is_refused() {
        assert!(is_plausible(signed()));
        for odd in [
            Signed { id: "", ..signed() },
            Signed { id: "a|b", ..signed() },
            Signed { signature: "", ..signed() },
            Signed { signature: "c2ln*", ..signed() },
            Signed { certificate: "", ..signed() },
            Signed { algorithm: "SHA1withRSA", ..signed() },
            Signed { algorithm: "none", ..signed() },
        ] {
            assert!(!is_plausible(odd), "{odd:?}");
        }
    }
}
