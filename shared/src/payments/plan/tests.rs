use super::*;
use crate::payments::{HOLD_LOST_GRACE, NotPayable, Observed, Payable, PaymentStatus, SeenRefund, Trouble};
use crate::platform::ids::{PaymentId, UserId};
use crate::platform::money::{Currency, Money};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
/// Until when an order that is placed at 0 can be paid, in seconds.
const PAY_BY: u64 = 30 * MINUTE;

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_millis(0).plus(Duration::from_secs(seconds))
}

fn just_before(time: Timestamp) -> Timestamp {
    time.minus(Duration::from_millis(1))
}

fn usd(amount: i64) -> Money {
    Money::new(amount, Currency::parse("USD").unwrap())
}

/// How an attempt to pay 1000 stands, for who asks at `seconds`.
fn seen(seconds: u64, phase: Phase) -> Observed {
    let whole = |one| if phase == one { 1000 } else { 0 };
    let held_until = (phase == Phase::Held).then(|| at(7 * DAY));
    let (held, taken) = (whole(Phase::Held), whole(Phase::Taken));
    Observed { phase, held, held_until, taken, ..Observed::let_go(at(seconds)) }
}

fn undecided(seconds: u64, phase: Phase) -> Observed {
    Observed { undecided: true, ..seen(seconds, phase) }
}

/// An order of 1000 that was placed at 0, and that somebody began to pay for in the same moment.
fn begun(by_hand: bool) -> Online {
    let mut online = Online::new(PaymentId::generate(at(0)), usd(1000), by_hand, at(0));
    online.opened(1, "pi_1".to_owned(), at(0));
    online
}

/// One whose customer has agreed at the provider a minute later.
fn agreed() -> Online {
    let mut online = begun(false);
    online.absorb(1, &Observed { agreed: true, ..seen(MINUTE, Phase::Open) }, at(MINUTE));
    online
}

/// One that has come to `phase` a second after it was placed.
fn paid(phase: Phase) -> Online {
    let mut online = begun(false);
    online.absorb(1, &seen(1, phase), at(1));
    online
}

/// One whose money is held and is being taken, since the second second.
fn being_taken() -> (Online, Op) {
    let mut online = paid(Phase::Held);
    online.take(at(2));
    let op = send(&mut online, at(2));
    assert_eq!((op.kind, op.amount, op.again), (OpKind::Capture, 1000, false));
    (online, op)
}

fn new(kind: OpKind, attempt: u32, amount: i64) -> Step {
    Step::Perform(Send::New(Todo { kind, attempt, amount, refund: None }))
}

/// Writes down what is to be sent now, as whoever sends it does.
fn send(online: &mut Online, now: Timestamp) -> Op {
    let Step::Perform(send) = online.plan(now) else { panic!("nothing is to be sent: {:?}", online.plan(now)) };
    online.write_ahead(send, now)
}

fn sends(online: &Online, now: Timestamp) -> bool {
    matches!(online.plan(now), Step::Perform(_))
}

/// The provider refuses what is to be sent now, so many times.
fn refuse(online: &mut Online, times: usize, now: Timestamp) {
    for _ in 0..times {
        let op = send(online, now);
        online.refused(&op, now);
    }
}

/// The provider refuses the same five times from `seconds` on, and shows the attempt in `phase` all the while.
/// Says when the last time was.
fn refuse_for_good(online: &mut Online, phase: Phase, seconds: u64) -> u64 {
    let mut now = seconds;
    for tries in 1..=5 {
        let op = send(online, at(now));
        online.absorb(1, &seen(now, phase), at(now));
        online.refused(&op, at(now));
        if tries < 5 {
            assert_eq!(online.plan(just_before(at(now + MINUTE))), Step::Wait(at(now + MINUTE)), "{tries}");
            now += MINUTE;
            online.absorb(1, &seen(now, phase), at(now));
        }
    }
    now
}

/// Somebody of the staff gives `amount` back, and that comes to `state`.
fn staff_gives_back(online: &mut Online, amount: i64, state: RefundState) {
    let asked = online.ask_refund(Some(amount), "broken".to_owned(), &UserId::nobody(), at(2)).unwrap();
    for refund in online.refunds.iter_mut().filter(|refund| refund.id == asked.id) {
        refund.seen("re_staff", state);
    }
}

/// Why money goes back without anybody asking for it.
#[derive(Clone, Copy, Debug)]
enum Because {
    /// The order was called off: all of it goes back.
    CalledOff,
    /// The order came to cost 800: the difference goes back.
    CostsLess,
}

impl Because {
    const ALL: [Self; 2] = [Self::CalledOff, Self::CostsLess];

    fn happens(self, online: &mut Online) {
        match self {
            Self::CalledOff => online.give_back(at(3)),
            Self::CostsLess => online.lower(usd(800), at(3)),
        }
    }
}

#[test]
fn an_operation_is_called_in_keys_what_it_is_stored_as() {
    for kind in [OpKind::Accept, OpKind::Capture, OpKind::Void, OpKind::Refund] {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
    }
}

#[test]
fn news_that_do_not_show_are_asked_for_three_times() {
    let first = Look::first(2, at(0));
    assert_eq!(first, Look { attempt: 2, at: at(15), asked: 0 });
    let second = first.later(at(15)).unwrap();
    assert_eq!(second, Look { attempt: 2, at: at(75), asked: 1 });
    let third = second.later(at(75)).unwrap();
    assert_eq!(third, Look { attempt: 2, at: at(375), asked: 2 });
    assert_eq!(third.later(at(375)), None);
}

#[test]
fn somebody_else_looks_after_an_operation_when_its_time_is_over() {
    let op = |answered, put_off| Op {
        kind: OpKind::Void,
        n: 1,
        attempt: 1,
        amount: 1,
        refund: None,
        since: at(0),
        answered,
        put_off,
        again: false,
    };
    for (answered, put_off, seconds) in
        [(false, false, 30), (true, false, 60), (false, true, 6 * HOUR), (true, true, 6 * HOUR)]
    {
        assert_eq!(op(answered, put_off).ready(), at(seconds), "{answered} {put_off}");
    }
}

#[test]
fn a_provider_that_is_silent_is_asked_less_and_less_often() {
    let mut online = begun(false);
    for seconds in [60, 120, 240, 480, 960, 960] {
        online.wake = true;
        online.back_off(at(0));
        assert_eq!(online.next_at, Some(at(seconds)));
        assert!(!online.wake);
    }
}

#[test]
fn who_has_not_paid_is_asked_about_until_the_time_is_over_and_shut_out_before_the_order_expires() {
    let mut online = begun(false);
    for seconds in [2 * MINUTE, 5 * MINUTE, 15 * MINUTE, PAY_BY] {
        let next = at(seconds);
        assert_eq!(online.plan(just_before(next)), Step::Wait(next));
        assert_eq!(online.plan(next), Step::Look(1));
        online.absorb(1, &Observed { asked_at: just_before(next), ..seen(seconds, Phase::Open) }, next);
        assert_eq!(online.plan(next), Step::Look(1), "they may have paid since");
        online.absorb(1, &seen(seconds, Phase::Open), next);
    }
    assert_eq!(online.plan(at(PAY_BY)), new(OpKind::Void, 1, 0));
    send(&mut online, at(PAY_BY));
    assert_ne!(online.plan(at(PAY_BY + DAY)), Step::Expire, "the door may be open yet");
    online.absorb(1, &seen(PAY_BY + 1, Phase::Closed), at(PAY_BY + 1));
    assert_eq!(online.plan(at(PAY_BY + 1)), Step::Expire);
}

#[test]
fn where_the_door_does_not_shut_who_has_not_paid_has_a_quarter_of_an_hour_more() {
    let mut online = begun(true);
    online.absorb(1, &seen(PAY_BY, Phase::Open), at(PAY_BY));
    let over = PAY_BY + 15 * MINUTE;
    assert_eq!(online.plan(just_before(at(over))), Step::Wait(at(over)));
    assert_eq!(online.plan(at(over)), Step::Look(1));
    online.absorb(1, &seen(over, Phase::Open), at(over));
    assert_eq!(online.plan(at(over)), new(OpKind::Void, 1, 0));
}

#[test]
fn an_order_is_not_called_off_while_the_provider_does_not_know_whether_it_was_paid() {
    let mut online = begun(true);
    online.absorb(1, &undecided(2 * MINUTE, Phase::Open), at(2 * MINUTE));
    assert_eq!(online.plan(at(2 * MINUTE)), Step::Wait(at(5 * MINUTE)), "in time it is asked about as ever");
    let mut now = PAY_BY;
    while now <= PAY_BY + DAY {
        online.absorb(1, &undecided(now, Phase::Open), at(now));
        assert_eq!(online.trouble(at(now)), (now >= PAY_BY + DAY).then_some(Trouble::Review), "{now}");
        let next = now + 15 * MINUTE;
        assert_eq!(online.plan(just_before(at(next))), Step::Wait(at(next)));
        assert_eq!(online.plan(at(next)), Step::Look(1));
        now = next;
    }
    online.absorb(1, &seen(now, Phase::Taken), at(now));
    assert_eq!((online.status(), online.trouble(at(now))), (PaymentStatus::Captured, None));
}

#[test]
fn what_a_customer_has_agreed_to_is_accepted_until_the_time_is_over() {
    let online = agreed();
    let accept = Send::New(Todo { kind: OpKind::Accept, attempt: 1, amount: 1000, refund: None });
    assert_eq!(online.accepting(just_before(at(PAY_BY))), Some(accept));
    assert_eq!(online.accepting(at(PAY_BY)), None);
    assert!(!sends(&online, at(PAY_BY)));
}

#[test]
fn nobody_is_charged_for_what_was_called_off_or_costs_nothing() {
    let mut called_off = agreed();
    called_off.give_back(at(MINUTE));
    assert_eq!(called_off.plan(at(MINUTE)), new(OpKind::Void, 1, 0));
    assert_eq!(called_off.accepting(at(MINUTE)), None);
    let mut free = agreed();
    free.lower(usd(0), at(MINUTE));
    assert!(!sends(&free, at(MINUTE)));
    assert_eq!(free.accepting(at(MINUTE)), None);
}

#[test]
fn a_customer_who_comes_back_has_nothing_sent_but_what_they_agreed_to() {
    let mut online = paid(Phase::Held);
    online.take(at(2));
    assert_eq!(online.plan(at(2)), new(OpKind::Capture, 1, 1000));
    assert_eq!(online.accepting(at(2)), None, "money is taken by the worker alone");
}

#[test]
fn an_acceptance_that_is_refused_is_a_try_that_was_declined_and_the_customer_begins_anew() {
    let mut online = begun(false);
    online.absorb(1, &seen(1, Phase::Closed), at(1));
    online.opened(2, "pi_2".to_owned(), at(2));
    online.absorb(2, &Observed { agreed: true, ..seen(3, Phase::Open) }, at(3));
    refuse(&mut online, 1, at(3));
    let ended = online.attempts.iter().map(|attempt| (attempt.seen.phase, attempt.seen.declined));
    assert_eq!(ended.collect::<Vec<_>>(), [(Phase::Closed, false), (Phase::Closed, true)]);
    assert_eq!(online.payable(at(4)), Ok(Payable::New(3)));
    assert_eq!(online.plan(at(4)), Step::Wait(at(PAY_BY)));
}

#[test]
fn an_operation_that_is_sent_again_is_the_same_and_is_left_its_time_again() {
    let (mut online, op) = being_taken();
    online.absorb(1, &seen(40, Phase::Held), at(40));
    let again = send(&mut online, at(40));
    assert_eq!((again.n, again.kind, again.amount), (op.n, op.kind, op.amount), "under one key the same is sent");
    assert!(again.again, "whoever sends it has to know that it may have been done");
    assert_eq!(online.op, Some(Op { since: at(40), again: true, ..op }));
    assert_eq!(online.plan(just_before(at(70))), Step::Wait(at(70)), "somebody is sending it just now");
    assert_eq!(online.plan(at(70)), Step::Look(1));
}

#[test]
fn a_capture_that_the_provider_has_not_decided_about_is_looked_at_every_six_hours_and_not_sent_again() {
    let (mut online, _) = being_taken();
    for asked in [3, 3 + 6 * HOUR] {
        online.absorb(1, &undecided(asked, Phase::Held), at(asked));
        let next = at(asked + 6 * HOUR);
        assert_eq!(online.plan(at(asked)), Step::Wait(next));
        assert_eq!(online.plan(just_before(next)), Step::Wait(next));
        assert_eq!(online.plan(next), Step::Look(1));
    }
}

#[test]
fn what_was_called_off_is_let_go_once_the_provider_has_decided() {
    for (phase, amount) in [(Phase::Held, 1000), (Phase::Open, 0)] {
        let mut online = begun(false);
        online.absorb(1, &undecided(1, phase), at(1));
        online.give_back(at(2));
        let next = 1 + 6 * HOUR;
        assert_eq!(online.plan(just_before(at(next))), Step::Wait(at(next)), "{phase:?}");
        assert_eq!(online.plan(at(next)), Step::Look(1), "{phase:?}");
        online.absorb(1, &seen(next, phase), at(next));
        assert_eq!(online.plan(at(next)), new(OpKind::Void, 1, amount), "{phase:?}");
    }
}

#[test]
fn what_was_taken_waits_for_no_other_decision() {
    let mut online = begun(false);
    online.absorb(1, &undecided(1, Phase::Taken), at(1));
    assert_eq!(online.plan(at(DAY)), Step::Idle);
    online.give_back(at(2));
    assert_eq!(online.plan(at(2)), new(OpKind::Refund, 1, 1000));
    send(&mut online, at(2));
    assert_eq!(online.plan(just_before(at(32))), Step::Wait(at(32)));
    assert_eq!(online.plan(at(32)), Step::Look(1), "as after any refund without an answer");
}

#[test]
fn what_is_refused_three_times_to_go_back_is_for_the_staff() {
    for (because, amount) in [(Because::CalledOff, 700), (Because::CostsLess, 200)] {
        let mut online = paid(Phase::Taken);
        staff_gives_back(&mut online, 300, RefundState::Succeeded);
        because.happens(&mut online);
        refuse(&mut online, 2, at(3));
        assert_eq!(online.plan(at(3)), new(OpKind::Refund, 1, amount), "{because:?}");
        assert!(!online.needs_manual_refund(), "{because:?}: it is tried once more");
        refuse(&mut online, 1, at(3));
        assert_eq!(online.plan(at(3)), Step::Wait(at(1 + DAY)), "{because:?}: somebody is reminded every day");
        assert_eq!(online.trouble(at(3)), Some(Trouble::RefundManual), "{because:?}");
    }
}

#[test]
fn refunds_of_the_staff_that_failed_are_none_of_those_three() {
    for (because, amount) in [(Because::CalledOff, 1000), (Because::CostsLess, 200)] {
        let mut online = paid(Phase::Taken);
        for _ in 0..3 {
            staff_gives_back(&mut online, 300, RefundState::Failed);
        }
        because.happens(&mut online);
        assert_eq!(online.plan(at(3)), new(OpKind::Refund, 1, amount), "{because:?}");
        assert!(!online.needs_manual_refund(), "{because:?}");
    }
}

#[test]
fn a_second_payment_goes_back_by_itself_whatever_becomes_of_the_first() {
    let mut online = paid(Phase::Taken);
    online.opened(2, "pi_2".to_owned(), at(2));
    online.absorb(2, &seen(2, Phase::Taken), at(2));
    refuse(&mut online, 2, at(3));
    assert_eq!(online.plan(at(3)), new(OpKind::Refund, 2, 1000));
    assert!(!online.needs_manual_refund());
    refuse(&mut online, 1, at(3));
    assert!(online.needs_manual_refund() && !sends(&online, at(3)));
    for because in Because::ALL {
        let mut first = online.clone();
        because.happens(&mut first);
        let Step::Perform(Send::New(todo)) = first.plan(at(3)) else { panic!("{because:?}: {:?}", first.plan(at(3))) };
        assert_eq!((todo.kind, todo.attempt), (OpKind::Refund, 1), "{because:?}: nobody has refused that");
    }
}

#[test]
fn the_place_that_is_kept_for_what_goes_back_by_itself_is_used_once() {
    for (because, amount) in [(Because::CalledOff, 1000 - 19), (Because::CostsLess, 200)] {
        let mut online = paid(Phase::Taken);
        for _ in 1..MAX_REFUNDS {
            staff_gives_back(&mut online, 1, RefundState::Succeeded);
        }
        because.happens(&mut online);
        assert_eq!(online.plan(at(3)), new(OpKind::Refund, 1, amount), "{because:?}");
        refuse(&mut online, 1, at(3));
        assert_eq!(online.refunds.len(), MAX_REFUNDS);
        assert!(!sends(&online, at(3)), "{because:?}");
        assert_eq!(online.trouble(at(3)), Some(Trouble::RefundManual), "{because:?}");
    }
}

#[test]
fn while_the_payers_bank_decides_nothing_goes_back_by_itself() {
    let disputed = Observed { disputed: true, contested: 400, ..seen(2, Phase::Taken) };
    let mut online = paid(Phase::Taken);
    online.absorb(1, &disputed, at(2));
    assert_eq!((online.needs_manual_refund(), online.trouble(at(2))), (false, Some(Trouble::Review)));
    for (because, amount) in [(Because::CalledOff, 1000), (Because::CostsLess, 200)] {
        let mut online = online.clone();
        because.happens(&mut online);
        assert!(!sends(&online, at(3)), "{because:?}");
        online.absorb(1, &seen(4, Phase::Taken), at(4));
        assert_eq!(online.plan(at(4)), new(OpKind::Refund, 1, amount), "{because:?}: the payer has lost");
    }
}

#[test]
fn what_an_order_costs_less_goes_back_once_beside_what_the_staff_gives_back() {
    let mut online = paid(Phase::Taken);
    staff_gives_back(&mut online, 300, RefundState::Succeeded);
    online.lower(usd(800), at(3));
    assert_eq!(online.plan(at(3)), new(OpKind::Refund, 1, 200));
    let id = send(&mut online, at(3)).refund.unwrap();
    let made = SeenRefund { id, reference: "re_1".to_owned(), state: RefundState::Succeeded };
    online.absorb(1, &Observed { returned: 500, refunds: vec![made], ..seen(4, Phase::Taken) }, at(4));
    assert_eq!(online.plan(at(4)), Step::Idle);
    assert_eq!(online.trouble(at(4)), None);
}

#[test]
fn what_an_order_costs_less_goes_back_as_far_as_there_is_something_left() {
    let mut online = paid(Phase::Taken);
    staff_gives_back(&mut online, 900, RefundState::Succeeded);
    let mut nothing_left = online.clone();
    online.lower(usd(800), at(3));
    assert_eq!(online.plan(at(3)), new(OpKind::Refund, 1, 100));
    staff_gives_back(&mut nothing_left, 100, RefundState::Succeeded);
    nothing_left.lower(usd(800), at(3));
    assert_eq!(nothing_left.plan(at(3)), Step::Idle);
    assert!(!nothing_left.needs_manual_refund(), "all of it has gone back");
}

#[test]
fn a_hold_that_the_provider_refuses_five_times_to_take_is_lost_and_the_customer_pays_again() {
    let mut online = paid(Phase::Held);
    online.take(at(2));
    let now = at(refuse_for_good(&mut online, Phase::Held, 2));
    assert_eq!((online.goal, online.hold_lost, online.status()), (Goal::Await, true, PaymentStatus::Pending));
    let pay_by = now.plus(HOLD_LOST_GRACE);
    assert_eq!(online.payable(just_before(pay_by)), Ok(Payable::New(2)));
    assert_eq!(online.payable(pay_by), Err(NotPayable::Expired));
    assert_eq!(online.plan(now), new(OpKind::Void, 1, 1000), "they are not to be charged twice");
}

#[test]
fn a_door_that_the_provider_refuses_to_shut_is_begun_anew_and_nobody_is_told() {
    let mut online = begun(false);
    online.give_back(at(2));
    let now = at(refuse_for_good(&mut online, Phase::Open, 2));
    assert_eq!(online.plan(now), new(OpKind::Void, 1, 0));
    assert_eq!(online.trouble(now), None, "nothing is held that anybody would have to look for");
}
