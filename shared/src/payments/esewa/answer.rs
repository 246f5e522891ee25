//! How an attempt stands, as the status endpoint says.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::payments::expected::Expected;
use crate::payments::observed::{Observed, Phase};
use crate::platform::clock::Timestamp;
use crate::platform::money::Money;

/// An answer of the status endpoint.
#[derive(Debug, Deserialize)]
pub struct Status {
    product_code: String,
    transaction_uuid: String,
    total_amount: Option<Box<RawValue>>,
    status: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum State {
    /// The customer is at it.
    Pending,
    /// It is paid.
    Complete,
    /// It was paid, and all of it went back.
    FullRefund,
    /// It was paid, and some of it went back; how much is not said.
    PartialRefund,
    /// eSewa does not know yet.
    Ambiguous,
    /// There is no such attempt, or its time was over.
    NotFound,
    /// It was called off, or taken back.
    Canceled,
}

/// Reads an answer.
///
/// # Errors
/// It is none, or says that nobody knows.
pub fn status(body: &[u8]) -> Result<Status, serde_json::Error> {
    serde_json::from_slice(body)
}

impl Status {
    /// Whether the customer can begin anew without any danger of paying twice soon: eSewa knows of no attempt that is under
    /// way.
    pub fn is_idle(&self) -> bool {
        self.status == State::NotFound
    }

    /// Whether some of it has gone back.
    pub fn gave_back(&self) -> bool {
        matches!(self.status, State::FullRefund | State::PartialRefund)
    }

    /// What it says of the attempt that was opened as `expected` for the merchant of `code`, asked at `asked_at`.
    pub fn observed(&self, code: &str, expected: Expected<'_>, asked_at: Timestamp) -> Observed {
        let total = self.total_amount.as_ref().map(|token| token.get().trim_matches('"'));
        let total = total.and_then(|text| Money::from_decimal(text, expected.currency).ok()).map_or(0, Money::amount);
        let paid = matches!(self.status, State::Complete | State::FullRefund | State::PartialRefund);
        let phase = match self.status {
            State::Pending | State::NotFound | State::Ambiguous => Phase::Open,
            State::Complete | State::FullRefund | State::PartialRefund => Phase::Taken,
            State::Canceled => Phase::Closed,
        };
        let named = self.product_code == code && self.transaction_uuid == expected.reference;
        Observed {
            asked_at,
            phase,
            right: named && (!paid || total == expected.amount),
            declined: self.status == State::Canceled,
            agreed: false,
            undecided: self.status == State::Ambiguous,
            held: 0,
            held_until: None,
            taken: if paid { total } else { 0 },
            returned: if self.status == State::FullRefund { total } else { 0 },
            returning: 0,
            disputed: false,
            contested: 0,
            refunds: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(body: &str) -> Observed {
        let expected = Expected::sample("x-1", 10_000, "NPR");
        status(body.as_bytes()).unwrap().observed("EPAYTEST", expected, Timestamp::from_millis(7))
    }

    fn sample(total: &str, status: &str) -> String {
        format!(
            r#"{{"product_code":"EPAYTEST","transaction_uuid":"x-1","total_amount":{total},"status":"{status}","ref_id":"0001TS9"}}"#
        )
    }

    #[test]
    fn every_state_has_its_phase() {
        for (state, phase, taken, returned) in [
            ("PENDING", Phase::Open, 0, 0),
            ("NOT_FOUND", Phase::Open, 0, 0),
            ("AMBIGUOUS", Phase::Open, 0, 0),
            ("COMPLETE", Phase::Taken, 10_000, 0),
            ("PARTIAL_REFUND", Phase::Taken, 10_000, 0),
            ("FULL_REFUND", Phase::Taken, 10_000, 10_000),
            ("CANCELED", Phase::Closed, 0, 0),
        ] {
            let observed = seen(&sample("100.0", state));
            assert_eq!((observed.phase, observed.taken, observed.returned), (phase, taken, returned), "{state}");
            assert!(observed.right, "{state}");
            assert_eq!(observed.undecided, state == "AMBIGUOUS");
        }
    }

    #[test]
    fn a_sum_is_read_however_it_is_written_and_another_is_not_right() {
        for total in ["100", "100.0", "100.00", "\"100.0\""] {
            assert!(seen(&sample(total, "COMPLETE")).right, "{total}");
        }
        for total in ["99.99", "100.01", "1000", "null", "-100"] {
            assert!(!seen(&sample(total, "COMPLETE")).right, "{total}");
        }
        assert!(!seen(&sample("100.0", "COMPLETE").replace("x-1", "x-2")).right);
        assert!(!seen(&sample("100.0", "COMPLETE").replace("EPAYTEST", "OTHER")).right);
    }

    #[test]
    fn that_it_is_unavailable_says_nothing_about_the_money() {
        assert!(status(br#"{"code": 0, "error_message": "Service is currently unavailable"}"#).is_err());
        assert!(status(sample("100.0", "PAID").as_bytes()).is_err());
    }
}
