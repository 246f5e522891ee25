//! What a seller earns, order by order.
//!
//! An order's item says what was taken for it and what went back, in the same write that changes it. So the orders are the
//! ledger: sums that were kept beside them could only be wrong. The fee is that of the day on which an order was placed.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::fulfilment::Orders;
use super::line_refund::{net, share};
use super::order::{Order, OrderLine};
use super::returned::{Return, ReturnState};
use super::status::Status;
use crate::payments::{PaymentStatus, Refund};
use crate::platform::clock::{Date, Timestamp};
use crate::platform::error::{Error, Result};
use crate::platform::fields::{Field, FieldErrors, Invalid, all};
use crate::platform::ids::{OrderId, UserId};
use crate::platform::money::{Currency, Money};
use crate::platform::wording;

/// For how many days sums can be asked for at once.
const MAX_DAYS: i64 = 92;
/// A fee of everything.
const WHOLE: i64 = 10_000;

/// Of which days, by when orders were placed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EarningsQuery {
    /// The first day.
    #[param(value_type = String, example = "2026-11-01")]
    from: Field<String>,
    /// The last day, at most 92 in all.
    #[param(value_type = String, example = "2026-11-30")]
    to: Field<String>,
}

impl EarningsQuery {
    /// The first and the last day.
    ///
    /// # Errors
    /// All parameters at fault.
    pub fn check(self) -> Result<(Date, Date), FieldErrors> {
        let day = |field: Field<String>, name: &str| field.parse(name, |day| Date::parse(&day));
        let (from, to) = all((day(self.from, "from"), day(self.to, "to")))?;
        if !(0..MAX_DAYS).contains(&to.days_since(from)) {
            let message = wording::field::day_from(MAX_DAYS);
            return Err(vec![Invalid::new("out_of_range", message).at("to")]);
        }
        Ok((from, to))
    }
}

/// What a seller earns by the orders of some days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Earnings)]
pub struct EarningsView {
    /// The first day.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// The last day.
    #[schema(value_type = String, format = Date)]
    pub to: Date,
    /// How many orders there were with products of the seller.
    pub orders: u32,
    /// What was taken for them, after discounts.
    pub captured: Money,
    /// What of that has gone back, or is on its way.
    pub refunded: Money,
    /// What the pharmacy keeps of the rest.
    pub fees: Money,
    /// What is left for the seller.
    pub balance: Money,
}

/// What a seller has of one order, in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Earned {
    /// What was taken for their lines.
    pub captured: i64,
    /// What of that goes back.
    pub refunded: i64,
    /// What the pharmacy keeps.
    pub fee: i64,
}

impl Earned {
    /// By an order.
    pub fn of(order: &Order, seller: &UserId) -> Self {
        let taken = matches!(order.payment.status(), PaymentStatus::Captured | PaymentStatus::Refunded);
        if !taken {
            return Self::default();
        }
        let captured = order.lines.iter().filter(|line| is_of(line, seller)).map(net).sum();
        let refunded = if order.status == Status::Cancelled {
            captured
        } else {
            given_back(order, seller).iter().map(|(_, amount)| amount).sum::<i64>().clamp(0, captured)
        };
        Self { captured, refunded, fee: fee_of(order, captured - refunded) }
    }
}

/// What the pharmacy keeps of what a seller has sold for in an order, by the fee of the day on which it was placed.
pub fn fee_of(order: &Order, sold_for: i64) -> i64 {
    let fee = i128::from(sold_for) * i128::from(order.seller_fee) / i128::from(WHOLE);
    i64::try_from(fee).unwrap_or(0)
}

/// What goes back for a seller's lines of an order that was not called off, and since when: by refunds that somebody asked for,
/// and by hand for what was returned.
pub fn given_back(order: &Order, seller: &UserId) -> Vec<(Timestamp, i64)> {
    given_back_for(order, &|line| is_of(line, seller))
}

/// The same for the lines that are `own`.
pub fn given_back_for(order: &Order, own: &dyn Fn(&OrderLine) -> bool) -> Vec<(Timestamp, i64)> {
    // What goes back by itself is what was taken beyond the lines.
    let asked = order.payment.refunds().iter().filter(|refund| refund.counts() && refund.by.is_some());
    let by_refunds = asked.map(|refund| (refund.at, of_refund(order, refund, own)));
    let by_pages = given_back_beside(order).into_iter().map(|(at, amount)| (at, of_sum(order, amount, own)));
    let by_hand = order.returns.iter().filter_map(|one| {
        let decided = one.decided.as_ref()?;
        Some((decided.at, of_return(order, one, own)))
    });
    by_refunds.chain(by_pages).chain(by_hand).filter(|(_, amount)| *amount != 0).collect()
}

/// What went back on the provider's own pages of what paid for an order, beside our refunds. It has no day that we know, and
/// counts on the day on which paying was begun.
pub fn given_back_beside(order: &Order) -> Option<(Timestamp, i64)> {
    // What the staff gives back by hand in every case is what they have closed.
    let online = order.payment.online().filter(|online| !online.by_hand)?;
    let paid = online.covering()?;
    let ours = || online.refunds.iter().filter(|refund| refund.attempt == paid.n && refund.counts());
    // What the payer's bank has taken back has gone back as well.
    let lost = if paid.seen.disputed { 0 } else { paid.seen.contested };
    let beside = paid.seen.returned + lost - ours().map(|refund| refund.amount).sum::<i64>();
    // Where more was taken than is due, what goes back first is what is too much.
    let by_itself: i64 = ours().filter(|refund| refund.by.is_none()).map(|refund| refund.amount).sum();
    let too_much = (paid.seen.taken - online.due.amount() - by_itself).max(0);
    (beside > too_much).then_some((paid.at, beside - too_much))
}

fn is_of(line: &OrderLine, seller: &UserId) -> bool {
    line.offer.seller_id.as_ref() == Some(seller)
}

/// The part of a refund that is for such lines: of units, what they cost; of a sum, by what the lines and the delivery
/// cost.
fn of_refund(order: &Order, refund: &Refund, own: &dyn Fn(&OrderLine) -> bool) -> i64 {
    let lines = || order.lines.iter();
    if !refund.lines.is_empty() {
        let is_own = |product| lines().any(|line| line.offer.product_id == product && own(line));
        return refund.lines.iter().filter(|one| is_own(one.product_id)).map(|one| one.amount).sum();
    }
    of_sum(order, refund.amount, own)
}

/// The part of a sum that is for such lines, by what the lines and the delivery cost.
fn of_sum(order: &Order, sum: i64, own: &dyn Fn(&OrderLine) -> bool) -> i64 {
    let weights = order.lines.iter().map(net).chain([order.totals.delivery.amount()]);
    let weights: Vec<u64> = weights.map(|weight| u64::try_from(weight).unwrap_or(0)).collect();
    parts(order, sum, &weights, own)
}

/// The part of what was paid out by hand for a return.
fn of_return(order: &Order, one: &Return, own: &dyn Fn(&OrderLine) -> bool) -> i64 {
    let by_hand =
        one.decided.as_ref().filter(|decided| decided.refund_id.is_none() && one.state == ReturnState::Approved);
    let Some(decided) = by_hand else { return 0 };
    let back = |line: &OrderLine| {
        let units = one.lines.iter().find(|units| units.product_id == line.offer.product_id);
        units.map_or(0, |units| u64::try_from(share(line, units.quantity)).unwrap_or(0))
    };
    let weights: Vec<u64> = order.lines.iter().map(back).collect();
    parts(order, decided.refund, &weights, own)
}

/// What of a sum is for such lines, split by weights of the lines and of whatever follows them.
fn parts(order: &Order, sum: i64, weights: &[u64], own: &dyn Fn(&OrderLine) -> bool) -> i64 {
    let split = Money::new(sum, order.totals.total.currency()).split(weights).unwrap_or_default();
    let theirs = order.lines.iter().zip(split).filter(|(line, _)| own(line));
    theirs.map(|(_, part)| part.amount()).sum()
}

impl Orders {
    /// What a seller earns by the orders that were placed on these days.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn earnings(
        &self,
        seller: &UserId,
        (from, to): (Date, Date),
        currency: Currency,
    ) -> Result<EarningsView> {
        let (begins, ends) = (self.zone.beginning(from)?, self.zone.beginning(to.plus_days(1))?);
        let orders = self.store.of_seller_between(seller, first_id(begins), last_id(ends)).await?;
        let mut all = Earned::default();
        let mut count = 0_u32;
        for order in orders.iter().filter(|order| order.totals.total.currency() == currency) {
            let earned = Earned::of(order, seller);
            all.captured += earned.captured;
            all.refunded += earned.refunded;
            all.fee += earned.fee;
            count = count.checked_add(1).ok_or_else(|| Error::internal("orders cannot be counted"))?;
        }
        let money = |amount| Money::new(amount, currency);
        Ok(EarningsView {
            from,
            to,
            orders: count,
            captured: money(all.captured),
            refunded: money(all.refunded),
            fees: money(all.fee),
            balance: money(all.captured - all.refunded - all.fee),
        })
    }
}

fn first_id(at: Timestamp) -> OrderId {
    OrderId::first_at(at)
}

fn last_id(before: Timestamp) -> OrderId {
    OrderId::last_before(before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::line_refund::Units;
    use crate::orders::rejecting::tests::order;
    use crate::orders::returned::Decided;
    use crate::payments::{Observed, Payment, PaymentMethod, Phase};
    use crate::platform::ids::ReturnId;

    fn seller(n: u8) -> UserId {
        UserId::parse(&format!("00000000-0000-4000-8000-0000000000{n:02}")).unwrap()
    }

    /// An order of 2 × 10.00 of seller 7, 1 × 5.00 of seller 8 and 1 × 5.00 of the pharmacy, paid at the door.
    fn paid() -> Order {
        let mut order = order(&[(1000, 2), (500, 1), (500, 1)], None);
        order.lines[0].offer.seller_id = Some(seller(7));
        order.lines[1].offer.seller_id = Some(seller(8));
        order.seller_fee = 1000;
        order.payment = Payment::new(PaymentMethod::Cod, order.totals.total, Timestamp::from_millis(1)).delivered();
        order.status = Status::Delivered;
        order
    }

    fn returned(order: &Order, quantity: u32, refund: i64) -> Order {
        let now = Timestamp::from_millis(2);
        let lines = vec![Units { product_id: order.lines[0].offer.product_id, quantity }];
        let decided = Decided { at: now, by: seller(9), note: None, refund, refund_id: None };
        let state = ReturnState::Approved;
        let mut next = order.clone();
        let id = ReturnId::generate(now);
        next.returns.push(Return { id, lines, reason: None, at: now, state, decided: Some(decided) });
        next
    }

    #[test]
    fn each_seller_has_their_own_lines_less_the_fee() {
        let order = paid();
        assert_eq!(Earned::of(&order, &seller(7)), Earned { captured: 2000, refunded: 0, fee: 200 });
        assert_eq!(Earned::of(&order, &seller(8)), Earned { captured: 500, refunded: 0, fee: 50 });
        assert_eq!(Earned::of(&order, &seller(9)), Earned::default());
    }

    #[test]
    fn what_was_not_taken_earns_nothing_and_what_was_cancelled_goes_back() {
        let mut unpaid = paid();
        unpaid.payment = Payment::new(PaymentMethod::Cod, unpaid.totals.total, Timestamp::from_millis(1));
        assert_eq!(Earned::of(&unpaid, &seller(7)), Earned::default());
        let cancelled = Order { status: Status::Cancelled, ..paid() };
        assert_eq!(Earned::of(&cancelled, &seller(7)), Earned { captured: 2000, refunded: 2000, fee: 0 });
    }

    #[test]
    fn what_comes_back_is_taken_from_whose_it_is() {
        let order = returned(&paid(), 1, 1000);
        assert_eq!(Earned::of(&order, &seller(7)), Earned { captured: 2000, refunded: 1000, fee: 100 });
        assert_eq!(Earned::of(&order, &seller(8)).refunded, 0);
        let generous = returned(&paid(), 2, 9000);
        assert_eq!(Earned::of(&generous, &seller(7)).refunded, 2000, "never more than was taken for it");
    }

    #[test]
    fn cash_that_was_asked_back_is_no_earning() {
        let ask = |order: &mut Order, amount: i64| {
            let left = order.cash_left();
            let (by, now) = (seller(9), Timestamp::from_millis(2));
            order.payment.ask_in_cash((Some(amount), left), "broken".to_owned(), &by, now).unwrap()
        };
        let mut order = paid();
        let (total, left) = (order.totals.total.amount(), order.cash_left());
        assert_eq!(left, total);
        ask(&mut order, total / 2);
        let refunded = Earned::of(&order, &seller(7)).refunded;
        assert!((refunded - 2000 * (total / 2) / total).abs() <= 1, "{refunded}: their share of it");
        let rest = order.cash_left();
        ask(&mut order, rest);
        assert!(Earned::of(&order, &seller(7)).refunded >= 1999, "all of it");
    }

    #[test]
    fn what_went_back_on_the_providers_pages_is_no_earning() {
        let at = Timestamp::from_millis(1);
        let mut order = paid();
        order.payment = Payment::new(PaymentMethod::Card, order.totals.total, at);
        let total = order.totals.total.amount();
        let mut seen = |returned: i64, asked: Option<i64>| {
            let online = order.payment.online_mut().unwrap();
            online.opened(1, "pi_1".to_owned(), at);
            let taken = Observed { phase: Phase::Taken, taken: total, returned, ..Observed::let_go(at) };
            online.absorb(1, &taken, at);
            if let Some(amount) = asked {
                online.ask_refund(Some(amount), "broken".to_owned(), &seller(9), at).unwrap();
            }
            Earned::of(&order, &seller(7)).refunded
        };
        assert_eq!(seen(0, None), 0);
        let weights = |sum: i64| sum * 2000 / total;
        assert!((seen(total / 2, None) - weights(total / 2)).abs() <= 1, "their share of it");
        let half = seen(total / 2, None);
        assert!(seen(total / 2, Some(100)) <= half + 1, "ours, which is not there yet, is not counted twice");
        assert!(seen(total, None) >= 1999, "all of it");
        let given: i64 = given_back_for(&order, &|_| true).iter().map(|(_, amount)| amount).sum();
        assert!(given <= total);
    }

    #[test]
    fn a_day_is_from_midnight_to_midnight_and_days_are_bounded() {
        let check = |from: &str, to: &str| {
            let query: EarningsQuery = serde_json::from_str(&format!(r#"{{"from": "{from}", "to": "{to}"}}"#)).unwrap();
            query.check().map_err(|errors| errors[0].field.clone())
        };
        assert!(check("2026-11-01", "2026-11-01").is_ok());
        assert_eq!(check("2026-11-02", "2026-11-01"), Err("to".to_owned()));
        assert_eq!(check("2026-01-01", "2026-04-03"), Err("to".to_owned()));
        assert_eq!(check("soon", "2026-04-03"), Err("from".to_owned()));
    }
}
