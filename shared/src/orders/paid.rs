//! What the payment of an order says to its steps, and what it makes an order wait for.

use std::time::Duration;

use super::holds::{Hold, HoldCode, NextActor};
use super::order::Order;
use super::status::Status;
use crate::payments::{Goal, HOLD_LOST_GRACE, PaymentStatus, TIME_TO_PAY};
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Result};

/// How long before a hold ends the staff is told.
const EXPIRING: Duration = Duration::from_hours(24);

/// Whether the payment lets the order come to `status`: nobody checks what is not paid for, and nothing leaves without its
/// money.
///
/// # Errors
/// 409 `payment_required`, `payment_not_captured`.
pub(super) fn admits(order: &Order, status: Status) -> Result<()> {
    match status {
        Status::Verified if !order.payment.is_promised() => {
            Err(Error::conflict("payment_required", "The customer has yet to pay for this order."))
        }
        Status::Packed if !order.payment.is_covered() => {
            Err(Error::conflict("payment_not_captured", "The money for this order was not taken yet."))
        }
        _ => Ok(()),
    }
}

/// What the order waits for.
pub(super) fn holds(order: &Order, now: Timestamp) -> Vec<Hold> {
    let Some(online) = order.payment.online() else { return Vec::new() };
    let mut holds = Vec::new();
    if online.goal == Goal::Await && order.status.may_become(Status::Cancelled) {
        let (since, detail) = if online.hold_lost {
            let lost_at = online.pay_by.minus(HOLD_LOST_GRACE);
            (lost_at, "The money is not held any more; pay again, or the order is cancelled.")
        } else {
            (online.pay_by.minus(TIME_TO_PAY), "Pay for the order, or it is cancelled.")
        };
        holds.push(Hold::of_payment(HoldCode::PaymentRequired, NextActor::Customer, since, detail));
    }
    let until = online.covering().filter(|_| online.status() == PaymentStatus::Authorized);
    let expiring = until.and_then(|attempt| attempt.seen.held_until).map(|until| until.minus(EXPIRING));
    if let Some(since) = expiring.filter(|since| *since <= now) {
        let detail = "The money is not held for much longer; check the order, or cancel it.";
        holds.push(Hold::of_payment(HoldCode::AuthorizationExpiring, NextActor::Pharmacy, since, detail));
    }
    let opened = online.attempts.last().map_or(now, |attempt| attempt.at);
    if online.needs_review() {
        let detail = "Look at the payment: more was paid than this order costs, or the payer has gone to their bank.";
        holds.push(Hold::of_payment(HoldCode::PaymentReview, NextActor::Pharmacy, opened, detail));
    }
    if online.needs_manual_refund() {
        let detail = "Money could not be given back by itself; give it back at the provider.";
        holds.push(Hold::of_payment(HoldCode::RefundManual, NextActor::Pharmacy, opened, detail));
    }
    holds
}
