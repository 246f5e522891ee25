use super::*;
use crate::payments::Closed;
use crate::payments::observed::{Phase, SeenRefund};
use crate::payments::plan::Send;
use crate::platform::money::Currency;

const DAY: Duration = Duration::from_hours(24);
const MILLISECOND: Duration = Duration::from_millis(1);

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_millis(0).plus(Duration::from_secs(seconds))
}

fn usd(amount: i64) -> Money {
    Money::new(amount, Currency::parse("USD").unwrap())
}

fn open(asked_at: Timestamp) -> Observed {
    Observed { phase: Phase::Open, ..Observed::let_go(asked_at) }
}

fn held(asked_at: Timestamp) -> Observed {
    let held_until = Some(asked_at.plus(DAY * 7));
    Observed { phase: Phase::Held, held: 1000, held_until, ..Observed::let_go(asked_at) }
}

fn taken(asked_at: Timestamp) -> Observed {
    Observed { phase: Phase::Taken, taken: 1000, ..Observed::let_go(asked_at) }
}

/// An order for 1000 that nobody has begun to pay.
fn placed() -> Online {
    Online::new(PaymentId::generate(at(0)), usd(1000), false, at(0))
}

/// The same, with one attempt of which this was seen.
fn tried(seen: &Observed) -> Online {
    let mut online = placed();
    try_again(&mut online, 1, seen);
    online
}

fn try_again(online: &mut Online, n: u32, seen: &Observed) {
    online.opened(n, format!("pi_{n}"), at(0));
    online.absorb(n, seen, seen.asked_at);
}

fn ask_refund(online: &mut Online, amount: Option<i64>) -> Result<Refund, NotRefundable> {
    online.ask_refund(amount, "broken".to_owned(), &UserId::nobody(), at(2))
}

/// Begins what is to be sent now.
fn send(online: &mut Online, now: Timestamp) -> Op {
    let Step::Perform(send) = online.plan(now) else { panic!("there is nothing to be sent: {:?}", online.plan(now)) };
    online.write_ahead(send, now)
}

#[test]
fn only_an_order_that_costs_less_than_it_did_changes_its_payment() {
    let mut online = tried(&taken(at(1)));
    ask_refund(&mut online, Some(100)).unwrap();
    // The worker is at it, and need not be woken.
    online.rest_until_due(at(2));
    let before = online.clone();
    for due in [1001, 1000] {
        online.lower(usd(due), at(3));
        assert_eq!(online, before, "{due}");
    }
    online.lower(usd(999), at(3));
    assert_eq!((online.due, online.wake), (usd(999), true));
    let rest = Todo { kind: OpKind::Refund, attempt: 1, amount: 1, refund: None };
    assert_eq!(online.plan(at(3)), Step::Perform(Send::New(rest)));
}

#[test]
fn what_payers_dispute_is_added_up_over_all_attempts() {
    let mut online = tried(&taken(at(1)));
    assert_eq!(online.contested(), 0);
    online.absorb(1, &Observed { contested: 300, ..taken(at(2)) }, at(2));
    try_again(&mut online, 2, &Observed { contested: 200, ..taken(at(3)) });
    assert_eq!(online.contested(), 500);
}

#[test]
fn a_hold_that_cannot_be_taken_promises_nothing_and_the_customer_pays_again() {
    let mut online = tried(&held(at(1)));
    assert_eq!((online.status(), online.is_promised()), (PaymentStatus::Authorized, true));
    online.take(at(2));
    let op = send(&mut online, at(2));
    (0..MAX_REFUSALS).for_each(|_| online.refused(&op, at(2)));
    assert_eq!((online.status(), online.is_promised()), (PaymentStatus::Pending, false));
    assert!(online.hold_lost);
}

#[test]
fn an_order_leaves_the_house_once_all_that_is_due_was_taken_and_is_undisputed() {
    assert!(!tried(&held(at(1))).is_covered(), "what is only held does not suffice");
    for (sum, contested, covered) in [(1000, 0, true), (999, 0, false), (1000, 1, false), (1001, 1, true)] {
        let online = tried(&Observed { taken: sum, contested, ..taken(at(1)) });
        assert_eq!(online.is_covered(), covered, "{sum} less {contested}");
    }
    for (returned, covered) in [(999, true), (1000, false)] {
        let online = tried(&Observed { returned, ..taken(at(1)) });
        assert_eq!(online.is_covered(), covered, "{returned} went back");
    }
}

#[test]
fn while_the_payers_bank_decides_the_staff_looks_at_it_and_nothing_is_given_back() {
    let mut online = tried(&Observed { disputed: true, contested: 400, ..taken(at(1)) });
    assert!(online.is_disputed() && online.needs_review());
    assert_eq!(ask_refund(&mut online, Some(1)), Err(NotRefundable::Disputed));
    online.absorb(1, &taken(at(2)), at(2));
    assert!(!online.is_disputed() && !online.needs_review());
    assert!(ask_refund(&mut online, Some(1)).is_ok());
}

#[test]
fn a_second_payment_is_looked_at_until_all_of_it_went_back() {
    let mut online = tried(&taken(at(1)));
    assert!(!online.needs_review());
    try_again(&mut online, 2, &held(at(2)));
    assert!(online.needs_review(), "it is held");
    let mut called_off = online.clone();
    called_off.give_back(at(3));
    assert!(!called_off.needs_review(), "everything goes back, whosever it is");
    for (seconds, returned, review) in [(3, 0, true), (4, 999, true), (5, 1000, false)] {
        online.absorb(2, &Observed { returned, ..taken(at(seconds)) }, at(seconds));
        assert_eq!(online.needs_review(), review, "{returned} went back");
    }
}

#[test]
fn whether_somebody_has_paid_is_looked_into_once_the_provider_has_not_known_it_for_a_day() {
    let a_day_late = placed().pay_by.plus(DAY);
    let unknown = |asked_at| tried(&Observed { undecided: true, ..open(asked_at) }).needs_review();
    assert_eq!((unknown(a_day_late.minus(MILLISECOND)), unknown(a_day_late)), (false, true));
    assert!(!tried(&open(a_day_late)).needs_review(), "it is known that nobody has paid");
    let capture = Observed { undecided: true, ..held(a_day_late) };
    assert!(!tried(&capture).needs_review(), "it is known that somebody has paid");
}

#[test]
fn a_hold_that_the_provider_keeps_is_looked_at_also_while_it_is_asked_for_once_more() {
    let mut online = tried(&held(at(1)));
    online.give_back(at(2));
    let op = send(&mut online, at(2));
    for refusals in 1..=MAX_REFUSALS {
        online.refused(&op, at(2));
        assert_eq!(online.needs_review(), refusals == MAX_REFUSALS, "{refusals}");
    }
    let later = at(2 + 6 * 3600);
    online.absorb(1, &held(later), later);
    assert!(!send(&mut online, later).put_off);
    assert!(online.needs_review());
    online.absorb(1, &Observed::let_go(later), later);
    assert!(!online.needs_review(), "it was let go");
}

#[test]
fn a_door_that_does_not_shut_keeps_no_money() {
    let mut online = tried(&open(at(1)));
    online.give_back(at(2));
    assert_eq!(send(&mut online, at(2)).amount, 0);
    online.tries = MAX_REFUSALS;
    assert!(!online.needs_review());
}

#[test]
fn what_went_back_is_on_its_way_or_is_disputed_cannot_be_given_back_again() {
    for (contested, left) in [(0, 500), (100, 400), (499, 1), (500, 0), (501, 0)] {
        let online = tried(&Observed { returned: 300, returning: 200, contested, ..taken(at(1)) });
        assert_eq!(online.refundable(), left, "{contested}");
    }
}

#[test]
fn a_customer_can_pay_until_the_time_is_over() {
    let online = placed();
    assert_eq!(online.payable(online.pay_by.minus(MILLISECOND)), Ok(Payable::New(1)));
    assert_eq!(online.payable(online.pay_by), Err(NotPayable::Expired));
    let free = Online::new(online.id, usd(0), false, at(0));
    assert_eq!(free.payable(at(1)), Err(NotPayable::AlreadyPaid), "what costs nothing");
    let mut paid = tried(&held(at(1)));
    assert_eq!(paid.payable(at(1)), Err(NotPayable::AlreadyPaid));
    paid.give_back(at(2));
    assert_eq!(paid.payable(at(2)), Err(NotPayable::CalledOff));
}

#[test]
fn an_order_is_tried_to_be_paid_ten_times_and_each_attempt_is_gone_on_with_while_it_is_open() {
    let mut online = placed();
    for n in 1..=10 {
        assert_eq!(online.payable(at(1)), Ok(Payable::New(n)));
        online.opened(n, format!("pi_{n}"), at(1));
        let attempt = online.attempts.last().cloned().unwrap();
        assert_eq!(online.payable(at(1)), Ok(Payable::Open(attempt)));
        online.absorb(n, &Observed::let_go(at(1)), at(1));
    }
    assert_eq!(online.payable(at(1)), Err(NotPayable::TooMany));
}

#[test]
fn an_acceptance_is_under_way_until_what_was_agreed_to_is_held_or_cannot_be_accepted() {
    let agreed = |asked_at| Observed { agreed: true, ..open(asked_at) };
    let mut online = tried(&agreed(at(1)));
    assert_eq!(send(&mut online, at(2)).kind, OpKind::Accept);
    online.absorb(1, &agreed(at(3)), at(3));
    assert!(online.op.is_some(), "nobody knows yet what has become of it");
    for seen in [held(at(4)), taken(at(4)), Observed::let_go(at(4)), open(at(4))] {
        let mut answered = online.clone();
        answered.absorb(1, &seen, at(4));
        assert_eq!(answered.op, None, "{seen:?}");
    }
}

#[test]
fn news_that_were_announced_are_asked_for_until_something_has_changed() {
    let mut online = tried(&open(at(1)));
    try_again(&mut online, 2, &open(at(1)));
    online.ask_again(1, at(10));
    let first = Look::first(1, at(10));
    assert_eq!((&online.look, online.next_at), (&Some(first.clone()), Some(at(25))));
    online.absorb(1, &open(at(24)), at(25).minus(MILLISECOND));
    assert_eq!(online.look, Some(first.clone()), "it is not time yet");
    online.absorb(2, &open(at(25)), at(25));
    assert_eq!(online.look, Some(first.clone()), "the news are of another attempt");
    online.absorb(1, &open(at(25)), at(25));
    assert_eq!(online.look, first.later(at(25)), "nothing shows yet");
    online.absorb(1, &held(at(85)), at(85));
    assert_eq!(online.look, None);
}

#[test]
fn a_refund_that_the_provider_lists_before_its_sums_show_it_is_news() {
    let mut online = tried(&taken(at(1)));
    let id = ask_refund(&mut online, Some(400)).unwrap().id;
    online.ask_again(1, at(10));
    let listed = SeenRefund { id, reference: "re_1".to_owned(), state: RefundState::Pending };
    online.absorb(1, &Observed { refunds: vec![listed], ..taken(at(25)) }, at(25));
    assert_eq!(online.look, None);
}

#[test]
fn no_more_is_given_back_than_is_left() {
    let mut online = tried(&Observed { returned: 600, ..taken(at(1)) });
    for amount in [-1, 0, 401] {
        let refused = Err(NotRefundable::TooLarge { refundable: 400 });
        assert_eq!(ask_refund(&mut online, Some(amount)), refused, "{amount}");
    }
    let mut whole = online.clone();
    assert_eq!(ask_refund(&mut whole, None).map(|refund| refund.amount), Ok(400), "all that is left");
    assert_eq!(ask_refund(&mut online, Some(400)).map(|refund| refund.amount), Ok(400));
}

#[test]
fn what_went_back_by_the_providers_own_pages_is_not_taken_for_a_refund_that_does_not_show() {
    let mut online = tried(&Observed { returned: 600, ..taken(at(1)) });
    let id = ask_refund(&mut online, Some(399)).unwrap().id;
    assert_eq!(online.refundable(), 1, "it was not sent yet");
    send(&mut online, at(2));
    assert_eq!(online.refundable(), 1, "it was sent");
    let shown = Observed { returned: 600, returning: 399, ..taken(at(3)) };
    online.absorb(1, &shown, at(3));
    assert_eq!(online.refundable(), 1, "the sums show it");
    let listed = SeenRefund { id, reference: "re_1".to_owned(), state: RefundState::Pending };
    online.absorb(1, &Observed { refunds: vec![listed], asked_at: at(4), ..shown }, at(4));
    assert_eq!(online.refundable(), 1, "the list shows it");
}

#[test]
fn what_the_staff_gives_back_by_hand_counts_once_before_and_after_it_shows() {
    let mut online = Online::new(PaymentId::generate(at(0)), usd(1000), true, at(0));
    try_again(&mut online, 1, &taken(at(1)));
    let id = ask_refund(&mut online, Some(400)).unwrap().id;
    assert_eq!(online.refundable(), 600, "it is to be given back");
    online.absorb(1, &Observed { returned: 400, ..taken(at(3)) }, at(3));
    assert_eq!(online.refundable(), 600, "it was given back");
    let closed = Closed { by: UserId::nobody(), at: at(4), note: None };
    assert!(online.close_refund(id, "by hand", closed));
    assert_eq!(online.refundable(), 600, "it is closed");
}

#[test]
fn a_refund_says_who_asked_for_it_and_why() {
    let mut online = tried(&taken(at(1)));
    let refund = ask_refund(&mut online, Some(1)).unwrap();
    assert_eq!((refund.reason.as_deref(), refund.by.as_ref()), (Some("broken"), Some(&UserId::nobody())));
    assert_eq!(online.refunds, [refund]);
}

#[test]
fn the_last_place_among_the_refunds_is_kept_for_an_order_that_is_called_off() {
    let mut online = tried(&taken(at(1)));
    for _ in 1..MAX_REFUNDS {
        ask_refund(&mut online, Some(1)).unwrap();
    }
    assert_eq!(ask_refund(&mut online, Some(1)), Err(NotRefundable::TooMany));
    online.give_back(at(3));
    let rest = Todo { kind: OpKind::Refund, attempt: 1, amount: 981, refund: None };
    assert_eq!(online.plan(at(3)), Step::Perform(Send::New(rest)));
}

#[test]
fn the_last_sixteen_events_are_known_again_and_kept_once() {
    let mut online = placed();
    for n in 0..=16 {
        assert!(!online.has_event(&n.to_string()));
        online.note_event(n.to_string());
        online.note_event(n.to_string());
    }
    let known: Vec<u32> = (0..=17).filter(|n| online.has_event(&n.to_string())).collect();
    assert_eq!(known, (1..=16).collect::<Vec<u32>>());
    assert_eq!(online.events.len(), 16);
}

#[test]
fn whoever_writes_wakes_the_worker_if_there_is_something_to_do_now_and_the_worker_not_itself() {
    let mut online = tried(&held(at(1)));
    // A day before the hold runs out it is looked at.
    let due = at(1).plus(DAY * 6);
    online.touch(at(2));
    assert_eq!((online.next_at, online.wake), (Some(due), false));
    online.touch(due.minus(MILLISECOND));
    assert_eq!((online.next_at, online.wake), (Some(due), false));
    online.touch(due);
    assert_eq!((online.next_at, online.wake), (Some(due), true));
    online.rest_until_due(due.plus(DAY));
    assert_eq!((online.next_at, online.wake), (Some(due.plus(DAY)), false));
    let mut paid = tried(&taken(at(1)));
    paid.touch(at(2));
    assert_eq!((paid.next_at, paid.wake), (None, false));
}
