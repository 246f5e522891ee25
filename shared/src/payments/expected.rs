//! What an attempt was opened with.

use crate::platform::clock::Timestamp;
use crate::platform::money::{Currency, Money};

/// What an attempt was opened with, and every answer about it must show.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// What the provider calls it.
    pub reference: &'a str,
    /// In minor units.
    pub amount: i64,
    /// The currency.
    pub currency: Currency,
    /// The order's id.
    pub order: &'a str,
    /// The payment's id.
    pub payment: &'a str,
    /// When it was opened.
    pub at: Timestamp,
    /// What of it had gone back, or was on its way, before the refund that is under way.
    pub returned: i64,
    /// Whether neither a hold nor money was ever seen of it.
    pub untouched: bool,
}

impl Expected<'_> {
    /// The sum.
    pub fn sum(&self) -> Money {
        Money::new(self.amount, self.currency)
    }
}

#[cfg(test)]
impl<'a> Expected<'a> {
    /// An attempt for `amount`, which nothing was seen of yet, of the order and the payment that samples of answers are about.
    pub(super) fn sample(reference: &'a str, amount: i64, currency: &str) -> Self {
        Self {
            reference,
            amount,
            currency: Currency::parse(currency).unwrap(),
            order: "ord_1",
            payment: "pay_1",
            at: Timestamp::from_millis(0),
            returned: 0,
            untouched: true,
        }
    }
}
