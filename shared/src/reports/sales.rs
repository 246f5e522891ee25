//! The report of what was sold.

use serde::Serialize;
use utoipa::ToSchema;

use super::cell::{Measures, measure};
use super::csv::{Table, Value};
use super::of_order::sold;
use super::period::{Days, Period};
use crate::platform::ids::ProductId;
use crate::platform::money::{Currency, Money};

/// Sums of what was sold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SalesSums {
    /// Orders that were placed; of a seller's report, those with products of theirs.
    pub orders_placed: i64,
    /// Orders that were handed over.
    pub orders_delivered: i64,
    /// Orders that were called off.
    pub orders_cancelled: i64,
    /// Orders that came back.
    pub orders_returned: i64,
    /// Units that were ordered.
    pub units: i64,
    /// Units that were called off, with their orders or by a pharmacist.
    pub units_cancelled: i64,
    /// What was ordered, before discounts and without delivery.
    pub gross: Money,
    /// What was taken off.
    pub discounts: Money,
    /// What delivery cost; of a seller's report always zero.
    pub delivery: Money,
    /// What was called off, discounts and delivery with it.
    pub cancelled: Money,
    /// What goes back for orders that were not called off, counted on the day it was decided.
    pub refunds: Money,
    /// What the pharmacy keeps of what sellers' products have sold for; of a seller's report, of theirs. By product: always zero.
    pub fees: Money,
    /// `gross − discounts + delivery − cancelled − refunds`: below zero where more was called off than ordered.
    pub net: Money,
}

impl SalesSums {
    pub(super) fn new(sums: &Measures, currency: Currency) -> Self {
        let count = |name| measure(sums, name);
        let money = |name| Money::new(count(name), currency);
        Self {
            orders_placed: count(sold::PLACED),
            orders_delivered: count(sold::DELIVERED),
            orders_cancelled: count(sold::CANCELLED),
            orders_returned: count(sold::RETURNED),
            units: count(sold::UNITS),
            units_cancelled: count(sold::UNITS_CANCELLED),
            gross: money(sold::GROSS),
            discounts: money(sold::DISCOUNTS),
            delivery: money(sold::DELIVERY),
            cancelled: money(sold::CALLED_OFF),
            refunds: money(sold::REFUNDS),
            fees: money(sold::FEES),
            net: Money::new(sold::net(sums), currency),
        }
    }
}

/// What was sold in a period, or of a product, in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SalesRow {
    /// Which days.
    #[serde(flatten)]
    pub period: Period,
    /// Which product, of a report by products.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub product_id: Option<ProductId>,
    /// The sums.
    #[serde(flatten)]
    pub sums: SalesSums,
}

/// What was sold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SalesReport {
    /// Which days.
    #[serde(flatten)]
    pub days: Days,
    /// A row for each period and currency, those without any sales too; by products, one for each that was sold, of all days, what
    /// has sold for most first.
    pub rows: Vec<SalesRow>,
    /// How many products have no row, of a report by products: there are at most a thousand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_out: Option<usize>,
    /// The sums of all rows, one for each currency.
    pub totals: Vec<SalesSums>,
}

/// The columns of what is summed.
const COLUMNS: [&str; 15] = [
    "product_id",
    "currency",
    "orders_placed",
    "orders_delivered",
    "orders_cancelled",
    "orders_returned",
    "units",
    "units_cancelled",
    "gross",
    "discounts",
    "delivery",
    "cancelled",
    "refunds",
    "fees",
    "net",
];

impl Table for SalesReport {
    fn head(&self) -> Vec<&'static str> {
        [&Period::COLUMNS[..], &COLUMNS].concat()
    }

    fn lines(&self) -> Vec<Vec<Value>> {
        let line = |row: &SalesRow| {
            let sums = &row.sums;
            let summed = vec![
                row.product_id.map_or(Value::None, |product| Value::text(product.to_string())),
                Value::text(sums.gross.currency().as_str()),
                Value::Number(sums.orders_placed),
                Value::Number(sums.orders_delivered),
                Value::Number(sums.orders_cancelled),
                Value::Number(sums.orders_returned),
                Value::Number(sums.units),
                Value::Number(sums.units_cancelled),
                Value::Sum(sums.gross),
                Value::Sum(sums.discounts),
                Value::Sum(sums.delivery),
                Value::Sum(sums.cancelled),
                Value::Sum(sums.refunds),
                Value::Sum(sums.fees),
                Value::Sum(sums.net),
            ];
            [row.period.values().to_vec(), summed].concat()
        };
        self.rows.iter().map(line).collect()
    }
}
