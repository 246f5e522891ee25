//! The parameters of a list of products, read and checked.

use serde::Deserialize;
use shared::api::{Cursor, PageQuery};
use shared::catalog::CategoryId;
use shared::catalog::shelf::{Filter, Sort};
use shared::platform::fields::{Field, FieldErrors, Invalid, Optional, all};
use shared::platform::money::MAX_AMOUNT;
use shared::platform::signing::KeyRing;
use shared::platform::{latin, text};

/// What to find; every parameter narrows the result.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ProductQuery {
    /// Each word must begin a word of the name, the brand or an ingredient; case, accents and the script do not
    /// matter.
    #[param(value_type = Option<String>, max_length = 200)]
    query: Option<Field<String>>,
    /// A category, with all below it.
    #[param(value_type = Option<String>)]
    category: Option<Field<String>>,
    /// A brand, whole.
    #[param(value_type = Option<String>)]
    brand: Option<Field<String>>,
    /// An ingredient, whole.
    #[param(value_type = Option<String>)]
    ingredient: Option<Field<String>>,
    /// Whether a prescription is needed.
    #[param(value_type = Option<bool>)]
    prescription_required: Option<Field<String>>,
    /// `true`: what can be had now; `false`: what is sold out.
    #[param(value_type = Option<bool>)]
    in_stock: Option<Field<String>>,
    /// At least this price, in minor units.
    #[param(value_type = Option<i64>, minimum = 0, maximum = 1_000_000_000)]
    min_price: Option<Field<String>>,
    /// At most this price, in minor units.
    #[param(value_type = Option<i64>, minimum = 0, maximum = 1_000_000_000)]
    max_price: Option<Field<String>>,
    /// `relevance` (the default with `query`), `price`, `-price`, `name` (the default without) or `-created_at`.
    #[param(value_type = Option<String>)]
    sort: Option<Field<String>>,
    /// 1 to 100, 20 by default.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    limit: Option<Field<String>>,
    /// `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Field<String>>,
}

/// What is asked for; its text names the list that a cursor belongs to.
#[derive(Debug)]
pub(crate) struct Search {
    /// What to find; the categories are still to be looked up.
    pub filter: Filter,
    /// The category asked for.
    pub category: Option<CategoryId>,
    /// In which order.
    pub sort: Sort,
}

impl ProductQuery {
    /// The search, and where its list goes on.
    pub(crate) fn check(mut self, keys: &KeyRing) -> Result<(Search, Cursor), FieldErrors> {
        let paging = PageQuery { limit: self.limit.take(), cursor: self.cursor.take() };
        // A cursor can only be read when it is known which list it should belong to.
        match self.search() {
            Ok(search) => {
                let cursor = paging.check(&search.list(), keys)?;
                Ok((search, cursor))
            }
            Err(mut errors) => {
                let paging = PageQuery { cursor: None, ..paging };
                errors.extend(paging.check("", keys).err().unwrap_or_default());
                Err(errors)
            }
        }
    }

    fn search(self) -> Result<Search, FieldErrors> {
        let folded = |value: String| text::line(&value, 100).map(|value| text::folded(&value));
        let (query, category, brand, ingredient, prescription_required, in_stock, min_price, max_price, sort) = all((
            self.query.parse_optional("query", words),
            self.category.parse_optional("category", |id| CategoryId::parse(&id)),
            self.brand.parse_optional("brand", folded),
            self.ingredient.parse_optional("ingredient", folded),
            self.prescription_required.parse_optional("prescription_required", |value| truth(&value)),
            self.in_stock.parse_optional("in_stock", |value| truth(&value)),
            self.min_price.parse_optional("min_price", |value| minor_units(&value)),
            self.max_price.parse_optional("max_price", |value| minor_units(&value)),
            self.sort.parse_optional("sort", |value| Sort::parse(&value)),
        ))?;
        let query = query.flatten();
        let sort = sort.unwrap_or(if query.is_some() { Sort::Relevance } else { Sort::Name });
        let categories = None;
        let filter =
            Filter { query, categories, brand, ingredient, prescription_required, in_stock, min_price, max_price };
        Ok(Search { filter, category, sort })
    }
}

impl Search {
    /// The name of the list, for its cursors.
    pub fn list(&self) -> String {
        format!("products {self:?}")
    }
}

/// A search box that is empty searches for nothing in particular.
fn words(query: String) -> Result<Option<Vec<String>>, Invalid> {
    if text::is_blank(&query) {
        return Ok(None);
    }
    text::line(&query, 200).map(|query| Some(latin::words(&query)))
}

fn truth(value: &str) -> Result<bool, Invalid> {
    value.parse().map_err(|_| Invalid::new("unknown_value", "expected true or false"))
}

fn minor_units(value: &str) -> Result<i64, Invalid> {
    let amount = value.parse().ok().filter(|amount| (0..=MAX_AMOUNT).contains(amount));
    amount.ok_or_else(|| {
        Invalid::new("out_of_range", format!("expected a whole number of minor units, 0 to {MAX_AMOUNT}"))
    })
}
