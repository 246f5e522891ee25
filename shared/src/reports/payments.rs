//! The report of what was paid.

use serde::Serialize;
use utoipa::ToSchema;

use super::cell::{Measures, measure};
use super::csv::{Table, Value};
use super::of_order::paid;
use super::period::{Days, Period};
use crate::platform::money::{Currency, Money};
use crate::platform::payment_method::PaymentMethod;

/// Sums of what was paid in one way and one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PaymentSums {
    /// By which way to pay.
    #[schema(value_type = PaymentMethod)]
    pub method: String,
    /// Payments that were taken, counted on the day on which paying was begun; cash at the door.
    pub captures: i64,
    /// What was taken.
    pub captured: Money,
    /// Refunds that went back, counted on the day on which they were asked for.
    pub refunds: i64,
    /// What went back.
    pub refunded: Money,
    /// Attempts to pay that ended with nothing taken: declined, given up, or called off with the order.
    pub failed: i64,
    /// `captured − refunded`.
    pub net: Money,
}

impl PaymentSums {
    pub(super) fn new(sums: &Measures, method: &str, currency: Currency) -> Self {
        let count = |name| measure(sums, name);
        let (captured, refunded) = (count(paid::CAPTURED), count(paid::REFUNDED));
        Self {
            method: method.to_owned(),
            captures: count(paid::CAPTURES),
            captured: Money::new(captured, currency),
            refunds: count(paid::REFUNDS),
            refunded: Money::new(refunded, currency),
            failed: count(paid::FAILED),
            net: Money::new(captured - refunded, currency),
        }
    }
}

/// What was paid in a period, in one way and one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PaymentsRow {
    /// Which days.
    #[serde(flatten)]
    pub period: Period,
    /// The sums.
    #[serde(flatten)]
    pub sums: PaymentSums,
}

/// What was paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PaymentsReport {
    /// Which days.
    #[serde(flatten)]
    pub days: Days,
    /// A row for each period, way to pay and currency, those without any payment too.
    pub rows: Vec<PaymentsRow>,
    /// The sums of all rows, one for each way to pay and currency.
    pub totals: Vec<PaymentSums>,
}

/// The columns of what is summed.
const COLUMNS: [&str; 8] = ["method", "currency", "captures", "captured", "refunds", "refunded", "failed", "net"];

impl Table for PaymentsReport {
    fn head(&self) -> Vec<&'static str> {
        [&Period::COLUMNS[..], &COLUMNS].concat()
    }

    fn lines(&self) -> Vec<Vec<Value>> {
        let line = |row: &PaymentsRow| {
            let sums = &row.sums;
            let summed = vec![
                Value::text(&sums.method),
                Value::text(sums.captured.currency().as_str()),
                Value::Number(sums.captures),
                Value::Sum(sums.captured),
                Value::Number(sums.refunds),
                Value::Sum(sums.refunded),
                Value::Number(sums.failed),
                Value::Sum(sums.net),
            ];
            [row.period.values().to_vec(), summed].concat()
        };
        self.rows.iter().map(line).collect()
    }
}
