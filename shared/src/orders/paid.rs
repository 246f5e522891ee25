//! What the payment of an order says to its steps, and what it makes an order wait for.

use std::time::Duration;

use super::order::{Actor, Order};
use super::status::Status;
use super::view::{Hold, HoldCode};
use crate::payments::{Goal, Online, PaymentStatus};
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
    let hold = |code, next_actor, detail: &str| Hold { code, detail: detail.to_owned(), next_actor };
    let mut holds = Vec::new();
    if online.goal == Goal::Await && order.status.may_become(Status::Cancelled) {
        let detail = if online.hold_lost {
            "The money is not held any more; pay again, or the order is cancelled."
        } else {
            "Pay for the order, or it is cancelled."
        };
        holds.push(hold(HoldCode::PaymentRequired, Actor::Customer, detail));
    }
    if is_expiring(online, now) {
        let detail = "The money is not held for much longer; check the order, or cancel it.";
        holds.push(hold(HoldCode::AuthorizationExpiring, Actor::Pharmacy, detail));
    }
    if online.needs_review() {
        let detail = "Look at the payment: more was paid than this order costs, or the payer has gone to their bank.";
        holds.push(hold(HoldCode::PaymentReview, Actor::Pharmacy, detail));
    }
    if online.needs_manual_refund() {
        let detail = "Money could not be given back by itself; give it back at the provider.";
        holds.push(hold(HoldCode::RefundManual, Actor::Pharmacy, detail));
    }
    holds
}

fn is_expiring(online: &Online, now: Timestamp) -> bool {
    let until = online.covering().filter(|_| online.status() == PaymentStatus::Authorized);
    until.and_then(|attempt| attempt.seen.held_until).is_some_and(|until| until.minus(EXPIRING) <= now)
}
