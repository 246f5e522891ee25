//! The ways to pay.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fields::Invalid;
use super::money::Currency;
use crate::platform::wording;

/// A way to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentMethod {
    /// Cash on delivery.
    Cod,
    /// A card, by Stripe: held when the customer pays, taken once a pharmacist has checked the order.
    Card,
    /// PayPal: held when the customer has agreed there, taken once a pharmacist has checked the order.
    Paypal,
    /// eSewa: taken when the customer pays; what goes back does so by hand.
    Esewa,
    /// bKash: taken when the customer has agreed there.
    Bkash,
}

/// The currencies that cards are taken in. Each has its sums in Stripe's minor units, which are not everywhere ISO's (ISK,
/// UGX, and three-digit currencies whose last digit must be zero are left out).
const CARD_CURRENCIES: [&str; 12] =
    ["AUD", "BDT", "CAD", "CHF", "EUR", "GBP", "INR", "JPY", "NPR", "NZD", "SGD", "USD"];

/// The currencies that PayPal takes everywhere, less those that it takes without the decimals that they have (HUF, TWD).
/// Neither NPR nor BDT is among them.
const PAYPAL_CURRENCIES: [&str; 19] = [
    "AUD", "CAD", "CHF", "CZK", "DKK", "EUR", "GBP", "HKD", "ILS", "JPY", "MXN", "NOK", "NZD", "PHP", "PLN", "SEK",
    "SGD", "THB", "USD",
];

/// The smallest sums that Stripe takes, in minor units: docs.stripe.com/currencies#minimum-and-maximum-charge-amounts. It has none
/// there of BDT and NPR, nor do PayPal, eSewa and bKash publish any but that a sum is above zero: what those take as too small is
/// refused when paying is begun.
const LEAST_BY_CARD: [(&str, i64); 10] = [
    ("AUD", 50),
    ("CAD", 50),
    ("CHF", 50),
    ("EUR", 50),
    ("GBP", 30),
    ("INR", 50),
    ("JPY", 50),
    ("NZD", 50),
    ("SGD", 50),
    ("USD", 50),
];

impl PaymentMethod {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Card, Self::Paypal, Self::Esewa, Self::Bkash, Self::Cod];

    /// As the API and the settings write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cod => "cod",
            Self::Card => "card",
            Self::Paypal => "paypal",
            Self::Esewa => "esewa",
            Self::Bkash => "bkash",
        }
    }

    /// Whether the provider has no way to give money back, or to shut its door: what goes back, somebody gives back by hand.
    pub const fn is_by_hand(self) -> bool {
        matches!(self, Self::Esewa)
    }

    /// Whether it can be offered by a pharmacy that sells in `currency`.
    pub fn takes(self, currency: Currency) -> bool {
        match self {
            Self::Cod => true,
            Self::Card => CARD_CURRENCIES.contains(&currency.as_str()),
            Self::Paypal => PAYPAL_CURRENCIES.contains(&currency.as_str()),
            Self::Esewa => currency.as_str() == "NPR",
            Self::Bkash => currency.as_str() == "BDT",
        }
    }

    /// The smallest sum that its provider takes in `currency`, in minor units, as far as it is published; nothing is none.
    pub fn least(self, currency: Currency) -> i64 {
        let published = LEAST_BY_CARD.iter().find(|(code, _)| self == Self::Card && *code == currency.as_str());
        published.map_or(1, |(_, least)| *least)
    }

    /// Reads `cod`, if it is one of those `offered`.
    ///
    /// # Errors
    /// A method that this pharmacy does not take.
    pub fn parse(text: &str, offered: &[Self]) -> Result<Self, Invalid> {
        offered.iter().copied().find(|method| method.as_str() == text).ok_or_else(|| {
            let names: Vec<_> = offered.iter().map(|method| method.as_str()).collect();
            Invalid::new("unsupported", wording::payments::takes(names.join(", ")))
        })
    }

    /// Reads the list of the methods that a pharmacy offers, such as `cod,card`.
    ///
    /// # Errors
    /// None at all, one that does not exist, or one that does not take `currency`.
    pub fn offered(list: &str, currency: Currency) -> Result<Vec<Self>, Invalid> {
        let mut offered = Vec::new();
        for name in list.split(',').map(str::trim) {
            let method = Self::parse(name, &Self::ALL)?;
            if !method.takes(currency) {
                return Err(Invalid::new("wrong_currency", wording::payments::not_in_currency(name, currency)));
            }
            if !offered.contains(&method) {
                offered.push(method);
            }
        }
        Ok(offered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn currency(code: &str) -> Currency {
        Currency::parse(code).unwrap()
    }

    #[test]
    fn a_method_that_is_not_offered_is_unsupported() {
        let parse = |text: &str, offered: &[PaymentMethod]| PaymentMethod::parse(text, offered).ok();
        assert_eq!(parse("card", &PaymentMethod::ALL), Some(PaymentMethod::Card));
        assert_eq!(parse("card", &[PaymentMethod::Cod]), None);
        assert_eq!(parse("Cod", &PaymentMethod::ALL), None);
        let said = PaymentMethod::parse("bitcoin", &[PaymentMethod::Cod]).unwrap_err().to_string();
        assert!(said.contains("cod") && !said.contains("card"), "{said}");
    }

    #[test]
    fn providers_take_no_sum_that_is_too_small() {
        let least = |method: PaymentMethod, code| method.least(currency(code));
        assert_eq!((least(PaymentMethod::Card, "USD"), least(PaymentMethod::Card, "JPY")), (50, 50));
        assert_eq!((least(PaymentMethod::Card, "GBP"), least(PaymentMethod::Cod, "USD")), (30, 1));
        for (method, code) in [
            (PaymentMethod::Card, "NPR"),
            (PaymentMethod::Paypal, "USD"),
            (PaymentMethod::Esewa, "NPR"),
            (PaymentMethod::Bkash, "BDT"),
        ] {
            assert_eq!(least(method, code), 1, "{method:?}: none is published");
        }
        assert!(LEAST_BY_CARD.iter().all(|(code, _)| PaymentMethod::Card.takes(currency(code))));
    }

    #[test]
    fn a_method_is_offered_only_in_a_currency_that_it_takes() {
        let offered = |list, code| PaymentMethod::offered(list, currency(code));
        assert_eq!(offered("cod, card,cod", "USD"), Ok(vec![PaymentMethod::Cod, PaymentMethod::Card]));
        assert_eq!(offered("cod", "KWD"), Ok(vec![PaymentMethod::Cod]));
        assert_eq!(offered("esewa", "NPR"), Ok(vec![PaymentMethod::Esewa]));
        assert_eq!(offered("bkash", "BDT"), Ok(vec![PaymentMethod::Bkash]));
        assert!(offered("esewa", "USD").is_err() && offered("bkash", "NPR").is_err());
        assert_eq!(offered("paypal", "JPY"), Ok(vec![PaymentMethod::Paypal]));
        for code in ["NPR", "BDT", "HUF", "TWD", "INR"] {
            assert!(offered("paypal", code).is_err(), "{code}");
        }
        for (list, code) in [("card", "KWD"), ("card", "ISK"), ("", "USD"), ("cod,", "USD"), ("cash", "USD")] {
            assert!(offered(list, code).is_err(), "{list} {code}");
        }
    }
}
