//! Operations that were written down, whose effect does not show, and that nobody wants any more. They are not sent again: once
//! a look that came after them shows that nothing was done, they are forgotten. What is done late all the same shows, and is
//! undone.

use super::attempt::Attempt;
use super::goal::Goal;
use super::online::Online;
use super::plan::{Op, OpKind};
use crate::platform::clock::Timestamp;

impl Online {
    /// Whether an operation must not be sent again: what a customer has agreed to once it is too late, and taking the money of
    /// an order that was called off.
    pub(super) fn is_unwanted(&self, op: &Op, now: Timestamp) -> bool {
        match op.kind {
            OpKind::Accept => !self.may_accept(now),
            OpKind::Capture => self.goal == Goal::GiveBack,
            OpKind::Void | OpKind::Refund => false,
        }
    }

    /// Forgets what is not wanted any more, after a look that came at `looked`.
    pub(super) fn forget_unwanted(&mut self, looked: Timestamp, now: Timestamp) {
        let Some(op) = &self.op else { return };
        let of = |attempt: &&Attempt| attempt.n == op.attempt && attempt.is_held();
        let held = self.attempts.iter().find(of);
        let over = match op.kind {
            // While the provider has not decided about it, it may yet be taken.
            OpKind::Capture => held.is_some_and(|attempt| !attempt.seen.undecided),
            OpKind::Accept => true,
            OpKind::Void | OpKind::Refund => false,
        };
        if over && self.is_unwanted(op, now) && looked >= op.ready() {
            (self.op, self.tries) = (None, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::payments::observed::{Observed, Phase};
    use crate::payments::payment::PaymentStatus;
    use crate::payments::plan::{Send, Step, Todo};
    use crate::payments::stuck::Trouble;
    use crate::platform::ids::PaymentId;
    use crate::platform::money::{Currency, Money};

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_millis(0).plus(Duration::from_secs(seconds))
    }

    fn seen(seconds: u64, phase: Phase) -> Observed {
        let sum = |one| if phase == one { 1000 } else { 0 };
        Observed {
            asked_at: at(seconds),
            phase,
            right: true,
            declined: false,
            agreed: false,
            undecided: false,
            held: sum(Phase::Held),
            held_until: (phase == Phase::Held).then(|| at(1_000_000)),
            taken: sum(Phase::Taken),
            returned: 0,
            returning: 0,
            disputed: false,
            contested: 0,
            refunds: Vec::new(),
        }
    }

    /// An order whose money is held, for `due` of it.
    fn held(due: i64) -> Online {
        let money = |amount| Money::new(amount, Currency::parse("USD").unwrap());
        let mut online = Online::new(PaymentId::generate(at(0)), money(1000), false, at(0));
        online.opened(1, "pi_1".to_owned(), at(0));
        online.absorb(1, &seen(1, Phase::Held), at(1));
        online.lower(money(due), at(1));
        online
    }

    /// A capture that was written down, and called off before anybody knows what has become of it.
    fn called_off(answered: bool) -> Online {
        let mut online = held(1000);
        online.take(at(2));
        let Step::Perform(send) = online.plan(at(2)) else { panic!("it is to be taken") };
        let op = online.write_ahead(send, at(2));
        assert_eq!(op.kind, OpKind::Capture);
        online.unknown(&op, answered);
        online.give_back(at(3));
        online
    }

    fn void() -> Step {
        Step::Perform(Send::New(Todo { kind: OpKind::Void, attempt: 1, amount: 1000, refund: None }))
    }

    #[test]
    fn the_money_of_an_order_that_was_called_off_is_let_go_and_not_taken() {
        for (answered, ready) in [(false, 32), (true, 62)] {
            let mut online = called_off(answered);
            assert_eq!(online.plan(at(4)), Step::Wait(at(ready)), "somebody may be taking it just now");
            assert_eq!(online.plan(at(ready)), Step::Look(1));
            online.absorb(1, &seen(ready - 1, Phase::Held), at(ready));
            assert_eq!(online.plan(at(ready)), Step::Look(1), "that look may have come before it was taken");
            online.absorb(1, &seen(ready, Phase::Held), at(ready));
            assert_eq!(online.plan(at(ready)), void());
        }
    }

    #[test]
    fn it_is_not_taken_either_where_the_look_came_before_it_was_called_off() {
        let mut online = held(1000);
        online.take(at(2));
        let Step::Perform(send) = online.plan(at(2)) else { panic!("it is to be taken") };
        online.write_ahead(send, at(2));
        online.absorb(1, &seen(40, Phase::Held), at(40));
        assert!(matches!(online.plan(at(40)), Step::Perform(Send::Again(_))));
        online.give_back(at(40));
        assert_eq!(online.plan(at(40)), Step::Look(1));
        online.absorb(1, &seen(41, Phase::Held), at(41));
        assert_eq!(online.plan(at(41)), void());
    }

    #[test]
    fn what_was_taken_all_the_same_goes_back() {
        let mut online = called_off(false);
        online.absorb(1, &seen(40, Phase::Taken), at(40));
        let refund = Todo { kind: OpKind::Refund, attempt: 1, amount: 1000, refund: None };
        assert_eq!(online.plan(at(40)), Step::Perform(Send::New(refund)));
    }

    #[test]
    fn what_the_provider_does_not_let_go_of_is_asked_for_less_often_and_told_of() {
        let mut online = held(1000);
        online.give_back(at(2));
        let mut now = 2;
        for tries in 1..=6 {
            let Step::Perform(send) = online.plan(at(now)) else { panic!("{:?}", online.plan(at(now))) };
            let op = online.write_ahead(send, at(now));
            online.absorb(1, &seen(now, Phase::Held), at(now));
            online.refused(&op, at(now));
            assert_eq!(online.trouble(at(now)), (tries >= 5).then_some(Trouble::Review), "{tries}");
            let again = now + if tries < 5 { 60 } else { 6 * 3600 };
            assert_eq!(online.plan(at(again - 1)), Step::Wait(at(again)), "{tries}");
            online.absorb(1, &seen(again, Phase::Held), at(again));
            now = again;
        }
        online.absorb(1, &seen(now, Phase::Closed), at(now));
        assert_eq!((online.trouble(at(now)), online.status()), (None, PaymentStatus::Voided));
    }

    #[test]
    fn nobody_pays_for_what_costs_nothing() {
        let mut online = held(0);
        online.take(at(2));
        assert_eq!(online.plan(at(2)), void(), "nothing cannot be taken");
        let Step::Perform(send) = online.plan(at(2)) else { panic!("it is to be let go") };
        online.write_ahead(send, at(2));
        online.absorb(1, &seen(3, Phase::Closed), at(3));
        assert!(online.is_promised() && online.is_covered() && !online.hold_lost);
        assert_eq!(online.plan(at(10_000_000)), Step::Idle, "it does not expire");
        assert!(online.payable(at(4)).is_err());
        let free = Online::new(online.id, online.due, false, at(0));
        assert!(free.is_covered() && free.next_at.is_none());
        assert_eq!(free.plan(at(10_000_000)), Step::Idle);
    }
}
