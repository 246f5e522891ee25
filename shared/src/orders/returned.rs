//! Goods that a customer wants to give back. Pure rules.
//!
//! Within seven days of delivery. What comes back was out of the pharmacy's hands: it is quarantined, and never sold again.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::holds::{Hold, HoldCode, NextActor};
use super::line_refund::{Units, share};
use super::order::{Order, OrderLine};
use super::status::Status;
use crate::payments::Closed;
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Kind, Result};
use crate::platform::fields::{FieldErrors, Invalid};
use crate::platform::ids::{RefundId, ReturnId, UserId};
use crate::platform::money::Money;
use crate::platform::wording;

/// How long after delivery a return can be asked for.
pub const WINDOW: Duration = Duration::from_hours(7 * 24);
/// How often of one order.
pub const MAX_RETURNS: usize = 10;

/// How far a return has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReturnState {
    /// The customer has asked for it.
    Requested,
    /// The goods are back, and the staff has said what goes back for them.
    Approved,
    /// The staff has said no.
    Rejected,
}

/// What the staff has decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: UserId,
    /// What they noted for the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What goes back, in minor units.
    pub refund: i64,
    /// By which refund; by hand where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund_id: Option<RefundId>,
}

/// A return.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Return {
    /// Its id.
    pub id: ReturnId,
    /// What comes back.
    pub lines: Vec<Units>,
    /// Why; `None` once who ordered was erased.
    pub reason: Option<String>,
    /// When it was asked for.
    pub at: Timestamp,
    /// How far it has come.
    pub state: ReturnState,
    /// What was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<Decided>,
}

/// How many units of a product can still come back.
#[derive(Debug, Serialize)]
struct Left {
    product_id: crate::platform::ids::ProductId,
    quantity: u32,
}

impl Return {
    /// What was paid out by hand for it, in minor units; nothing where a refund gives it back.
    pub fn paid_out(&self) -> Option<i64> {
        let decided = self.decided.as_ref().filter(|decided| decided.refund_id.is_none());
        decided.filter(|_| self.state == ReturnState::Approved).map(|decided| decided.refund)
    }
}

impl Order {
    fn units_returned(&self, line: &OrderLine, counts: impl Fn(&Return) -> bool) -> u32 {
        let of_line = |units: &&Units| units.product_id == line.offer.product_id;
        let returns = self.returns.iter().filter(|one| counts(one));
        returns.flat_map(|one| &one.lines).filter(of_line).map(|units| units.quantity).sum()
    }

    /// What units of it cost, with their share of the discounts.
    pub fn worth(&self, units: &[Units]) -> Money {
        let of = |units: &Units| {
            let line = self.lines.iter().find(|line| line.offer.product_id == units.product_id);
            line.map_or(0, |line| share(line, units.quantity))
        };
        Money::new(units.iter().map(of).sum(), self.totals.total.currency())
    }

    /// The order with a return that its customer asks for.
    ///
    /// # Errors
    /// 400 for a product that it does not have; 409 `not_returnable` before delivery and seven days after, `too_many_returns`;
    /// 422 `return_too_large` with how many units are left.
    pub fn with_return(&self, id: ReturnId, lines: &[Units], reason: &str, now: Timestamp) -> Result<Self> {
        let delivered = self.history.iter().rev().find(|step| step.status == Status::Delivered);
        let in_time = delivered.is_some_and(|step| now.since(step.at) < WINDOW);
        if self.status != Status::Delivered || !in_time {
            let detail = wording::orders::within_seven_days();
            return Err(Error::conflict("not_returnable", detail));
        }
        if self.returns.len() >= MAX_RETURNS {
            return Err(Error::conflict("too_many_returns", wording::orders::too_many_returns()));
        }
        let (mut unknown, mut left) = (FieldErrors::new(), Vec::new());
        for (place, units) in lines.iter().enumerate() {
            let Some(line) = self.lines.iter().find(|line| line.offer.product_id == units.product_id) else {
                let invalid = Invalid::new("not_found", wording::orders::no_such_line());
                unknown.push(invalid.at(format!("lines[{place}].product_id")));
                continue;
            };
            let spoken_for = self.units_returned(line, |one| one.state != ReturnState::Rejected);
            if spoken_for.saturating_add(units.quantity) > line.quantity {
                let quantity = line.quantity.saturating_sub(spoken_for);
                left.push(Left { product_id: units.product_id, quantity });
            }
        }
        if !unknown.is_empty() {
            return Err(unknown.into());
        }
        if !left.is_empty() {
            let detail = wording::orders::too_many_to_return();
            return Err(Error::new(Kind::Unprocessable, "return_too_large", detail).with_problems(&left));
        }
        let mut next = self.clone();
        next.returns.push(Return {
            id,
            lines: lines.to_vec(),
            reason: Some(reason.to_owned()),
            at: now,
            state: ReturnState::Requested,
            decided: None,
        });
        Ok(next)
    }

    /// A return that was not decided on yet.
    ///
    /// # Errors
    /// 404 for one that does not exist; 409 `already_resolved`.
    pub fn open_return(&self, id: ReturnId) -> Result<&Return> {
        let found = self.returns.iter().find(|one| one.id == id).ok_or_else(Error::not_found)?;
        if found.state != ReturnState::Requested {
            return Err(Error::conflict("already_resolved", wording::orders::return_decided()));
        }
        Ok(found)
    }

    /// The order with what was decided on a return; where that was the last of the cash that was paid, it has all gone back.
    #[must_use]
    pub fn with_decision(&self, id: ReturnId, state: ReturnState, decided: Decided) -> Self {
        let mut next = self.clone();
        for one in next.returns.iter_mut().filter(|one| one.id == id) {
            (one.state, one.decided) = (state, Some(decided.clone()));
        }
        next.settle_cash();
        next
    }

    /// How many units of a line have come back.
    pub(super) fn units_back(&self, line: &OrderLine) -> u32 {
        self.units_returned(line, |one| one.state == ReturnState::Approved)
    }

    /// What was paid out by hand for what came back, at the counter, in minor units.
    fn paid_for_returns(&self) -> i64 {
        self.returns.iter().filter_map(Return::paid_out).sum()
    }

    /// What of the cash that was paid at the door was paid out again, in minor units.
    pub fn paid_out(&self) -> i64 {
        self.paid_for_returns() + self.payment.paid_out()
    }

    /// What of it can still be paid out, in minor units.
    pub fn cash_left(&self) -> i64 {
        (self.totals.total.amount() - self.paid_for_returns() - self.payment.asked_in_cash()).max(0)
    }

    /// How many units of a line came back for money, and for how much, in minor units: at what was paid, and at what they cost
    /// where less was, since what was lost of their worth is nobody's to be paid later. Those that a refund is for by its lines are
    /// counted by it.
    pub(super) fn units_paid_back(&self, line: &OrderLine) -> (u32, i64) {
        let (mut units, mut paid) = (0_u32, 0_i64);
        for one in &self.returns {
            let Some(whole) = self.paid_back_at_large(one) else { continue };
            let worth = i128::from(self.worth(&one.lines).amount());
            for back in one.lines.iter().filter(|back| back.product_id == line.offer.product_id) {
                let cost = share(line, back.quantity);
                // Of what was paid for several lines each has its part, rounded up: nothing of it is paid again.
                let part = (i128::from(whole) * i128::from(cost) + worth - 1).checked_div(worth).unwrap_or(0);
                units = units.saturating_add(back.quantity);
                paid = paid.saturating_add(cost.max(i64::try_from(part).unwrap_or(i64::MAX)));
            }
        }
        (units, paid)
    }

    /// What went back for a return, or is to, in minor units: by hand, or by a refund that does not say for which units.
    fn paid_back_at_large(&self, one: &Return) -> Option<i64> {
        let decided =
            one.decided.as_ref().filter(|decided| decided.refund > 0 && one.state == ReturnState::Approved)?;
        let at_large = match decided.refund_id {
            None => true,
            Some(id) => {
                let refund = self.payment.refunds().iter().find(|refund| refund.id == id);
                refund.is_some_and(|refund| refund.counts() && refund.lines.is_empty())
            }
        };
        at_large.then_some(decided.refund)
    }

    /// Notes that all the cash has gone back, where it has.
    fn settle_cash(&mut self) {
        let paid_out = self.paid_out();
        if paid_out > 0 && paid_out >= self.totals.total.amount() {
            self.payment.all_paid_out();
        }
    }

    /// The order after cash was paid out by hand for a refund, under `reference`; nothing where none was to be.
    #[must_use]
    pub fn with_cash_paid_out(&self, refund: RefundId, reference: &str, closed: Closed) -> Option<Self> {
        let mut next = self.clone();
        if !next.payment.close_in_cash(refund, reference, closed) {
            return None;
        }
        next.settle_cash();
        Some(next)
    }

    /// The order after cash that was asked back by mistake is said not to be paid out; nothing where none was to be.
    #[must_use]
    pub fn with_cash_kept(&self, refund: RefundId, closed: Closed) -> Option<Self> {
        let mut next = self.clone();
        next.payment.take_back_in_cash(refund, closed).then_some(next)
    }

    /// Whether every unit of it has come back.
    pub fn is_all_returned(&self) -> bool {
        self.lines.iter().all(|line| self.units_back(line) >= line.quantity)
    }

    /// What its returns wait for.
    pub fn return_holds(&self) -> Vec<Hold> {
        let open = self.returns.iter().filter(|one| one.state == ReturnState::Requested).map(|one| one.at).min();
        let hold = |since| {
            let detail = wording::orders::return_undecided();
            Hold::of_payment(HoldCode::ReturnRequested, NextActor::Pharmacy, since, detail)
        };
        open.map(hold).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::order::{Actor, Step};
    use crate::orders::rejecting::tests::order;

    fn delivered(lines: &[(i64, u32)]) -> Order {
        let mut order = order(lines, None);
        let user = order.customer.clone();
        order.status = Status::Delivered;
        let at = Timestamp::from_millis(1000);
        order.history.push(Step { status: Status::Delivered, at, by: Actor::Pharmacy, user, note: None });
        order
    }

    fn at(hours: u64) -> Timestamp {
        Timestamp::from_millis(1000).plus(Duration::from_hours(hours))
    }

    fn units(order: &Order, place: usize, quantity: u32) -> Units {
        Units { product_id: order.lines[place].offer.product_id, quantity }
    }

    fn ask(order: &Order, units: &[Units], hours: u64) -> Result<Order, &'static str> {
        order.with_return(ReturnId::generate(at(hours)), units, "broken", at(hours)).map_err(|error| error.code())
    }

    fn decide(order: &Order, state: ReturnState) -> Order {
        let id = order.returns.last().unwrap().id;
        let decided = Decided { at: at(1), by: order.customer.clone(), note: None, refund: 0, refund_id: None };
        order.with_decision(id, state, decided)
    }

    #[test]
    fn within_seven_days_of_delivery() {
        let order = delivered(&[(100, 2)]);
        assert!(ask(&order, &[units(&order, 0, 1)], 7 * 24 - 1).is_ok());
        assert_eq!(ask(&order, &[units(&order, 0, 1)], 7 * 24).unwrap_err(), "not_returnable");
        let shipped = Order { status: Status::Shipped, ..order.clone() };
        assert_eq!(ask(&shipped, &[units(&order, 0, 1)], 1).unwrap_err(), "not_returnable");
    }

    #[test]
    fn no_unit_comes_back_twice_unless_it_was_rejected() {
        let order = delivered(&[(100, 2)]);
        let asked = ask(&order, &[units(&order, 0, 2)], 1).unwrap();
        assert_eq!(ask(&asked, &[units(&order, 0, 1)], 1).unwrap_err(), "return_too_large");
        let rejected = decide(&asked, ReturnState::Rejected);
        assert!(ask(&rejected, &[units(&order, 0, 1)], 1).is_ok());
        let approved = decide(&asked, ReturnState::Approved);
        assert_eq!(ask(&approved, &[units(&order, 0, 1)], 1).unwrap_err(), "return_too_large");
    }

    #[test]
    fn an_order_is_returned_once_all_of_it_is_back() {
        let order = delivered(&[(100, 2), (200, 1)]);
        let first = decide(&ask(&order, &[units(&order, 0, 2)], 1).unwrap(), ReturnState::Approved);
        assert!(!first.is_all_returned());
        let asked = ask(&first, &[units(&order, 1, 1)], 2).unwrap();
        assert_eq!(asked.return_holds().len(), 1);
        let second = decide(&asked, ReturnState::Approved);
        assert!(second.is_all_returned() && second.return_holds().is_empty());
        assert!(second.open_return(second.returns[0].id).is_err());
    }

    #[test]
    fn units_that_came_back_for_money_count_at_what_was_paid_or_at_what_they_cost() {
        // Two lines of 200 and 200 in minor units.
        let order = delivered(&[(100, 2), (200, 1)]);
        let asked = ask(&order, &[units(&order, 0, 1), units(&order, 1, 1)], 1).unwrap();
        let id = asked.returns.last().unwrap().id;
        for (refund, expected) in [(0, [(0, 0), (0, 0)]), (1, [(1, 100), (1, 200)]), (300, [(1, 100), (1, 200)])] {
            let decided = Decided { at: at(1), by: order.customer.clone(), note: None, refund, refund_id: None };
            let after = asked.with_decision(id, ReturnState::Approved, decided);
            let counted: Vec<_> = after.lines.iter().map(|line| after.units_paid_back(line)).collect();
            assert_eq!(counted, expected, "{refund}");
        }
        let more = Decided { at: at(1), by: order.customer.clone(), note: None, refund: 301, refund_id: None };
        let after = asked.with_decision(id, ReturnState::Approved, more);
        let counted: Vec<_> = after.lines.iter().map(|line| after.units_paid_back(line).1).collect();
        assert_eq!(counted, [101, 201], "a part is rounded up");
    }

    #[test]
    fn returns_are_bounded() {
        let mut order = delivered(&[(100, 99)]);
        for _ in 0..MAX_RETURNS {
            order = ask(&order, &[units(&order, 0, 1)], 1).unwrap();
        }
        assert_eq!(ask(&order, &[units(&order, 0, 1)], 1).unwrap_err(), "too_many_returns");
    }
}
