//! Money: whole minor units and their currency, never a fraction.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fields::{Field, FieldErrors, Invalid, all};

/// A currency by its ISO 4217 code.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

/// Codes of ISO 4217 for no currency at all, and for tests.
const NO_MONEY: [&str; 2] = ["XTS", "XXX"];

impl Currency {
    /// Reads `USD`.
    ///
    /// # Errors
    /// Not the code of a currency.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let is_money = iso_currency::Currency::from_code(text).is_some() && !NO_MONEY.contains(&text);
        let code = Self::of_form(text).filter(|_| is_money);
        code.ok_or_else(|| Invalid::new("invalid_currency", "expected an ISO 4217 code such as USD"))
    }

    /// Three capital letters.
    fn of_form(text: &str) -> Option<Self> {
        match text.as_bytes() {
            [a, b, c] if [a, b, c].iter().all(|byte| byte.is_ascii_uppercase()) => Some(Self([*a, *b, *c])),
            _ => None,
        }
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        // What is stored was checked when it came, and a currency may be withdrawn since.
        Self::of_form(&text).ok_or_else(|| serde::de::Error::custom("expected an ISO 4217 code"))
    }
}

/// An amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Money {
    /// In minor units of the currency: 1250 is 12.50 USD.
    #[schema(example = 1250)]
    amount: i64,
    /// ISO 4217.
    #[schema(value_type = String, example = "USD")]
    currency: Currency,
}

/// No single price or total may exceed this, in minor units.
pub const MAX_AMOUNT: i64 = 1_000_000_000;

impl Money {
    /// `amount` minor units of `currency`.
    pub const fn new(amount: i64, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// Nothing, in `currency`.
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// In minor units.
    pub const fn amount(self) -> i64 {
        self.amount
    }

    /// The currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// The sum, or `None` where the currencies differ or it does not fit.
    pub fn plus(self, other: Self) -> Option<Self> {
        let amount = self.amount.checked_add(other.amount)?;
        (self.currency == other.currency).then_some(Self { amount, ..self })
    }

    /// The difference, or `None` where the currencies differ or it does not fit.
    pub fn minus(self, other: Self) -> Option<Self> {
        let amount = self.amount.checked_sub(other.amount)?;
        (self.currency == other.currency).then_some(Self { amount, ..self })
    }

    /// `quantity` times this, or `None` where it does not fit.
    pub fn times(self, quantity: u32) -> Option<Self> {
        Some(Self { amount: self.amount.checked_mul(i64::from(quantity))?, ..self })
    }
}

/// Money as a request carries it.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[schema(as = MoneyInput)]
pub struct MoneyInput {
    /// In minor units.
    #[schema(value_type = i64, example = 1250)]
    amount: Field<i64>,
    /// ISO 4217.
    #[schema(value_type = String, example = "USD")]
    currency: Field<String>,
}

impl MoneyInput {
    /// A price: above nothing, in the currency that the pharmacy sells in.
    ///
    /// # Errors
    /// Zero or negative, absurdly large, or another currency; the fields are named.
    pub fn price(self, sold_in: Currency) -> Result<Money, FieldErrors> {
        let (amount, currency) = all((
            self.amount.parse("amount", |amount| match amount {
                1..=MAX_AMOUNT => Ok(amount),
                _ => Err(Invalid::new("out_of_range", format!("expected 1 to {MAX_AMOUNT} minor units"))),
            }),
            self.currency.parse("currency", |text| match Currency::parse(&text)? {
                currency if currency == sold_in => Ok(currency),
                _ => Err(Invalid::new("wrong_currency", format!("this pharmacy sells in {sold_in}"))),
            }),
        ))?;
        Ok(Money::new(amount, currency))
    }
}

impl MoneyInput {
    /// Any sum that is not negative, to be compared with one of ours.
    ///
    /// # Errors
    /// Negative, or not a currency; the fields are named.
    pub fn sum(self) -> Result<Money, FieldErrors> {
        let (amount, currency) = all((
            self.amount.parse("amount", |amount| match amount {
                0.. => Ok(amount),
                _ => Err(Invalid::new("out_of_range", "expected minor units, not below zero")),
            }),
            self.currency.parse("currency", |text| Currency::parse(&text)),
        ))?;
        Ok(Money::new(amount, currency))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn usd(amount: i64) -> Money {
        Money::new(amount, Currency(*b"USD"))
    }

    #[test]
    fn currencies_never_mix() {
        assert_eq!(usd(1).plus(Money::new(1, Currency(*b"NPR"))), None);
        assert_eq!(usd(1).minus(Money::new(1, Currency(*b"NPR"))), None);
    }

    #[test]
    fn what_does_not_fit_is_no_money() {
        assert_eq!(usd(i64::MAX).plus(usd(1)), None);
        assert_eq!(usd(i64::MAX / 2 + 1).times(2), None);
    }

    proptest! {
        #[test]
        fn what_is_added_can_be_taken_off(a in -MAX_AMOUNT..MAX_AMOUNT, b in -MAX_AMOUNT..MAX_AMOUNT) {
            prop_assert_eq!(usd(a).plus(usd(b)).and_then(|sum| sum.minus(usd(b))), Some(usd(a)));
        }

        #[test]
        fn a_line_total_is_the_sum_of_its_units(price in 1..=MAX_AMOUNT, quantity in 1u32..=99) {
            let sum = (0..quantity).try_fold(usd(0), |sum, _| sum.plus(usd(price)));
            prop_assert_eq!(usd(price).times(quantity), sum);
        }
    }
}
