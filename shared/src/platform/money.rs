//! Money: whole minor units and their currency, never a fraction.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fields::{Field, FieldErrors, Invalid, all};
use crate::platform::wording;

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
        code.ok_or_else(|| Invalid::new("invalid_currency", wording::field::a_currency()))
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

    /// How many decimal digits the minor unit is of the major one: 2 for USD, 0 for JPY, 3 for KWD (ISO 4217, list one).
    pub fn exponent(self) -> u32 {
        iso_currency::Currency::from_code(self.as_str()).and_then(iso_currency::Currency::exponent).map_or(2, u32::from)
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

    /// As providers write it, in major units with all digits of the currency: `12.50`, `1250`, `1.250`; negative sums with
    /// a sign.
    pub fn to_decimal(self) -> String {
        let digits = usize::try_from(self.currency.exponent()).unwrap_or_default();
        let sign = if self.amount < 0 { "-" } else { "" };
        let text = format!("{:0>width$}", self.amount.unsigned_abs(), width = digits + 1);
        match text.split_at_checked(text.len() - digits) {
            Some((whole, part)) if !part.is_empty() => format!("{sign}{whole}.{part}"),
            _ => format!("{sign}{text}"),
        }
    }

    /// Reads what providers write: `12.50`, `12.5`, `12`, and with commas between thousands, `1,250.00`. More digits than
    /// the currency has must be zeros.
    ///
    /// # Errors
    /// No such sum, a negative one, a fraction of a minor unit, or more than fits.
    pub fn from_decimal(text: &str, currency: Currency) -> Result<Self, Invalid> {
        let invalid = || Invalid::new("invalid_amount", wording::field::an_amount());
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let whole = without_commas(whole).ok_or_else(invalid)?;
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(&whole) || !is_number(part) {
            return Err(invalid());
        }
        let digits = usize::try_from(currency.exponent()).unwrap_or_default();
        let (kept, rest) = part.split_at_checked(digits).unwrap_or((part, ""));
        if rest.bytes().any(|byte| byte != b'0') {
            return Err(invalid());
        }
        let amount = format!("{whole}{kept:0<digits$}").parse().map_err(|_| invalid())?;
        Ok(Self { amount, currency })
    }

    /// This sum in parts that add up to it, each as near as can be to its weight's share: what rounding down leaves goes,
    /// a minor unit each, to the largest remainders, the first of equals. `None` for a negative sum or without any weight.
    pub fn split(self, weights: &[u64]) -> Option<Vec<Self>> {
        let whole = weights.iter().map(|weight| u128::from(*weight)).sum::<u128>();
        let amount = u128::try_from(self.amount).ok().filter(|_| whole > 0)?;
        let mut shares = Vec::with_capacity(weights.len());
        for (place, weight) in weights.iter().enumerate() {
            let share = amount.checked_mul(u128::from(*weight))?;
            shares.push((share % whole, place, share / whole));
        }
        let mut left = amount - shares.iter().map(|(_, _, share)| share).sum::<u128>();
        shares.sort_by_key(|(remainder, place, _)| (std::cmp::Reverse(*remainder), *place));
        for (_, _, share) in &mut shares {
            let one = left.min(1);
            *share += one;
            left -= one;
        }
        shares.sort_by_key(|(_, place, _)| *place);
        let part = |(_, _, share): (u128, usize, u128)| Some(Self { amount: i64::try_from(share).ok()?, ..self });
        shares.into_iter().map(part).collect()
    }
}

/// `1,250` as `1250`; commas elsewhere than between groups of three are no number.
fn without_commas(whole: &str) -> Option<String> {
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let mut digits = first.to_owned();
    let mut grouped = false;
    for group in groups {
        grouped = true;
        if group.len() != 3 {
            return None;
        }
        digits.push_str(group);
    }
    (!grouped || (1..=3).contains(&first.len())).then_some(digits)
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
                _ => Err(Invalid::new("out_of_range", wording::field::minor_units_between(1, MAX_AMOUNT))),
            }),
            self.currency.parse("currency", |text| match Currency::parse(&text)? {
                currency if currency == sold_in => Ok(currency),
                _ => Err(Invalid::new("wrong_currency", wording::field::sold_in(sold_in))),
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
                _ => Err(Invalid::new("out_of_range", wording::field::minor_units())),
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

    #[test]
    fn currencies_have_their_own_digits() {
        for (code, amount, text) in [
            ("JPY", 500, "500"),
            ("USD", 500, "5.00"),
            ("USD", 5, "0.05"),
            ("USD", -1250, "-12.50"),
            ("KWD", 5, "0.005"),
            ("NPR", 100_000, "1000.00"),
        ] {
            assert_eq!(Money::new(amount, Currency::parse(code).unwrap()).to_decimal(), text, "{code} {amount}");
        }
    }

    #[test]
    fn decimals_are_read_as_providers_write_them() {
        let read =
            |text: &str, code: &str| Money::from_decimal(text, Currency::parse(code).unwrap()).map(Money::amount);
        for (text, code, amount) in [
            ("1000.0", "NPR", 100_000),
            ("1000", "NPR", 100_000),
            ("1,000.00", "NPR", 100_000),
            ("1,234,567.5", "NPR", 123_456_750),
            ("0.10", "BDT", 10),
            ("500", "JPY", 500),
            ("500.00", "JPY", 500),
            ("1.250", "KWD", 1250),
        ] {
            assert_eq!(read(text, code), Ok(amount), "{text}");
        }
        for wrong in [
            "",
            ".",
            "1.",
            ".5",
            "1.005",
            "-1",
            "+1",
            "1e3",
            "1 000",
            "10,00",
            ",100",
            "1,0000",
            "1,000,",
            "1.0.0",
            "0x10",
            "99999999999999999999",
            "\u{0661}",
        ] {
            assert!(read(wrong, "USD").is_err(), "{wrong}");
        }
        assert!(read("500.5", "JPY").is_err());
    }

    #[test]
    fn the_rest_goes_to_the_largest_remainders() {
        let parts = |amount, weights: &[u64]| {
            usd(amount).split(weights).map(|parts| parts.into_iter().map(Money::amount).collect::<Vec<_>>())
        };
        assert_eq!(parts(100, &[1, 1, 1]), Some(vec![34, 33, 33]));
        assert_eq!(parts(10, &[2, 3, 5]), Some(vec![2, 3, 5]));
        assert_eq!(parts(1, &[1, 2]), Some(vec![0, 1]));
        assert_eq!(parts(7, &[6, 3, 1]), Some(vec![4, 2, 1]), "to the largest remainder, not to the largest share");
        assert_eq!((parts(1, &[]), parts(1, &[0, 0]), parts(-1, &[1])), (None, None, None));
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

        #[test]
        fn what_is_written_for_a_provider_is_read_back(amount in 0..=i64::MAX, code in "[A-Z]{3}") {
            let money = Money::new(amount, Currency::of_form(&code).unwrap());
            prop_assert_eq!(Money::from_decimal(&money.to_decimal(), money.currency()), Ok(money));
        }

        /// By other arithmetic than what writes it: ten to the exponent, whole and rest.
        #[test]
        fn a_decimal_is_the_amount_over_ten_to_the_exponent(amount in 0..=MAX_AMOUNT, three in 0usize..3) {
            let (code, unit, width) = [("JPY", 1, 0), ("USD", 100, 2), ("KWD", 1000, 3)][three];
            let text = Money::new(amount, Currency::parse(code).unwrap()).to_decimal();
            let expected = match width {
                0 => format!("{amount}"),
                _ => format!("{}.{:0width$}", amount / unit, amount % unit),
            };
            prop_assert_eq!(text, expected);
        }

        #[test]
        fn no_text_reads_as_a_sum_that_writes_another(text in "[0-9,.+ -]{0,9}") {
            if let Ok(money) = Money::from_decimal(&text, usd(0).currency()) {
                let plain = text.replace(',', "");
                let plain = plain.trim_start_matches('0');
                let (whole, part) = plain.split_once('.').unwrap_or((plain, ""));
                let canonical = format!("{}.{:0<2}", if whole.is_empty() { "0" } else { whole }, part.trim_end_matches('0'));
                prop_assert_eq!(money.to_decimal(), canonical);
            }
        }

        #[test]
        fn the_parts_of_a_sum_add_up(amount in 0..=MAX_AMOUNT, weights in prop::collection::vec(0u64..1_000_000, 1..60)) {
            match usd(amount).split(&weights) {
                None => prop_assert!(weights.iter().all(|weight| *weight == 0)),
                Some(parts) => {
                    prop_assert_eq!(parts.iter().map(|part| part.amount()).sum::<i64>(), amount);
                    let whole: u64 = weights.iter().sum();
                    for (part, weight) in parts.iter().zip(&weights) {
                        let exact = i128::from(amount) * i128::from(*weight);
                        let off = i128::from(part.amount()) * i128::from(whole) - exact;
                        prop_assert!(off.abs() < i128::from(whole), "{part:?} of {weight} is off by a unit");
                    }
                }
            }
        }
    }
    #[test]
    fn a_currency_is_one_that_money_is_in() {
        for (code, is_one) in
            [("USD", true), ("NPR", true), ("XXX", false), ("XTS", false), ("usd", false), ("US", false)]
        {
            assert_eq!(Currency::parse(code).is_ok(), is_one, "{code}");
        }
        let dollars = Currency::parse("USD").unwrap();
        assert_eq!((dollars.as_str(), format!("{dollars} {dollars:?}").as_str()), ("USD", "USD USD"));
    }

    #[test]
    fn what_is_stored_is_read_also_of_a_currency_that_is_no_more() {
        let stored = serde_json::json!({"amount": 1250, "currency": "ZZZ"});
        let money: Money = serde_json::from_value(stored.clone()).unwrap();
        assert_eq!((money.amount(), money.currency().as_str()), (1250, "ZZZ"));
        assert_eq!(serde_json::to_value(money).unwrap(), stored);
        assert!(serde_json::from_value::<Currency>(serde_json::json!("usd")).is_err());
    }

    #[test]
    fn a_price_is_above_nothing_in_the_currency_that_is_sold_in() {
        let input = |amount: i64, currency: &str| -> MoneyInput {
            serde_json::from_value(serde_json::json!({"amount": amount, "currency": currency})).unwrap()
        };
        let sold_in = Currency::parse("USD").unwrap();
        for (amount, price, sum) in [
            (-1, false, false),
            (0, false, true),
            (1, true, true),
            (MAX_AMOUNT, true, true),
            (MAX_AMOUNT + 1, false, true),
        ] {
            assert_eq!(input(amount, "USD").price(sold_in).is_ok(), price, "{amount}");
            assert_eq!(input(amount, "USD").sum().is_ok(), sum, "{amount}");
        }
        assert_eq!(input(7, "USD").price(sold_in).ok(), Some(usd(7)));
        assert!(input(7, "NPR").price(sold_in).is_err());
        assert_eq!(input(7, "NPR").sum().map(|sum| sum.currency().to_string()).ok().as_deref(), Some("NPR"));
    }
}
