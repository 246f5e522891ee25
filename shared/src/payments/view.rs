//! A payment as the API shows it.

use serde::Serialize;
use utoipa::ToSchema;

use super::goal::Goal;
use super::online::Online;
use super::payment::{Payment, PaymentStatus};
use super::plan::OpKind;
use super::refund::RefundState;
use crate::platform::clock::Timestamp;
use crate::platform::money::Money;
use crate::platform::payment_method::PaymentMethod;

/// What is under way at the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InProgress {
    /// What the customer has agreed to at the provider is being accepted.
    Accept,
    /// What is held is being taken.
    Capture,
    /// What is held is being let go.
    Void,
    /// What was taken is going back.
    Refund,
}

/// Why it does not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentProblem {
    /// The last try was declined; the customer can try again.
    Declined,
    /// The money was held and is not any more; the customer has to pay again.
    HoldLost,
    /// The payer has gone to their bank.
    Disputed,
}

/// How an order is paid and how far that has come.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Payment)]
pub struct PaymentView {
    /// How.
    pub method: PaymentMethod,
    /// How far.
    pub status: PaymentStatus,
    /// What is to be paid; `null` for a seller.
    pub due: Option<Money>,
    /// What was taken; `null` for a seller.
    pub captured: Option<Money>,
    /// What of that has gone back; `null` for a seller.
    pub refunded: Option<Money>,
    /// What of it the payer disputes with their bank, or has got back by that; `null` where that is nothing, and for a seller.
    pub contested: Option<Money>,
    /// Until when the customer can pay, while that is awaited.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub pay_by: Option<Timestamp>,
    /// Until when the money is held, while it is.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub held_until: Option<Timestamp>,
    /// What is under way.
    pub in_progress: Option<InProgress>,
    /// Why it does not go on.
    pub problem: Option<PaymentProblem>,
}

impl PaymentView {
    /// The payment of an order that costs `total`; without sums for who may not see them.
    pub fn new(payment: &Payment, total: Money, with_sums: bool) -> Self {
        let zero = Money::zero(total.currency());
        let (due, captured, refunded) = match payment.online() {
            Some(online) => {
                let sum = |amount| Money::new(amount, online.due.currency());
                (online.due, sum(online.taken()), sum(online.returned()))
            }
            None if payment.is_paid_in_cash() => (total, total, Money::new(payment.paid_out(), total.currency())),
            None => (total, zero, zero),
        };
        let shown = |sum: Money| with_sums.then_some(sum);
        let online = payment.online();
        let awaited = online.filter(|online| online.goal == Goal::Await && !online.is_free());
        let held = || online?.covering().filter(|attempt| attempt.is_held())?.seen.held_until;
        Self {
            method: payment.method(),
            status: payment.status(),
            due: shown(due),
            captured: shown(captured),
            refunded: shown(refunded),
            contested: online.and_then(contested).filter(|_| with_sums),
            pay_by: awaited.map(|online| online.pay_by),
            held_until: held(),
            in_progress: online.and_then(in_progress),
            problem: online.and_then(problem),
        }
    }
}

fn contested(online: &Online) -> Option<Money> {
    let sum = online.contested();
    (sum > 0).then(|| Money::new(sum, online.due.currency()))
}

fn in_progress(online: &Online) -> Option<InProgress> {
    let going = |state| matches!(state, RefundState::Requested | RefundState::Pending);
    match online.op.as_ref().map(|op| op.kind) {
        Some(OpKind::Accept) => Some(InProgress::Accept),
        Some(OpKind::Capture) => Some(InProgress::Capture),
        Some(OpKind::Void) => Some(InProgress::Void),
        Some(OpKind::Refund) => Some(InProgress::Refund),
        None => online.refunds.iter().any(|refund| going(refund.state)).then_some(InProgress::Refund),
    }
}

fn problem(online: &Online) -> Option<PaymentProblem> {
    let declined =
        || online.attempts.last().is_some_and(|last| !last.is_held() && !last.is_taken() && last.seen.declined);
    if online.is_disputed() {
        Some(PaymentProblem::Disputed)
    } else if online.goal == Goal::Await && declined() {
        Some(PaymentProblem::Declined)
    } else if online.goal == Goal::Await && online.hold_lost {
        Some(PaymentProblem::HoldLost)
    } else {
        None
    }
}
