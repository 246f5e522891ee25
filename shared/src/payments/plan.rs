//! What is to be done next about a payment: one pure function over what is wanted, what was seen, and what is under way.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::attempt::{Attempt, is_false};
use super::goal::Goal;
use super::observed::Phase;
use super::online::Online;
use super::refund::{MAX_REFUNDS, Refund, RefundState};
use crate::platform::clock::Timestamp;
use crate::platform::ids::RefundId;

/// How long whoever wrote an operation down has for it, before somebody else looks what has become of it.
const UNDER_WAY: Duration = Duration::from_secs(30);
/// How long a provider that said it failed is given, before the same is asked for under another number.
const FAILED_FOR: Duration = Duration::from_secs(60);
/// When to look at an attempt that nobody has told us about, counted from its start.
const LOOKS: [Duration; 3] = [Duration::from_mins(2), Duration::from_mins(5), Duration::from_mins(15)];
/// When to look for news that were announced and do not show yet.
const NEWS: [Duration; 3] = [Duration::from_secs(15), Duration::from_secs(60), Duration::from_mins(5)];
/// How often to look at what the provider is at; its events tell sooner.
const PENDING: Duration = Duration::from_hours(6);
/// How long after the time is over an attempt whose door does not shut is given up.
const LINGERS: Duration = Duration::from_mins(15);
/// How often to ask a provider that does not know itself.
const UNKNOWN: Duration = Duration::from_mins(15);
/// How often one thing is asked for that is refused.
pub(super) const MAX_REFUSALS: u32 = 5;

/// The kinds of operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpKind {
    /// Accepts what the customer has agreed to at the provider: only by this is money held, or taken.
    Accept,
    /// Takes what is held.
    Capture,
    /// Lets go of what is held, and shuts the door to whoever could still pay.
    Void,
    /// Gives back what was taken.
    Refund,
}

impl OpKind {
    /// As keys carry it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Capture => "capture",
            Self::Void => "void",
            Self::Refund => "refund",
        }
    }
}

/// Something to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Todo {
    /// What.
    pub kind: OpKind,
    /// Of which attempt.
    pub attempt: u32,
    /// How much, in minor units.
    pub amount: i64,
    /// For which refund; a new one where there is none.
    pub refund: Option<RefundId>,
}

/// Something that was written down to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Op {
    /// What.
    pub kind: OpKind,
    /// Its number, a part of its key.
    pub n: u32,
    /// Of which attempt.
    pub attempt: u32,
    /// How much, in minor units; of a void, what is let go: nothing where it only shuts the door.
    pub amount: i64,
    /// For which refund.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund: Option<RefundId>,
    /// When it was sent.
    pub since: Timestamp,
    /// Whether the provider has answered that it failed; the same key would get the same answer.
    #[serde(default)]
    pub answered: bool,
    /// Whether the provider has refused it so often that it is sent again only from time to time.
    #[serde(default, skip_serializing_if = "is_false")]
    pub put_off: bool,
    /// Whether something was sent for it before; of a refund under another number too.
    #[serde(default, skip_serializing_if = "is_false")]
    pub again: bool,
}

/// That news of an attempt were announced which did not show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// Of which attempt.
    pub attempt: u32,
    /// When to ask again.
    pub at: Timestamp,
    /// How often it was asked already.
    pub asked: u32,
}

impl Look {
    /// The first time.
    pub fn first(attempt: u32, now: Timestamp) -> Self {
        let [first, ..] = NEWS;
        Self { attempt, at: now.plus(first), asked: 0 }
    }

    /// The next time, if there is one.
    pub fn later(self, now: Timestamp) -> Option<Self> {
        let asked = self.asked.saturating_add(1);
        let wait = NEWS.get(usize::try_from(asked).unwrap_or(usize::MAX))?;
        Some(Self { at: now.plus(*wait), asked, ..self })
    }
}

impl Op {
    /// From when on somebody else may look what has become of it.
    pub(super) fn ready(&self) -> Timestamp {
        self.since.plus(match (self.put_off, self.answered) {
            (true, _) => PENDING,
            (false, true) => FAILED_FOR,
            (false, false) => UNDER_WAY,
        })
    }
}

/// What is to be done next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing, until something happens.
    Idle,
    /// Nothing before then.
    Wait(Timestamp),
    /// Ask the provider how this attempt stands.
    Look(u32),
    /// Write this down, then send it: a new operation, or one that was sent already under the same number.
    Perform(Send),
    /// Nobody has paid in time, and nobody can any more: the order is to be cancelled.
    Expire,
}

/// An operation to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Send {
    /// Under a new number.
    New(Todo),
    /// Under the number that it was sent under, with the same content.
    Again(Op),
}

impl Online {
    /// What is to be done next.
    pub fn plan(&self, now: Timestamp) -> Step {
        if let Some(op) = &self.op {
            return self.resume(op, now);
        }
        if let Some(todo) = self.todo(now) {
            return Step::Perform(Send::New(todo));
        }
        let undecided = self.attempts.iter().filter(|attempt| attempt.seen.undecided && !attempt.is_taken());
        let mut waits: Vec<(Timestamp, Step)> =
            undecided.map(|attempt| (attempt.seen.asked_at.plus(PENDING), Step::Look(attempt.n))).collect();
        if let Some(look) = &self.look {
            waits.push((look.at, Step::Look(look.attempt)));
        }
        waits.extend(self.refunds.iter().filter(|refund| refund.state == RefundState::Pending).filter_map(|refund| {
            let attempt = self.attempts.iter().find(|attempt| attempt.n == refund.attempt)?;
            Some((attempt.seen.asked_at.plus(PENDING), Step::Look(attempt.n)))
        }));
        waits.extend(self.late());
        waits.extend(self.reminder());
        match self.goal {
            Goal::Await => waits.extend(self.awaited()),
            Goal::Hold | Goal::Take => {
                waits.extend(self.covering().filter(|attempt| attempt.is_held()).and_then(|attempt| {
                    if let Some(at) = self.expiring_at().filter(|at| attempt.seen.asked_at < *at) {
                        return Some((at, Step::Look(attempt.n)));
                    }
                    // Once it has run out the answer is different; until it shows, not more often than this.
                    let again = attempt.seen.asked_at.plus(FAILED_FOR);
                    Some((attempt.seen.held_until?.max(again), Step::Look(attempt.n)))
                }))
            }
            Goal::GiveBack => {}
        }
        match waits.into_iter().min_by_key(|(at, _)| *at) {
            None => Step::Idle,
            Some((at, step)) if at <= now => step,
            Some((at, _)) => Step::Wait(at),
        }
    }

    /// What is to be sent, if anything, when nothing is under way.
    fn todo(&self, now: Timestamp) -> Option<Todo> {
        let covering = self.covering().filter(|_| self.goal != Goal::GiveBack);
        let surplus = |attempt: &&Attempt| covering.is_none_or(|covering| covering.n != attempt.n);
        let give_back = self.attempts.iter().filter(surplus).find_map(|attempt| self.give_back_of(attempt));
        let next = give_back.or_else(|| self.acceptance(now)).or_else(|| self.capture(covering));
        let excess = || covering.and_then(|covering| self.give_back_excess(covering));
        next.or_else(excess).or_else(|| self.requested_refund())
    }

    /// Whether what a customer agrees to may still be accepted: nobody is charged once the time is over.
    pub(super) fn may_accept(&self, now: Timestamp) -> bool {
        self.goal == Goal::Await && now < self.pay_by && !self.is_free()
    }

    fn acceptance(&self, now: Timestamp) -> Option<Todo> {
        let agreed = self.attempts.iter().find(|attempt| attempt.is_agreed()).filter(|_| self.may_accept(now))?;
        Some(Todo { kind: OpKind::Accept, attempt: agreed.n, amount: agreed.amount, refund: None })
    }

    /// What a customer has agreed to and is to be accepted now, if nothing else comes first.
    pub fn accepting(&self, now: Timestamp) -> Option<Send> {
        match self.plan(now) {
            Step::Perform(Send::New(todo)) if todo.kind == OpKind::Accept => Some(Send::New(todo)),
            _ => None,
        }
    }

    /// How an attempt that is not wanted is undone: what is held is let go, what was taken goes back. One that can still be
    /// paid is shut only once nothing is wanted at all.
    fn give_back_of(&self, attempt: &Attempt) -> Option<Todo> {
        let todo = |kind, amount| Some(Todo { kind, attempt: attempt.n, amount, refund: None });
        if attempt.seen.undecided && !attempt.is_taken() {
            // It is let go once the provider has decided, or what it took goes back.
            return None;
        }
        if attempt.is_held() {
            return todo(OpKind::Void, attempt.amount);
        }
        if attempt.is_open() && self.goal == Goal::GiveBack {
            return todo(OpKind::Void, 0);
        }
        if self.by_hand || self.is_handed_over(attempt.n) {
            return None;
        }
        let rest = self.rest(attempt);
        let failed = |refund: &&Refund| refund.attempt == attempt.n && refund.by.is_none() && !refund.counts();
        let failures = self.refunds.iter().filter(failed).count();
        let possible = failures < 3 && self.refunds.len() < MAX_REFUNDS && !attempt.seen.disputed;
        if rest > 0 && possible { todo(OpKind::Refund, rest) } else { None }
    }

    /// What was taken beyond what is due goes back, once: where a line was left out of the order after it was paid, or where the
    /// whole hold had to be taken.
    fn give_back_excess(&self, attempt: &Attempt) -> Option<Todo> {
        let ours = |refund: &&Refund| refund.attempt == attempt.n && refund.by.is_none();
        let excess = self.excess(attempt);
        let failures = self.refunds.iter().filter(ours).filter(|refund| !refund.counts()).count();
        let possible = failures < 3 && self.refunds.len() < MAX_REFUNDS && !attempt.seen.disputed && !self.by_hand;
        let todo = Todo { kind: OpKind::Refund, attempt: attempt.n, amount: excess, refund: None };
        (attempt.is_taken() && excess > 0 && possible && !self.is_handed_over(attempt.n)).then_some(todo)
    }

    /// What was taken beyond what is due, and has not gone back by itself yet.
    pub(super) fn excess(&self, attempt: &Attempt) -> i64 {
        let ours = |refund: &&Refund| refund.attempt == attempt.n && refund.by.is_none() && refund.counts();
        let done: i64 = self.refunds.iter().filter(ours).map(|refund| refund.amount).sum();
        (attempt.seen.taken - self.due.amount() - done).min(self.rest(attempt))
    }

    fn capture(&self, covering: Option<&Attempt>) -> Option<Todo> {
        let attempt = covering.filter(|one| self.goal == Goal::Take && one.is_held() && !one.seen.undecided)?;
        if self.is_free() {
            // No provider takes nothing: what is held is let go.
            return Some(Todo { kind: OpKind::Void, attempt: attempt.n, amount: attempt.amount, refund: None });
        }
        // What is held is what the attempt was opened with, or it is not right; a late look may show nothing of it.
        let amount = self.due.amount().min(attempt.amount);
        Some(Todo { kind: OpKind::Capture, attempt: attempt.n, amount, refund: None })
    }

    fn requested_refund(&self) -> Option<Todo> {
        if self.is_disputed() {
            return None;
        }
        let next = |refund: &&Refund| refund.state == RefundState::Requested && !self.is_handed_over(refund.attempt);
        let refund = self.refunds.iter().find(next)?;
        let Refund { id, attempt, amount, .. } = *refund;
        Some(Todo { kind: OpKind::Refund, attempt, amount, refund: Some(id) })
    }

    /// Whether money that should go back does not go by itself, so that somebody has to see to it.
    pub fn needs_manual_refund(&self) -> bool {
        let unwanted = |attempt: &&Attempt| {
            self.goal == Goal::GiveBack || self.covering().is_none_or(|covering| covering.n != attempt.n)
        };
        let stuck = |attempt: &Attempt| self.rest(attempt) > 0 && self.give_back_of(attempt).is_none();
        let manual = self.refunds.iter().any(|refund| refund.state == RefundState::Manual);
        let excess = |attempt: &Attempt| {
            let ours = |refund: &&Refund| refund.attempt == attempt.n && refund.by.is_none() && refund.counts();
            let done: i64 = self.refunds.iter().filter(ours).map(|refund| refund.amount).sum();
            attempt.seen.taken - self.due.amount() > done && self.give_back_excess(attempt).is_none()
        };
        let stuck_excess =
            self.goal != Goal::GiveBack && self.covering().is_some_and(|one| self.rest(one) > 0 && excess(one));
        manual || stuck_excess || self.attempts.iter().filter(unwanted).any(stuck)
    }

    /// While nobody has paid: looks from time to time, and once the time is over asks first, then shuts the door, and only
    /// then gives up.
    fn awaited(&self) -> Option<(Timestamp, Step)> {
        let Some(open) = self.attempts.iter().find(|attempt| attempt.is_open()) else {
            // What costs nothing, nobody is late with.
            return (!self.is_free()).then_some((self.pay_by, Step::Expire));
        };
        // Where the provider does not know itself, no order is called off: it is asked again, and the staff looks at it.
        if self.by_hand && open.seen.undecided && open.seen.asked_at >= self.pay_by {
            return Some((open.seen.asked_at.plus(UNKNOWN), Step::Look(open.n)));
        }
        let over = if self.by_hand { self.pay_by.plus(LINGERS) } else { self.pay_by };
        if open.seen.asked_at >= over {
            let todo = Todo { kind: OpKind::Void, attempt: open.n, amount: 0, refund: None };
            return Some((over, Step::Perform(Send::New(todo))));
        }
        let next = LOOKS.iter().map(|after| open.at.plus(*after)).find(|at| *at > open.seen.asked_at);
        let last = if open.seen.asked_at >= self.pay_by { over } else { self.pay_by };
        Some((next.unwrap_or(last).min(last), Step::Look(open.n)))
    }

    /// What becomes of an operation whose effect was not seen yet.
    fn resume(&self, op: &Op, now: Timestamp) -> Step {
        let looked = self.attempts.iter().find(|attempt| attempt.n == op.attempt).map(|attempt| attempt.seen.asked_at);
        let ready = op.ready();
        if let Some(undecided) = self.attempts.iter().find(|one| one.n == op.attempt && one.seen.undecided)
            && !undecided.is_taken()
        {
            let again = undecided.seen.asked_at.plus(PENDING);
            return if now < again { Step::Wait(again) } else { Step::Look(op.attempt) };
        }
        if now < ready {
            return Step::Wait(ready);
        }
        // It is not sent again, whatever was seen of it: a look tells that it can be forgotten.
        if self.is_unwanted(op, now) || looked.is_some_and(|looked| looked < ready) {
            return Step::Look(op.attempt);
        }
        if op.answered {
            let Op { kind, attempt, amount, refund, .. } = *op;
            return Step::Perform(Send::New(Todo { kind, attempt, amount, refund }));
        }
        Step::Perform(Send::Again(op.clone()))
    }

    /// Notes that an operation was refused, after a look that did not show its effect.
    pub fn refused(&mut self, op: &Op, now: Timestamp) {
        if self.op.as_ref().is_none_or(|current| current.n != op.n) {
            return;
        }
        self.tries = self.tries.saturating_add(1);
        // What is held and not let go of is not given up, but asked for less often, and somebody is told.
        let put_off = op.kind == OpKind::Void && op.amount > 0 && self.tries >= MAX_REFUSALS;
        if put_off || (self.tries < MAX_REFUSALS && matches!(op.kind, OpKind::Capture | OpKind::Void)) {
            if let Some(current) = &mut self.op {
                (current.answered, current.put_off) = (true, put_off);
            }
            return;
        }
        (self.op, self.tries) = (None, 0);
        match op.kind {
            OpKind::Refund => {
                for refund in self.refunds.iter_mut().filter(|refund| Some(refund.id) == op.refund) {
                    refund.state = refund.state.max(RefundState::Failed);
                }
            }
            OpKind::Accept => {
                // The customer has to begin anew.
                for attempt in self.attempts.iter_mut().filter(|attempt| attempt.n == op.attempt) {
                    (attempt.seen.phase, attempt.seen.declined) = (Phase::Closed, true);
                }
            }
            OpKind::Capture => {
                for attempt in self.attempts.iter_mut().filter(|attempt| attempt.n == op.attempt) {
                    attempt.given_up = attempt.seen.phase == Phase::Held;
                }
            }
            OpKind::Void => {}
        }
        self.advance(now);
    }

    /// Notes that an operation is sent once more, under its own number.
    fn again(&mut self, op: &Op, now: Timestamp) {
        if let Some(current) = self.op.as_mut().filter(|current| current.n == op.n) {
            (current.since, current.again) = (now, true);
        }
    }

    /// Writes down what is about to be sent, and what it is sent as.
    pub fn write_ahead(&mut self, send: Send, now: Timestamp) -> Op {
        match send {
            Send::New(todo) => self.begin(todo, now),
            Send::Again(op) => {
                self.again(&op, now);
                Op { again: true, ..op }
            }
        }
    }

    /// Notes that nobody knows what has become of an operation; `answered` is whether the provider said that it failed.
    pub fn unknown(&mut self, op: &Op, answered: bool) {
        if let Some(current) = self.op.as_mut().filter(|current| current.n == op.n) {
            current.answered = answered;
        }
    }

    /// When to try again after the provider did not answer a question.
    pub fn back_off(&mut self, now: Timestamp) {
        self.wake = false;
        self.silent = self.silent.saturating_add(1);
        let wait = UNDER_WAY.saturating_mul(1 << self.silent.min(5));
        self.next_at = Some(now.plus(wait));
    }
}

#[cfg(test)]
mod tests;
