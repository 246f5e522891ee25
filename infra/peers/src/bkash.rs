//! bKash: payments that the customer agrees to on a page and the shop executes, refunds, and a token that is not given often.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::call::{Answer, Book, Peer, Request, Seen, unix_now};
use crate::pages;

/// The app's key.
pub const APP_KEY: &str = "app-key-local-peer";
/// The app's secret.
pub const APP_SECRET: &str = "app-secret-local-peer";
/// The merchant's name.
pub const USERNAME: &str = "merchant-local-peer";
/// The merchant's password.
pub const PASSWORD: &str = "password-local-peer";

/// The topic by which it tells of payments.
pub const TOPIC: &str = "arn:aws:sns:ap-southeast-1:000000000000:bkash-peer";
/// What the topic is let to tell by.
pub const TOKEN_TO_CONFIRM: &str = "2336412f37fb687f5d51e6e241d09c805a5a57b30d712f794cc5f6a988666d92";

/// How long a token is good, in seconds; in as long, it is given twice.
const TOKEN: i64 = 3600;
/// How long one can agree to a payment, in seconds.
const SESSION: i64 = 24 * 3600;
/// How long after a payment money can go back, in seconds.
const REFUNDABLE: i64 = 15 * 24 * 3600;
/// How many parts can go back.
const MAX_REFUNDS: usize = 10;

/// How far a payment has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nobody has agreed, or nobody has executed it.
    Initiated,
    /// The money was taken.
    Completed,
    /// It is over.
    Cancelled,
}

/// Money that went back.
#[derive(Clone, Debug)]
pub struct Refund {
    /// Its id.
    pub id: String,
    /// How much, in poisha.
    pub amount: i64,
    /// What the shop has noted with it.
    pub sku: String,
}

/// A payment.
#[derive(Clone, Debug)]
pub struct Payment {
    /// Its id.
    pub id: String,
    /// The shop's number.
    pub invoice: String,
    /// How far it has come.
    pub status: Status,
    /// How much, in poisha.
    pub amount: i64,
    /// What went back.
    pub refunds: Vec<Refund>,
    /// Whether the customer has agreed.
    pub agreed: bool,
    /// The code that it is refused by once it is executed, such as 2023.
    refused: Option<&'static str>,
    transaction: Option<String>,
    callback: String,
    created: i64,
    taken_at: i64,
}

impl Payment {
    /// What was taken.
    pub fn taken(&self) -> i64 {
        if self.status == Status::Completed { self.amount } else { 0 }
    }

    fn gone(&self) -> i64 {
        self.refunds.iter().map(|refund| refund.amount).sum()
    }

    fn json(&self) -> Value {
        let status = match self.status {
            Status::Initiated => "Initiated",
            Status::Completed => "Completed",
            Status::Cancelled => "Cancelled",
        };
        let verified = if self.agreed { "Complete" } else { "Incomplete" };
        let mut body = json!({"statusCode": "0000", "statusMessage": "Successful", "paymentID": self.id, "mode": "0011",
            "amount": text(self.amount), "currency": "BDT", "intent": "sale", "transactionStatus": status,
            "merchantInvoice": self.invoice, "userVerificationStatus": verified, "payerReference": "peer"});
        if let (Some(transaction), Some(body)) = (&self.transaction, body.as_object_mut()) {
            body.insert("trxID".to_owned(), json!(transaction));
            body.insert("customerMsisdn".to_owned(), json!("01770618575"));
        }
        body
    }
}

/// bKash.
#[derive(Debug, Default)]
pub struct Bkash {
    payments: BTreeMap<String, Payment>,
    before: BTreeMap<String, Payment>,
    book: Book,
    events: Vec<Value>,
    tokens: BTreeMap<String, i64>,
    /// Those by which another is asked for.
    refresh_tokens: Vec<String>,
    /// How often the topic was let to tell.
    pub confirmed: u32,
    /// When a token was asked for.
    pub grants: Vec<i64>,
    /// How often a token was asked for too often.
    pub blocked: u32,
    /// The least that it takes, in poisha: bKash publishes none.
    pub least: i64,
    made: u32,
    now: Option<i64>,
}

fn text(poisha: i64) -> String {
    format!("{}.{:02}", poisha / 100, poisha % 100)
}

fn poisha(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let good = !whole.is_empty() && part.len() <= 2 && digits(whole) && digits(part);
    format!("{whole}{part:0<2}").parse().ok().filter(|amount| good && *amount > 0)
}

fn ok(body: Value) -> Answer {
    Answer { status: 200, body, kept: false }
}

/// A refusal: HTTP says 200 all the same.
fn refused(code: &str) -> Answer {
    ok(json!({"statusCode": code, "statusMessage": "The request was refused."}))
}

/// A refusal by v2.
fn refused_v2(code: &str) -> Answer {
    let body = json!({"internalCode": code, "externalCode": code, "errorMessageEn": "The request was refused."});
    Answer { status: 400, body, kept: false }
}

/// The members of a body, which are exactly these texts.
fn members<const N: usize>(body: &Map<String, Value>, names: [&str; N]) -> Option<[String; N]> {
    let texts = names.map(|name| body.get(name).and_then(Value::as_str).map(str::to_owned).unwrap_or_default());
    (body.len() == N && texts.iter().all(|text| !text.is_empty())).then_some(texts)
}

impl Bkash {
    fn route(&mut self, request: &Request, stale: bool) -> Answer {
        let Ok(Value::Object(body)) = serde_json::from_str::<Value>(&request.form) else { return refused("2025") };
        if request.method != "POST" {
            return Answer { status: 405, body: json!({"message": "Method Not Allowed"}), kept: false };
        }
        let path = request.path.as_str();
        match path {
            "/v1.2.0-beta/tokenized/checkout/token/grant" => return self.grant(request, &body),
            "/v1.2.0-beta/tokenized/checkout/token/refresh" => return self.refresh(request, &body),
            _ => {}
        }
        let token = self.tokens.get(&request.authorization).is_some_and(|until| *until > self.now());
        if !token || request.header("x-app-key") != APP_KEY {
            return Answer { status: 401, body: json!({"message": "The incoming token has expired"}), kept: false };
        }
        match path {
            "/v1.2.0-beta/tokenized/checkout/create" => self.create(&body, request.header("host")),
            "/v1.2.0-beta/tokenized/checkout/execute" => self.execute(&body),
            "/v1.2.0-beta/tokenized/checkout/payment/status" => self.status(&body, stale),
            "/v1.2.0-beta/tokenized/checkout/payment/refund" => {
                let names = ["paymentID", "trxID", "amount", "sku", "reason"];
                let Some([payment, transaction, amount, sku, _]) = members(&body, names) else {
                    return refused("2065");
                };
                match self.give_back(&payment, &transaction, &amount, sku) {
                    Ok(refund) => ok(json!({"statusCode": "0000", "statusMessage": "Successful",
                        "originalTrxID": transaction, "refundTrxID": refund.id, "transactionStatus": "Completed",
                        "amount": text(refund.amount), "currency": "BDT"})),
                    Err(code) => refused(code),
                }
            }
            "/v2/tokenized-checkout/refund/payment/transaction" => {
                let names = ["paymentId", "trxId", "refundAmount", "sku", "reason"];
                let Some([payment, transaction, amount, sku, _]) = members(&body, names) else {
                    return refused_v2("2065");
                };
                match self.give_back(&payment, &transaction, &amount, sku) {
                    Ok(refund) => ok(json!({"originalTrxId": transaction, "refundTrxId": refund.id,
                        "refundTransactionStatus": "Completed", "refundAmount": text(refund.amount), "currency": "BDT",
                        "sku": refund.sku})),
                    Err(code) => refused_v2(code),
                }
            }
            "/v2/tokenized-checkout/refund/payment/status" => self.refunds(&body, stale),
            _ => Answer { status: 404, body: json!({"message": "there is nothing here"}), kept: false },
        }
    }

    fn grant(&mut self, request: &Request, body: &Map<String, Value>) -> Answer {
        let asked = members(body, ["app_key", "app_secret"]);
        self.let_in(request, asked == Some([APP_KEY.to_owned(), APP_SECRET.to_owned()]))
    }

    fn refresh(&mut self, request: &Request, body: &Map<String, Value>) -> Answer {
        let asked = members(body, ["app_key", "app_secret", "refresh_token"]);
        let good = asked.is_some_and(|[key, secret, token]| {
            key == APP_KEY && secret == APP_SECRET && self.refresh_tokens.contains(&token)
        });
        self.let_in(request, good)
    }

    /// Gives a token, but not often.
    fn let_in(&mut self, request: &Request, good: bool) -> Answer {
        let now = self.now();
        if request.header("username") != USERNAME || request.header("password") != PASSWORD || !good {
            return refused("2001");
        }
        self.grants.push(now);
        let lately = self.grants.iter().filter(|at| **at > now - TOKEN).count();
        if lately > 2 {
            self.blocked += 1;
            return refused("2001");
        }
        let (token, refresh) = (format!("eyJ-{}", self.id("token")), format!("eyJ-{}", self.id("refresh")));
        self.tokens.insert(token.clone(), now + TOKEN);
        self.refresh_tokens.push(refresh.clone());
        ok(json!({"statusCode": "0000", "statusMessage": "Successful", "id_token": token, "token_type": "Bearer",
            "expires_in": TOKEN, "refresh_token": refresh}))
    }

    fn create(&mut self, body: &Map<String, Value>, host: &str) -> Answer {
        let names = ["mode", "payerReference", "callbackURL", "amount", "currency", "intent", "merchantInvoiceNumber"];
        let Some([mode, _, callback, amount, currency, intent, invoice]) = members(body, names) else {
            return refused("2065");
        };
        let Some(amount) = poisha(&amount).filter(|amount| *amount >= self.least) else { return refused("2006") };
        if mode != "0011" || intent != "sale" || currency != "BDT" {
            return refused(if currency == "BDT" { "2008" } else { "2007" });
        }
        if self.payments.values().any(|payment| payment.invoice == invoice) {
            return refused("2029");
        }
        let id = self.id("TR0011");
        let payment = Payment {
            id: id.clone(),
            invoice,
            status: Status::Initiated,
            amount,
            refunds: Vec::new(),
            agreed: false,
            refused: None,
            transaction: None,
            callback: callback.clone(),
            created: self.now(),
            taken_at: 0,
        };
        let mut body = payment.json();
        if let Some(body) = body.as_object_mut() {
            body.remove("userVerificationStatus");
            body.insert("merchantInvoiceNumber".to_owned(), json!(payment.invoice));
            body.remove("merchantInvoice");
            body.insert("bkashURL".to_owned(), json!(format!("http://{host}/pay/bkash/{id}")));
            body.insert("callbackURL".to_owned(), json!(callback));
        }
        self.payments.insert(id, payment);
        ok(body)
    }

    fn execute(&mut self, body: &Map<String, Value>) -> Answer {
        let Some([id]) = members(body, ["paymentID"]) else { return refused("2065") };
        let now = self.now();
        let Some(payment) = self.payments.get(&id) else { return refused("2002") };
        match (payment.status, payment.refused) {
            (Status::Completed, _) => return refused("2117"),
            (Status::Cancelled, _) => return refused("2069"),
            (Status::Initiated, _) if payment.created + SESSION <= now => return refused("2056"),
            (Status::Initiated, _) if !payment.agreed => return refused("2060"),
            (Status::Initiated, Some(code)) => return refused(code),
            (Status::Initiated, None) => {}
        }
        let transaction = self.id("TRX");
        self.change(&id, |payment| {
            (payment.status, payment.transaction, payment.taken_at) = (Status::Completed, Some(transaction), now);
        });
        self.happened(&id);
        self.shown(&id)
    }

    /// Notes what the topic tells of a payment that was made.
    fn happened(&mut self, id: &str) {
        let Some(payment) = self.payments.get(id) else { return };
        self.events.push(
            json!({"dateTime": "20261120100000", "debitMSISDN": "8801770618575", "creditShortCode": "ORG001",
            "trxID": payment.transaction, "transactionStatus": "Completed", "transactionType": "1003",
            "amount": text(payment.amount), "currency": "BDT", "merchantInvoiceNumber": payment.invoice}),
        );
    }

    /// What the topic has not told yet.
    pub fn take_events(&mut self) -> Vec<Value> {
        std::mem::take(&mut self.events)
    }

    /// The topic is let to tell, by a call of Amazon's notification service; whether it was asked for rightly.
    pub(crate) fn confirm(&mut self, query: &BTreeMap<String, String>) -> bool {
        let is = |name: &str, value: &str| query.get(name).is_some_and(|said| said == value);
        let good = is("Action", "ConfirmSubscription") && is("TopicArn", TOPIC) && is("Token", TOKEN_TO_CONFIRM);
        self.confirmed += u32::from(good);
        good
    }

    fn shown(&self, id: &str) -> Answer {
        self.payments.get(id).map_or_else(|| refused("2002"), |payment| ok(payment.json()))
    }

    fn status(&self, body: &Map<String, Value>, stale: bool) -> Answer {
        let Some([id]) = members(body, ["paymentID"]) else { return refused("2065") };
        match self.before.get(&id).filter(|_| stale) {
            Some(payment) => ok(payment.json()),
            None => self.shown(&id),
        }
    }

    fn give_back(&mut self, id: &str, transaction: &str, amount: &str, sku: String) -> Result<Refund, &'static str> {
        let now = self.now();
        let payment = self.payments.get(id).ok_or("2002")?;
        let amount = poisha(amount).ok_or("2006")?;
        if payment.transaction.as_deref() != Some(transaction) {
            return Err("2033");
        }
        if payment.taken_at + REFUNDABLE <= now || payment.refunds.len() >= MAX_REFUNDS {
            return Err("2035");
        }
        if amount > payment.amount - payment.gone() {
            return Err("2026");
        }
        let refund = Refund { id: self.id("RFD"), amount, sku };
        self.change(id, |payment| payment.refunds.push(refund.clone()));
        Ok(refund)
    }

    fn refunds(&self, body: &Map<String, Value>, stale: bool) -> Answer {
        let Some([id, transaction]) = members(body, ["paymentId", "trxId"]) else { return refused_v2("2065") };
        let before = self.before.get(&id).filter(|_| stale);
        let Some(payment) = before.or_else(|| self.payments.get(&id)) else { return refused_v2("2002") };
        if payment.transaction.as_deref() != Some(&transaction) {
            return refused_v2("2033");
        }
        let one = |refund: &Refund| {
            json!({"refundTrxId": refund.id, "refundTransactionStatus": "Completed",
                "refundAmount": text(refund.amount)})
        };
        ok(json!({"originalTrxId": transaction, "originalTrxAmount": text(payment.amount),
            "refundTransactions": payment.refunds.iter().map(one).collect::<Vec<_>>()}))
    }

    fn change(&mut self, id: &str, change: impl FnOnce(&mut Payment)) {
        if let Some(payment) = self.payments.get_mut(id) {
            self.before.insert(id.to_owned(), payment.clone());
            change(payment);
        }
    }

    fn id(&mut self, prefix: &str) -> String {
        self.made += 1;
        format!("{prefix}{:010}", self.made)
    }

    fn now(&self) -> i64 {
        self.now.unwrap_or_else(unix_now)
    }

    /// Sets the time, in seconds since 1970.
    pub fn set_now(&mut self, seconds: i64) {
        self.now = Some(seconds);
    }

    /// All tokens end before their time.
    pub fn revoke_tokens(&mut self) {
        self.tokens.clear();
    }

    /// None of the tokens is renewed any more.
    pub fn revoke_refresh_tokens(&mut self) {
        self.refresh_tokens.clear();
    }

    /// The customer agrees on the page; `refused` is the code that bKash refuses to execute it by.
    ///
    /// # Errors
    /// There is no such payment, or it is over.
    pub fn agree(&mut self, id: &str, refused: Option<&'static str>) -> Result<(), &'static str> {
        let payment = self.payments.get(id).ok_or("there is no such payment")?;
        if payment.status != Status::Initiated {
            return Err("it is over");
        }
        self.change(id, |payment| (payment.agreed, payment.refused) = (true, refused));
        Ok(())
    }

    /// The staff gives money back in the portal.
    pub fn give_back_by_hand(&mut self, id: &str, amount: i64) {
        let refund = Refund { id: self.id("RFD"), amount, sku: "portal".to_owned() };
        self.change(id, |payment| payment.refunds.push(refund));
    }

    /// The page on which the customer agrees.
    pub fn page(&self, id: &str) -> Option<String> {
        let payment = self.payments.get(id)?;
        Some(pages::page("A stand-in for bKash", &format!("BDT {}", text(payment.amount)), &pages::ACTS))
    }

    /// Does what was chosen on the page; where to go then.
    pub fn act(&mut self, id: &str, act: &str) -> Option<String> {
        let status = match act {
            "pay" => self.agree(id, None).map_or("failure", |()| "success"),
            "decline" => self.agree(id, Some("2023")).map_or("failure", |()| "success"),
            _ => {
                self.change(id, |payment| payment.status = Status::Cancelled);
                "cancel"
            }
        };
        let payment = self.payments.get(id)?;
        Some(pages::with(&pages::with(&payment.callback, "paymentID", id), "status", status))
    }

    /// The payments, by their ids.
    pub fn payments(&self) -> impl Iterator<Item = &Payment> {
        self.payments.values()
    }

    /// All calls so far.
    pub fn calls(&self) -> &[Seen] {
        self.book.calls()
    }

    /// What was really done.
    pub fn ledger(&self) -> Value {
        let one = |payment: &Payment| {
            json!({"id": payment.id, "invoice": payment.invoice, "amount": payment.amount, "captured": payment.taken(),
                "refunded": payment.gone()})
        };
        let payments: Vec<_> = self.payments.values().map(one).collect();
        json!({"payments": payments, "grants": self.grants.len(), "calls": self.calls().len()})
    }
}

impl Peer for Bkash {
    fn answer(&mut self, request: &Request, stale: bool) -> Answer {
        self.route(request, stale)
    }

    fn book(&mut self) -> &mut Book {
        &mut self.book
    }

    fn failed(&self) -> Answer {
        Answer { status: 500, body: json!({"message": "Internal server error"}), kept: false }
    }

    fn busy(&self) -> Answer {
        Answer { status: 429, body: json!({"message": "Too Many Requests"}), kept: false }
    }
}
