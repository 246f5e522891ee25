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
