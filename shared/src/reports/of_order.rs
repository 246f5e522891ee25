//! What an order counts for. Pure rules: the same order always counts for the same, whoever counts it and when.
//!
//! What happened on a day stays there: what was ordered counts on the day it was placed as it was placed, and what was called off
//! of it counts on the day it was. Sums of days that are over change where a refund of that day failed after all, or where an order
//! was called off that had refunds: all of it is called off then. A payment counts on the day on which paying was begun, whenever
//! the provider took it.

use std::collections::BTreeMap;

use super::cell::{Book, Cell, Contribution, Measures, payment_part, product_part};
use crate::orders::line_refund::net;
use crate::orders::order::{Order, OrderLine};
use crate::orders::status::Status;
use crate::orders::{fee_of, given_back_beside, given_back_for};
use crate::payments::{PaymentStatus, Phase, RefundState};
use crate::platform::clock::{Date, Timestamp};
use crate::platform::error::Result;
use crate::platform::ids::UserId;
use crate::platform::money::Money;
use crate::platform::zone::Zone;

/// The measures of what was sold.
pub mod sold {
    use crate::reports::cell::{Measures, measure};

    /// Orders that were placed.
    pub const PLACED: &str = "placed";
    /// Orders that were handed over.
    pub const DELIVERED: &str = "delivered";
    /// Orders that were called off.
    pub const CANCELLED: &str = "cancelled";
    /// Orders that came back.
    pub const RETURNED: &str = "returned";
    /// Units that were ordered.
    pub const UNITS: &str = "units";
    /// Units that were called off, with their orders or by themselves.
    pub const UNITS_CANCELLED: &str = "units_cancelled";
    /// What was ordered, before discounts.
    pub const GROSS: &str = "gross";
    /// What was taken off.
    pub const DISCOUNTS: &str = "discounts";
    /// What delivery cost.
    pub const DELIVERY: &str = "delivery";
    /// What of it was called off.
    pub const CALLED_OFF: &str = "called_off";
    /// What went back.
    pub const REFUNDS: &str = "refunds";
    /// What the pharmacy keeps of what sellers have sold.
    pub const FEES: &str = "fees";

    /// What is left of some sums: what was sold for, less what was called off and went back.
    pub fn net(sums: &Measures) -> i64 {
        let count = |name| measure(sums, name);
        count(GROSS) - count(DISCOUNTS) + count(DELIVERY) - count(CALLED_OFF) - count(REFUNDS)
    }
}

/// The measures of what was paid.
pub mod paid {
    /// Payments that were taken.
    pub const CAPTURES: &str = "captures";
    /// What was taken.
    pub const CAPTURED: &str = "captured";
    /// Refunds that went back.
    pub const REFUNDS: &str = "refunds";
    /// What went back.
    pub const REFUNDED: &str = "refunded";
    /// Attempts that ended with nothing taken.
    pub const FAILED: &str = "failed";
}

/// What an order counts for, in the pharmacy's days.
///
/// # Errors
/// There is no such time zone.
pub fn of_order(order: &Order, zone: &Zone) -> Result<BTreeMap<Cell, Measures>> {
    let mut counts = Counts { order, zone, contribution: Contribution::default() };
    counts.sales()?;
    let placed = order.as_placed.as_ref().map_or(&order.lines, |placed| &placed.lines);
    let mut sellers: Vec<_> = placed.iter().filter_map(|line| line.offer.seller_id.clone()).collect();
    sellers.sort_unstable();
    sellers.dedup();
    for seller in sellers {
        counts.sales_of(&seller, placed)?;
    }
    counts.products(placed)?;
    counts.payments()?;
    Ok(counts.contribution.into_cells())
}

struct Counts<'a> {
    order: &'a Order,
    zone: &'a Zone,
    contribution: Contribution,
}

/// What a share of an order is: all of it, or a seller's lines.
struct Share {
    units: i64,
    units_left: i64,
    gross: i64,
    discounts: i64,
    delivery: i64,
    /// What it costs now that some lines may be left out.
    left: i64,
}

impl Counts<'_> {
    fn sales(&mut self) -> Result<()> {
        let order = self.order;
        let totals = order.as_placed.as_ref().map_or(order.totals, |placed| placed.totals);
        let placed = order.as_placed.as_ref().map_or(&order.lines, |placed| &placed.lines);
        let share = Share {
            units: units(placed.iter()),
            units_left: units(order.lines.iter()),
            gross: totals.subtotal.amount(),
            discounts: totals.discount.amount(),
            delivery: totals.delivery.amount(),
            left: order.totals.total.amount(),
        };
        let currency = self.currency();
        self.steps((&Book::Sales, &currency), &share)?;
        if order.status == Status::Cancelled {
            return Ok(());
        }
        // What goes back by itself is what was taken beyond what the order costs.
        let asked = order.payment.refunds().iter().filter(|refund| refund.counts() && refund.by.is_some());
        let asked: Vec<_> = asked.map(|refund| (refund.at, refund.amount)).collect();
        for (at, amount) in asked.into_iter().chain(given_back_beside(order)).chain(by_hand(order)) {
            self.add((&Book::Sales, &currency), at, sold::REFUNDS, amount)?;
        }
        Ok(())
    }

    fn sales_of(&mut self, seller: &UserId, placed: &[OrderLine]) -> Result<()> {
        let own = |line: &OrderLine| line.offer.seller_id.as_ref() == Some(seller);
        let (book, currency) = (Book::SalesOf(seller.clone()), self.currency());
        self.lines((&book, &currency), placed, &own)?;
        // By what is left after each day, so that all days together are the fee of what is left at the end.
        let (mut left, mut kept) = (0, 0);
        for (day, net) in self.contribution.by_day(&book, sold::net) {
            left += net;
            let fee = fee_of(self.order, left) - kept;
            kept += fee;
            for book in [&book, &Book::Sales] {
                self.contribution.add(book, day, &currency, sold::FEES, fee);
            }
        }
        Ok(())
    }

    /// What each product counts for, in the book of all and in that of its seller.
    fn products(&mut self, placed: &[OrderLine]) -> Result<()> {
        let mut products: Vec<_> =
            placed.iter().map(|line| (line.offer.product_id, line.offer.seller_id.clone())).collect();
        products.sort_unstable();
        products.dedup();
        for (product, seller) in products {
            let own = |line: &OrderLine| line.offer.product_id == product;
            let part = product_part(product, self.order.totals.total.currency());
            for book in [Some(Book::Products), seller.map(Book::ProductsOf)].into_iter().flatten() {
                self.lines((&book, &part), placed, &own)?;
            }
        }
        Ok(())
    }

    /// What the lines that are `own` count for.
    fn lines(&mut self, place: (&Book, &str), placed: &[OrderLine], own: &dyn Fn(&OrderLine) -> bool) -> Result<()> {
        let order = self.order;
        let share = Share {
            units: units(placed.iter().filter(|line| own(line))),
            units_left: units(order.lines.iter().filter(|line| own(line))),
            gross: placed.iter().filter(|line| own(line)).map(whole).sum(),
            discounts: placed.iter().filter(|line| own(line)).map(|line| line.discount).sum(),
            delivery: 0,
            left: order.lines.iter().filter(|line| own(line)).map(net).sum(),
        };
        self.steps(place, &share)?;
        if order.status != Status::Cancelled {
            for (at, amount) in given_back_for(order, own) {
                self.add(place, at, sold::REFUNDS, amount)?;
            }
        }
        Ok(())
    }

    /// What every step of the order counts for.
    fn steps(&mut self, place: (&Book, &str), share: &Share) -> Result<()> {
        let order = self.order;
        let Some(first) = order.history.first() else { return Ok(()) };
        for (name, by) in [
            (sold::PLACED, 1),
            (sold::UNITS, share.units),
            (sold::GROSS, share.gross),
            (sold::DISCOUNTS, share.discounts),
            (sold::DELIVERY, share.delivery),
        ] {
            self.add(place, first.at, name, by)?;
        }
        // Lines are left out when a pharmacist checks the order.
        let checked = order.history.iter().find(|step| step.status == Status::Verified).unwrap_or(first);
        let cost = share.gross - share.discounts + share.delivery;
        self.add(place, checked.at, sold::UNITS_CANCELLED, share.units - share.units_left)?;
        self.add(place, checked.at, sold::CALLED_OFF, cost - share.left)?;
        for step in &order.history {
            match step.status {
                Status::Delivered => self.add(place, step.at, sold::DELIVERED, 1)?,
                Status::Cancelled => {
                    self.add(place, step.at, sold::CANCELLED, 1)?;
                    self.add(place, step.at, sold::UNITS_CANCELLED, share.units_left)?;
                    self.add(place, step.at, sold::CALLED_OFF, share.left)?;
                }
                Status::Returned => {
                    self.add(place, step.at, sold::RETURNED, 1)?;
                    // Cash that was to be paid at a door that did not open is never paid.
                    if order.payment.status() == PaymentStatus::Voided {
                        self.add(place, step.at, sold::UNITS_CANCELLED, share.units_left)?;
                        self.add(place, step.at, sold::CALLED_OFF, share.left)?;
                    }
                }
                Status::Placed | Status::Verified | Status::Packed | Status::Shipped => {}
            }
        }
        Ok(())
    }

    fn payments(&mut self) -> Result<()> {
        let order = self.order;
        if let Some(online) = order.payment.online() {
            for attempt in &online.attempts {
                if attempt.seen.taken > 0 {
                    self.pay(attempt.at, paid::CAPTURES, 1)?;
                    self.pay(attempt.at, paid::CAPTURED, attempt.seen.taken)?;
                } else if attempt.seen.phase == Phase::Closed {
                    self.pay(attempt.at, paid::FAILED, 1)?;
                }
                let ours = online.refunds.iter().filter(|refund| refund.attempt == attempt.n);
                let back: i64 = ours.filter(|one| one.state == RefundState::Succeeded).map(|one| one.amount).sum();
                // What was given back on the provider's own pages has no day that we know.
                self.pay(attempt.at, paid::REFUNDED, (attempt.seen.returned - back).max(0))?;
            }
        } else if matches!(order.payment.status(), PaymentStatus::Captured | PaymentStatus::Refunded)
            && let Some(door) = order.history.iter().find(|step| step.status == Status::Delivered)
        {
            self.pay(door.at, paid::CAPTURES, 1)?;
            self.pay(door.at, paid::CAPTURED, order.totals.total.amount())?;
        }
        let made = order.payment.refunds().iter().filter(|refund| refund.state == RefundState::Succeeded);
        for (at, amount) in made.map(|refund| (refund.at, refund.amount)).chain(by_hand(order)) {
            self.pay(at, paid::REFUNDS, 1)?;
            self.pay(at, paid::REFUNDED, amount)?;
        }
        Ok(())
    }

    fn currency(&self) -> String {
        self.order.totals.total.currency().as_str().to_owned()
    }

    fn add(&mut self, (book, part): (&Book, &str), at: Timestamp, name: &str, by: i64) -> Result<()> {
        let day = self.day(at)?;
        self.contribution.add(book, day, part, name, by);
        Ok(())
    }

    fn pay(&mut self, at: Timestamp, name: &str, by: i64) -> Result<()> {
        let part = payment_part(self.order.payment.method().as_str(), self.order.totals.total.currency());
        let day = self.day(at)?;
        self.contribution.add(&Book::Payments, day, &part, name, by);
        Ok(())
    }

    fn day(&self, at: Timestamp) -> Result<Date> {
        self.zone.day(at)
    }
}

/// What was paid out by hand for what was returned, and when.
fn by_hand(order: &Order) -> Vec<(Timestamp, i64)> {
    let paid = order.returns.iter().filter_map(|one| Some((one.decided.as_ref()?.at, one.paid_out()?)));
    paid.filter(|(_, amount)| *amount > 0).collect()
}

fn units<'a>(lines: impl Iterator<Item = &'a OrderLine>) -> i64 {
    lines.map(|line| i64::from(line.quantity)).sum()
}

/// What a line costs before its discount.
fn whole(line: &OrderLine) -> i64 {
    line.offer.price.times(line.quantity).map_or(0, Money::amount)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::order::{Actor, Step};
    use crate::orders::rejecting::tests::order;
    use crate::payments::{Closed, Payment, PaymentMethod};
    use crate::reports::cell::measure;

    fn day(hours: i64) -> Timestamp {
        Timestamp::from_millis(hours * 3_600_000)
    }

    fn step(order: &Order, status: Status, hours: i64) -> Order {
        let user = order.customer.clone();
        order.stepped(Step { status, at: day(hours), by: Actor::Pharmacy, user, note: None })
    }

    fn cash(lines: &[(i64, u32)]) -> Order {
        let mut order = order(lines, None);
        order.payment = Payment::new(PaymentMethod::Cod, order.totals.total, day(0));
        order
    }

    /// One measure of a book on the `day`th day of 1970.
    fn count(order: &Order, book: &Book, day: i64, name: &str) -> i64 {
        let day = Date::parse("1970-01-01").unwrap().plus_days(day);
        let cells = of_order(order, &Zone::parse("UTC").unwrap()).unwrap();
        let cells = cells.iter().filter(|(cell, _)| cell.book == *book && cell.day == day);
        cells.map(|(_, measures)| measure(measures, name)).sum()
    }

    #[test]
    fn what_is_placed_stays_on_its_day_and_what_is_called_off_counts_on_another() {
        let placed = cash(&[(1000, 2), (500, 1)]);
        let sales = |order: &Order, day, name| count(order, &Book::Sales, day, name);
        assert_eq!((sales(&placed, 0, sold::GROSS), sales(&placed, 0, sold::UNITS)), (2500, 3));
        let cancelled = step(&placed, Status::Cancelled, 30);
        assert_eq!((sales(&cancelled, 0, sold::GROSS), sales(&cancelled, 0, sold::CALLED_OFF)), (2500, 0));
        assert_eq!((sales(&cancelled, 1, sold::CALLED_OFF), sales(&cancelled, 1, sold::UNITS_CANCELLED)), (2999, 3));
    }

    #[test]
    fn lines_that_are_left_out_are_called_off_when_the_order_is_checked() {
        let placed = cash(&[(1000, 2), (500, 1)]);
        let product = placed.lines[0].offer.product_id;
        let left = step(&placed.without(&[product], day(30)).unwrap(), Status::Verified, 30);
        let sales = |day, name| count(&left, &Book::Sales, day, name);
        assert_eq!((sales(0, sold::GROSS), sales(0, sold::UNITS)), (2500, 3));
        assert_eq!((sales(1, sold::CALLED_OFF), sales(1, sold::UNITS_CANCELLED)), (2000, 2));
    }

    #[test]
    fn cash_is_paid_at_the_door() {
        let delivered = step(&cash(&[(1000, 1)]), Status::Delivered, 50);
        let paid = |day, name| count(&delivered, &Book::Payments, day, name);
        assert_eq!((paid(2, paid::CAPTURES), paid(2, paid::CAPTURED), paid(0, paid::CAPTURED)), (1, 1499, 0));
        assert_eq!(count(&delivered, &Book::Sales, 2, sold::DELIVERED), 1);
    }

    #[test]
    fn cash_that_is_paid_out_went_back_on_the_day_it_was_asked_for() {
        let mut order = step(&cash(&[(1000, 1)]), Status::Delivered, 50);
        let (left, by) = (order.cash_left(), UserId::nobody());
        let asked = order.payment.ask_in_cash((Some(600), left), "broken".to_owned(), &by, day(74)).unwrap();
        let paid = |order: &Order, name| count(order, &Book::Payments, 3, name);
        assert_eq!((paid(&order, paid::REFUNDS), paid(&order, paid::REFUNDED)), (0, 0), "it was not paid out yet");
        assert_eq!(count(&order, &Book::Sales, 3, sold::REFUNDS), 600, "and is promised");
        let closed = Closed { by, at: day(99), note: None };
        let order = order.with_cash_paid_out(asked.id, "R-17", closed).unwrap();
        assert_eq!((paid(&order, paid::REFUNDS), paid(&order, paid::REFUNDED)), (1, 600));
        assert_eq!(count(&order, &Book::Payments, 2, paid::CAPTURED), 1499);
    }

    #[test]
    fn a_seller_is_counted_for_their_lines_alone() {
        let seller = UserId::parse("00000000-0000-4000-8000-000000000007").unwrap();
        let mut placed = cash(&[(1000, 2), (500, 1)]);
        placed.lines[0].offer.seller_id = Some(seller.clone());
        let own = |order: &Order, day, name| count(order, &Book::SalesOf(seller.clone()), day, name);
        assert_eq!(
            (own(&placed, 0, sold::GROSS), own(&placed, 0, sold::UNITS), own(&placed, 0, sold::DELIVERY)),
            (2000, 2, 0)
        );
        let cancelled = step(&placed, Status::Cancelled, 30);
        assert_eq!(own(&cancelled, 1, sold::CALLED_OFF), 2000);
    }

    #[test]
    fn the_pharmacy_keeps_its_fee_and_gives_it_back_with_what_is_called_off() {
        let seller = UserId::parse("00000000-0000-4000-8000-000000000007").unwrap();
        let mut placed = cash(&[(1005, 1), (500, 1)]);
        placed.lines[0].offer.seller_id = Some(seller.clone());
        placed.seller_fee = 1000;
        let fees = |order: &Order, book: &Book, day| count(order, book, day, sold::FEES);
        for book in [Book::SalesOf(seller), Book::Sales] {
            assert_eq!(fees(&placed, &book, 0), 100, "a tenth of 1005");
            let cancelled = step(&placed, Status::Cancelled, 30);
            assert_eq!((fees(&cancelled, &book, 0), fees(&cancelled, &book, 1)), (100, -100));
        }
        let own = cash(&[(1000, 1)]);
        assert_eq!(fees(&own, &Book::Sales, 0), 0, "of what is the pharmacy's own there is none");
    }

    #[test]
    fn products_add_up_to_the_order_without_its_delivery() {
        let seller = UserId::parse("00000000-0000-4000-8000-000000000007").unwrap();
        let mut placed = cash(&[(1000, 2), (500, 1)]);
        placed.lines[0].offer.seller_id = Some(seller.clone());
        for order in [placed.clone(), step(&placed, Status::Cancelled, 30)] {
            for day in [0, 1] {
                for name in [sold::GROSS, sold::UNITS, sold::UNITS_CANCELLED] {
                    assert_eq!(
                        count(&order, &Book::Products, day, name),
                        count(&order, &Book::Sales, day, name),
                        "{name}"
                    );
                }
            }
            let theirs = |name| count(&order, &Book::ProductsOf(seller.clone()), 0, name);
            assert_eq!((theirs(sold::GROSS), theirs(sold::UNITS), theirs(sold::PLACED)), (2000, 2, 1));
        }
        let zone = Zone::parse("UTC").unwrap();
        let parts: Vec<_> =
            of_order(&placed, &zone).unwrap().into_keys().filter(|cell| cell.book == Book::Products).collect();
        assert_eq!(parts.len(), 2, "one for each product");
        assert_eq!(parts[0].part.split_once('#').map(|(_, currency)| currency), Some("USD"));
    }

    #[test]
    fn an_erased_customer_changes_nothing() {
        let order = step(&cash(&[(1000, 1)]), Status::Delivered, 50);
        let pseudonym = UserId::parse("00000000-0000-4000-8000-000000000009").unwrap();
        let stripped = order.stripped(&pseudonym, Date::parse("1971-01-01").unwrap());
        let zone = Zone::parse("UTC").unwrap();
        assert_eq!(of_order(&stripped, &zone).unwrap(), of_order(&order, &zone).unwrap());
    }
}
