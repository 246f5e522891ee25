//! Payers who go to their bank: with the card `pm_card_createDispute` as soon as something is taken, as Stripe has published it.

use serde_json::{Value, json};

use super::intent::given;
use super::params::Params;
use super::{Intent, Status, Stripe};
use crate::call::Answer;

/// The evidence by which Stripe lets a shop win in its test mode.
const WINNING: &str = "winning_evidence";

impl Stripe {
    /// The payer goes to their bank.
    ///
    /// # Errors
    /// Nothing was taken.
    pub fn dispute(&mut self, id: &str) -> Result<(), Answer> {
        self.decided(id, "needs_response", "charge.dispute.created")
    }

    /// Their bank decides; for them where it is not `won`.
    ///
    /// # Errors
    /// Nothing was taken.
    pub fn close_dispute(&mut self, id: &str, won: bool) -> Result<(), Answer> {
        self.decided(id, if won { "won" } else { "lost" }, "charge.dispute.closed")
    }

    fn decided(&mut self, id: &str, status: &'static str, kind: &str) -> Result<(), Answer> {
        self.change(id, &[Status::Succeeded], |intent, _| intent.dispute = Some(status))?;
        if let Some(dispute) = self.find(id).and_then(json_of) {
            self.happened(kind, dispute);
        }
        Ok(())
    }

    /// The disputes about an intent.
    pub(super) fn list_disputes(&mut self, mut params: Params) -> Answer {
        let intent = given!(params.required("payment_intent"));
        let limit = given!(params.amount("limit")).unwrap_or(10);
        given!(params.nothing_else());
        if limit > 100 {
            return Answer::error(400, "invalid_request_error", "parameter_invalid_integer", "limit is at most 100");
        }
        let Some(paid) = self.find(&intent) else { return Answer::missing("payment_intent") };
        let data: Vec<_> = json_of(paid).into_iter().collect();
        Answer::ok(json!({"object": "list", "data": data, "has_more": false, "url": "/v1/disputes"}))
    }

    /// One of them.
    pub(super) fn show_dispute(&mut self, id: &str, params: Params) -> Answer {
        given!(params.nothing_else());
        self.disputed(id).and_then(json_of).map_or_else(|| Answer::missing("dispute"), Answer::ok)
    }

    /// The shop gives it up, or says why it is in the right.
    pub(super) fn answer_dispute(&mut self, id: &str, mut params: Params, gives_up: bool) -> Answer {
        let evidence = params.map("evidence");
        let submitted = params.take("submit").is_none_or(|submit| submit == "true");
        given!(params.nothing_else());
        let Some(intent) = self.disputed(id) else { return Answer::missing("dispute") };
        if intent.dispute != Some("needs_response") {
            return Answer::error(400, "invalid_request_error", "", "This dispute is already closed.");
        }
        let (intent, wins) = (intent.id.clone(), evidence.iter().any(|(_, text)| text == WINNING));
        if gives_up || submitted {
            given!(self.close_dispute(&intent, wins && !gives_up));
        }
        self.find(&intent).and_then(json_of).map_or_else(|| Answer::missing("dispute"), Answer::ok)
    }

    fn disputed(&self, id: &str) -> Option<&Intent> {
        self.intents().find(|intent| intent.dispute.is_some() && id_of(intent) == id)
    }
}

fn id_of(intent: &Intent) -> String {
    intent.id.replacen("pi_", "dp_", 1)
}

fn json_of(intent: &Intent) -> Option<Value> {
    let status = intent.dispute?;
    Some(json!({"id": id_of(intent), "object": "dispute", "amount": intent.received, "currency": intent.currency,
        "payment_intent": intent.id, "metadata": {}, "status": status}))
}
