//! Bodies, each member of which is known or refused, and sums in exact decimals.

use serde_json::{Map, Value, json};

use super::{refused, unprocessable};
use crate::call::Answer;

/// An object, less the members that were taken.
#[derive(Debug)]
pub(super) struct Body(Map<String, Value>);

impl Body {
    pub(super) fn new(map: Map<String, Value>) -> Self {
        Self(map)
    }

    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)?.as_str().map(str::to_owned)
    }

    pub(super) fn flag(&mut self, name: &str) -> Option<bool> {
        self.0.remove(name)?.as_bool()
    }

    pub(super) fn object(&mut self, name: &str) -> Option<Self> {
        match self.0.remove(name)? {
            Value::Object(map) => Some(Self(map)),
            _ => None,
        }
    }

    pub(super) fn list(&mut self, name: &str) -> Vec<Value> {
        match self.0.remove(name) {
            Some(Value::Array(list)) => list,
            _ => Vec::new(),
        }
    }

    /// A sum, if there is one.
    pub(super) fn sum(&mut self, name: &str) -> Result<Option<Sum>, Answer> {
        let Some(mut sum) = self.object(name) else { return Ok(None) };
        let (currency, value) = (sum.text("currency_code"), sum.text("value"));
        sum.nothing_else()?;
        let (Some(currency), Some(value)) = (currency, value) else {
            return Err(refused(400, "INVALID_REQUEST", "MISSING_REQUIRED_PARAMETER"));
        };
        Sum::read(&currency, &value).map(Some)
    }

    /// Nothing else may have come.
    pub(super) fn nothing_else(self) -> Result<(), Answer> {
        match self.0.keys().next() {
            Some(name) => Err(refused(400, "INVALID_REQUEST", &format!("UNKNOWN_PARAMETER {name}"))),
            None => Ok(()),
        }
    }
}

/// The currencies that PayPal takes.
const CURRENCIES: [&str; 23] = [
    "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "ILS", "JPY", "MXN", "MYR", "NOK",
    "NZD", "PHP", "PLN", "SEK", "SGD", "THB", "USD",
];
/// Those that it takes without decimals.
const WHOLE: [&str; 3] = ["HUF", "JPY", "TWD"];

/// A sum in the smallest unit that PayPal takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    /// In that unit.
    pub amount: i64,
    /// The currency.
    pub currency: String,
}

impl Sum {
    fn read(currency: &str, value: &str) -> Result<Self, Answer> {
        if !CURRENCIES.contains(&currency) && currency != "TWD" {
            return Err(unprocessable("CURRENCY_NOT_SUPPORTED"));
        }
        let digits = if WHOLE.contains(&currency) { 0 } else { 2 };
        let (whole, part) = value.split_once('.').unwrap_or((value, ""));
        let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if part.len() != digits || value.ends_with('.') {
            return Err(unprocessable(if digits == 0 { "DECIMALS_NOT_SUPPORTED" } else { "DECIMAL_PRECISION" }));
        }
        let amount = format!("{whole}{part}").parse::<i64>().ok();
        match amount.filter(|amount| *amount > 0 && !whole.is_empty() && number(whole) && number(part)) {
            Some(amount) => Ok(Self { amount, currency: currency.to_owned() }),
            None => Err(unprocessable("CANNOT_BE_ZERO_OR_NEGATIVE")),
        }
    }

    pub(super) fn json(&self) -> Value {
        let value = if WHOLE.contains(&self.currency.as_str()) {
            self.amount.to_string()
        } else {
            format!("{}.{:02}", self.amount / 100, self.amount % 100)
        };
        json!({"currency_code": self.currency, "value": value})
    }
}
