//! What the payment of an order says to its steps, and what it makes an order wait for.

use super::holds::{Hold, HoldCode, NextActor};
use super::order::Order;
use super::status::Status;
use crate::payments::{EXPIRING, Goal, HOLD_LOST_GRACE, PaymentStatus, RefundState, TIME_TO_PAY};
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Result};
use crate::platform::wording;

/// Whether the payment lets the order come to `status`: nobody checks what is not paid for, and nothing leaves without its
/// money.
///
/// # Errors
/// 409 `payment_required`, `payment_not_captured`, `disputed`.
pub(super) fn admits(order: &Order, status: Status) -> Result<()> {
    match status {
        Status::Verified if !order.payment.is_promised() => {
            Err(Error::conflict("payment_required", wording::payments::required()))
        }
        Status::Packed | Status::Shipped if order.payment.online().is_some_and(|online| online.is_disputed()) => {
            Err(Error::conflict("disputed", wording::payments::disputed_goods()))
        }
        Status::Packed if !order.payment.is_covered() => {
            Err(Error::conflict("payment_not_captured", wording::payments::not_taken_yet()))
        }
        _ => Ok(()),
    }
}

/// What the order waits for.
pub(super) fn holds(order: &Order, now: Timestamp) -> Vec<Hold> {
    let Some(online) = order.payment.online() else { return to_pay_out(order).into_iter().collect() };
    let mut holds = Vec::new();
    if online.goal == Goal::Await && !online.is_free() && order.status.may_become(Status::Cancelled) {
        let (since, detail) = if online.hold_lost {
            let lost_at = online.pay_by.minus(HOLD_LOST_GRACE);
            (lost_at, wording::payments::not_held())
        } else {
            (online.pay_by.minus(TIME_TO_PAY), wording::payments::pay_or_cancelled())
        };
        holds.push(Hold::of_payment(HoldCode::PaymentRequired, NextActor::Customer, since, detail));
    }
    let until = online.covering().filter(|_| online.status() == PaymentStatus::Authorized);
    let expiring = until.and_then(|attempt| attempt.seen.held_until).map(|until| until.minus(EXPIRING));
    if let Some(since) = expiring.filter(|since| *since <= now) {
        let detail = wording::payments::held_not_much_longer();
        holds.push(Hold::of_payment(HoldCode::AuthorizationExpiring, NextActor::Pharmacy, since, detail));
    }
    let opened = online.attempts.last().map_or(now, |attempt| attempt.at);
    if online.needs_review() {
        let detail = wording::payments::look_at_it();
        holds.push(Hold::of_payment(HoldCode::PaymentReview, NextActor::Pharmacy, opened, detail));
    }
    if online.needs_manual_refund() {
        let detail = wording::payments::give_back_at_provider();
        holds.push(Hold::of_payment(HoldCode::RefundManual, NextActor::Pharmacy, opened, detail));
    }
    holds
}

/// For whoever pays out the cash that was asked back.
fn to_pay_out(order: &Order) -> Option<Hold> {
    let manual = order.payment.refunds().iter().filter(|refund| refund.state == RefundState::Manual);
    let since = manual.map(|refund| refund.at).min()?;
    let detail = wording::payments::pay_out_cash();
    Some(Hold::of_payment(HoldCode::RefundManual, NextActor::Pharmacy, since, detail))
}
