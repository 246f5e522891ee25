//! What is taken of a hold, and what goes back.

use serde_json::{Map, Value, json};

use super::body::{Body, Sum};
use super::order::{Hold, Order, given};
use super::{PayPal, missing, unprocessable};
use crate::call::Answer;

/// A capture.
#[derive(Clone, Debug)]
pub struct Capture {
    /// Its id.
    pub id: String,
    /// How much.
    pub amount: i64,
    /// Whether PayPal has decided, and how.
    pub decided: Option<bool>,
    /// Whether the payer's bank has taken it back.
    pub reversed: bool,
}

impl Capture {
    /// Whether the money was taken.
    pub fn is_done(&self) -> bool {
        self.decided == Some(true)
    }

    pub(super) fn json(&self, order: &Order) -> Value {
        let gone = order.gone();
        let status = match self.decided {
            _ if self.reversed => "REVERSED",
            None => "PENDING",
            Some(false) => "DECLINED",
            Some(true) if gone == 0 => "COMPLETED",
            Some(true) if gone < self.amount => "PARTIALLY_REFUNDED",
            Some(true) => "REFUNDED",
        };
        let amount = Sum { amount: self.amount, ..order.sum.clone() };
        json!({"id": self.id, "status": status, "amount": amount.json(), "final_capture": true,
            "custom_id": order.custom_id, "invoice_id": order.invoice_id, "supplementary_data": order.related()})
    }
}

/// How far a refund has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundStatus {
    /// It is on its way.
    Pending,
    /// The money went back.
    Completed,
    /// It did not.
    Failed,
}

/// A refund.
#[derive(Clone, Debug)]
pub struct Refund {
    /// Its id.
    pub id: String,
    /// How much.
    pub amount: i64,
    /// How far it has come.
    pub status: RefundStatus,
    custom_id: String,
    invoice_id: String,
}

impl Refund {
    /// Whether its money is gone, or going.
    pub fn counts(&self) -> bool {
        self.status != RefundStatus::Failed
    }

    pub(super) fn json(&self, order: &Order) -> Value {
        let status = match self.status {
            RefundStatus::Pending => "PENDING",
            RefundStatus::Completed => "COMPLETED",
            RefundStatus::Failed => "FAILED",
        };
        let amount = Sum { amount: self.amount, ..order.sum.clone() };
        json!({"id": self.id, "status": status, "amount": amount.json(), "custom_id": self.custom_id,
            "invoice_id": self.invoice_id})
    }
}

impl Order {
    pub(super) fn gone(&self) -> i64 {
        self.refunds.iter().filter(|refund| refund.counts()).map(|refund| refund.amount).sum()
    }
}

impl PayPal {
    fn by_hold(&self, id: &str) -> Option<&Order> {
        self.orders.values().find(|order| order.hold.as_ref().is_some_and(|(hold, _)| hold == id))
    }

    fn by_capture(&self, id: &str) -> Option<&Order> {
        self.orders.values().find(|order| order.capture.as_ref().is_some_and(|capture| capture.id == id))
    }

    pub(super) fn capture(&mut self, hold: &str, body: Map<String, Value>) -> Answer {
        let mut body = Body::new(body);
        let wanted = given!(body.sum("amount"));
        let is_final = body.flag("final_capture").unwrap_or(false);
        given!(body.nothing_else());
        let Some(order) = self.by_hold(hold).cloned() else { return missing() };
        match order.hold {
            Some((_, Hold::Voided)) => return unprocessable("AUTHORIZATION_VOIDED"),
            Some((_, Hold::Captured)) => return unprocessable("AUTHORIZATION_ALREADY_CAPTURED"),
            _ => {}
        }
        let wanted = wanted.unwrap_or_else(|| order.sum.clone());
        if wanted.currency != order.sum.currency {
            return unprocessable("CURRENCY_MISMATCH");
        }
        if wanted.amount > order.sum.amount {
            return unprocessable("MAX_CAPTURE_AMOUNT_EXCEEDED");
        }
        if !is_final {
            // Several captures of one hold are for accounts that were let to.
            return unprocessable("MULTIPLE_CAPTURES_NOT_ALLOWED");
        }
        let id = self.id();
        let decided = if self.slow_captures { None } else { Some(true) };
        self.change(&order.id, |order, _| {
            if let Some((_, hold)) = &mut order.hold {
                *hold = Hold::Captured;
            }
            order.capture = Some(Capture { id, amount: wanted.amount, decided, reversed: false });
            order.captures += 1;
        });
        let kind = if decided.is_none() { "PAYMENT.CAPTURE.PENDING" } else { "PAYMENT.CAPTURE.COMPLETED" };
        let body = self.tell_capture(&order.id, kind);
        Answer { status: 201, body, kept: true }
    }

    fn tell_capture(&mut self, order: &str, kind: &str) -> Value {
        let order = self.orders.get(order);
        let body = order.and_then(|order| Some(order.capture.as_ref()?.json(order))).unwrap_or_default();
        self.happened(kind, body.clone());
        body
    }

    /// The payer's bank takes back what was taken of an order.
    ///
    /// # Errors
    /// Nothing was taken of such an order.
    pub fn reverse(&mut self, order: &str) -> Result<(), &'static str> {
        if self.orders.get(order).is_none_or(|order| order.taken() == 0) {
            return Err("nothing was taken of such an order");
        }
        self.change(order, |order, _| {
            if let Some(capture) = &mut order.capture {
                capture.reversed = true;
            }
        });
        self.tell_capture(order, "PAYMENT.CAPTURE.REVERSED");
        Ok(())
    }

    pub(super) fn void(&mut self, hold: &str, body: Map<String, Value>) -> Answer {
        given!(Body::new(body).nothing_else());
        let Some(order) = self.by_hold(hold).cloned() else { return missing() };
        match order.hold {
            Some((_, Hold::Captured)) => return unprocessable("PREVIOUSLY_CAPTURED"),
            Some((_, Hold::Voided)) => return unprocessable("PREVIOUSLY_VOIDED"),
            _ => {}
        }
        self.let_go(&order.id);
        let body = self.orders.get(&order.id).and_then(Order::authorization).unwrap_or_default();
        Answer { status: 200, body, kept: true }
    }

    pub(super) fn refund(&mut self, capture: &str, body: Map<String, Value>) -> Answer {
        let mut body = Body::new(body);
        let wanted = given!(body.sum("amount"));
        let (custom_id, invoice_id) = (body.text("custom_id"), body.text("invoice_id"));
        body.text("note_to_payer");
        given!(body.nothing_else());
        let Some(order) = self.by_capture(capture).cloned() else { return missing() };
        let left = order.taken() - order.gone();
        if order.taken() == 0 {
            return unprocessable("PENDING_CAPTURE");
        }
        if left == 0 {
            return unprocessable("CAPTURE_FULLY_REFUNDED");
        }
        let wanted = wanted.unwrap_or_else(|| Sum { amount: left, ..order.sum.clone() });
        if wanted.currency != order.sum.currency {
            return unprocessable("CURRENCY_MISMATCH");
        }
        if wanted.amount > left {
            return unprocessable("REFUND_AMOUNT_EXCEEDED");
        }
        let status = if self.slow_refunds { RefundStatus::Pending } else { RefundStatus::Completed };
        let refund = Refund {
            id: self.id(),
            amount: wanted.amount,
            status,
            custom_id: custom_id.unwrap_or_default(),
            invoice_id: invoice_id.unwrap_or_default(),
        };
        let body = refund.json(&order);
        self.change(&order.id, |order, _| order.refunds.push(refund));
        let kind = if self.slow_refunds { "PAYMENT.REFUND.PENDING" } else { "PAYMENT.CAPTURE.REFUNDED" };
        self.happened(kind, body.clone());
        Answer { status: 201, body, kept: true }
    }

    /// Captures that wait are decided.
    pub fn settle_captures(&mut self, good: bool) {
        let waits = |order: &&Order| order.capture.as_ref().is_some_and(|capture| capture.decided.is_none());
        let waiting: Vec<String> = self.orders.values().filter(waits).map(|order| order.id.clone()).collect();
        for id in waiting {
            self.change(&id, |order, _| {
                if let Some(capture) = &mut order.capture {
                    capture.decided = Some(good);
                }
            });
            self.tell_capture(&id, if good { "PAYMENT.CAPTURE.COMPLETED" } else { "PAYMENT.CAPTURE.DECLINED" });
        }
    }

    /// Refunds that wait become what is said.
    pub fn settle_refunds(&mut self, status: RefundStatus) {
        let ids: Vec<String> = self.orders.keys().cloned().collect();
        for id in ids {
            let mut told = Vec::new();
            self.change(&id, |order, _| {
                for refund in order.refunds.iter_mut().filter(|refund| refund.status == RefundStatus::Pending) {
                    refund.status = status;
                    told.push(refund.clone());
                }
            });
            let Some(order) = self.orders.get(&id).cloned() else { continue };
            let kind =
                if status == RefundStatus::Failed { "PAYMENT.REFUND.FAILED" } else { "PAYMENT.CAPTURE.REFUNDED" };
            for refund in told {
                self.happened(kind, refund.json(&order));
            }
        }
    }
}
