//! What an order costs. Everything is computed here, from today's offers; a client's figure is only ever compared.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::coupons::{Counted, Refusal, Terms, sum};
use crate::delivery::Rate;
use crate::platform::error::{Error, Result};
use crate::platform::money::{Currency, Money};

/// The sums of a cart or an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Totals {
    /// The lines together.
    pub subtotal: Money,
    /// What is taken off.
    pub discount: Money,
    /// The delivery fee.
    pub delivery: Money,
    /// `subtotal − discount + delivery`.
    pub total: Money,
}

/// A line to be priced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PricedLine {
    /// For one.
    pub price: Money,
    /// How many.
    pub quantity: u32,
    /// Whether it needs a prescription.
    pub prescription: bool,
}

/// What lines cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Priced {
    /// The sums.
    pub totals: Totals,
    /// What is taken off each line, in their order.
    pub discounts: Vec<Money>,
    /// Why the coupon takes nothing off.
    pub refusal: Option<Refusal>,
}

impl Totals {
    /// Of their parts.
    ///
    /// # Errors
    /// Parts that do not fit.
    pub fn of(subtotal: Money, discount: Money, delivery: Money) -> Result<Self> {
        let total = subtotal.minus(discount).and_then(|rest| rest.plus(delivery)).ok_or_else(misfit)?;
        Ok(Self { subtotal, discount, delivery, total })
    }
}

fn misfit() -> Error {
    Error::internal("the prices of a cart do not add up")
}

/// What delivery costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryRule {
    /// What the pharmacy sells in.
    pub currency: Currency,
    /// The fee, in minor units.
    pub fee: i64,
    /// From this subtotal on, in minor units, delivery is free; zero means never.
    pub free_from: i64,
}

impl From<&Rate> for DeliveryRule {
    fn from(rate: &Rate) -> Self {
        let free_from = rate.free_from.map_or(0, Money::amount);
        Self { currency: rate.fee.currency(), fee: rate.fee.amount(), free_from }
    }
}

impl DeliveryRule {
    /// `quantity` times a price.
    ///
    /// # Errors
    /// A product that does not fit.
    pub fn line_total(&self, price: Money, quantity: u32) -> Result<Money> {
        price.times(quantity).ok_or_else(misfit)
    }

    /// What these lines cost, with what a coupon on these terms takes off them. Where it takes nothing off, the rest is
    /// computed without it. An empty list costs nothing, delivery included; from which subtotal on delivery is free is asked
    /// of the subtotal before the discount.
    ///
    /// # Errors
    /// Sums that do not fit, or prices in different currencies: the catalogue is not as it should be.
    pub fn priced(&self, lines: &[PricedLine], coupon: Option<&Terms>) -> Result<Priced> {
        let nothing = Money::zero(self.currency);
        let mut counted = Vec::with_capacity(lines.len());
        for line in lines {
            let total = self.line_total(line.price, line.quantity)?;
            counted.push(Counted { total, prescription: line.prescription });
        }
        let subtotal = sum(nothing, &counted.iter().map(|line| line.total).collect::<Vec<_>>())?;
        let (discount, refusal) = match coupon.map(|terms| terms.discount(&counted)).transpose()? {
            Some(Ok(discount)) => (Some(discount), None),
            Some(Err(refusal)) => (None, Some(refusal)),
            None => (None, None),
        };
        let free = lines.is_empty()
            || (self.free_from > 0 && subtotal.amount() >= self.free_from)
            || discount.as_ref().is_some_and(|discount| discount.free_delivery);
        let discounts = discount.map_or_else(|| vec![nothing; lines.len()], |discount| discount.of_lines);
        let delivery = Money::new(if free { 0 } else { self.fee }, self.currency);
        let totals = Totals::of(subtotal, sum(nothing, &discounts)?, delivery)?;
        Ok(Priced { totals, discounts, refusal })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::coupons::{Benefit, RefusalCode};

    fn usd(amount: i64) -> Money {
        Money::new(amount, Currency::parse("USD").unwrap())
    }

    fn rule() -> DeliveryRule {
        DeliveryRule { currency: Currency::parse("USD").unwrap(), fee: 499, free_from: 5000 }
    }

    fn line(price: Money, quantity: u32) -> PricedLine {
        PricedLine { price, quantity, prescription: false }
    }

    fn totals(rule: &DeliveryRule, lines: &[PricedLine]) -> Totals {
        rule.priced(lines, None).unwrap().totals
    }

    fn terms(benefit: Benefit) -> Terms {
        Terms {
            benefit,
            min_subtotal: Some(usd(1000)),
            max_discount: None,
            starts_at: None,
            ends_at: None,
            max_uses: None,
            per_customer: None,
            excludes_prescription: true,
        }
    }

    #[test]
    fn nothing_costs_nothing() {
        assert_eq!(totals(&rule(), &[]).total, usd(0));
    }

    #[test]
    fn delivery_is_free_from_the_threshold_on() {
        assert_eq!(totals(&rule(), &[line(usd(4999), 1)]).delivery, usd(499));
        assert_eq!(totals(&rule(), &[line(usd(2500), 2)]).delivery, usd(0));
        let never = DeliveryRule { free_from: 0, ..rule() };
        assert_eq!(totals(&never, &[line(usd(100_000), 1)]).delivery, usd(499));
    }

    #[test]
    fn a_coupon_takes_off_the_lines_and_not_off_the_delivery() {
        let lines = [line(usd(333), 2), line(usd(1000), 1)];
        let priced = rule().priced(&lines, Some(&terms(Benefit::Percent(10)))).unwrap();
        assert_eq!(
            priced.totals,
            Totals { subtotal: usd(1666), discount: usd(166), delivery: usd(499), total: usd(1999) }
        );
        assert_eq!(priced.discounts, [usd(66), usd(100)]);
        let whole = rule().priced(&lines, Some(&terms(Benefit::Amount(usd(5000))))).unwrap();
        assert_eq!(whole.totals.total, usd(499), "delivery is still to be paid");
    }

    #[test]
    fn free_delivery_is_no_discount() {
        let priced = rule().priced(&[line(usd(1000), 1)], Some(&terms(Benefit::FreeDelivery))).unwrap();
        assert_eq!((priced.totals.discount, priced.totals.delivery, priced.totals.total), (usd(0), usd(0), usd(1000)));
    }

    #[test]
    fn a_coupon_that_is_not_reached_takes_nothing_off() {
        let priced = rule().priced(&[line(usd(999), 1)], Some(&terms(Benefit::Percent(10)))).unwrap();
        assert_eq!((priced.totals.discount, priced.totals.total), (usd(0), usd(1498)));
        assert_eq!(priced.refusal.unwrap().code, RefusalCode::NotReached);
    }

    #[test]
    fn currencies_never_mix() {
        let rupees = Money::new(100, Currency::parse("NPR").unwrap());
        assert!(rule().priced(&[line(usd(1), 1), line(rupees, 1)], None).is_err());
    }

    proptest! {
        #[test]
        fn the_total_is_the_sum_of_its_parts(lines in prop::collection::vec((1i64..1_000_000, 1u32..=99), 1..50)) {
            let priced: Vec<_> = lines.iter().map(|(price, quantity)| line(usd(*price), *quantity)).collect();
            let totals = totals(&rule(), &priced);
            let sum: i64 = lines.iter().map(|(price, quantity)| price * i64::from(*quantity)).sum();
            prop_assert_eq!(totals.subtotal, usd(sum));
            let whole = totals.subtotal.amount() - totals.discount.amount() + totals.delivery.amount();
            prop_assert_eq!(totals.total.amount(), whole);
        }
    }
}
