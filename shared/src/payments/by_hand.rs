//! What a provider cannot do by itself and somebody does by hand: to shut its door, and to give money back.

use std::time::Duration;

use super::attempt::Attempt;
use super::goal::Goal;
use super::observed::Phase;
use super::online::Online;
use super::plan::Step;
use super::refund::{Closed, Refund, RefundState};
use crate::platform::clock::Timestamp;
use crate::platform::ids::RefundId;

/// When an attempt that was given up is looked at once more, counted from its start: whatever is paid by it late goes back.
const LATE: [Duration; 4] =
    [Duration::from_hours(1), Duration::from_hours(6), Duration::from_hours(24), Duration::from_hours(72)];

impl Online {
    /// What has gone back of one attempt. A provider that does not say how much is believed by what the staff has closed.
    pub(super) fn returned_of(&self, attempt: &Attempt) -> i64 {
        let closed = |refund: &&Refund| refund.attempt == attempt.n && refund.state == RefundState::Succeeded;
        let by_hand: i64 = self.refunds.iter().filter(closed).map(|refund| refund.amount).sum();
        if self.by_hand { attempt.seen.returned.max(by_hand) } else { attempt.seen.returned }
    }

    /// What is not wanted and does not go back by itself is written down for the staff to give back by hand.
    pub(super) fn hand_over(&mut self, now: Timestamp) {
        if !self.by_hand {
            return;
        }
        let covering = self.covering().filter(|_| self.goal != Goal::GiveBack).map(|attempt| attempt.n);
        let rest = |attempt: &Attempt| match covering {
            // What it costs less than it did goes back too.
            Some(n) if n == attempt.n => self.excess(attempt),
            _ => self.rest(attempt),
        };
        let rests: Vec<(u32, i64)> = self.attempts.iter().map(|attempt| (attempt.n, rest(attempt))).collect();
        for (attempt, amount) in rests.into_iter().filter(|(_, rest)| *rest > 0) {
            self.refunds.push(Refund::new(attempt, amount, RefundState::Manual, now));
        }
    }

    /// Notes that a refund was given back by hand, under the provider's `reference`; whether there was one to be given back.
    pub fn close_refund(&mut self, id: RefundId, reference: &str, closed: Closed) -> bool {
        let now = closed.at;
        let Some(refund) = self.refunds.iter_mut().find(|refund| refund.id == id) else { return false };
        if !refund.close(reference, closed) {
            return false;
        }
        self.touch(now);
        true
    }

    /// Looks at attempts that were given up though they could be paid, for some days.
    pub(super) fn late(&self) -> Vec<(Timestamp, Step)> {
        let given_up = |attempt: &&Attempt| self.by_hand && attempt.seen.phase == Phase::Closed && !attempt.is_taken();
        let next = |attempt: &Attempt| {
            let at = LATE.iter().map(|after| attempt.at.plus(*after)).find(|at| *at > attempt.seen.asked_at)?;
            Some((at, Step::Look(attempt.n)))
        };
        self.attempts.iter().filter(given_up).filter_map(next).collect()
    }
}
