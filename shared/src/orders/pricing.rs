//! What an order costs. Everything is computed here, from today's offers; a client's figure is only ever compared.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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

impl DeliveryRule {
    /// `quantity` times a price.
    ///
    /// # Errors
    /// A product that does not fit.
    pub fn line_total(&self, price: Money, quantity: u32) -> Result<Money> {
        price.times(quantity).ok_or_else(misfit)
    }

    /// The totals of lines of `(unit price, quantity)`. An empty list costs nothing, delivery included.
    ///
    /// # Errors
    /// Sums that do not fit, or prices in different currencies: the catalogue is not as it should be.
    pub fn totals(&self, lines: impl IntoIterator<Item = (Money, u32)>) -> Result<Totals> {
        let mut subtotal = Money::zero(self.currency);
        let mut empty = true;
        for (price, quantity) in lines {
            subtotal = price.times(quantity).and_then(|line| subtotal.plus(line)).ok_or_else(misfit)?;
            empty = false;
        }
        let free = empty || (self.free_from > 0 && subtotal.amount() >= self.free_from);
        let delivery = Money::new(if free { 0 } else { self.fee }, self.currency);
        let discount = Money::zero(self.currency);
        let total = subtotal.minus(discount).and_then(|rest| rest.plus(delivery)).ok_or_else(misfit)?;
        Ok(Totals { subtotal, discount, delivery, total })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn usd(amount: i64) -> Money {
        Money::new(amount, Currency::parse("USD").unwrap())
    }

    fn rule() -> DeliveryRule {
        DeliveryRule { currency: Currency::parse("USD").unwrap(), fee: 499, free_from: 5000 }
    }

    #[test]
    fn nothing_costs_nothing() {
        assert_eq!(rule().totals([]).unwrap().total, usd(0));
    }

    #[test]
    fn delivery_is_free_from_the_threshold_on() {
        assert_eq!(rule().totals([(usd(4999), 1)]).unwrap().delivery, usd(499));
        assert_eq!(rule().totals([(usd(2500), 2)]).unwrap().delivery, usd(0));
        let never = DeliveryRule { free_from: 0, ..rule() };
        assert_eq!(never.totals([(usd(100_000), 1)]).unwrap().delivery, usd(499));
    }

    #[test]
    fn currencies_never_mix() {
        let rupees = Money::new(100, Currency::parse("NPR").unwrap());
        assert!(rule().totals([(usd(1), 1), (rupees, 1)]).is_err());
    }

    proptest! {
        #[test]
        fn the_total_is_the_sum_of_its_parts(lines in prop::collection::vec((1i64..1_000_000, 1u32..=99), 1..50)) {
            let totals = rule().totals(lines.iter().map(|(price, quantity)| (usd(*price), *quantity))).unwrap();
            let sum: i64 = lines.iter().map(|(price, quantity)| price * i64::from(*quantity)).sum();
            prop_assert_eq!(totals.subtotal, usd(sum));
            let whole = totals.subtotal.amount() - totals.discount.amount() + totals.delivery.amount();
            prop_assert_eq!(totals.total.amount(), whole);
        }
    }
}
