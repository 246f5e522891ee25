//! A payment at a provider: what is wanted, what was seen, and what is under way. One part of the order's item, so that one
//! conditional write changes order and payment together.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::attempt::Attempt;
use super::goal::Goal;
use super::observed::Observed;
use super::payment::PaymentStatus;
use super::plan::{Look, MAX_REFUSALS, Op, OpKind, Step, Todo};
use super::refund::{MAX_REFUNDS, NotRefundable, Refund, RefundState};
use crate::platform::clock::Timestamp;
use crate::platform::ids::{PaymentId, UserId};
use crate::platform::money::Money;

/// How long an order waits for its money.
pub const TIME_TO_PAY: Duration = Duration::from_mins(30);
/// How long it waits once more where a hold was lost.
pub const HOLD_LOST_GRACE: Duration = Duration::from_hours(24);
/// How often one order may be tried to be paid anew.
pub const MAX_ATTEMPTS: usize = 10;
/// How many digests of events are kept.
const MAX_EVENTS: usize = 16;

/// A payment at a provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Online {
    /// Its id; every key that the provider tells repetitions by begins with it.
    pub id: PaymentId,
    /// What is wanted.
    pub goal: Goal,
    /// What the order costs.
    pub due: Money,
    /// Until when the customer can pay, while nothing is held or taken.
    pub pay_by: Timestamp,
    /// Whether the provider neither gives anything back by itself nor shuts its door.
    #[serde(default)]
    pub by_hand: bool,
    /// Whether a pharmacist has checked the order.
    #[serde(default)]
    pub verified: bool,
    /// Whether a hold was lost, so that the customer has to pay again.
    #[serde(default)]
    pub hold_lost: bool,
    /// The attempts, at most [`MAX_ATTEMPTS`].
    #[serde(default)]
    pub attempts: Vec<Attempt>,
    /// The refunds, at most [`MAX_REFUNDS`].
    #[serde(default)]
    pub refunds: Vec<Refund>,
    /// What was written down before it was sent, until its effect is seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub op: Option<Op>,
    /// How many numbers of operations were used.
    #[serde(default)]
    pub ops: u32,
    /// How often the same thing was refused.
    #[serde(default)]
    pub tries: u32,
    /// How many questions in a row have had no answer.
    #[serde(default)]
    pub silent: u32,
    /// When to ask again for news that were announced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look: Option<Look>,
    /// Digests of the last events, so that doubles cost nothing; nothing rests on it.
    #[serde(default)]
    pub events: Vec<String>,
    /// When there is something to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_at: Option<Timestamp>,
    /// Whether the worker is to be woken by this write.
    #[serde(default)]
    pub wake: bool,
}

/// What a customer who wants to pay is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payable {
    /// The attempt that is under way.
    Open(Attempt),
    /// A new one, by its number.
    New(u32),
}

/// Why nobody can pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotPayable {
    /// The order was called off.
    CalledOff,
    /// It is paid.
    AlreadyPaid,
    /// It is too late.
    Expired,
    /// It was tried too often.
    TooMany,
}

impl Online {
    /// The payment of an order that was just placed.
    pub fn new(id: PaymentId, due: Money, by_hand: bool, now: Timestamp) -> Self {
        let pay_by = now.plus(TIME_TO_PAY);
        Self {
            id,
            goal: Goal::Await,
            due,
            pay_by,
            by_hand,
            verified: false,
            hold_lost: false,
            attempts: Vec::new(),
            refunds: Vec::new(),
            op: None,
            ops: 0,
            tries: 0,
            silent: 0,
            look: None,
            events: Vec::new(),
            next_at: (due.amount() > 0).then_some(pay_by),
            wake: false,
        }
    }

    /// As it was when its order was placed, at `placed_at`, and cost `due`.
    #[must_use]
    pub fn as_placed(&self, due: Money, placed_at: Timestamp) -> Self {
        Self::new(self.id, due, self.by_hand, placed_at)
    }

    /// The order costs less than it did. What is held is taken as far as that, and what was or is taken beyond it goes back.
    pub fn lower(&mut self, due: Money, now: Timestamp) {
        if due.amount() < self.due.amount() {
            self.due = due;
            self.hand_over(now);
            self.touch(now);
        }
    }

    /// Whether it costs nothing, so that nobody has to pay.
    pub fn is_free(&self) -> bool {
        self.due.amount() == 0
    }

    /// What was taken, over all attempts, in minor units.
    pub fn taken(&self) -> i64 {
        self.attempts.iter().map(|attempt| attempt.seen.taken).sum()
    }

    /// What has gone back, over all attempts, in minor units.
    pub fn returned(&self) -> i64 {
        self.attempts.iter().map(|attempt| self.returned_of(attempt)).sum()
    }

    /// What payers dispute, or have got back by that, over all attempts, in minor units.
    pub fn contested(&self) -> i64 {
        self.attempts.iter().map(|attempt| attempt.seen.contested).sum()
    }

    /// The status that people see, which follows from what was seen. A sum that is not ours never counts.
    pub fn status(&self) -> PaymentStatus {
        let right = || self.attempts.iter().filter(|attempt| attempt.seen.right);
        let taken: i64 = right().map(|attempt| attempt.seen.taken).sum();
        let returned: i64 = right().map(|attempt| self.returned_of(attempt)).sum();
        if taken > 0 && returned >= taken {
            PaymentStatus::Refunded
        } else if taken > 0 {
            PaymentStatus::Captured
        } else if right().any(|attempt| attempt.is_held() && !attempt.given_up) {
            PaymentStatus::Authorized
        } else if self.goal == Goal::GiveBack {
            PaymentStatus::Voided
        } else {
            PaymentStatus::Pending
        }
    }

    /// The attempt that pays for the order: the first that was taken, or else the first that is held. All others that
    /// hold or took something are one too many.
    pub fn covering(&self) -> Option<&Attempt> {
        let right = || self.attempts.iter().filter(|attempt| attempt.seen.right && !attempt.given_up);
        right().find(|attempt| attempt.is_taken()).or_else(|| right().find(|attempt| attempt.is_held()))
    }

    /// Whether the money is held or was taken, or none is wanted.
    pub fn is_promised(&self) -> bool {
        self.is_free() || matches!(self.status(), PaymentStatus::Authorized | PaymentStatus::Captured)
    }

    /// Whether the order may leave the house.
    pub fn is_covered(&self) -> bool {
        let enough = |attempt: &Attempt| attempt.seen.taken - attempt.seen.contested >= self.due.amount();
        self.is_free() || (self.status() == PaymentStatus::Captured && self.covering().is_some_and(enough))
    }

    /// Whether the payer has gone to their bank.
    pub fn is_disputed(&self) -> bool {
        self.attempts.iter().any(|attempt| attempt.seen.disputed)
    }

    /// Whether money is held or was taken that does not belong to this order: a wrong sum, or a second payment.
    pub fn needs_review(&self) -> bool {
        let covering = self.covering().map(|attempt| attempt.n);
        let surplus = |attempt: &Attempt| Some(attempt.n) != covering && (attempt.is_held() || self.rest(attempt) > 0);
        // The provider has said for a day that it does not know.
        let open = |attempt: &Attempt| attempt.is_open() && attempt.seen.undecided;
        let for_a_day = |attempt: &Attempt| attempt.seen.asked_at >= self.pay_by.plus(HOLD_LOST_GRACE);
        let unknown = self.attempts.iter().any(|attempt| open(attempt) && for_a_day(attempt));
        // The provider does not let go of what it holds.
        let refused =
            |op: &Op| op.kind == OpKind::Void && (op.put_off || (op.amount > 0 && self.tries >= MAX_REFUSALS));
        let kept = self.op.as_ref().is_some_and(refused);
        unknown || kept || self.is_disputed() || (self.goal != Goal::GiveBack && self.attempts.iter().any(surplus))
    }

    /// What of an attempt has neither gone back nor is on its way, in minor units.
    pub fn rest(&self, attempt: &Attempt) -> i64 {
        let ours = |refund: &&Refund| refund.attempt == attempt.n && refund.counts();
        let asked: i64 = self.refunds.iter().filter(ours).map(|refund| refund.amount).sum();
        let waits =
            |refund: &&Refund| ours(refund) && refund.state == RefundState::Requested && refund.sent_at.is_none();
        let unsent: i64 = self.refunds.iter().filter(waits).map(|refund| refund.amount).sum();
        let sent = self.refunds.iter().filter(ours).filter(|refund| !refund.is_made());
        let beside = sent.map(|refund| refund.beside).max().unwrap_or(0);
        // Whichever is more: what shows, in which a refund that was not sent cannot be, or all of ours, of which one may not
        // show yet, with what had gone back by the provider's own pages before that one was sent.
        let gone = (attempt.seen.returned + attempt.seen.returning + unsent).max(asked + beside);
        // What the payer has gone to their bank for goes back by that, or not at all.
        (attempt.seen.taken - gone - attempt.seen.contested).max(0)
    }

    /// What the staff can still give back, in minor units.
    pub fn refundable(&self) -> i64 {
        self.covering().map_or(0, |attempt| self.rest(attempt))
    }

    /// What a customer who wants to pay now is given.
    ///
    /// # Errors
    /// Why they cannot.
    pub fn payable(&self, now: Timestamp) -> Result<Payable, NotPayable> {
        match self.goal {
            Goal::GiveBack => return Err(NotPayable::CalledOff),
            Goal::Hold | Goal::Take => return Err(NotPayable::AlreadyPaid),
            Goal::Await if self.is_free() => return Err(NotPayable::AlreadyPaid),
            Goal::Await if now >= self.pay_by => return Err(NotPayable::Expired),
            Goal::Await => {}
        }
        if let Some(open) = self.attempts.iter().rev().find(|attempt| attempt.is_open()) {
            return Ok(Payable::Open(open.clone()));
        }
        if self.attempts.len() >= MAX_ATTEMPTS {
            return Err(NotPayable::TooMany);
        }
        Ok(Payable::New(u32::try_from(self.attempts.len()).unwrap_or(u32::MAX).saturating_add(1)))
    }

    /// The key that the provider tells repetitions by: derived, so that whoever repeats an act repeats the same call.
    pub fn key(&self, kind: &str, n: u32) -> String {
        format!("{}:{kind}:{n}", self.id)
    }

    /// Notes an attempt that was opened under `reference`, before anything that can be paid is handed out.
    pub fn opened(&mut self, n: u32, reference: String, now: Timestamp) {
        if !self.attempts.iter().any(|attempt| attempt.n == n) {
            self.attempts.push(Attempt::opened(n, reference, self.due.amount(), now));
        }
        self.touch(now);
    }

    /// Joins what was seen of attempt `n`, and goes on accordingly.
    pub fn absorb(&mut self, n: u32, observed: &Observed, now: Timestamp) {
        let before = (self.attempts.clone(), self.refunds.clone());
        self.silent = 0;
        let Some(attempt) = self.attempts.iter_mut().find(|attempt| attempt.n == n) else { return };
        attempt.join(observed);
        for seen in &observed.refunds {
            if let Some(refund) = self.refunds.iter_mut().find(|refund| refund.id == seen.id) {
                refund.seen(&seen.reference, seen.state);
            }
        }
        let changed =
            before.0.iter().map(without_time).ne(self.attempts.iter().map(without_time)) || before.1 != self.refunds;
        if let Some(look) = self.look.take_if(|look| look.attempt == n && look.at <= now) {
            self.look = if changed { None } else { look.later(now) };
        }
        if self.op.as_ref().is_some_and(|op| self.has_happened(op)) {
            (self.op, self.tries) = (None, 0);
        }
        self.forget_unwanted(observed.asked_at, now);
        self.hand_over_refund(observed.asked_at, now);
        self.advance(now);
    }

    /// Whether what was seen shows the effect of an operation, or that it can have none any more.
    fn has_happened(&self, op: &Op) -> bool {
        let Some(attempt) = self.attempts.iter().find(|attempt| attempt.n == op.attempt) else { return true };
        match op.kind {
            OpKind::Accept => !attempt.is_agreed(),
            OpKind::Capture | OpKind::Void => attempt.is_taken() || !(attempt.is_held() || attempt.is_open()),
            OpKind::Refund => {
                let waiting = |refund: &Refund| Some(refund.id) == op.refund && refund.state == RefundState::Requested;
                !self.refunds.iter().any(waiting)
            }
        }
    }

    /// Goes on with what is wanted, by what was seen.
    pub(super) fn advance(&mut self, now: Timestamp) {
        let covering = self.covering().map(Attempt::is_taken);
        match (self.goal, covering) {
            (Goal::Await | Goal::Hold, Some(true)) => (self.goal, self.hold_lost) = (Goal::Take, false),
            (Goal::Await, Some(false)) => {
                (self.goal, self.hold_lost) = (if self.verified { Goal::Take } else { Goal::Hold }, false);
            }
            (Goal::Hold | Goal::Take, None) => {
                (self.goal, self.hold_lost) = (Goal::Await, !self.is_free());
                self.pay_by = now.plus(HOLD_LOST_GRACE);
            }
            _ => {}
        }
        self.hand_over(now);
    }

    /// A pharmacist has checked the order: the money may be taken.
    pub fn take(&mut self, now: Timestamp) {
        self.verified = true;
        if self.goal == Goal::Hold {
            self.goal = Goal::Take;
        }
        self.touch(now);
    }

    /// The order was called off: everything goes back, whatever is seen later too.
    pub fn give_back(&mut self, now: Timestamp) {
        self.goal = Goal::GiveBack;
        self.hand_over(now);
        self.touch(now);
    }

    /// Asks for `amount`, in minor units, to go back.
    ///
    /// # Errors
    /// Why it cannot.
    pub fn ask_refund(
        &mut self,
        amount: Option<i64>,
        reason: String,
        by: &UserId,
        now: Timestamp,
    ) -> Result<Refund, NotRefundable> {
        let attempt = self.covering().filter(|attempt| attempt.is_taken()).map(|attempt| attempt.n);
        let attempt = attempt.ok_or(NotRefundable::NotCaptured)?;
        if self.is_disputed() {
            return Err(NotRefundable::Disputed);
        }
        let refundable = self.refundable();
        let amount = amount.unwrap_or(refundable);
        if amount <= 0 || amount > refundable {
            return Err(NotRefundable::TooLarge { refundable });
        }
        // One place is kept for what goes back when the order is called off.
        if self.refunds.len() + 1 >= MAX_REFUNDS {
            return Err(NotRefundable::TooMany);
        }
        let state = if self.by_hand { RefundState::Manual } else { RefundState::Requested };
        let asked = Refund::new(attempt, amount, state, now);
        let refund = Refund { reason: Some(reason), by: Some(by.clone()), ..asked };
        self.refunds.push(refund.clone());
        self.touch(now);
        Ok(refund)
    }

    /// Writes down what is about to be sent, and what it is sent as.
    pub(super) fn begin(&mut self, todo: Todo, now: Timestamp) -> Op {
        let refund = match (todo.kind, todo.refund) {
            (OpKind::Refund, None) => {
                let refund = Refund::new(todo.attempt, todo.amount, RefundState::Requested, now);
                let id = refund.id;
                self.refunds.push(refund);
                Some(id)
            }
            (_, refund) => refund,
        };
        let beside = self.returned_beside(todo.attempt);
        let mut again = false;
        for sent in self.refunds.iter_mut().filter(|one| Some(one.id) == refund) {
            again = sent.sent_at.is_some();
            if !again {
                (sent.sent_at, sent.beside) = (Some(now), beside);
            }
        }
        self.ops = self.ops.saturating_add(1);
        let Todo { kind, attempt, amount, .. } = todo;
        let n = self.ops;
        let op = Op { kind, n, attempt, amount, refund, since: now, answered: false, put_off: false, again };
        self.op = Some(op.clone());
        op
    }

    /// Notes an event; whether it is the first time.
    pub fn note_event(&mut self, digest: String) {
        if self.has_event(&digest) {
            return;
        }
        self.events.push(digest);
        let surplus = self.events.len().saturating_sub(MAX_EVENTS);
        self.events.drain(..surplus);
    }

    /// Whether an event was noted.
    pub fn has_event(&self, digest: &str) -> bool {
        self.events.iter().any(|event| event == digest)
    }

    /// Notes that there is news of attempt `n` which could not be seen yet.
    pub fn ask_again(&mut self, n: u32, now: Timestamp) {
        self.look = Some(Look::first(n, now));
        self.touch(now);
    }

    /// Says when there is something to do, and wakes the worker if that is now. For everybody but the worker.
    pub fn touch(&mut self, now: Timestamp) {
        self.rest_until_due(now);
        self.wake = self.next_at.is_some_and(|at| at <= now);
    }

    /// Says when there is something to do; for the worker, which would wake itself for ever.
    pub fn rest_until_due(&mut self, now: Timestamp) {
        self.wake = false;
        self.next_at = match self.plan(now) {
            Step::Idle => None,
            Step::Wait(at) => Some(at),
            Step::Look(_) | Step::Perform(_) | Step::Expire => Some(now),
        };
    }
}

/// An attempt without when it was seen so.
fn without_time(attempt: &Attempt) -> Attempt {
    let mut attempt = attempt.clone();
    attempt.seen.asked_at = Timestamp::from_millis(0);
    attempt
}

#[cfg(test)]
mod tests;
