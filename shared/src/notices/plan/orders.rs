//! What is told of an order: its steps, its payment, and what was decided on returns.

use super::Planned;
use crate::notices::notice::{About, Addressee, Notice};
use crate::notices::record::Change;
use crate::notifications::NoticeKind;
use crate::orders::order::{Actor, Order, Step};
use crate::orders::recalled::Recalled;
use crate::orders::returned::{Return, ReturnState};
use crate::orders::status::Status;
use crate::payments::{PaymentStatus, RefundState};
use crate::platform::clock::Timestamp;

/// What is told of a change of an order: its new steps, and what has become of its payment and its returns.
pub(super) fn of(change: &Change<Order>) -> Vec<Planned> {
    let Change { before, after } = change;
    // Nobody is left to be told.
    if after.erased.is_some() {
        return Vec::new();
    }
    let mut notices = steps(before.as_ref(), after);
    // What is old when the order is new did not happen to a customer's order: it was restored, say.
    if let Some(before) = before {
        payment(before, after, &mut notices);
        notices.extend(returns(before, after));
        notices.extend(recalls(before, after));
    }
    notices.into_iter().map(Planned::Now).collect()
}

fn notice(order: &Order, what: &str, kind: NoticeKind, at: Timestamp) -> Notice {
    let to = Addressee::Person(order.customer.clone());
    let event = format!("{}#{what}", order.id);
    Notice::new(event, kind, to, About::Order(order.id), at).valued(order.number())
}

fn steps(before: Option<&Order>, after: &Order) -> Vec<Notice> {
    let known = before.map_or(0, |before| before.history.len());
    let new = after.history.iter().enumerate().skip(known);
    let told = new.map(|(place, step)| {
        let mut told = notice(after, &format!("step{place}"), kind(after, step), step.at);
        if step.status == Status::Shipped {
            told.detail.clone_from(&after.tracking);
        }
        told
    });
    let mut told: Vec<_> = told.collect();
    let placed = after.history.first().filter(|_| known == 0);
    if let Some(placed) = placed.filter(|_| after.lines.iter().any(|line| line.waited)) {
        told.push(notice(after, "held", NoticeKind::OrderHeld, placed.at));
    }
    told
}

fn kind(order: &Order, step: &Step) -> NoticeKind {
    match step.status {
        Status::Placed => NoticeKind::OrderPlaced,
        Status::Verified => NoticeKind::OrderVerified,
        Status::Packed => NoticeKind::OrderPacked,
        Status::Shipped => NoticeKind::OrderShipped,
        Status::Delivered => NoticeKind::OrderDelivered,
        // Of its own accord the pharmacy calls off what no prescription covers; and what was not paid, which waits for none.
        Status::Cancelled if step.by == Actor::System && order.uncovered().any(|line| line.waited) => {
            NoticeKind::OrderReleased
        }
        Status::Cancelled => NoticeKind::OrderCancelled,
        Status::Returned => NoticeKind::OrderReturned,
    }
}

/// What the staff has decided since on what a customer wants to give back.
fn returns(before: &Order, after: &Order) -> Vec<Notice> {
    let was_open = |one: &&Return| {
        let earlier = before.returns.iter().find(|earlier| earlier.id == one.id);
        earlier.is_none_or(|earlier| earlier.state == ReturnState::Requested)
    };
    let told = |one: &Return| {
        let kind = match one.state {
            ReturnState::Requested => return None,
            ReturnState::Approved => NoticeKind::ReturnApproved,
            ReturnState::Rejected => NoticeKind::ReturnRejected,
        };
        let at = one.decided.as_ref().map_or(one.at, |decided| decided.at);
        Some(notice(after, &one.id.to_string(), kind, at))
    };
    after.returns.iter().filter(was_open).filter_map(told).collect()
}

/// What was called back since of what has left the house. Of a recall each person is told once, whichever of their orders comes
/// first: so it has the name and the time of the recall.
fn recalls(before: &Order, after: &Order) -> Vec<Notice> {
    let new = after.recalls.iter().filter(|mark| mark.out && before.mark_of(mark.id).is_none());
    let told = |mark: &Recalled| {
        let one = notice(after, "recalled", NoticeKind::OrderRecalled, mark.at);
        Notice { event: mark.id.to_string(), ..one }
    };
    new.map(told).collect()
}

fn payment(before: &Order, after: &Order, told: &mut Vec<Notice>) {
    refunds(before, after, told);
    let Some(now) = after.payment.online() else { return };
    let at = after.history.last().map_or(Timestamp::from_millis(0), |step| step.at);
    let staff = |what: String, kind, at| Notice { to: Addressee::Pharmacists, ..notice(after, &what, kind, at) };
    if after.payment.status() == PaymentStatus::Captured && before.payment.status() != PaymentStatus::Captured {
        told.push(notice(after, "captured", NoticeKind::PaymentCaptured, at));
    }
    let was = before.payment.online();
    for attempt in &now.attempts {
        let earlier = was.and_then(|was| was.attempts.iter().find(|one| one.n == attempt.n));
        let seen_at = attempt.seen.asked_at;
        if attempt.seen.declined && !earlier.is_some_and(|one| one.seen.declined) {
            told.push(notice(after, &format!("declined{}", attempt.n), NoticeKind::PaymentFailed, seen_at));
        }
        if attempt.seen.disputed && !earlier.is_some_and(|one| one.seen.disputed) {
            told.push(staff(format!("disputed{}", attempt.n), NoticeKind::Chargeback, seen_at));
        }
        if attempt.given_up && !earlier.is_some_and(|one| one.given_up) {
            told.push(staff(format!("given-up{}", attempt.n), NoticeKind::PaymentUnresolved, seen_at));
        }
    }
    if now.hold_lost && was.is_some_and(|was| !was.hold_lost) {
        told.push(notice(after, &format!("hold-lost{}", now.attempts.len()), NoticeKind::PaymentFailed, now.pay_by));
    }
}

fn refunds(before: &Order, after: &Order, told: &mut Vec<Notice>) {
    for refund in after.payment.refunds().iter().filter(|refund| refund.state == RefundState::Succeeded) {
        let earlier = before.payment.refunds().iter().find(|one| one.id == refund.id);
        if earlier.is_none_or(|one| one.state != RefundState::Succeeded) {
            told.push(notice(after, &refund.id.to_string(), NoticeKind::RefundMade, refund.at));
        }
    }
}
