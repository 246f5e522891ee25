//! Rows of stock: how many units of a lot have come in altogether. They go through the request that receives a lot, so that no
//! rule is here.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::import::Refusal;
use super::product_row::key_of;
use super::row::{Entry, Row, StockRow, first_of, money};
use super::table::{Cells, Columns};
use crate::catalog::input::ReceiveLotRequest;
use crate::catalog::lots::NewLot;
use crate::catalog::product::ImportMark;
use crate::platform::fields;
use crate::platform::ids::{ImportId, ProductId};
use crate::platform::money::Currency;

/// The columns of a table of stock.
pub const COLUMNS: Columns = Columns {
    known: &["product_id", "sku", "gtin", "lot_number", "expires_on", "quantity", "supplier", "unit_cost", "currency"],
    one_of: &["product_id", "sku", "gtin"],
    required: &["lot_number", "expires_on", "quantity"],
};

/// The column of a field of the request.
pub fn column_of(field: &str) -> String {
    match first_of(field) {
        "number" => "lot_number".to_owned(),
        first => first.to_owned(),
    }
}

/// The rows as the catalogue takes them.
pub fn entries(rows: Vec<Result<Cells, Refusal>>, import: ImportId, currency: Currency) -> Vec<Entry> {
    let mut seen = HashMap::new();
    rows.into_iter().map(|row| entry(row, &mut seen, import, currency)).collect()
}

fn entry(
    row: Result<Cells, Refusal>,
    seen: &mut HashMap<(ProductId, String), u64>,
    import: ImportId,
    currency: Currency,
) -> Entry {
    let cells = match row {
        Ok(cells) => cells,
        Err(refusal) => return Entry { line: refusal.line, key: refusal.key.clone(), row: Err(vec![refusal]) },
    };
    let key = cells.refusal("", "", "").key;
    let mut entry = Entry { line: cells.line, key, row: Err(Vec::new()) };
    let mark = ImportMark { import, line: cells.line, created: false };
    let read = read(&cells, &entry, seen, currency);
    entry.row = read.map(|(product, lot)| Row::Stock(Box::new(StockRow { product, lot, mark })));
    entry
}

fn read(
    cells: &Cells,
    entry: &Entry,
    seen: &mut HashMap<(ProductId, String), u64>,
    currency: Currency,
) -> Result<(ProductId, NewLot), Vec<Refusal>> {
    let number = cells.get("lot_number").unwrap_or_default().trim().to_owned();
    let key = key_of(cells, seen, |product| (product, number)).map_err(|refusal| vec![refusal])?;
    let mut said = Map::new();
    for (column, field) in
        [("lot_number", "number"), ("expires_on", "expires_on"), ("supplier", "supplier"), ("gtin", "gtin")]
    {
        if let Some(cell) = cells.get(column) {
            said.insert(field.to_owned(), json!(cell.trim()));
        }
    }
    if let Some(cell) = cells.get("quantity") {
        let quantity = cell.trim().parse::<i64>().map_or_else(|_| json!(cell), |units| json!(units));
        said.insert("quantity".to_owned(), quantity);
    }
    if let Some(cost) = money(cells, "unit_cost", currency).map_err(|refusal| vec![refusal])? {
        said.insert("unit_cost".to_owned(), cost);
    }
    let request = fields::from_json::<ReceiveLotRequest>(Value::Object(said));
    let lot = request.and_then(|request| request.check(currency));
    let lot = lot.map_err(|errors| entry.at_fields(&errors, column_of))?;
    Ok((key.product(), lot))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::Timestamp;

    fn rows(rows: &[&[(&'static str, &str)]]) -> Vec<Entry> {
        let rows = (2..).zip(rows).map(|(line, cells)| Ok(Cells::of(line, cells))).collect();
        entries(rows, ImportId::first_at(Timestamp::from_millis(1)), Currency::parse("USD").unwrap())
    }

    const GOOD: [(&str, &str); 5] = [
        ("sku", "A"),
        ("lot_number", "B2247A"),
        ("expires_on", "2028-01-31"),
        ("quantity", " 40 "),
        ("unit_cost", "1.25"),
    ];

    #[test]
    fn a_row_is_a_delivery_by_the_rules_of_deliveries() {
        let read = rows(&[&GOOD]);
        let Ok(Row::Stock(row)) = &read[0].row else { unreachable!("{read:?}") };
        assert_eq!((row.lot.quantity, row.lot.unit_cost.unwrap().amount(), row.lot.gtin), (40, 125, None));
    }

    #[test]
    fn what_is_wrong_is_named_by_its_column() {
        for (column, cell, code) in [
            ("lot_number", "ä", None),
            ("expires_on", "31.01.2028", None),
            ("quantity", "many", Some("wrong_type")),
            ("quantity", "0", Some("out_of_range")),
            ("quantity", "", Some("required")),
            ("unit_cost", "-1", Some("invalid_amount")),
        ] {
            let cells: Vec<_> =
                GOOD.iter().map(|(name, good)| (*name, if *name == column { cell } else { *good })).collect();
            let read = rows(&[&cells]);
            let refusals = read[0].row.as_ref().unwrap_err();
            assert_eq!(refusals[0].column, column, "{refusals:?}");
            assert!(code.is_none_or(|code| refusals[0].code == code), "{refusals:?}");
        }
    }

    #[test]
    fn a_lot_stands_in_one_row_and_a_product_in_many() {
        let other: Vec<_> =
            GOOD.iter().map(|(name, good)| (*name, if *name == "lot_number" { "C1" } else { *good })).collect();
        let read = rows(&[&GOOD, &other, &GOOD]);
        assert!(read[0].row.is_ok() && read[1].row.is_ok());
        assert_eq!(read[2].row.as_ref().unwrap_err()[0].code, "duplicate");
    }
}
