//! The file of an import, as rows.

use super::import::{ImportKind, Refusal};
use super::row::Entries;
use super::{fda, product_row, stock_row, table};
use crate::platform::ids::ImportId;
use crate::platform::money::Currency;

/// Reads the file of an import.
///
/// # Errors
/// It is no such file at all.
pub fn read(bytes: &[u8], kind: ImportKind, import: ImportId, currency: Currency) -> Result<Entries, Refusal> {
    match kind {
        ImportKind::Drugsfda => fda::read(bytes, import, currency),
        ImportKind::Products => {
            let rows = table::read(bytes, product_row::COLUMNS)?;
            Ok(Entries { entries: product_row::entries(rows, import, currency), skipped: 0 })
        }
        ImportKind::Stock => {
            let rows = table::read(bytes, stock_row::COLUMNS)?;
            Ok(Entries { entries: stock_row::entries(rows, import, currency), skipped: 0 })
        }
    }
}
