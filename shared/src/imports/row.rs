//! A row of an import as the catalogue takes it.

use serde_json::{Value, json};

use super::import::Refusal;
use super::table::Cells;
use crate::catalog::ProductRow;
use crate::catalog::lots::NewLot;
use crate::catalog::product::ImportMark;
use crate::platform::error::Error;
use crate::platform::fields::FieldError;
use crate::platform::ids::ProductId;
use crate::platform::money::{Currency, Money};

/// What is behind this many refusals of one row is not told any more.
const MOST_TOLD: usize = 5;
/// How many characters of a refusal are told.
const MOST_SAID: usize = 240;

/// A row.
#[derive(Clone, Debug)]
pub enum Row {
    /// Of products.
    Product(Box<ProductRow>),
    /// Of stock.
    Stock(Box<StockRow>),
}

/// A row that speaks of a lot.
#[derive(Clone, Debug)]
pub struct StockRow {
    /// Of which product.
    pub product: ProductId,
    /// The lot, and how many units of it have come in altogether.
    pub lot: NewLot,
    /// Which row it is.
    pub mark: ImportMark,
}

/// A row as it stands in its file.
#[derive(Clone, Debug)]
pub struct Entry {
    /// In which line it begins.
    pub line: u64,
    /// What it calls itself.
    pub key: String,
    /// What it says, or why it cannot be taken.
    pub row: Result<Row, Vec<Refusal>>,
}

/// The rows of a file.
#[derive(Clone, Debug)]
pub struct Entries {
    /// In their order.
    pub entries: Vec<Entry>,
    /// How many others were passed over.
    pub skipped: u64,
}

impl Entry {
    /// What is wrong with the row, of what refused it.
    pub fn refusals(&self, error: &Error, column_of: fn(&str) -> String) -> Vec<Refusal> {
        let about_row = || vec![self.refusal("", error.code(), error.detail().english())];
        if error.fields().is_empty() { about_row() } else { self.at_fields(error.fields(), column_of) }
    }

    /// What is wrong with its fields.
    pub fn at_fields(&self, fields: &[FieldError], column_of: fn(&str) -> String) -> Vec<Refusal> {
        let told = fields.iter().take(MOST_TOLD).map(|field| {
            let column = column_of(&field.field);
            let message = if column == field.field {
                field.message().english().to_owned()
            } else {
                format!("{}: {}", field.field, field.message().english())
            };
            self.refusal(&column, field.code, &message)
        });
        told.collect()
    }

    /// One thing that is wrong with it.
    pub fn refusal(&self, column: &str, code: &str, message: &str) -> Refusal {
        Refusal {
            line: self.line,
            column: column.to_owned(),
            code: code.to_owned(),
            message: message.chars().take(MOST_SAID).collect(),
            key: self.key.clone(),
        }
    }
}

/// The field that a path begins with: `ingredients` of `ingredients[0].name`.
pub(super) fn first_of(path: &str) -> &str {
    path.split(['.', '[']).next().unwrap_or_default()
}

/// A sum of a cell, `4.50`, as a request carries it; the column `currency` may say in what.
pub(super) fn money(cells: &Cells, column: &str, currency: Currency) -> Result<Option<Value>, Refusal> {
    let Some(cell) = cells.get(column) else { return Ok(None) };
    let sum = Money::from_decimal(cell.trim(), currency);
    let sum = sum.map_err(|why| cells.refused(column, why))?;
    let said = cells.get("currency").map_or_else(|| currency.to_string(), |said| said.trim().to_owned());
    Ok(Some(json!({"amount": sum.amount(), "currency": said})))
}
