//! Rows of products. What they say goes through the requests that create and change products, so that no rule is here.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::import::Refusal;
use super::key::ProductKey;
use super::row::{Entry, Row, first_of, money};
use super::table::{Cells, Columns};
use crate::catalog::ProductRow;
use crate::catalog::Slug;
use crate::catalog::input::{CreateProductRequest, UpdateProductRequest};
use crate::catalog::product::ImportMark;
use crate::platform::fields::{self, FieldErrors};
use crate::platform::ids::{ImportId, ProductId};
use crate::platform::money::Currency;

/// The columns of a table of products.
pub const COLUMNS: Columns = Columns {
    known: &[
        "product_id",
        "sku",
        "gtin",
        "slug",
        "name",
        "brand",
        "ingredients",
        "dosage_form",
        "route",
        "pack_size",
        "category_id",
        "description",
        "price",
        "currency",
        "te_code",
        "schedule",
        "legal_status",
        "status",
    ],
    one_of: &["product_id", "sku", "gtin"],
    required: &[],
};

/// The columns that are fields of a request as they are.
const PLAIN: [&str; 11] = [
    "name",
    "brand",
    "dosage_form",
    "route",
    "pack_size",
    "category_id",
    "description",
    "te_code",
    "schedule",
    "legal_status",
    "status",
];
/// The columns in which an empty cell takes away what is there.
const CLEARED: [&str; 4] = ["brand", "description", "te_code", "schedule"];

/// The column of a field of a request.
pub fn column_of(field: &str) -> String {
    first_of(field).to_owned()
}

/// The rows as the catalogue takes them.
pub fn entries(rows: Vec<Result<Cells, Refusal>>, import: ImportId, currency: Currency) -> Vec<Entry> {
    let mut seen = HashMap::new();
    rows.into_iter().map(|row| entry(row, &mut seen, import, currency)).collect()
}

fn entry(
    row: Result<Cells, Refusal>,
    seen: &mut HashMap<ProductId, u64>,
    import: ImportId,
    currency: Currency,
) -> Entry {
    let cells = match row {
        Ok(cells) => cells,
        Err(refusal) => return Entry { line: refusal.line, key: refusal.key.clone(), row: Err(vec![refusal]) },
    };
    let key = cells.refusal("", "", "").key;
    let line = cells.line;
    Entry { line, key, row: read(&cells, seen, import, currency).map(|row| Row::Product(Box::new(row))) }
}

/// The key of a row, where no row before has it.
///
/// # Errors
/// It has none, or another's.
pub(super) fn key_of<K: std::hash::Hash + Eq>(
    cells: &Cells,
    seen: &mut HashMap<K, u64>,
    unique: impl FnOnce(ProductId) -> K,
) -> Result<ProductKey, Refusal> {
    let key = ProductKey::of(cells.get("product_id"), cells.get("sku"), cells.get("gtin"));
    let key = key.map_err(|(column, why)| cells.refused(column, why))?;
    match seen.insert(unique(key.product()), cells.line) {
        None => Ok(key),
        Some(first) => Err(cells.refusal("", "duplicate", format!("line {first} speaks of the same"))),
    }
}

fn read(
    cells: &Cells,
    seen: &mut HashMap<ProductId, u64>,
    import: ImportId,
    currency: Currency,
) -> Result<ProductRow, Vec<Refusal>> {
    let key = key_of(cells, seen, |product| product).map_err(|refusal| vec![refusal])?;
    let price = money(cells, "price", currency).map_err(|refusal| vec![refusal])?;
    let slug = cells.get("slug").map(|slug| Slug::parse(slug.trim())).transpose();
    let slug = slug.map_err(|why| vec![cells.refused("slug", why)])?;
    let fields = said_fields(cells, price);
    Ok(ProductRow {
        id: key.product(),
        must_exist: matches!(key, ProductKey::Id(_)),
        // What is named by its id is not named anew: the row says a name that it has, or is refused.
        sku: sku_of(cells, &key).map_err(|refusal| vec![refusal])?,
        slug: slug.clone(),
        new: created(fields.clone(), slug.as_ref(), currency),
        change: changed(cells, fields, currency),
        mark: ImportMark { import, line: cells.line, created: false },
    })
}

/// What the pharmacy's own lists call the product of a row, whatever the row names it by.
///
/// # Errors
/// It is malformed.
fn sku_of(cells: &Cells, key: &ProductKey) -> Result<Option<String>, Refusal> {
    let Some(sku) = cells.get("sku").filter(|_| key.sku().is_none()) else { return Ok(key.sku().map(str::to_owned)) };
    let said = ProductKey::of(None, Some(sku), None).map_err(|(column, why)| cells.refused(column, why))?;
    Ok(said.sku().map(str::to_owned))
}

/// What a row says, as requests carry it.
fn said_fields(cells: &Cells, price: Option<Value>) -> Map<String, Value> {
    let mut fields = Map::new();
    for column in PLAIN {
        if let Some(cell) = cells.get(column) {
            // Codes and names of one line are meant without the blanks around them; a description is taken as it is.
            let cell = if column == "description" { cell } else { cell.trim() };
            fields.insert(column.to_owned(), json!(cell));
        }
    }
    if let Some(cell) = cells.get("gtin") {
        fields.insert("gtin".to_owned(), json!(cell.trim()));
    }
    if let Some(cell) = cells.get("ingredients") {
        fields.insert("ingredients".to_owned(), ingredients(cell));
    }
    if let Some(price) = price {
        fields.insert("price".to_owned(), price);
    }
    fields
}

/// `ibuprofen | 200 mg; caffeine | 30 mg` as requests carry it.
fn ingredients(cell: &str) -> Value {
    let parts = cell.split([';', '\n']).filter(|part| !part.trim().is_empty());
    let parts = parts.map(|part| match part.split_once('|') {
        Some((name, strength)) => json!({"name": name.trim(), "strength": strength.trim()}),
        None => json!({"name": part.trim()}),
    });
    parts.collect()
}

/// A product of these fields.
pub(super) fn created(
    mut fields: Map<String, Value>,
    slug: Option<&Slug>,
    currency: Currency,
) -> Result<crate::catalog::product::NewProduct, FieldErrors> {
    if let Some(slug) = slug {
        fields.insert("slug".to_owned(), json!(slug.as_str()));
    }
    fields::from_json::<CreateProductRequest>(Value::Object(fields))?.check_imported(currency)
}

fn changed(
    cells: &Cells,
    mut fields: Map<String, Value>,
    currency: Currency,
) -> Result<crate::catalog::product::ProductChange, FieldErrors> {
    for column in CLEARED.iter().filter(|column| cells.is_cleared(column)) {
        fields.insert((*column).to_owned(), Value::Null);
    }
    fields::from_json::<UpdateProductRequest>(Value::Object(fields))?.check(currency)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::ProductStatus;
    use crate::platform::clock::Timestamp;
    use crate::platform::fields::Change;

    const WHOLE: [(&str, &str); 9] = [
        ("sku", "IBU-200"),
        ("name", " Ibuprofen 200 mg"),
        ("ingredients", "ibuprofen | 200 mg; caffeine|30 mg"),
        ("dosage_form", "tablet"),
        ("route", "oral"),
        ("pack_size", "20 tablets"),
        ("category_id", "pain"),
        ("price", "4.99"),
        ("legal_status", "otc"),
    ];

    fn rows(rows: &[&[(&'static str, &str)]]) -> Vec<Entry> {
        let rows = (2..).zip(rows).map(|(line, cells)| Ok(Cells::of(line, cells))).collect();
        entries(rows, ImportId::first_at(Timestamp::from_millis(1)), Currency::parse("USD").unwrap())
    }

    fn product(entry: &Entry) -> &ProductRow {
        match entry.row.as_ref().unwrap() {
            Row::Product(row) => row,
            Row::Stock(row) => unreachable!("{row:?}"),
        }
    }

    /// The whole row with some cells otherwise.
    fn with(otherwise: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
        let kept = WHOLE.iter().filter(|(name, _)| otherwise.iter().all(|(other, _)| other != name));
        kept.chain(otherwise).copied().collect()
    }

    #[test]
    fn a_name_in_lists_is_kept_beside_an_id() {
        let id = "prd_01J9Z3NDEKTSV4RRFFQ69G5FAV";
        let read = rows(&[&[("product_id", id), ("sku", " IBU-200 ")], &[("gtin", "09506000134352")]]);
        let first = product(&read[0]);
        assert_eq!((first.id.to_string().as_str(), first.sku.as_deref()), (id, Some("IBU-200")));
        assert_eq!(product(&read[1]).sku, None);
        let wrong = rows(&[&[("product_id", id), ("sku", "a\u{0}b")]]);
        assert_eq!(wrong[0].row.as_ref().unwrap_err()[0].column, "sku");
    }

    #[test]
    fn a_row_is_a_product_by_the_rules_of_products() {
        let read = rows(&[&WHOLE]);
        let row = product(&read[0]);
        let new = row.new.as_ref().unwrap();
        assert_eq!(
            (new.medicine.name.as_str(), new.price.amount(), row.sku.as_deref()),
            ("Ibuprofen 200 mg", 499, Some("IBU-200"))
        );
        assert_eq!(new.medicine.ingredients[1].strength, "30 mg");
        assert_eq!((read[0].key.as_str(), read[0].line, row.mark.line), ("IBU-200", 2, 2));
        assert!(row.change.is_ok() && !row.must_exist);
    }

    #[test]
    fn what_is_wrong_is_named_by_its_column() {
        let long = "x".repeat(201);
        for (column, cell, code) in [
            ("name", long.leak() as &'static str, "too_long"),
            ("name", "two\nlines", "control_characters"),
            ("ingredients", "ibuprofen", "required"),
            ("legal_status", "free", "unknown_value"),
            ("te_code", "TBD", "invalid_te_code"),
        ] {
            let read = rows(&[&with(&[(column, cell)])]);
            let errors = product(&read[0]).new.clone().unwrap_err();
            let refusals = read[0].at_fields(&errors, column_of);
            assert_eq!((refusals[0].column.as_str(), refusals[0].line), (column, 2), "{refusals:?}");
            assert!(column == "legal_status" || refusals[0].code == code, "{refusals:?}");
        }
        for (column, cell, code) in
            [("price", "4,50", "invalid_amount"), ("price", "=1+1", "invalid_amount"), ("slug", "No Slug", "")]
        {
            let read = rows(&[&with(&[(column, cell)])]);
            let refusals = read[0].row.as_ref().unwrap_err();
            assert_eq!(refusals[0].column, column);
            assert!(code.is_empty() || refusals[0].code == code);
        }
    }

    #[test]
    fn a_row_without_a_price_is_no_offer() {
        let read = rows(&[&with(&[("price", "")])]);
        let new = product(&read[0]).new.clone().unwrap();
        assert_eq!((new.price.amount(), new.status), (0, None));
        let read = rows(&[&with(&[("price", "0")])]);
        assert_eq!(product(&read[0]).new.clone().unwrap_err()[0].field, "price.amount");
        assert_eq!(
            product(&rows(&[&with(&[("status", "draft")])])[0]).new.clone().unwrap().status,
            Some(ProductStatus::Draft)
        );
    }

    #[test]
    fn an_empty_cell_takes_away_what_may_be_absent_and_leaves_the_rest() {
        let read = rows(&[&[("sku", "A"), ("name", ""), ("brand", ""), ("description", "")]]);
        let change = product(&read[0]).change.clone().unwrap();
        assert_eq!((change.name, change.brand, change.te_code), (None, Change::Clear, Change::Keep));
        assert_eq!(change.description, Change::Clear);
    }

    #[test]
    fn the_second_row_of_the_same_product_is_refused() {
        let read = rows(&[&[("sku", "A")], &[("sku", "B")], &[("sku", "A ")], &[("name", "x")]]);
        assert!(read[0].row.is_ok() && read[1].row.is_ok());
        let second = &read[2].row.as_ref().unwrap_err()[0];
        assert_eq!(
            (second.code.as_str(), second.message.as_str(), second.line),
            ("duplicate", "line 2 speaks of the same", 4)
        );
        let none = &read[3].row.as_ref().unwrap_err()[0];
        assert_eq!((none.code.as_str(), none.column.as_str()), ("required", "sku"));
    }
}
