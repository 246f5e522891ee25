//! A small provider and a customer who does what they like, to see that whatever happens, whatever is lost on the way, the
//! payment ends as its order wants it.

use proptest::prelude::*;

use super::goal::Goal;
use super::observed::{Did, Observed, Phase, SeenRefund};
use super::online::{Online, Payable};
use super::payment::PaymentStatus;
use super::plan::{Op, OpKind, Step};
use super::refund::{Closed, RefundState};
use crate::platform::clock::Timestamp;
use crate::platform::ids::{PaymentId, RefundId, UserId};
use crate::platform::money::{Currency, Money};

const DUE: i64 = 1000;

#[derive(Clone, Debug)]
struct Held {
    asked: i64,
    amount: i64,
    phase: Phase,
    agreed: bool,
    taken: i64,
    refunds: Vec<(RefundId, i64, RefundState)>,
}

/// The provider, with what it kept under each key.
#[derive(Debug, Default)]
struct Provider {
    attempts: Vec<Held>,
    kept: Vec<(String, (u32, i64), bool)>,
    captures: usize,
    manner: Manner,
}

/// How money comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Manner {
    /// Who pays has paid, and it is held.
    #[default]
    Held,
    /// Who pays agrees, and it is held once we accept.
    Agreed,
    /// Who pays agrees, and it is taken once we accept.
    AtOnce,
    /// Who pays has paid; what goes back, the staff gives back, and the door does not shut.
    ByHand,
}

/// What goes wrong with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    /// Nothing was done, and no answer came.
    Before,
    /// It was done, and no answer came.
    After,
    /// It says that it failed, and has done nothing.
    Says,
    /// We are killed after the answer, before it is written down.
    Killed,
}

impl Provider {
    fn seen(&self, n: u32, asked_at: Timestamp) -> Observed {
        let held = &self.attempts[usize::try_from(n).unwrap() - 1];
        let sum = |wanted| held.refunds.iter().filter(|refund| refund.2 == wanted).map(|refund| refund.1).sum();
        Observed {
            asked_at,
            phase: held.phase,
            right: held.amount == held.asked,
            declined: false,
            agreed: held.agreed && held.phase == Phase::Open,
            undecided: false,
            held: if held.phase == Phase::Held { held.amount } else { 0 },
            held_until: (held.phase == Phase::Held).then(|| asked_at.plus(std::time::Duration::from_hours(100))),
            taken: held.taken,
            returned: sum(RefundState::Succeeded),
            returning: sum(RefundState::Pending),
            disputed: false,
            contested: 0,
            refunds: held
                .refunds
                .iter()
                .map(|(id, _, state)| SeenRefund { id: *id, reference: format!("re_{id}"), state: *state })
                .collect(),
        }
    }

    fn act(&mut self, key: String, op: &Op, fault: Fault, now: Timestamp) -> Did {
        if fault == Fault::Before {
            return Did::Unknown { answered: false };
        }
        let parameters = (op.attempt, op.amount);
        if let Some((_, before, failed)) = self.kept.iter().find(|(known, ..)| *known == key) {
            assert_eq!(*before, parameters, "one key was sent with two bodies");
            if *failed {
                return Did::Unknown { answered: true };
            }
        } else {
            self.kept.push((key, parameters, fault == Fault::Says));
            if fault == Fault::Says {
                return Did::Unknown { answered: true };
            }
            let held = &mut self.attempts[usize::try_from(op.attempt).unwrap() - 1];
            match (op.kind, held.phase) {
                (OpKind::Accept, Phase::Open) if held.agreed && self.manner == Manner::AtOnce => {
                    (held.phase, held.taken) = (Phase::Taken, held.amount);
                    self.captures += 1;
                }
                (OpKind::Accept, Phase::Open) if held.agreed => held.phase = Phase::Held,
                (OpKind::Capture, Phase::Held) => {
                    assert!(op.amount <= held.amount);
                    (held.phase, held.taken) = (Phase::Taken, op.amount);
                    self.captures += 1;
                }
                (OpKind::Void, Phase::Held | Phase::Open) => held.phase = Phase::Closed,
                (OpKind::Refund, Phase::Taken) => {
                    let gone: i64 = held
                        .refunds
                        .iter()
                        .filter(|refund| refund.2 != RefundState::Failed)
                        .map(|refund| refund.1)
                        .sum();
                    assert!(gone + op.amount <= held.taken, "more is given back than was taken");
                    held.refunds.push((op.refund.unwrap(), op.amount, RefundState::Pending));
                }
                _ => return Did::Refused("unexpected_state".to_owned()),
            }
        }
        if fault == Fault::After { Did::Unknown { answered: false } } else { Did::Done(self.seen(op.attempt, now)) }
    }
}

/// What happens next.
#[derive(Clone, Copy, Debug)]
enum Event {
    Start,
    Pay,
    PayWrongSum,
    LoseHold,
    Verify,
    VerifyForLess(i64),
    Cancel,
    Refund(i64),
    Settle(bool),
    Work(Fault),
    Wait(u64),
}

fn any_event() -> impl Strategy<Value = Event> {
    let fault = prop_oneof![
        4 => Just(Fault::None),
        1 => Just(Fault::Before),
        1 => Just(Fault::After),
        1 => Just(Fault::Says),
        1 => Just(Fault::Killed)
    ];
    prop_oneof![
        3 => Just(Event::Start),
        4 => Just(Event::Pay),
        1 => Just(Event::PayWrongSum),
        1 => Just(Event::LoseHold),
        3 => Just(Event::Verify),
        1 => (0i64..DUE).prop_map(Event::VerifyForLess),
        1 => Just(Event::Cancel),
        2 => (1i64..=DUE).prop_map(Event::Refund),
        1 => any::<bool>().prop_map(Event::Settle),
        6 => fault.prop_map(Event::Work),
        4 => (1u64..2000).prop_map(Event::Wait),
    ]
}

struct Stage {
    online: Online,
    provider: Provider,
    now: Timestamp,
    expired: bool,
}

impl Stage {
    fn new(manner: Manner) -> Self {
        let due = Money::new(DUE, Currency::parse("USD").unwrap());
        let now = Timestamp::from_millis(1_000_000_000);
        let online = Online::new(PaymentId::generate(now), due, manner == Manner::ByHand, now);
        Self { online, provider: Provider { manner, ..Provider::default() }, now, expired: false }
    }

    fn wait(&mut self, seconds: u64) {
        self.now = self.now.plus(std::time::Duration::from_secs(seconds));
    }

    /// One step of the worker; whether there was one to take.
    fn work(&mut self, fault: Fault) -> bool {
        let now = self.now;
        match self.online.plan(now) {
            Step::Idle | Step::Wait(_) => return false,
            Step::Look(_) if matches!(fault, Fault::Before | Fault::After | Fault::Says) => self.online.back_off(now),
            Step::Look(n) => self.online.absorb(n, &self.provider.seen(n, now), now),
            Step::Perform(send) => {
                let op = self.online.write_ahead(send, now);
                let in_time = now < self.online.pay_by && self.online.goal == Goal::Await;
                let off = self.online.goal == Goal::GiveBack;
                assert!(op.kind != OpKind::Capture || !off, "taken for an order that was called off");
                assert!(op.kind != OpKind::Accept || in_time, "accepted too late, or for an order that was called off");
                let key = self.online.key(op.kind.as_str(), op.n);
                let did = self.provider.act(key, &op, fault, now);
                match did {
                    _ if fault == Fault::Killed => {}
                    Did::Done(observed) => self.online.absorb(op.attempt, &observed, now),
                    Did::Refused(_) => {
                        let observed = self.provider.seen(op.attempt, now);
                        self.online.absorb(op.attempt, &observed, now);
                        self.online.refused(&op, now);
                    }
                    Did::Unknown { answered } => self.online.unknown(&op, answered),
                }
            }
            Step::Expire => {
                self.expired = true;
                self.online.give_back(now);
            }
        }
        true
    }

    fn happen(&mut self, event: Event) {
        let now = self.now;
        let last = self.provider.attempts.last_mut();
        match event {
            Event::Start => {
                if let Ok(Payable::New(n)) = self.online.payable(now) {
                    self.provider.attempts.push(Held {
                        asked: self.online.due.amount(),
                        amount: self.online.due.amount(),
                        phase: Phase::Open,
                        agreed: false,
                        taken: 0,
                        refunds: Vec::new(),
                    });
                    self.online.opened(n, format!("pi_{n}"), now);
                }
            }
            Event::Pay | Event::PayWrongSum => {
                if let Some(open) = last.filter(|held| held.phase == Phase::Open) {
                    open.amount = if matches!(event, Event::Pay) { open.asked } else { 5 };
                    match self.provider.manner {
                        Manner::Held => open.phase = Phase::Held,
                        Manner::ByHand => {
                            (open.phase, open.taken) = (Phase::Taken, open.amount);
                            self.provider.captures += 1;
                        }
                        Manner::Agreed | Manner::AtOnce => open.agreed = true,
                    }
                }
            }
            Event::LoseHold => {
                if let Some(held) = last.filter(|held| held.phase == Phase::Held) {
                    held.phase = Phase::Closed;
                    let n = u32::try_from(self.provider.attempts.len()).unwrap();
                    self.online.absorb(n, &self.provider.seen(n, now), now);
                }
            }
            Event::Verify => {
                if matches!(self.online.status(), PaymentStatus::Authorized | PaymentStatus::Captured) {
                    self.online.take(now);
                }
            }
            Event::VerifyForLess(due) => {
                let paid = matches!(self.online.status(), PaymentStatus::Authorized | PaymentStatus::Captured);
                if paid && !self.online.verified {
                    self.online.lower(Money::new(due, self.online.due.currency()), now);
                    self.online.take(now);
                }
            }
            Event::Cancel => self.online.give_back(now),
            Event::Refund(amount) => {
                let by = UserId::nobody();
                let _ = self.online.ask_refund(Some(amount), "damaged".to_owned(), &by, now);
            }
            Event::Settle(good) => self.settle_refunds(good),
            Event::Work(fault) => {
                self.work(fault);
            }
            Event::Wait(seconds) => self.wait(seconds),
        }
    }

    fn settle_refunds(&mut self, good: bool) {
        let state = if good { RefundState::Succeeded } else { RefundState::Failed };
        for refund in self.provider.attempts.iter_mut().flat_map(|held| &mut held.refunds) {
            if refund.2 == RefundState::Pending {
                refund.2 = state;
            }
        }
    }

    /// The staff gives back in the provider's portal what is to go back by hand, and closes it.
    fn give_back_by_hand(&mut self) {
        let manual = |refund: &&crate::payments::Refund| refund.state == RefundState::Manual;
        let manual: Vec<_> = self.online.refunds.iter().filter(manual).cloned().collect();
        for refund in manual {
            let closed = Closed { by: UserId::nobody(), at: self.now, note: None };
            let held = &mut self.provider.attempts[usize::try_from(refund.attempt).unwrap() - 1];
            held.refunds.push((refund.id, refund.amount, RefundState::Succeeded));
            let gone: i64 = held.refunds.iter().map(|refund| refund.1).sum();
            assert!(gone <= held.taken, "more is given back by hand than was taken");
            assert!(self.online.close_refund(refund.id, "by hand", closed));
        }
    }

    /// Lets the worker do all there is to do, with nothing going wrong any more.
    fn run_dry(&mut self) {
        for _ in 0..400 {
            self.settle_refunds(true);
            self.give_back_by_hand();
            if !self.work(Fault::None) {
                match self.online.plan(self.now) {
                    Step::Wait(at) => self.now = at,
                    _ => return,
                }
                let settled = self.online.op.is_none() && self.online.goal == Goal::Hold;
                if settled || (self.online.goal == Goal::Take && self.online.covering().is_some()) {
                    // What is left is to look whether a hold runs out, or a refund has come through.
                    if self.online.op.is_none() && !self.work(Fault::None) {
                        return;
                    }
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn whatever_happens_the_money_ends_where_it_belongs(
        events in prop::collection::vec(any_event(), 0..40),
        manner in prop_oneof![Just(Manner::Held), Just(Manner::Agreed), Just(Manner::AtOnce), Just(Manner::ByHand)],
    ) {
        let mut stage = Stage::new(manner);
        let mut taken = 0;
        for event in &events {
            stage.happen(*event);
            let seen = stage.online.taken();
            prop_assert!(seen >= taken, "taken money was forgotten");
            taken = seen;
        }
        // Somebody has paid, nobody has told us, and the time may be over: that is asked for first.
        let unasked = stage.online.attempts.last().is_some_and(|open| open.is_open() && open.seen.asked_at < stage.online.pay_by);
        let paid = stage.provider.attempts.last().is_some_and(|held| held.phase == Phase::Held && held.amount == held.asked);
        let kept = unasked && paid && stage.online.goal == Goal::Await && stage.online.op.is_none();
        stage.run_dry();
        prop_assert!(!(kept && stage.expired), "an order that was paid has expired");
        // Nothing of all this may be without a key of its own, and no attempt is captured twice.
        prop_assert!(stage.provider.captures <= stage.provider.attempts.len());
        let online = &stage.online;
        prop_assert!(online.op.is_none(), "{:?} is under way for ever", online.op);
        let taken: i64 = stage.provider.attempts.iter().map(|held| held.taken).sum();
        let returned: i64 = stage.provider.attempts.iter().flat_map(|held| &held.refunds)
            .filter(|refund| refund.2 == RefundState::Succeeded).map(|refund| refund.1).sum();
        let held = stage.provider.attempts.iter().filter(|held| held.phase == Phase::Held).count();
        match online.goal {
            Goal::GiveBack if !online.needs_manual_refund() => {
                prop_assert_eq!(taken, returned);
                prop_assert_eq!(held, 0);
                let status = online.status();
                prop_assert!(matches!(status, PaymentStatus::Voided | PaymentStatus::Refunded), "{status:?}");
            }
            Goal::GiveBack => {}
            Goal::Await => {
                prop_assert!(online.is_free(), "nobody has paid, and the order waits for ever");
                prop_assert_eq!((held, taken), (0, returned));
            }
            Goal::Hold => prop_assert_eq!((held, taken), (1, 0)),
            Goal::Take if online.due.amount() < DUE && online.needs_manual_refund() => {}
            Goal::Take => {
                let asked: i64 = online.refunds.iter().filter(|refund| refund.by.is_some() && refund.counts())
                    .map(|refund| refund.amount).sum();
                // What went back before the order came to cost less counts as well.
                let kept = (online.due.amount() - asked).max(0);
                prop_assert_eq!(taken - returned, kept, "{:?}", online);
                prop_assert_eq!(held, 0);
            }
        }
        prop_assert_eq!((online.taken(), online.returned()), (taken, returned));
    }
}
