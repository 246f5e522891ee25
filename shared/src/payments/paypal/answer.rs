//! What the answers mean.

use serde::Deserialize;

use super::request::custom_id;
use super::shapes::{Amount, Authorization, AuthorizationStatus, CaptureStatus, OrderStatus, Payments, RefundStatus};
pub use super::shapes::{Capture, Order, Refund, capture, is_verified, order, refund, token};
use crate::payments::calls::Failure;
use crate::payments::expected::Expected;
use crate::payments::observed::{Observed, Phase, SeenRefund};
use crate::payments::refund::RefundState;
use crate::platform::clock::Timestamp;
use crate::platform::ids::RefundId;
use crate::platform::money::{Currency, Money};

/// What an answer with another status than 2xx means: by its issue (`ORDER_NOT_APPROVED`), or else by its name.
pub(in crate::payments) fn failure(status: u16, body: &[u8]) -> Failure {
    #[derive(Deserialize)]
    struct Said {
        name: Option<String>,
        #[serde(default)]
        details: Vec<Detail>,
    }
    #[derive(Deserialize)]
    struct Detail {
        issue: Option<String>,
    }
    match status {
        401 | 403 => Failure::NotAdmitted,
        409 | 429 => Failure::Busy,
        500.. => Failure::Failed,
        _ => {
            let said = serde_json::from_slice::<Said>(body).ok();
            let code = said.and_then(|said| said.details.into_iter().find_map(|detail| detail.issue).or(said.name));
            Failure::refused(&code.unwrap_or_else(|| format!("status_{status}")))
        }
    }
}

impl Amount {
    /// In minor units, where it is a sum in `currency`.
    fn minor(&self, currency: Currency) -> Option<i64> {
        let sum = Money::from_decimal(&self.value, currency).ok()?;
        (self.currency_code == currency.as_str()).then(|| sum.amount())
    }

    /// In minor units, whatever the currency: what cannot be read counts for nothing and is never right.
    fn any(&self, currency: Currency) -> i64 {
        Money::from_decimal(&self.value, currency).map_or(0, Money::amount)
    }
}

impl Capture {
    /// Whether PayPal has taken the money by it.
    fn is_taken(&self) -> bool {
        let Self { status, .. } = self;
        use CaptureStatus::{Completed, PartiallyRefunded, Refunded, Reversed};
        matches!(status, Completed | PartiallyRefunded | Refunded | Reversed)
    }

    /// Whether PayPal has decided not to take the money.
    pub fn is_refused(&self) -> bool {
        matches!(self.status, CaptureStatus::Declined | CaptureStatus::Failed)
    }
}

impl Refund {
    fn state(&self) -> RefundState {
        match self.status {
            RefundStatus::Completed => RefundState::Succeeded,
            RefundStatus::Pending => RefundState::Pending,
            RefundStatus::Failed | RefundStatus::Cancelled => RefundState::Failed,
        }
    }

    fn seen(&self) -> Option<SeenRefund> {
        let id = RefundId::parse(self.invoice_id.as_deref()?).ok()?;
        Some(SeenRefund { id, reference: self.id.clone(), state: self.state() })
    }
}

impl Order {
    fn units(&self) -> impl Iterator<Item = &Payments> {
        self.purchase_units.iter().map(|unit| &unit.payments)
    }

    fn captures(&self) -> impl Iterator<Item = &Capture> {
        self.units().flat_map(|payments| &payments.captures)
    }

    /// The authorization that holds the money, or last did.
    fn authorization(&self) -> Option<&Authorization> {
        self.units().flat_map(|payments| &payments.authorizations).last()
    }

    /// The id of the authorization that holds money, if one does or may.
    pub fn holding(&self) -> Option<&str> {
        use AuthorizationStatus::{Captured, Created, PartiallyCaptured, Pending};
        let alive = |one: &&Authorization| matches!(one.status, Created | Pending | Captured | PartiallyCaptured);
        self.authorization().filter(alive).map(|one| one.id.as_str())
    }

    /// The id of the capture that money can go back of.
    pub fn captured(&self) -> Option<&str> {
        self.captures().find(|capture| capture.is_taken()).map(|capture| capture.id.as_str())
    }

    /// The order of ours that it names.
    pub fn order(&self) -> Option<&str> {
        self.purchase_units.first()?.custom_id.as_deref()?.split(':').next()
    }

    /// The page on which the customer agrees; none once they have.
    pub fn page(&self) -> Option<&str> {
        let waits = matches!(self.status, OrderStatus::Created | OrderStatus::Saved | OrderStatus::PayerActionRequired);
        let mut links = self.links.iter().filter(|link| ["payer-action", "approve"].contains(&link.rel.as_str()));
        links.next().filter(|_| waits).map(|link| link.href.as_str())
    }

    fn phase(&self, taken: i64, undecided: bool) -> Phase {
        use AuthorizationStatus::{Captured, Created, Denied, Expired, PartiallyCaptured, Pending, Voided};
        match self.authorization().map(|one| one.status) {
            _ if taken > 0 => Phase::Taken,
            Some(Created) => Phase::Held,
            // What PayPal was told to take and has not decided about is still held.
            Some(Captured | PartiallyCaptured) if undecided => Phase::Held,
            Some(Captured | PartiallyCaptured | Voided | Denied | Expired) => Phase::Closed,
            Some(Pending) => Phase::Open,
            None if self.status == OrderStatus::Voided => Phase::Closed,
            None => Phase::Open,
        }
    }

    /// What it says of the attempt that was opened as `expected`, asked at `asked_at`.
    pub fn observed(&self, expected: Expected<'_>, asked_at: Timestamp) -> Observed {
        let currency = expected.currency;
        let amount_of = |capture: &Capture| capture.amount.as_ref().map_or(0, |amount| amount.any(currency));
        let taken: i64 = self.captures().filter(|capture| capture.is_taken()).map(amount_of).sum();
        let undecided = self.captures().any(|capture| capture.status == CaptureStatus::Pending);
        let phase = self.phase(taken, undecided);
        let authorization = self.authorization();
        let held = authorization.filter(|_| phase == Phase::Held).map_or(0, |one| one.amount.any(currency));
        let is_whole = |amount: &Amount| amount.minor(currency) == Some(expected.amount);
        let name = custom_id(expected.order, expected.payment);
        let [unit] = self.purchase_units.as_slice() else {
            return Observed { right: false, ..self.seen(asked_at, phase, expected) };
        };
        let right = self.id == expected.reference
            && unit.custom_id.as_ref() == Some(&name)
            && is_whole(&unit.amount)
            && authorization.is_none_or(|one| is_whole(&one.amount))
            && self
                .captures()
                .all(|capture| capture.amount.as_ref().is_none_or(|amount| amount.currency_code == currency.as_str()))
            && (0..=expected.amount).contains(&taken);
        let until = authorization.and_then(|one| Timestamp::parse(one.expiration_time.as_deref()?).ok());
        Observed {
            right,
            held,
            held_until: until.filter(|_| phase == Phase::Held),
            taken,
            undecided,
            ..self.seen(asked_at, phase, expected)
        }
    }

    /// What does not depend on the sums that are expected.
    fn seen(&self, asked_at: Timestamp, phase: Phase, expected: Expected<'_>) -> Observed {
        let refunds = || self.units().flat_map(|payments| &payments.refunds);
        let amount = |refund: &Refund| refund.amount.as_ref().map_or(0, |amount| amount.any(expected.currency));
        let sum = |wanted| refunds().filter(|refund| refund.state() == wanted).map(amount).sum();
        let denied = self.authorization().is_some_and(|one| one.status == AuthorizationStatus::Denied);
        Observed {
            asked_at,
            phase,
            right: true,
            declined: denied,
            agreed: self.status == OrderStatus::Approved && self.authorization().is_none(),
            undecided: false,
            held: 0,
            held_until: None,
            taken: 0,
            returned: sum(RefundState::Succeeded),
            returning: sum(RefundState::Pending),
            disputed: self.captures().any(|capture| capture.status == CaptureStatus::Reversed),
            contested: {
                let reversed = self.captures().filter(|capture| capture.status == CaptureStatus::Reversed);
                let amount = |capture: &Capture| capture.amount.as_ref().map_or(0, |one| one.any(expected.currency));
                reversed.map(amount).sum()
            },
            refunds: refunds().filter_map(Refund::seen).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn sum(value: &str) -> Value {
        json!({"currency_code": "USD", "value": value})
    }

    fn sample() -> Value {
        json!({
            "id": "5O1", "status": "COMPLETED", "intent": "AUTHORIZE",
            "purchase_units": [{"reference_id": "default", "custom_id": "ord_1:pay_1", "amount": sum("12.50"), "payments": {
                "authorizations": [{"id": "0AW", "status": "CREATED", "amount": sum("12.50"),
                    "expiration_time": "2026-12-19T10:00:00Z"}]}}],
            "payer": {"email_address": "anna@example.com"},
            "links": [{"href": "https://paypal.example/agree", "rel": "payer-action", "method": "GET"}],
        })
    }

    fn seen(change: impl FnOnce(&mut Value)) -> Observed {
        let mut body = sample();
        change(&mut body);
        let expected = Expected::sample("5O1", 1250, "USD");
        order(body.to_string().as_bytes()).unwrap().observed(expected, Timestamp::from_millis(7))
    }

    fn payments(body: &mut Value) -> &mut Value {
        &mut body["purchase_units"][0]["payments"]
    }

    fn captured(status: &str, value: &str, more: Value) -> Observed {
        seen(|body| {
            payments(body)["authorizations"][0]["status"] = json!("CAPTURED");
            payments(body)["captures"] = json!([{"id": "2GG", "status": status, "amount": sum(value)}]);
            payments(body)["refunds"] = more;
        })
    }

    #[test]
    fn a_hold_is_seen_with_its_end() {
        let observed = seen(|_| ());
        assert_eq!((observed.phase, observed.right, observed.held, observed.taken), (Phase::Held, true, 1250, 0));
        assert_eq!(observed.held_until, Timestamp::parse("2026-12-19T10:00:00Z").ok());
        assert!(!observed.agreed && !observed.undecided);
    }

    #[test]
    fn agreeing_moves_no_money() {
        let agreed = |status: &str| {
            let observed = seen(|body| {
                body["status"] = json!(status);
                body["purchase_units"][0].as_object_mut().unwrap().remove("payments");
            });
            (observed.phase, observed.right, observed.agreed, observed.held)
        };
        for status in ["CREATED", "SAVED", "PAYER_ACTION_REQUIRED"] {
            assert_eq!(agreed(status), (Phase::Open, true, false, 0), "{status}");
        }
        assert_eq!(agreed("APPROVED"), (Phase::Open, true, true, 0));
        assert_eq!(agreed("VOIDED"), (Phase::Closed, true, false, 0));
    }

    #[test]
    fn another_sum_currency_or_reference_is_not_right() {
        for (pointer, wrong) in [
            ("/id", json!("5O2")),
            ("/purchase_units/0/custom_id", json!("ord_2:pay_1")),
            ("/purchase_units/0/custom_id", json!(null)),
            ("/purchase_units/0/amount/value", json!("12.49")),
            ("/purchase_units/0/amount/currency_code", json!("EUR")),
            ("/purchase_units/0/payments/authorizations/0/amount/value", json!("0.05")),
            ("/purchase_units/0/payments/authorizations/0/amount/currency_code", json!("JPY")),
        ] {
            let observed = seen(|body| *body.pointer_mut(pointer).unwrap() = wrong.clone());
            assert!(!observed.right, "{pointer}");
        }
        assert!(!seen(|body| body["purchase_units"] = json!([])).right);
        assert!(!captured("COMPLETED", "12.51", json!([])).right);
    }

    #[test]
    fn a_capture_that_is_pending_has_taken_nothing() {
        let pending = captured("PENDING", "12.50", json!([]));
        assert_eq!((pending.phase, pending.undecided, pending.taken), (Phase::Held, true, 0));
        let declined = captured("DECLINED", "12.50", json!([]));
        assert_eq!((declined.phase, declined.undecided, declined.taken), (Phase::Closed, false, 0));
        let part = captured("COMPLETED", "7.00", json!([]));
        assert_eq!((part.phase, part.right, part.taken, part.held), (Phase::Taken, true, 700, 0));
        let reversed = captured("REVERSED", "12.50", json!([]));
        assert_eq!((reversed.disputed, reversed.taken, reversed.contested), (true, 1250, 1250));
    }

    #[test]
    fn a_hold_that_is_gone_is_closed() {
        for status in ["VOIDED", "DENIED", "EXPIRED"] {
            let observed = seen(|body| payments(body)["authorizations"][0]["status"] = json!(status));
            assert_eq!((observed.phase, observed.held), (Phase::Closed, 0), "{status}");
            assert_eq!(observed.declined, status == "DENIED");
        }
    }

    #[test]
    fn refunds_are_counted_by_how_far_they_have_come() {
        let id = RefundId::generate(Timestamp::from_millis(0)).to_string();
        let refund = |n: u32, value: &str, status: &str| json!({"id": format!("R{n}"), "amount": sum(value), "status": status, "invoice_id": id});
        let more = json!([
            refund(1, "1.00", "COMPLETED"),
            refund(2, "0.20", "PENDING"),
            refund(3, "0.03", "FAILED"),
            {"id": "R4", "amount": sum("4.00"), "status": "COMPLETED"},
        ]);
        let observed = captured("PARTIALLY_REFUNDED", "12.50", more);
        assert_eq!((observed.taken, observed.returned, observed.returning), (1250, 500, 20));
        let states: Vec<_> = observed.refunds.iter().map(|refund| (refund.reference.as_str(), refund.state)).collect();
        assert_eq!(states, [("R1", RefundState::Succeeded), ("R2", RefundState::Pending), ("R3", RefundState::Failed)]);
    }

    #[test]
    fn the_page_is_shown_until_the_customer_has_agreed() {
        let page = |status: &str| {
            let mut body = sample();
            body["status"] = json!(status);
            order(body.to_string().as_bytes()).unwrap().page().map(str::to_owned)
        };
        assert_eq!(page("PAYER_ACTION_REQUIRED").as_deref(), Some("https://paypal.example/agree"));
        assert_eq!(page("APPROVED"), None);
    }

    #[test]
    fn no_other_state_is_read() {
        for (pointer, wrong) in [
            ("/status", json!("PAID")),
            ("/purchase_units/0/payments/authorizations/0/status", json!("HELD")),
            ("/purchase_units/0/amount/value", json!(12.5)),
        ] {
            let mut body = sample();
            *body.pointer_mut(pointer).unwrap() = wrong;
            assert!(order(body.to_string().as_bytes()).is_err(), "{pointer}");
        }
    }

    #[test]
    fn a_failure_says_whether_it_is_kept() {
        let said = |status, body: &str| failure(status, body.as_bytes());
        let issue = r#"{"name": "UNPROCESSABLE_ENTITY", "details": [{"issue": "ORDER_NOT_APPROVED"}]}"#;
        assert_eq!(said(422, issue), Failure::Refused("ORDER_NOT_APPROVED".to_owned()));
        assert_eq!(said(404, r#"{"name": "RESOURCE_NOT_FOUND"}"#), Failure::Refused("RESOURCE_NOT_FOUND".to_owned()));
        assert_eq!(said(400, "<html>"), Failure::Refused("status_400".to_owned()));
        assert_eq!((said(409, issue), said(429, "")), (Failure::Busy, Failure::Busy));
        assert_eq!((said(500, issue), said(401, "")), (Failure::Failed, Failure::NotAdmitted));
    }
}
