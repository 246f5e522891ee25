//! Refunds.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::intent::given;
use super::params::Params;
use super::{Status, Stripe};
use crate::call::Answer;

/// How far a refund has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundStatus {
    /// It is on its way.
    Pending,
    /// The money went back.
    Succeeded,
    /// It did not.
    Failed,
}

/// A refund.
#[derive(Clone, Debug)]
pub struct Refund {
    /// Its id.
    pub id: String,
    /// Of which intent.
    pub intent: String,
    /// How much.
    pub amount: i64,
    /// How far it has come.
    pub status: RefundStatus,
    /// What the shop has noted with it.
    pub metadata: BTreeMap<String, String>,
    currency: String,
    created: i64,
}

impl Refund {
    /// Whether its money is gone, or going.
    pub fn counts(&self) -> bool {
        self.status != RefundStatus::Failed
    }

    pub(super) fn json(&self) -> Value {
        let status = match self.status {
            RefundStatus::Pending => "pending",
            RefundStatus::Succeeded => "succeeded",
            RefundStatus::Failed => "failed",
        };
        json!({"id": self.id, "object": "refund", "amount": self.amount, "created": self.created, "currency": self.currency,
            "metadata": self.metadata, "payment_intent": self.intent, "status": status})
    }
}

impl Stripe {
    pub(super) fn refund(&mut self, mut params: Params) -> Answer {
        let intent = given!(params.required("payment_intent"));
        let amount = given!(params.amount("amount"));
        let metadata = params.map("metadata").into_iter().collect();
        let reason = params.take("reason");
        given!(params.nothing_else());
        if reason.is_some_and(|reason| !["duplicate", "fraudulent", "requested_by_customer"].contains(&reason.as_str()))
        {
            return Answer::error(400, "invalid_request_error", "parameter_invalid", "Invalid reason");
        }
        let Some(paid) = self.find(&intent).cloned() else { return Answer::missing("payment_intent") };
        if paid.status != Status::Succeeded {
            let message = "This PaymentIntent does not have a successful charge to refund.";
            return Answer::refused("payment_intent_unexpected_state", message);
        }
        if paid.dispute.is_some_and(|status| status != "won") {
            return Answer::refused("charge_disputed", "The charge has been charged back.");
        }
        let gone: i64 = self
            .refunds()
            .iter()
            .filter(|refund| refund.intent == intent && refund.counts())
            .map(|refund| refund.amount)
            .sum();
        let left = paid.received - gone;
        if left == 0 {
            return Answer::refused("charge_already_refunded", "The charge has already been refunded.");
        }
        let amount = amount.unwrap_or(left);
        if amount > left {
            return Answer::refused("amount_too_large", "Refund amount is greater than unrefunded amount on charge");
        }
        let status = if self.slow_refunds { RefundStatus::Pending } else { RefundStatus::Succeeded };
        let refund = Refund {
            id: self.id("re"),
            intent: intent.clone(),
            amount,
            status,
            metadata,
            currency: paid.currency,
            created: self.now(),
        };
        let body = refund.json();
        self.refunds.push(refund);
        self.tell(&intent, "charge.refunded");
        Answer::ok(body)
    }

    /// The staff gives money back in the dashboard.
    ///
    /// # Errors
    /// There is no such intent.
    pub fn give_back_by_hand(&mut self, id: &str, amount: i64) -> Result<(), Answer> {
        let currency = self.find(id).ok_or_else(|| Answer::missing("payment_intent"))?.currency.clone();
        let refund = Refund {
            id: self.id("re"),
            intent: id.to_owned(),
            amount,
            status: RefundStatus::Succeeded,
            metadata: BTreeMap::new(),
            currency,
            created: self.now(),
        };
        self.refunds.push(refund);
        self.tell(id, "charge.refunded");
        Ok(())
    }

    pub(super) fn list_refunds(&mut self, mut params: Params) -> Answer {
        let intent = given!(params.required("payment_intent"));
        let limit = given!(params.amount("limit")).unwrap_or(10);
        given!(params.nothing_else());
        let Some(limit) = usize::try_from(limit).ok().filter(|limit| *limit <= 100) else {
            return Answer::error(400, "invalid_request_error", "parameter_invalid_integer", "limit is at most 100");
        };
        let ours: Vec<_> = self.refunds().iter().rev().filter(|refund| refund.intent == intent).collect();
        let data: Vec<_> = ours.iter().take(limit).map(|refund| refund.json()).collect();
        Answer::ok(json!({"object": "list", "data": data, "has_more": ours.len() > limit, "url": "/v1/refunds"}))
    }

    pub(super) fn show_refund(&mut self, id: &str, params: Params) -> Answer {
        given!(params.nothing_else());
        match self.refunds().iter().find(|refund| refund.id == id) {
            Some(refund) => Answer::ok(refund.json()),
            None => Answer::missing("refund"),
        }
    }
}
