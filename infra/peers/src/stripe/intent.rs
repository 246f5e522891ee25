//! Payment intents, from their making to the money.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::params::{Expand, Params};
use super::refund::{Refund, RefundStatus};
use super::{Stripe, Who};
use crate::call::Answer;
use crate::pages;

/// How long a card's hold lasts, in seconds.
const HOLD: i64 = 7 * 24 * 3600;

/// How far an intent has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nobody has paid, or the last try was declined.
    RequiresPaymentMethod,
    /// The payer's bank wants to see them.
    RequiresAction,
    /// The money is held.
    RequiresCapture,
    /// The money was taken.
    Succeeded,
    /// It is over.
    Canceled,
}

impl Status {
    const fn as_str(self) -> &'static str {
        match self {
            Self::RequiresPaymentMethod => "requires_payment_method",
            Self::RequiresAction => "requires_action",
            Self::RequiresCapture => "requires_capture",
            Self::Succeeded => "succeeded",
            Self::Canceled => "canceled",
        }
    }
}

/// An intent.
#[derive(Clone, Debug)]
pub struct Intent {
    /// Its id.
    pub id: String,
    /// How far it has come.
    pub status: Status,
    /// What is to be paid.
    pub amount: i64,
    /// In which currency, in lower case.
    pub currency: String,
    /// What was taken.
    pub received: i64,
    /// How often money was taken.
    pub captures: u32,
    /// What the shop has noted with it.
    pub metadata: BTreeMap<String, String>,
    /// How a dispute about it stands, if there is or was one.
    pub dispute: Option<&'static str>,
    /// Whether the payer goes to their bank as soon as something is taken.
    pub(super) disputes: bool,
    created: i64,
    secret: String,
    charge: Option<String>,
    held_at: i64,
    declined: bool,
    reason: Option<String>,
}

impl Intent {
    /// What is held by it.
    pub fn held(&self) -> i64 {
        if self.status == Status::RequiresCapture { self.amount } else { 0 }
    }

    fn charge(&self, refunds: &[Refund], expand: Expand) -> Value {
        let Some(id) = &self.charge else { return Value::Null };
        if !expand.charge {
            return json!(id);
        }
        let ours: Vec<_> = refunds.iter().filter(|refund| refund.intent == self.id).collect();
        let gone: i64 = ours.iter().filter(|refund| refund.counts()).map(|refund| refund.amount).sum();
        let mut charge = json!({
            "id": id, "object": "charge", "amount": self.amount, "amount_captured": self.received, "amount_refunded": gone,
            "captured": self.received > 0, "currency": self.currency, "disputed": self.dispute.is_some(), "metadata": self.metadata,
            "payment_intent": self.id, "refunded": gone > 0 && gone == self.received,
            "payment_method_details": {"type": "card", "card": {
                "brand": "visa", "last4": "4242", "capture_before": self.held_at + HOLD}},
        });
        if expand.refunds {
            // The newest first, ten of them, as Stripe shows them.
            let data: Vec<_> = ours.iter().rev().take(10).map(|refund| refund.json()).collect();
            let url = format!("/v1/charges/{id}/refunds");
            let list = json!({"object": "list", "data": data, "has_more": ours.len() > 10, "url": url});
            charge
                .as_object_mut()
                .into_iter()
                .for_each(|charge| drop(charge.insert("refunds".to_owned(), list.clone())));
        }
        charge
    }

    fn json(&self, refunds: &[Refund], expand: Expand) -> Value {
        let error = json!({"type": "card_error", "code": "card_declined", "message": "Your card was declined."});
        json!({
            "id": self.id, "object": "payment_intent", "amount": self.amount, "amount_capturable": self.held(),
            "amount_received": self.received, "capture_method": "manual", "client_secret": self.secret,
            "created": self.created, "currency": self.currency, "latest_charge": self.charge(refunds, expand),
            "last_payment_error": if self.declined { error } else { Value::Null }, "livemode": false,
            "metadata": self.metadata, "payment_method_types": ["card"], "status": self.status.as_str(),
            "cancellation_reason": self.reason,
        })
    }

    pub(super) fn ledger(&self, refunds: &[Refund]) -> Value {
        let own = || refunds.iter().filter(|refund| refund.intent == self.id);
        let refunded: i64 = own().filter(|refund| refund.counts()).map(|refund| refund.amount).sum();
        let refunds: Vec<_> = own().map(Refund::json).collect();
        json!({"id": self.id, "status": self.status.as_str(), "amount": self.amount, "currency": self.currency,
            "held": self.held(), "captured": self.received, "captures": self.captures, "metadata": self.metadata,
            "refunded": refunded, "refunds": refunds})
    }
}

macro_rules! given {
    ($result:expr) => {
        match $result {
            Ok(value) => value,
            Err(answer) => return answer,
        }
    };
}
pub(super) use given;

impl Stripe {
    pub(super) fn create(&mut self, mut params: Params) -> Answer {
        let amount = given!(params.amount("amount"));
        let currency = given!(params.required("currency"));
        let capture_method = params.take("capture_method").unwrap_or_else(|| "automatic_async".to_owned());
        let types = params.list("payment_method_types");
        let metadata = params.map("metadata").into_iter().collect();
        let expand = given!(params.expand());
        given!(params.nothing_else());
        let Some(amount) = amount else {
            return Answer::error(400, "invalid_request_error", "parameter_missing", "Missing required param: amount.");
        };
        let is_currency = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_lowercase());
        if !is_currency || capture_method != "manual" || types != ["card"] || amount > 99_999_999 {
            let message = "This peer makes intents by card that are captured by hand";
            return Answer::error(400, "invalid_request_error", "parameter_invalid", message);
        }
        let id = self.id("pi");
        let intent = Intent {
            secret: format!("{id}_secret_{:08x}", self.made.wrapping_mul(2_654_435_761)),
            id: id.clone(),
            status: Status::RequiresPaymentMethod,
            amount,
            currency,
            received: 0,
            captures: 0,
            metadata,
            dispute: None,
            disputes: false,
            created: self.now(),
            charge: None,
            held_at: 0,
            declined: false,
            reason: None,
        };
        self.intents.insert(id.clone(), intent);
        self.shown(&id, expand)
    }

    fn shown(&self, id: &str, expand: Expand) -> Answer {
        match self.intents.get(id) {
            Some(intent) => Answer::ok(intent.json(&self.refunds, expand)),
            None => Answer::missing("payment_intent"),
        }
    }

    pub(super) fn show(&mut self, id: &str, mut params: Params, who: Who, stale: bool) -> Answer {
        let expand = given!(params.expand());
        let secret = params.take("client_secret");
        given!(params.nothing_else());
        let intent = if stale { self.before.get(id).or_else(|| self.intents.get(id)) } else { self.intents.get(id) };
        let Some(intent) = intent else { return Answer::missing("payment_intent") };
        if who == Who::Browser && secret.as_deref() != Some(&intent.secret) {
            return Answer::missing("payment_intent");
        }
        let refunds = if stale { &[][..] } else { &self.refunds[..] };
        Answer::ok(intent.json(refunds, expand))
    }

    /// The payer pays, by one of the cards that are published for tests.
    pub(super) fn confirm(&mut self, id: &str, mut params: Params, who: Who) -> Answer {
        let method = given!(params.required("payment_method"));
        let secret = params.take("client_secret");
        params.take("return_url");
        let expand = given!(params.expand());
        given!(params.nothing_else());
        let Some(intent) = self.intents.get(id) else { return Answer::missing("payment_intent") };
        if who == Who::Browser && secret.as_deref() != Some(&intent.secret) {
            return Answer::missing("payment_intent");
        }
        match method.as_str() {
            "pm_card_visa" => given!(self.pay(id)),
            "pm_card_createDispute" => {
                given!(self.pay(id));
                given!(self.change(id, &[Status::RequiresCapture], |intent, _| intent.disputes = true));
            }
            "pm_card_chargeDeclined" | "pm_card_visa_chargeDeclined" => {
                given!(self.decline(id));
                return Answer::error(402, "card_error", "card_declined", "Your card was declined.");
            }
            "pm_card_authenticationRequired" => {
                given!(
                    self.change(id, &[Status::RequiresPaymentMethod], |intent, _| intent.status =
                        Status::RequiresAction)
                );
            }
            _ => return Answer::missing("PaymentMethod"),
        }
        self.shown(id, expand)
    }

    /// The payer pays.
    ///
    /// # Errors
    /// The intent cannot be paid any more.
    pub fn pay(&mut self, id: &str) -> Result<(), Answer> {
        let charge = self.id("ch");
        self.change(id, &[Status::RequiresPaymentMethod, Status::RequiresAction], |intent, now| {
            (intent.status, intent.charge, intent.held_at) = (Status::RequiresCapture, Some(charge), now);
            intent.declined = false;
        })?;
        self.tell(id, "payment_intent.amount_capturable_updated");
        Ok(())
    }

    /// The payer's card is declined.
    ///
    /// # Errors
    /// The intent cannot be paid any more.
    pub fn decline(&mut self, id: &str) -> Result<(), Answer> {
        self.change(id, &[Status::RequiresPaymentMethod, Status::RequiresAction], |intent, _| {
            (intent.status, intent.declined) = (Status::RequiresPaymentMethod, true);
        })?;
        self.tell(id, "payment_intent.payment_failed");
        Ok(())
    }

    /// The page on which an intent is paid, for who has no browser with a script.
    pub fn page(&self, id: &str) -> Option<String> {
        let intent = self.intents.get(id)?;
        let about = format!("{} {}, in minor units; {}", intent.amount, intent.currency, intent.status.as_str());
        Some(pages::page("A card, by a stand-in for Stripe", &about, &pages::ACTS))
    }

    /// Does what was chosen on the page; where to go then.
    pub fn act(&mut self, id: &str, act: &str) -> Option<String> {
        // Whoever cannot pay any more sees it on the page.
        let _ = match act {
            "pay" => self.pay(id),
            "decline" => self.decline(id),
            _ => Ok(()),
        };
        self.intents.contains_key(id).then(|| format!("/pay/stripe/{id}"))
    }

    pub(super) fn capture(&mut self, id: &str, mut params: Params) -> Answer {
        let wanted = given!(params.amount("amount_to_capture"));
        let expand = given!(params.expand());
        given!(params.nothing_else());
        let Some(intent) = self.intents.get(id) else { return Answer::missing("payment_intent") };
        let amount = wanted.unwrap_or(intent.amount);
        if intent.status == Status::RequiresCapture && amount > intent.amount {
            return Answer::refused(
                "amount_too_large",
                "The amount could not be captured because it is greater than the hold",
            );
        }
        given!(self.change(id, &[Status::RequiresCapture], |intent, _| {
            (intent.status, intent.received) = (Status::Succeeded, amount);
            intent.captures += 1;
        }));
        self.tell(id, "payment_intent.succeeded");
        if self.intents.get(id).is_some_and(|intent| intent.disputes) {
            given!(self.dispute(id));
        }
        self.shown(id, expand)
    }

    pub(super) fn cancel(&mut self, id: &str, mut params: Params) -> Answer {
        let reason = params.take("cancellation_reason");
        let known = ["duplicate", "fraudulent", "requested_by_customer", "abandoned"];
        if reason.as_ref().is_some_and(|reason| !known.contains(&reason.as_str())) {
            return Answer::error(400, "invalid_request_error", "parameter_invalid", "Invalid cancellation_reason");
        }
        let expand = given!(params.expand());
        given!(params.nothing_else());
        let from = [Status::RequiresPaymentMethod, Status::RequiresAction, Status::RequiresCapture];
        given!(self.change(id, &from, |intent, _| (intent.status, intent.reason) = (Status::Canceled, reason)));
        self.tell(id, "payment_intent.canceled");
        self.shown(id, expand)
    }

    /// Lets go of the holds whose time is over.
    pub(super) fn run_out(&mut self) {
        let now = self.now();
        let over = |intent: &&Intent| intent.status == Status::RequiresCapture && intent.held_at + HOLD <= now;
        let over: Vec<String> = self.intents.values().filter(over).map(|intent| intent.id.clone()).collect();
        for id in over {
            let reason = Some("automatic".to_owned());
            let changed = self.change(&id, &[Status::RequiresCapture], |intent, _| {
                (intent.status, intent.reason) = (Status::Canceled, reason);
            });
            if changed.is_ok() {
                self.tell(&id, "charge.expired");
                self.tell(&id, "payment_intent.canceled");
            }
        }
    }

    pub(super) fn change(
        &mut self,
        id: &str,
        from: &[Status],
        change: impl FnOnce(&mut Intent, i64),
    ) -> Result<(), Answer> {
        let now = self.now();
        let intent = self.intents.get_mut(id).ok_or_else(|| Answer::missing("payment_intent"))?;
        if !from.contains(&intent.status) {
            let message = format!("This PaymentIntent has a status of {}.", intent.status.as_str());
            return Err(Answer::refused("payment_intent_unexpected_state", &message));
        }
        self.before.insert(id.to_owned(), intent.clone());
        change(intent, now);
        Ok(())
    }

    pub(super) fn tell(&mut self, id: &str, kind: &str) {
        let Some(intent) = self.intents.get(id) else { return };
        let object = if kind.starts_with("charge.") {
            intent.charge(&self.refunds, Expand { charge: true, refunds: false })
        } else {
            intent.json(&self.refunds, Expand::default())
        };
        self.happened(kind, object);
    }

    pub(super) fn find(&self, id: &str) -> Option<&Intent> {
        self.intents.get(id)
    }

    /// Refunds that wait become what is said.
    pub fn settle_refunds(&mut self, status: RefundStatus) {
        let waiting: Vec<usize> = self
            .refunds
            .iter()
            .enumerate()
            .filter(|(_, refund)| refund.status == RefundStatus::Pending)
            .map(|(place, _)| place)
            .collect();
        for place in waiting {
            let Some(refund) = self.refunds.get_mut(place) else { continue };
            refund.status = status;
            let object = refund.json();
            self.happened(if status == RefundStatus::Failed { "refund.failed" } else { "refund.updated" }, object);
        }
    }
}
