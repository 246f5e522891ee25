//! Money that does not move by itself: what was tried in vain for a day is for the staff to do by hand, and whoever watches
//! is told of it until it is done.

use std::time::Duration;

use super::attempt::Attempt;
use super::goal::Goal;
use super::observed::Observed;
use super::online::Online;
use super::plan::{Op, OpKind, Step};
use super::refund::{Refund, RefundState};
use crate::platform::clock::Timestamp;

/// How long a refund is tried that the provider neither makes nor refuses.
const TRIED_FOR: Duration = Duration::from_hours(24);
/// How long it is tried before somebody is told.
const TOLD_AFTER: Duration = Duration::from_hours(1);
/// How many questions in a row may be without an answer before somebody is told; by then more than an hour has passed.
const UNANSWERED: u32 = 8;
/// How often somebody is told again of what waits for them.
const REMINDED: Duration = Duration::from_hours(24);

/// How long before a hold runs out whoever has to check the order is told.
pub const EXPIRING: Duration = Duration::from_hours(24);

/// What somebody has to see to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The provider neither makes a refund nor refuses it.
    RefundUnanswered,
    /// The provider does not say how a payment stands.
    Unanswered,
    /// Money is to be given back by hand.
    RefundManual,
    /// More was paid than the order costs, nobody knows whether it was paid, the provider does not let go of what it holds, or
    /// the payer has gone to their bank.
    Review,
    /// A refund has failed.
    RefundFailed,
    /// What is held runs out within a day, and no pharmacist has checked the order.
    HoldExpiring,
}

impl Trouble {
    /// As the log names it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RefundUnanswered => "refund_unanswered",
            Self::Unanswered => "unanswered",
            Self::RefundManual => "refund_manual",
            Self::Review => "review",
            Self::RefundFailed => "refund_failed",
            Self::HoldExpiring => "hold_expiring",
        }
    }
}

impl Online {
    /// What somebody has to see to, as it stands at `now`.
    pub fn trouble(&self, now: Timestamp) -> Option<Trouble> {
        if self.op.as_ref().is_some_and(|op| self.is_tried(op, TOLD_AFTER, now)) {
            Some(Trouble::RefundUnanswered)
        } else if self.silent >= UNANSWERED {
            Some(Trouble::Unanswered)
        } else if self.needs_manual_refund() {
            Some(Trouble::RefundManual)
        } else if self.needs_review() {
            Some(Trouble::Review)
        } else {
            self.is_expiring(now).then_some(Trouble::HoldExpiring)
        }
    }

    /// When somebody is told that what is held for an order that waits to be checked runs out.
    pub(super) fn expiring_at(&self) -> Option<Timestamp> {
        let held = self.covering().filter(|attempt| self.goal == Goal::Hold && attempt.is_held())?;
        Some(held.seen.held_until?.minus(EXPIRING))
    }

    fn is_expiring(&self, now: Timestamp) -> bool {
        self.expiring_at().is_some_and(|at| at <= now)
    }

    /// What has come up since it was as `before`.
    pub fn new_trouble(&self, before: &Self, now: Timestamp) -> Option<Trouble> {
        let failed = |refund: &&Refund| refund.state == RefundState::Failed;
        let more_failed = self.refunds.iter().filter(failed).count() > before.refunds.iter().filter(failed).count();
        if more_failed {
            return Some(Trouble::RefundFailed);
        }
        self.trouble(now).filter(|trouble| before.trouble(now) != Some(*trouble))
    }

    /// Whether an operation is a refund that was sent so long ago.
    fn is_tried(&self, op: &Op, long: Duration, now: Timestamp) -> bool {
        let sent =
            |refund: &Refund| Some(refund.id) == op.refund && refund.sent_at.is_some_and(|at| at.plus(long) <= now);
        op.kind == OpKind::Refund && self.refunds.iter().any(sent)
    }

    /// Hands a refund over to the staff that was tried in vain for a day, once a look that came after the last try does not
    /// show it.
    pub(super) fn hand_over_refund(&mut self, looked: Timestamp, now: Timestamp) {
        let vain = |op: &Op| looked >= op.ready() && self.is_tried(op, TRIED_FOR, now);
        let Some(id) = self.op.as_ref().filter(|op| vain(op)).and_then(|op| op.refund) else { return };
        for refund in self.refunds.iter_mut().filter(|refund| refund.id == id) {
            refund.state = refund.state.max(RefundState::Manual);
        }
        (self.op, self.tries) = (None, 0);
    }

    /// Whether a refund of this attempt was handed over and is not closed. Until then no other is sent, lest one be taken for
    /// the other.
    pub(super) fn is_handed_over(&self, attempt: u32) -> bool {
        let open = |refund: &Refund| refund.attempt == attempt && refund.state == RefundState::Manual;
        !self.by_hand && self.refunds.iter().any(open)
    }

    /// Whether `seen` of its attempt shows that this refund was made by hand, beside those that we know to be made.
    pub fn shows(&self, seen: &Observed, refund: &Refund) -> bool {
        // What had gone back before by the provider's own pages was not this one.
        seen.returned + seen.returning >= self.made_of(refund.attempt) + refund.beside + refund.amount
    }

    /// What of an attempt went back by refunds of ours, or is on its way by them, in minor units.
    pub(super) fn made_of(&self, attempt: u32) -> i64 {
        let made = self.refunds.iter().filter(|one| one.attempt == attempt && one.is_made());
        made.map(|one| one.amount).sum()
    }

    /// What of an attempt has gone back beside our refunds, by the provider's own pages.
    pub(super) fn returned_beside(&self, attempt: u32) -> i64 {
        let seen = self.attempts.iter().find(|one| one.n == attempt).map(|one| &one.seen);
        let shown = seen.map_or(0, |seen| seen.returned + seen.returning);
        (shown - self.made_of(attempt)).max(0)
    }

    /// What of an attempt went back before the refund that is under way, in minor units: what shows beyond it is that one.
    pub fn returned_before(&self, attempt: u32) -> i64 {
        let of = |one: &&Refund| self.op.as_ref().is_some_and(|op| op.attempt == attempt && op.refund == Some(one.id));
        self.made_of(attempt) + self.refunds.iter().find(of).map_or(0, |refund| refund.beside)
    }

    /// Looks once a day at what waits for somebody: whether it still does.
    pub(super) fn reminder(&self) -> Option<(Timestamp, Step)> {
        if !self.needs_manual_refund() && !self.needs_review() {
            return None;
        }
        let manual = |refund: &&Refund| refund.state == RefundState::Manual;
        let named = self.refunds.iter().find(manual).map(|refund| refund.attempt);
        let of = |n: u32| self.attempts.iter().find(|attempt| attempt.n == n);
        let attempt: &Attempt = named.and_then(of).or_else(|| self.covering()).or_else(|| self.attempts.last())?;
        Some((attempt.seen.asked_at.plus(REMINDED), Step::Look(attempt.n)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payments::Closed;
    use crate::payments::observed::Phase;
    use crate::payments::plan::{Send, Todo};
    use crate::platform::ids::{PaymentId, UserId};
    use crate::platform::money::{Currency, Money};

    const HOUR: Duration = Duration::from_hours(1);

    fn at(hours: u32) -> Timestamp {
        Timestamp::from_millis(0).plus(HOUR * hours)
    }

    fn seen(asked_at: Timestamp, returned: i64) -> Observed {
        Observed {
            asked_at,
            phase: Phase::Taken,
            right: true,
            declined: false,
            agreed: false,
            undecided: false,
            held: 0,
            held_until: None,
            taken: 1000,
            returned,
            returning: 0,
            disputed: false,
            contested: 0,
            refunds: Vec::new(),
        }
    }

    /// A payment of which 400 are to go back, sent once an hour in vain.
    fn tried(hours: u32) -> Online {
        let due = Money::new(1000, Currency::parse("USD").unwrap());
        let mut online = Online::new(PaymentId::generate(at(0)), due, false, at(0));
        online.opened(1, "pi_1".to_owned(), at(0));
        online.absorb(1, &seen(at(0), 0), at(0));
        online.ask_refund(Some(400), "broken".to_owned(), &UserId::nobody(), at(0)).unwrap();
        for hour in 0..hours {
            online.absorb(1, &seen(at(hour), 0), at(hour));
            if let Step::Perform(send) = online.plan(at(hour)) {
                let op = online.write_ahead(send, at(hour));
                online.unknown(&op, true);
            }
        }
        online
    }

    #[test]
    fn what_was_tried_in_vain_for_a_day_is_for_the_staff() {
        let mut online = tried(1);
        assert_eq!((online.trouble(at(0)), online.trouble(at(1))), (None, Some(Trouble::RefundUnanswered)));
        online = tried(24);
        assert_eq!(online.refunds[0].state, RefundState::Requested, "not yet a day");
        online.absorb(1, &seen(at(24), 0), at(24));
        assert_eq!((online.refunds[0].state, &online.op), (RefundState::Manual, &None));
        assert!(online.needs_manual_refund());
        assert_eq!(online.trouble(at(24)), Some(Trouble::RefundManual));
        assert_eq!(online.plan(at(24)), Step::Wait(at(48)), "somebody is reminded every day");
        assert_eq!(online.plan(at(48)), Step::Look(1));
    }

    #[test]
    fn a_refund_that_shows_at_last_was_made() {
        let mut online = tried(25);
        let (id, reference) = (online.refunds[0].id, "re_1".to_owned());
        let state = RefundState::Succeeded;
        let late = Observed { refunds: vec![super::super::SeenRefund { id, reference, state }], ..seen(at(30), 400) };
        online.absorb(1, &late, at(30));
        assert_eq!((online.refunds[0].state, online.trouble(at(30))), (state, None));
    }

    #[test]
    fn nothing_else_goes_back_until_the_staff_has_closed_it() {
        let mut online = tried(24);
        online.absorb(1, &seen(at(24), 0), at(24));
        online.give_back(at(25));
        assert!(!matches!(online.plan(at(25)), Step::Perform(_)), "600 wait until it is known what became of 400");
        assert!(!online.shows(&seen(at(26), 399), &online.refunds[0]));
        assert!(online.shows(&seen(at(26), 400), &online.refunds[0]));
        let id = online.refunds[0].id;
        online.absorb(1, &seen(at(26), 400), at(26));
        let closed = Closed { by: UserId::nobody(), at: at(26), note: None };
        assert!(online.close_refund(id, "by hand", closed));
        let rest = Todo { kind: OpKind::Refund, attempt: 1, amount: 600, refund: None };
        assert_eq!(online.plan(at(26)), Step::Perform(Send::New(rest)));
    }

    #[test]
    fn what_went_back_by_the_providers_own_pages_is_not_this_refund() {
        let due = Money::new(1000, Currency::parse("USD").unwrap());
        let mut online = Online::new(PaymentId::generate(at(0)), due, false, at(0));
        online.opened(1, "pi_1".to_owned(), at(0));
        online.absorb(1, &seen(at(0), 300), at(0));
        assert_eq!(online.returned_before(1), 0);
        online.ask_refund(Some(300), "broken".to_owned(), &UserId::nobody(), at(0)).unwrap();
        let Step::Perform(send) = online.plan(at(0)) else { panic!("it is to be sent") };
        let op = online.write_ahead(send, at(0));
        assert!(!op.again);
        assert_eq!(online.returned_before(1), 300, "what shows beyond it is ours");
        online.unknown(&op, true);
        online.absorb(1, &seen(at(1), 300), at(1));
        let Step::Perform(send) = online.plan(at(1)) else { panic!("it is to be sent again") };
        assert!(online.write_ahead(send, at(1)).again, "under another number it is still the same refund");
        assert_eq!(online.returned_before(1), 300);
        assert!(!online.shows(&seen(at(2), 300), &online.refunds[0]));
        assert!(online.shows(&seen(at(2), 600), &online.refunds[0]));
    }

    #[test]
    fn a_hold_that_runs_out_within_a_day_is_told_of_until_the_order_is_checked() {
        let due = Money::new(1000, Currency::parse("USD").unwrap());
        let mut online = Online::new(PaymentId::generate(at(0)), due, false, at(0));
        online.opened(1, "pi_1".to_owned(), at(0));
        let held = |hours| {
            let until = Some(at(7 * 24));
            Observed { phase: Phase::Held, held: 1000, held_until: until, taken: 0, ..seen(at(hours), 0) }
        };
        online.absorb(1, &held(0), at(0));
        assert_eq!((online.plan(at(0)), online.trouble(at(0))), (Step::Wait(at(6 * 24)), None));
        assert_eq!(online.plan(at(6 * 24)), Step::Look(1), "it comes by a day before");
        online.absorb(1, &held(6 * 24), at(6 * 24));
        assert_eq!(online.plan(at(6 * 24)), Step::Wait(at(7 * 24)));
        assert_eq!(online.trouble(at(6 * 24)), Some(Trouble::HoldExpiring));
        online.take(at(6 * 24));
        assert_eq!(online.trouble(at(6 * 24)), None);
    }

    #[test]
    fn silence_and_refusals_are_counted_apart() {
        let mut online = tried(1);
        let before = online.clone();
        (0..UNANSWERED).for_each(|_| online.back_off(at(0)));
        assert_eq!(online.tries, before.tries, "silence is no refusal");
        online.absorb(1, &seen(at(0), 0), at(0));
        assert_eq!((online.silent, online.trouble(at(0))), (0, None), "an answer ends it");
    }

    #[test]
    fn a_refund_that_fails_and_a_provider_that_is_silent_are_told_of() {
        let before = tried(1);
        let mut online = before.clone();
        online.refused(&before.op.clone().unwrap(), at(0));
        assert_eq!(online.new_trouble(&before, at(0)), Some(Trouble::RefundFailed));
        let mut silent = before.clone();
        (0..UNANSWERED).for_each(|_| silent.back_off(at(0)));
        assert_eq!(silent.new_trouble(&before, at(0)), Some(Trouble::Unanswered));
        assert_eq!(silent.new_trouble(&silent.clone(), at(0)), None);
    }

    #[test]
    fn the_log_calls_trouble_what_the_runbook_calls_it() {
        let runbook = include_str!("../../../docs/runbook.md");
        for (trouble, name) in [
            (Trouble::RefundUnanswered, "refund_unanswered"),
            (Trouble::Unanswered, "unanswered"),
            (Trouble::RefundManual, "refund_manual"),
            (Trouble::Review, "review"),
            (Trouble::RefundFailed, "refund_failed"),
            (Trouble::HoldExpiring, "hold_expiring"),
        ] {
            assert_eq!(trouble.as_str(), name);
            assert!(runbook.contains(&format!(". `{name}`: ")), "the runbook does not say what to do about {name}");
        }
    }

    /// A payment of 1000 that somebody has made twice.
    fn paid_twice(by_hand: bool) -> Online {
        let due = Money::new(1000, Currency::parse("USD").unwrap());
        let mut online = Online::new(PaymentId::generate(at(0)), due, by_hand, at(0));
        for (n, hours) in [(1, 1), (2, 2)] {
            online.opened(n, format!("pi_{n}"), at(0));
            online.absorb(n, &seen(at(hours), 0), at(hours));
        }
        online
    }

    /// Notes a refund of an attempt, and what had gone back beside ours when it was sent.
    fn note(online: &mut Online, attempt: u32, amount: i64, state: RefundState, beside: i64) -> Refund {
        let refund = Refund { beside, sent_at: Some(at(2)), ..Refund::new(attempt, amount, state, at(2)) };
        online.refunds.push(refund.clone());
        refund
    }

    #[test]
    fn a_refund_by_hand_shows_also_while_it_is_on_its_way() {
        let online = tried(1);
        let on_its_way = |returned, returning| Observed { returning, ..seen(at(2), returned) };
        for (returned, returning, shown) in [(100, 300, true), (100, 299, false), (0, 400, true), (0, 399, false)] {
            let refund = &online.refunds[0];
            assert_eq!(online.shows(&on_its_way(returned, returning), refund), shown, "{returned} {returning}");
        }
    }

    #[test]
    fn what_is_made_of_one_payment_is_not_made_of_another() {
        let mut online = paid_twice(false);
        note(&mut online, 1, 100, RefundState::Succeeded, 0);
        note(&mut online, 1, 20, RefundState::Pending, 0);
        note(&mut online, 1, 3, RefundState::Requested, 0);
        note(&mut online, 2, 1000, RefundState::Pending, 0);
        assert_eq!((online.made_of(1), online.made_of(2)), (120, 1000));
    }

    #[test]
    fn what_went_back_by_the_providers_own_pages_is_what_shows_beyond_our_refunds() {
        let mut online = tried(0);
        for (returned, returning, beside) in [(300, 0, 300), (300, 200, 500)] {
            let shown = Observed { returning, ..seen(at(1), returned) };
            online.absorb(1, &shown, at(1));
            assert_eq!(online.returned_beside(1), beside, "{returned} {returning}");
        }
        online.refunds[0].state = RefundState::Pending;
        assert_eq!(online.returned_beside(1), 100, "400 of it are ours");
        assert_eq!(online.returned_beside(2), 0, "nobody has paid by that");
    }

    #[test]
    fn what_went_back_before_a_refund_is_told_of_that_one_and_its_own_payment() {
        let mut online = paid_twice(false);
        note(&mut online, 1, 50, RefundState::Succeeded, 7);
        let sent = note(&mut online, 1, 100, RefundState::Requested, 300);
        online.op = Some(Op {
            kind: OpKind::Refund,
            n: 1,
            attempt: 1,
            amount: 100,
            refund: Some(sent.id),
            since: at(2),
            answered: false,
            put_off: false,
            again: false,
        });
        assert_eq!((online.returned_before(1), online.returned_before(2)), (350, 0));
    }

    #[test]
    fn whoever_gives_back_a_second_payment_by_hand_is_reminded_by_a_look_at_that_one() {
        let mut online = paid_twice(true);
        let manual: Vec<(u32, i64)> = online.refunds.iter().map(|refund| (refund.attempt, refund.amount)).collect();
        assert_eq!(manual, [(2, 1000)]);
        // What the order itself was paid by is not what is waited for, though some of it went back.
        online.refunds.insert(0, Refund::new(1, 100, RefundState::Succeeded, at(2)));
        assert_eq!(online.reminder(), Some((at(2 + 24), Step::Look(2))));
    }
}
