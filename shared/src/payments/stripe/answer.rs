//! The answers. What is not asked for here is not read: who paid, by which card.

use std::time::Duration;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::payments::calls::Failure;
use crate::payments::expected::Expected;
use crate::payments::observed::{Observed, Phase, SeenRefund};
use crate::payments::refund::RefundState;
use crate::platform::clock::Timestamp;
use crate::platform::ids::RefundId;

/// How long a card's hold lasts where the charge does not say it.
const HOLD: Duration = Duration::from_hours(7 * 24);

/// An intent to pay.
#[derive(Clone, Deserialize)]
pub struct Intent {
    /// Its id.
    pub id: String,
    object: IntentObject,
    status: Status,
    amount: i64,
    currency: String,
    created: i64,
    amount_capturable: i64,
    amount_received: i64,
    metadata: Metadata,
    latest_charge: Option<Charge>,
    last_payment_error: Option<IgnoredAny>,
    /// What the customer's browser pays with. Never stored, never logged.
    pub client_secret: Option<String>,
}

impl std::fmt::Debug for Intent {
    /// Without the client's secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Intent").field("id", &self.id).field("status", &self.status).finish_non_exhaustive()
    }
}

#[derive(Clone, Copy, Debug, Deserialize)]
enum IntentObject {
    #[serde(rename = "payment_intent")]
    Intent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    RequiresPaymentMethod,
    RequiresConfirmation,
    RequiresAction,
    Processing,
    RequiresCapture,
    Succeeded,
    Canceled,
}

/// What we have noted with it.
#[derive(Clone, Debug, Default, Deserialize)]
struct Metadata {
    order: Option<String>,
    payment: Option<String>,
    refund: Option<String>,
}

#[derive(Clone, Deserialize)]
struct Charge {
    #[serde(default)]
    disputed: bool,
    /// Asked for by itself, where there are any.
    #[serde(skip)]
    disputes: Option<DisputeList>,
    payment_method_details: Option<MethodDetails>,
    refunds: Option<RefundList>,
}

#[derive(Clone, Deserialize)]
struct MethodDetails {
    card: Option<Card>,
}

#[derive(Clone, Deserialize)]
struct Card {
    capture_before: Option<i64>,
}

/// Disputes about one charge.
#[derive(Clone, Debug, Deserialize)]
pub struct DisputeList {
    data: Vec<Dispute>,
}

#[derive(Clone, Debug, Deserialize)]
struct Dispute {
    amount: i64,
    status: String,
}

impl Dispute {
    fn is_lost(&self) -> bool {
        self.status == "lost"
    }

    /// Whether the bank has not decided; a state that is not known is none that it has decided by.
    fn is_open(&self) -> bool {
        !self.is_lost() && !["won", "warning_closed", "prevented"].contains(&self.status.as_str())
    }
}

/// Refunds of one charge.
#[derive(Clone, Debug, Deserialize)]
pub struct RefundList {
    data: Vec<RefundAnswer>,
    /// Whether there are more than these.
    pub has_more: bool,
}

/// A refund.
#[derive(Clone, Debug, Deserialize)]
pub struct RefundAnswer {
    id: String,
    amount: i64,
    status: Option<RefundStatus>,
    metadata: Option<Metadata>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RefundStatus {
    Pending,
    RequiresAction,
    Succeeded,
    Failed,
    Canceled,
}

/// Reads an intent.
///
/// # Errors
/// It is none, or in a state that is not known.
pub fn intent(body: &[u8]) -> Result<Intent, serde_json::Error> {
    serde_json::from_slice(body)
}

/// Reads a refund.
///
/// # Errors
/// It is none.
pub fn refund(body: &[u8]) -> Result<RefundAnswer, serde_json::Error> {
    serde_json::from_slice(body)
}

/// Reads a list of refunds.
///
/// # Errors
/// It is none.
pub fn refund_list(body: &[u8]) -> Result<RefundList, serde_json::Error> {
    serde_json::from_slice(body)
}

/// Reads a list of disputes.
///
/// # Errors
/// It is none.
pub fn dispute_list(body: &[u8]) -> Result<DisputeList, serde_json::Error> {
    serde_json::from_slice(body)
}

/// What an answer with another status than 2xx means.
pub(in crate::payments) fn failure(status: u16, body: &[u8]) -> Failure {
    #[derive(Deserialize)]
    struct Said {
        error: Reason,
    }
    #[derive(Deserialize)]
    struct Reason {
        #[serde(rename = "type")]
        kind: Option<String>,
        code: Option<String>,
    }
    match status {
        401 | 403 => Failure::NotAdmitted,
        // Neither is kept under the key.
        409 | 429 => Failure::Busy,
        500.. => Failure::Failed,
        _ => {
            let said = serde_json::from_slice::<Said>(body).ok().map(|said| said.error);
            let code = said.and_then(|reason| reason.code.or(reason.kind));
            Failure::refused(&code.unwrap_or_else(|| format!("status_{status}")))
        }
    }
}

impl Intent {
    /// The order that it names.
    pub fn order(&self) -> Option<&str> {
        self.metadata.order.as_deref()
    }

    /// Whether its charge has more refunds than it shows.
    pub fn has_more_refunds(&self) -> bool {
        self.latest_charge.as_ref().and_then(|charge| charge.refunds.as_ref()).is_some_and(|refunds| refunds.has_more)
    }

    /// Whether its charge has ever been disputed; how that ended, its disputes tell.
    pub fn was_disputed(&self) -> bool {
        self.latest_charge.as_ref().is_some_and(|charge| charge.disputed)
    }

    /// Shows the disputes about its charge.
    pub fn with_disputes(&mut self, disputes: DisputeList) {
        if let Some(charge) = &mut self.latest_charge {
            charge.disputes = Some(disputes);
        }
    }

    /// Whether a dispute is open, and what is disputed or was lost by that.
    fn contested(&self) -> (bool, i64) {
        let Some(charge) = self.latest_charge.as_ref().filter(|charge| charge.disputed) else { return (false, 0) };
        let Some(DisputeList { data }) = &charge.disputes else { return (true, 0) };
        let counts = data.iter().filter(|one| one.is_open() || one.is_lost());
        (data.iter().any(Dispute::is_open), counts.map(|one| one.amount).sum())
    }

    /// Shows all refunds of its charge.
    pub fn with_refunds(&mut self, refunds: RefundList) {
        if let Some(charge) = &mut self.latest_charge {
            charge.refunds = Some(refunds);
        }
    }

    /// What it says of the attempt that was opened as `expected`, asked at `asked_at`.
    pub fn observed(&self, expected: Expected<'_>, asked_at: Timestamp) -> Observed {
        let IntentObject::Intent = self.object;
        let phase = match self.status {
            Status::RequiresPaymentMethod
            | Status::RequiresConfirmation
            | Status::RequiresAction
            | Status::Processing => Phase::Open,
            Status::RequiresCapture => Phase::Held,
            Status::Succeeded => Phase::Taken,
            Status::Canceled => Phase::Closed,
        };
        let held = if phase == Phase::Held { self.amount_capturable } else { 0 };
        let right = self.id == expected.reference
            && self.amount == expected.amount
            && self.currency.eq_ignore_ascii_case(expected.currency.as_str())
            && self.metadata.order.as_deref() == Some(expected.order)
            && self.metadata.payment.as_deref() == Some(expected.payment)
            && (phase != Phase::Held || held == expected.amount)
            && (0..=expected.amount).contains(&self.amount_received);
        let charge = self.latest_charge.as_ref();
        let (disputed, contested) = self.contested();
        let capture_before =
            charge.and_then(|charge| charge.payment_method_details.as_ref()?.card.as_ref()?.capture_before);
        let seconds = |seconds: i64| Timestamp::from_millis(seconds.saturating_mul(1000));
        let held_until = || capture_before.map_or_else(|| seconds(self.created).plus(HOLD), seconds);
        let refunds = charge.and_then(|charge| charge.refunds.as_ref()).map_or(&[][..], |refunds| &refunds.data);
        let sum = |wanted| refunds.iter().filter(|refund| refund.state() == wanted).map(|refund| refund.amount).sum();
        Observed {
            asked_at,
            phase,
            right,
            declined: self.status == Status::RequiresPaymentMethod && self.last_payment_error.is_some(),
            agreed: false,
            undecided: false,
            held,
            held_until: (phase == Phase::Held).then(held_until),
            taken: self.amount_received,
            returned: sum(RefundState::Succeeded),
            returning: sum(RefundState::Pending),
            disputed,
            contested,
            refunds: refunds.iter().filter_map(RefundAnswer::seen).collect(),
        }
    }
}

impl RefundAnswer {
    fn state(&self) -> RefundState {
        match self.status {
            Some(RefundStatus::Succeeded) => RefundState::Succeeded,
            Some(RefundStatus::Failed | RefundStatus::Canceled) => RefundState::Failed,
            Some(RefundStatus::Pending | RefundStatus::RequiresAction) | None => RefundState::Pending,
        }
    }

    /// As one of ours, if it is.
    pub fn seen(&self) -> Option<SeenRefund> {
        let id = self.metadata.as_ref()?.refund.as_deref()?;
        let id = RefundId::parse(id).ok()?;
        Some(SeenRefund { id, reference: self.id.clone(), state: self.state() })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn sample() -> Value {
        json!({
            "id": "pi_1", "object": "payment_intent", "status": "requires_capture", "amount": 1250, "currency": "usd",
            "created": 1_700_000_000, "amount_capturable": 1250, "amount_received": 0,
            "metadata": {"order": "ord_1", "payment": "pay_1"}, "last_payment_error": null, "client_secret": "pi_1_secret_x",
            "latest_charge": {"id": "ch_1", "disputed": false, "refunds": {"data": [], "has_more": false},
                "payment_method_details": {"type": "card", "card": {"capture_before": 1_700_500_000, "last4": "4242"}}},
        })
    }

    fn seen(change: impl FnOnce(&mut Value)) -> Observed {
        let mut body = sample();
        change(&mut body);
        let expected = Expected::sample("pi_1", 1250, "USD");
        intent(body.to_string().as_bytes()).unwrap().observed(expected, Timestamp::from_millis(7))
    }

    #[test]
    fn a_hold_is_seen_with_its_end() {
        let observed = seen(|_| ());
        assert_eq!((observed.phase, observed.right, observed.held, observed.taken), (Phase::Held, true, 1250, 0));
        assert_eq!(observed.held_until, Some(Timestamp::from_millis(1_700_500_000_000)));
        let without = seen(|body| body["latest_charge"]["payment_method_details"] = Value::Null);
        assert_eq!(without.held_until, Some(Timestamp::from_millis(1_700_000_000_000).plus(HOLD)));
    }

    #[test]
    fn another_sum_currency_or_reference_is_not_right() {
        for (pointer, wrong) in [
            ("/amount", json!(1249)),
            ("/amount_capturable", json!(1)),
            ("/amount_received", json!(1251)),
            ("/currency", json!("npr")),
            ("/metadata/order", json!("ord_2")),
            ("/metadata/payment", json!("pay_2")),
            ("/id", json!("pi_2")),
        ] {
            let observed = seen(|body| *body.pointer_mut(pointer).unwrap() = wrong.clone());
            assert!(!observed.right, "{pointer}");
        }
        assert!(!seen(|body| body["metadata"] = json!({})).right);
    }

    #[test]
    fn every_state_has_its_phase_and_no_other_is_read() {
        for (status, phase) in [
            ("requires_payment_method", Phase::Open),
            ("requires_confirmation", Phase::Open),
            ("requires_action", Phase::Open),
            ("processing", Phase::Open),
            ("requires_capture", Phase::Held),
            ("succeeded", Phase::Taken),
            ("canceled", Phase::Closed),
        ] {
            assert_eq!(seen(|body| body["status"] = json!(status)).phase, phase, "{status}");
        }
        for (pointer, wrong) in [("/status", json!("paid")), ("/object", json!("charge")), ("/amount", json!("1250"))] {
            let mut body = sample();
            *body.pointer_mut(pointer).unwrap() = wrong;
            assert!(intent(body.to_string().as_bytes()).is_err(), "{pointer}");
        }
    }

    #[test]
    fn refunds_are_counted_by_how_far_they_have_come() {
        let id = RefundId::generate(Timestamp::from_millis(0)).to_string();
        let refund = |n: u32, amount: i64, status: &str| json!({"id": format!("re_{n}"), "amount": amount, "status": status, "metadata": {"refund": id}});
        let data = json!([
            refund(1, 100, "succeeded"),
            refund(2, 20, "pending"),
            refund(3, 3, "failed"),
            {"id": "re_4", "amount": 400, "status": "succeeded", "metadata": {}},
            {"id": "re_5", "amount": 50, "status": "requires_action", "metadata": null},
        ]);
        let observed = seen(|body| {
            body["status"] = json!("succeeded");
            body["amount_received"] = json!(1250);
            body["latest_charge"]["refunds"]["data"] = data;
        });
        assert_eq!((observed.taken, observed.returned, observed.returning), (1250, 500, 70));
        let states: Vec<_> = observed.refunds.iter().map(|refund| (refund.reference.as_str(), refund.state)).collect();
        let expected =
            [("re_1", RefundState::Succeeded), ("re_2", RefundState::Pending), ("re_3", RefundState::Failed)];
        assert_eq!(states, expected);
    }

    #[test]
    fn a_dispute_lasts_until_the_bank_has_decided() {
        let disputed = |disputes: Option<Value>| {
            let mut body = sample();
            body["latest_charge"]["disputed"] = json!(true);
            let mut read = intent(body.to_string().as_bytes()).unwrap();
            assert!(read.was_disputed());
            if let Some(data) = disputes {
                read.with_disputes(dispute_list(json!({"data": data}).to_string().as_bytes()).unwrap());
            }
            read.contested()
        };
        let one = |status: &str| disputed(Some(json!([{"amount": 700, "status": status}])));
        for open in ["needs_response", "under_review", "warning_needs_response", "warning_under_review", "new"] {
            assert_eq!(one(open), (true, 700), "{open}");
        }
        for over in ["won", "warning_closed", "prevented"] {
            assert_eq!(one(over), (false, 0), "{over}");
        }
        assert_eq!(one("lost"), (false, 700));
        assert_eq!(disputed(None), (true, 0), "where nobody may ask, it is taken for open");
        let both = json!([{"amount": 700, "status": "lost"}, {"amount": 50, "status": "needs_response"}]);
        assert_eq!(disputed(Some(both)), (true, 750));
    }

    #[test]
    fn a_decline_is_seen_while_the_customer_can_try_again() {
        let declined = seen(|body| {
            body["status"] = json!("requires_payment_method");
            body["last_payment_error"] = json!({"code": "card_declined"});
        });
        assert!(declined.declined && declined.phase == Phase::Open);
    }

    #[test]
    fn a_failure_says_whether_it_is_kept() {
        let said = |status, body: &str| failure(status, body.as_bytes());
        let code = r#"{"error": {"type": "card_error", "code": "charge_expired_for_capture"}}"#;
        assert_eq!(said(400, code), Failure::Refused("charge_expired_for_capture".to_owned()));
        let kind = r#"{"error": {"type": "idempotency_error"}}"#;
        assert_eq!(said(400, kind), Failure::Refused("idempotency_error".to_owned()));
        assert_eq!(said(404, "<html>"), Failure::Refused("status_404".to_owned()));
        assert_eq!(said(409, code), Failure::Busy);
        assert_eq!(said(429, ""), Failure::Busy);
        assert_eq!((said(500, code), said(503, "")), (Failure::Failed, Failure::Failed));
        assert_eq!(said(401, ""), Failure::NotAdmitted);
    }

    #[test]
    fn a_clients_secret_is_not_in_the_log() {
        let read = intent(sample().to_string().as_bytes()).unwrap();
        assert!(!format!("{read:?}").contains("secret_x"));
    }
}
