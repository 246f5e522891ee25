//! The answers. What is not asked for here is not read: the customer's telephone.

use std::time::Duration;

use serde::Deserialize;

use super::request::invoice_of;
use crate::payments::calls::Failure;
use crate::payments::expected::Expected;
use crate::payments::observed::{Observed, Phase};
use crate::platform::clock::Timestamp;
use crate::platform::config::Secret;
use crate::platform::money::{Currency, Money};

/// What bKash says of every call: HTTP's 200 says nothing.
#[derive(Deserialize)]
struct Said {
    #[serde(rename = "statusCode", alias = "internalCode", alias = "errorCode")]
    code: Option<String>,
}

/// A payment.
#[derive(Clone, Debug, Deserialize)]
pub struct Payment {
    /// Its id.
    #[serde(rename = "paymentID")]
    pub id: String,
    #[serde(rename = "transactionStatus")]
    status: Status,
    amount: String,
    currency: String,
    #[serde(rename = "merchantInvoiceNumber", alias = "merchantInvoice")]
    invoice: Option<String>,
    /// What was taken, once it was.
    #[serde(rename = "trxID")]
    pub transaction: Option<String>,
    /// Whether the customer has given their number, code and PIN.
    #[serde(rename = "userVerificationStatus", alias = "verificationStatus")]
    verified: Option<String>,
    /// The page on which the customer agrees; in the answer that opens it alone.
    #[serde(rename = "bkashURL")]
    pub page: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
enum Status {
    Initiated,
    #[serde(alias = "Pending", alias = "Pending Authorized")]
    Authorized,
    Completed,
    #[serde(alias = "Canceled", alias = "Failed", alias = "Expired", alias = "Void")]
    Cancelled,
}

/// What has gone back of a payment.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Refunds {
    #[serde(rename = "refundTransactions", default)]
    all: Vec<Refund>,
}

/// A refund.
#[derive(Clone, Debug, Deserialize)]
pub struct Refund {
    /// What bKash calls it.
    #[serde(rename = "refundTrxId", alias = "refundTrxID")]
    pub transaction: String,
    #[serde(rename = "refundTransactionStatus")]
    status: String,
    #[serde(rename = "refundAmount")]
    amount: String,
}

/// A token.
#[derive(Debug)]
pub struct Granted {
    /// It.
    pub token: Secret,
    /// Until when it is good.
    pub until: Timestamp,
    /// What the next one is asked for by.
    pub refresh: Option<Secret>,
}

#[derive(Deserialize)]
struct StoredGrant {
    id_token: String,
    expires_in: u32,
    refresh_token: Option<String>,
}

/// What it means that bKash answers `status` with `body`: that is all where it went well.
///
/// # Errors
/// It did not.
pub(in crate::payments) fn good(status: u16, body: &[u8]) -> Result<(), Failure> {
    match status {
        200..=299 => {}
        401 | 403 => return Err(Failure::NotAdmitted),
        429 => return Err(Failure::Busy),
        500.. => return Err(Failure::Failed),
        _ => {}
    }
    let said = serde_json::from_slice::<Said>(body).ok().and_then(|said| said.code);
    match said.as_deref() {
        None if status < 300 => Ok(()),
        Some("0000") => Ok(()),
        // Maintenance, and what went wrong at bKash's: nothing is known of it.
        Some("503" | "2020" | "2024") => Err(Failure::Failed),
        Some(code) => Err(Failure::refused(code)),
        None => Err(Failure::refused(&format!("status_{status}"))),
    }
}

/// Reads a payment.
///
/// # Errors
/// It is none, or in a state that is not known.
pub fn payment(body: &[u8]) -> Result<Payment, serde_json::Error> {
    serde_json::from_slice(body)
}

/// Reads what has gone back.
///
/// # Errors
/// It cannot be read.
pub fn refunds(body: &[u8]) -> Result<Refunds, serde_json::Error> {
    serde_json::from_slice(body)
}

/// Reads a refund that was just made.
///
/// # Errors
/// It is none.
pub fn refund(body: &[u8]) -> Result<Refund, serde_json::Error> {
    serde_json::from_slice(body)
}

/// Reads a token that was asked for at `asked_at`.
///
/// # Errors
/// It is none.
pub fn token(body: &[u8], asked_at: Timestamp) -> Result<Granted, serde_json::Error> {
    let StoredGrant { id_token, expires_in, refresh_token } = serde_json::from_slice(body)?;
    let until = asked_at.plus(Duration::from_secs(u64::from(expires_in)));
    Ok(Granted { token: Secret::new(id_token), until, refresh: refresh_token.map(Secret::new) })
}

impl Payment {
    /// Whether bKash says in so many words that the customer has agreed.
    pub fn has_agreed(&self) -> bool {
        self.status == Status::Initiated && self.verified.as_deref() == Some("Complete")
    }

    /// What it says of the attempt that was opened as `expected`, asked at `asked_at`.
    pub fn observed(&self, refunds: &Refunds, expected: Expected<'_>, asked_at: Timestamp) -> Observed {
        let currency = expected.currency;
        let amount = Money::from_decimal(&self.amount, currency).map_or(0, Money::amount);
        let phase = match self.status {
            Status::Initiated => Phase::Open,
            // We ask for no holds; one that is there all the same is not taken for a payment.
            Status::Authorized => Phase::Held,
            Status::Completed => Phase::Taken,
            Status::Cancelled => Phase::Closed,
        };
        let ours = self.invoice.as_ref().is_some_and(|invoice| invoice.starts_with(&invoice_of(expected.order)));
        Observed {
            asked_at,
            phase,
            right: self.id == expected.reference
                && amount == expected.amount
                && self.currency == currency.as_str()
                && ours
                && phase != Phase::Held,
            declined: false,
            // Where bKash does not say whether they have agreed, accepting tells.
            agreed: phase == Phase::Open && self.verified.as_deref() != Some("Incomplete"),
            undecided: false,
            held: 0,
            held_until: None,
            taken: if phase == Phase::Taken { amount } else { 0 },
            returned: refunds.sum(currency, true),
            returning: refunds.sum(currency, false),
            disputed: false,
            contested: 0,
            refunds: Vec::new(),
        }
    }
}

impl Refunds {
    /// The sum of what has gone back, or is on its way.
    fn sum(&self, currency: Currency, done: bool) -> i64 {
        let counts = |refund: &&Refund| match refund.status.as_str() {
            "Completed" => done,
            "Failed" | "Cancelled" => false,
            _ => !done,
        };
        self.all.iter().filter(counts).map(|refund| refund.minor(currency)).sum()
    }

    /// The last refund of this sum.
    pub fn of(&self, amount: Money) -> Option<&Refund> {
        self.all.iter().rev().find(|refund| refund.minor(amount.currency()) == amount.amount() && refund.counts())
    }
}

impl Refund {
    fn minor(&self, currency: Currency) -> i64 {
        Money::from_decimal(&self.amount, currency).map_or(0, Money::amount)
    }

    fn counts(&self) -> bool {
        !["Failed", "Cancelled"].contains(&self.status.as_str())
    }

    /// Whether it has come through.
    pub fn is_done(&self) -> bool {
        self.status == "Completed"
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn sample() -> Value {
        json!({"statusCode": "0000", "statusMessage": "Successful", "paymentID": "TR1", "mode": "0011",
            "amount": "12.50", "currency": "BDT", "intent": "sale", "merchantInvoice": "1-1-abc",
            "transactionStatus": "Completed", "trxID": "6H7801QFYM", "customerMsisdn": "01770618575"})
    }

    fn seen(change: impl FnOnce(&mut Value)) -> Observed {
        let mut body = sample();
        change(&mut body);
        let expected = Expected::sample("TR1", 1250, "BDT");
        let read = payment(body.to_string().as_bytes()).unwrap();
        read.observed(&Refunds::default(), expected, Timestamp::from_millis(7))
    }

    #[test]
    fn only_what_is_completed_is_taken() {
        let taken = seen(|_| ());
        assert_eq!((taken.phase, taken.right, taken.taken), (Phase::Taken, true, 1250));
        let initiated = |verified: Value| {
            let observed = seen(|body| {
                body["transactionStatus"] = json!("Initiated");
                body["userVerificationStatus"] = verified;
            });
            (observed.phase, observed.taken, observed.agreed)
        };
        assert_eq!(initiated(json!("Incomplete")), (Phase::Open, 0, false));
        assert_eq!(initiated(json!("Complete")), (Phase::Open, 0, true));
        assert_eq!(initiated(Value::Null), (Phase::Open, 0, true), "accepting tells");
    }

    #[test]
    fn another_sum_currency_or_reference_is_not_right() {
        for (name, wrong) in [
            ("amount", "12.49"),
            ("currency", "USD"),
            ("paymentID", "TR2"),
            ("merchantInvoice", "2-1-abc"),
            ("transactionStatus", "Authorized"),
        ] {
            assert!(!seen(|body| body[name] = json!(wrong)).right, "{name}");
        }
    }

    #[test]
    fn what_http_says_is_not_what_bkash_says() {
        let said = |status, body: &str| good(status, body.as_bytes());
        assert_eq!(said(200, r#"{"statusCode": "0000"}"#), Ok(()));
        assert_eq!(said(200, r#"{"refundTransactions": []}"#), Ok(()));
        assert_eq!(said(200, r#"{"statusCode": "2023"}"#), Err(Failure::Refused("2023".to_owned())));
        assert_eq!(said(400, r#"{"internalCode": "2029"}"#), Err(Failure::Refused("2029".to_owned())));
        assert_eq!(said(200, r#"{"statusCode": "503"}"#), Err(Failure::Failed));
        assert_eq!((said(401, ""), said(500, "")), (Err(Failure::NotAdmitted), Err(Failure::Failed)));
    }

    #[test]
    fn refunds_add_up() {
        let currency = Currency::parse("BDT").unwrap();
        let list = refunds(
            br#"{"refundTransactions": [
            {"refundTrxId": "A", "refundTransactionStatus": "Completed", "refundAmount": "1.00"},
            {"refundTrxId": "B", "refundTransactionStatus": "Pending", "refundAmount": "0.20"},
            {"refundTrxId": "C", "refundTransactionStatus": "Failed", "refundAmount": "5"}]}"#,
        )
        .unwrap();
        assert_eq!((list.sum(currency, true), list.sum(currency, false)), (100, 20));
        assert_eq!(list.of(Money::new(20, currency)).map(|refund| refund.transaction.as_str()), Some("B"));
        assert!(list.of(Money::new(500, currency)).is_none());
    }
}
