//! eSewa: a form that browsers send, a page to pay on, and the endpoint that says how it stands.

use std::collections::BTreeMap;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::call::{Answer, Book, Peer, Request, Seen, form, unix_now};
use crate::pages;

/// The merchant's code, as it is published for tests.
pub const PRODUCT_CODE: &str = "EPAYTEST";
/// The key that both sides sign with, as it is published for tests.
pub const SECRET_KEY: &str = "8gBm/:&EnhH.1/q";

/// How long the page is open, in seconds; afterwards eSewa knows of nothing.
const SESSION: i64 = 30 * 60;
/// The fields of the form, every one of which must be there.
const FIELDS: [&str; 11] = [
    "amount",
    "tax_amount",
    "product_service_charge",
    "product_delivery_charge",
    "total_amount",
    "transaction_uuid",
    "product_code",
    "success_url",
    "failure_url",
    "signed_field_names",
    "signature",
];
/// What eSewa signs when it sends a customer back, in its order.
const SIGNED: [&str; 6] =
    ["transaction_code", "status", "total_amount", "transaction_uuid", "product_code", "signed_field_names"];

/// How far a payment has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The customer is at it.
    Pending,
    /// It is paid.
    Complete,
    /// All of it went back.
    FullRefund,
    /// Some of it went back.
    PartialRefund,
    /// eSewa does not know.
    Ambiguous,
    /// It was called off.
    Canceled,
}

impl Status {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Complete => "COMPLETE",
            Self::FullRefund => "FULL_REFUND",
            Self::PartialRefund => "PARTIAL_REFUND",
            Self::Ambiguous => "AMBIGUOUS",
            Self::Canceled => "CANCELED",
        }
    }
}

/// A payment.
#[derive(Clone, Debug)]
pub struct Payment {
    /// What the shop calls it.
    pub uuid: String,
    /// How far it has come.
    pub status: Status,
    /// What is to be paid, in paisa.
    pub amount: i64,
    /// What has gone back, in paisa.
    pub refunded: i64,
    /// How often something went back.
    pub refunds: usize,
    /// What was paid, in paisa, where that is not what was to be.
    other: Option<i64>,
    code: String,
    success_url: String,
    failure_url: String,
    sent_at: i64,
}

impl Payment {
    /// What was paid.
    pub fn taken(&self) -> i64 {
        if matches!(self.status, Status::Complete | Status::FullRefund | Status::PartialRefund) {
            self.other.unwrap_or(self.amount)
        } else {
            0
        }
    }

    /// As eSewa writes sums: `1000.0`, `14.99`.
    fn total(&self) -> String {
        let total = self.other.unwrap_or(self.amount);
        let text = format!("{}.{:02}", total / 100, total % 100);
        text.strip_suffix('0').unwrap_or(&text).to_owned()
    }
}

/// eSewa.
#[derive(Debug, Default)]
pub struct Esewa {
    payments: BTreeMap<String, Payment>,
    /// Every payment as it was before its last change, for stale reads.
    before: BTreeMap<String, Payment>,
    book: Book,
    now: Option<i64>,
}

/// The signature of these fields, in this order.
pub fn sign(fields: &[(&str, &str)]) -> String {
    let text: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET_KEY.as_bytes());
    STANDARD.encode(hmac::sign(&key, text.join(",").as_bytes()))
}

fn paisa(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || part.len() > 2 || !digits(whole) || !digits(part) {
        return None;
    }
    format!("{whole}{part:0<2}").parse().ok()
}

impl Esewa {
    /// A browser sends the form: what eSewa calls the payment, whose page is shown then.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn submit(&mut self, fields: &BTreeMap<String, String>) -> Result<String, &'static str> {
        let field = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
        if FIELDS.iter().any(|name| field(name).is_empty()) || fields.len() != FIELDS.len() {
            return Err("a field is missing, or one too many");
        }
        let sums: Option<Vec<i64>> = FIELDS.iter().take(5).map(|name| paisa(field(name))).collect();
        let Some([amount, tax, service, delivery, total]) = sums.as_deref() else { return Err("a sum is none") };
        if amount + tax + service + delivery != *total || *total <= 0 {
            return Err("the sums do not add up");
        }
        let signed: Vec<(&str, &str)> =
            ["total_amount", "transaction_uuid", "product_code"].iter().map(|name| (*name, field(name))).collect();
        if field("signed_field_names") != "total_amount,transaction_uuid,product_code"
            || field("signature") != sign(&signed)
        {
            return Err("invalid payload signature");
        }
        let uuid = field("transaction_uuid");
        if !uuid.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            || field("product_code") != PRODUCT_CODE
        {
            return Err("invalid transaction_uuid or product_code");
        }
        if let Some(known) = self.payments.get(uuid) {
            // The same page loaded anew; anything else is a duplicate.
            let again = known.status == Status::Pending && known.amount == *total && !self.is_over(known);
            return if again { Ok(uuid.to_owned()) } else { Err("duplicate transaction UUID") };
        }
        let payment = Payment {
            uuid: uuid.to_owned(),
            status: Status::Pending,
            amount: *total,
            refunded: 0,
            refunds: 0,
            other: None,
            code: field("product_code").to_owned(),
            success_url: field("success_url").to_owned(),
            failure_url: field("failure_url").to_owned(),
            sent_at: self.now(),
        };
        self.payments.insert(uuid.to_owned(), payment);
        Ok(uuid.to_owned())
    }

    fn now(&self) -> i64 {
        self.now.unwrap_or_else(unix_now)
    }

    /// Sets the time, in seconds since 1970.
    pub fn set_now(&mut self, seconds: i64) {
        self.now = Some(seconds);
    }

    fn is_over(&self, payment: &Payment) -> bool {
        payment.status == Status::Pending && payment.sent_at + SESSION <= self.now()
    }

    /// The customer pays; what their browser brings back as `data`. eSewa's door is never shut.
    ///
    /// # Errors
    /// There is no such payment, or it is paid or called off.
    pub fn pay(&mut self, uuid: &str) -> Result<String, &'static str> {
        let payment = self.payments.get(uuid).ok_or("there is no such payment")?;
        if !matches!(payment.status, Status::Pending | Status::Ambiguous) {
            return Err("it is paid, or was called off");
        }
        self.change(uuid, |payment| payment.status = Status::Complete);
        self.data(uuid).ok_or("there is no such payment")
    }

    /// Another sum is paid than was to be, as no eSewa would have it.
    ///
    /// # Errors
    /// There is no such payment, or it is paid or called off.
    pub fn pay_other(&mut self, uuid: &str, amount: i64) -> Result<String, &'static str> {
        self.change(uuid, |payment| payment.other = Some(amount));
        self.pay(uuid)
    }

    /// What a browser brings back of a payment that was made.
    pub fn data(&self, uuid: &str) -> Option<String> {
        let payment = self.payments.get(uuid)?;
        let (total, names) = (payment.total(), SIGNED.join(","));
        let values = ["0007TS9", "COMPLETE", &total, uuid, &payment.code, &names];
        let fields: Vec<(&str, &str)> = SIGNED.into_iter().zip(values).collect();
        let signature = sign(&fields);
        let json = format!(
            r#"{{"transaction_code":"0007TS9","status":"COMPLETE","total_amount":{total},"transaction_uuid":"{uuid}","product_code":"{}","signed_field_names":"{names}","signature":"{signature}"}}"#,
            payment.code
        );
        Some(STANDARD.encode(json))
    }

    /// eSewa sets how a payment stands: what its portal does, or what it does not know.
    pub fn set(&mut self, uuid: &str, status: Status) {
        self.change(uuid, |payment| payment.status = status);
    }

    /// The staff gives money back in the portal.
    pub fn refund(&mut self, uuid: &str, amount: i64) {
        self.change(uuid, |payment| {
            payment.refunded += amount;
            payment.refunds += 1;
            payment.status =
                if payment.refunded >= payment.amount { Status::FullRefund } else { Status::PartialRefund };
        });
    }

    fn change(&mut self, uuid: &str, change: impl FnOnce(&mut Payment)) {
        if let Some(payment) = self.payments.get_mut(uuid) {
            self.before.insert(uuid.to_owned(), payment.clone());
            change(payment);
        }
    }

    /// The payments, by what the shop calls them.
    pub fn payments(&self) -> impl Iterator<Item = &Payment> {
        self.payments.values()
    }

    /// All calls so far.
    pub fn calls(&self) -> &[Seen] {
        self.book.calls()
    }

    /// The page on which one pays.
    pub fn page(&self, uuid: &str) -> Option<String> {
        let payment = self.payments.get(uuid)?;
        Some(pages::page("A stand-in for eSewa", &format!("NPR {}", payment.total()), &pages::ACTS))
    }

    /// Does what was chosen on the page; where to go then.
    pub fn act(&mut self, uuid: &str, act: &str) -> Option<String> {
        let paid = if act == "pay" { self.pay(uuid).ok() } else { None };
        if act == "decline" {
            self.change(uuid, |payment| payment.status = Status::Canceled);
        }
        let payment = self.payments.get(uuid)?;
        Some(match paid {
            // eSewa puts a question mark of its own behind the address.
            Some(data) => pages::with(&payment.success_url, "data", &data),
            None => payment.failure_url.clone(),
        })
    }

    /// What was really done.
    pub fn ledger(&self) -> Value {
        let one = |payment: &Payment| {
            json!({"uuid": payment.uuid, "status": payment.status.as_str(), "amount": payment.amount,
                "captured": payment.taken(), "refunded": payment.refunded})
        };
        json!({"payments": self.payments.values().map(one).collect::<Vec<_>>(), "calls": self.calls().len()})
    }
}

impl Peer for Esewa {
    fn answer(&mut self, request: &Request, stale: bool) -> Answer {
        let answer = |status, body| Answer { status, body, kept: false };
        if request.method != "GET" || request.path != "/api/epay/transaction/status/" {
            return answer(404, json!({"error_message": "there is nothing here"}));
        }
        let mut asked = form(&request.form);
        let mut take = |name: &str| asked.remove(name).filter(|value| !value.is_empty());
        let (code, total, uuid) = (take("product_code"), take("total_amount"), take("transaction_uuid"));
        let (Some(code), Some(total), Some(uuid)) = (code, total.as_deref().and_then(paisa), uuid) else {
            return answer(400, json!({"error_message": "product_code, total_amount and transaction_uuid are needed"}));
        };
        let before = self.before.get(&uuid).filter(|_| stale);
        let found = before.or_else(|| self.payments.get(&uuid));
        let found = found.filter(|payment| payment.code == code && payment.amount == total && !self.is_over(payment));
        let Some(payment) = found else {
            let body = json!({"product_code": code, "transaction_uuid": uuid, "total_amount": 0.0, "status": "NOT_FOUND",
                "ref_id": null});
            return answer(200, body);
        };
        let total: Value = serde_json::from_str(&payment.total()).unwrap_or_default();
        let paid = (payment.taken() > 0).then_some("0007TS9");
        let body = json!({"product_code": payment.code, "transaction_uuid": payment.uuid, "total_amount": total,
            "status": payment.status.as_str(), "ref_id": paid});
        answer(200, body)
    }

    fn book(&mut self) -> &mut Book {
        &mut self.book
    }

    fn failed(&self) -> Answer {
        let body = json!({"code": 0, "error_message": "Service is currently unavailable"});
        Answer { status: 200, body, kept: false }
    }

    fn busy(&self) -> Answer {
        Answer { status: 503, body: json!({"error_message": "too much at once"}), kept: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_form_has_its_published_signature() {
        let fields = [("total_amount", "110"), ("transaction_uuid", "241028"), ("product_code", "EPAYTEST")];
        assert_eq!(sign(&fields), "i94zsd3oXF6ZsSr/kGqT4sSzYQzjj1W/waxjWyRwaME=");
    }
}
