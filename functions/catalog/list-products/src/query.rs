//! The parameters of a list of products, read and checked.

use std::collections::BTreeSet;

use serde::Deserialize;
use shared::api::{Cursor, PageQuery};
use shared::catalog::CategoryId;
use shared::catalog::search_index::{Filter, Sort};
use shared::platform::fields::{Field, FieldErrors, Invalid, Optional, all};
use shared::platform::ids::ProductId;
use shared::platform::money::MAX_AMOUNT;
use shared::platform::signing::KeyRing;
use shared::platform::wording;
use shared::platform::{identity_key, latin, text};

/// What to find; every parameter narrows the result.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ProductQuery {
    /// Each word must begin a word of the name, the brand or an ingredient; case, accents and the script do not
    /// matter.
    #[param(value_type = Option<String>, max_length = 200)]
    query: Option<Field<String>>,
    /// Products by their ids, joined by commas, 100 at most; those that are not on sale are left out.
    #[param(value_type = Option<String>)]
    ids: Option<Field<String>>,
    /// A category, with all below it; given several times, any of them.
    #[param(value_type = Option<Vec<String>>)]
    category: Option<Field<Vec<Field<String>>>>,
    /// A brand, whole; given several times, any of them.
    #[param(value_type = Option<Vec<String>>)]
    brand: Option<Field<Vec<Field<String>>>>,
    /// An ingredient, whole; given several times, any of them.
    #[param(value_type = Option<Vec<String>>)]
    ingredient: Option<Field<Vec<Field<String>>>>,
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
    #[param(value_type = Option<String>, pattern = "^(relevance|price|-price|name|-created_at)$")]
    sort: Option<Field<String>>,
    /// Whether the page tells how all results spread; where not said, it does with `query`.
    #[param(value_type = Option<bool>)]
    facets: Option<Field<String>>,
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
    /// The categories asked for.
    pub categories: Option<Vec<CategoryId>>,
    /// Whether all results are counted by what they are.
    pub facets: bool,
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
        let key = |value: String| text::line(&value, 100).map(|value| identity_key::of(&value));
        let (what, how) = (
            all((
                self.query.parse_optional("query", words),
                self.ids.parse_optional("ids", ids),
                several(self.category, "category", |id| CategoryId::parse(&id)),
                several(self.brand, "brand", key),
                several(self.ingredient, "ingredient", key),
            )),
            all((
                self.prescription_required.parse_optional("prescription_required", |value| truth(&value)),
                self.in_stock.parse_optional("in_stock", |value| truth(&value)),
                self.min_price.parse_optional("min_price", |value| minor_units(&value)),
                self.max_price.parse_optional("max_price", |value| minor_units(&value)),
                self.sort.parse_optional("sort", |value| Sort::parse(&value)),
                self.facets.parse_optional("facets", |value| truth(&value)),
            )),
        );
        let (what, how) = all((what, how))?;
        let (query, ids, categories, brands, ingredients) = what;
        let (prescription_required, in_stock, min_price, max_price, sort, facets) = how;
        let query = query.flatten();
        let sort = sort.unwrap_or(if query.is_some() { Sort::Relevance } else { Sort::Name });
        let facets = facets.unwrap_or(query.is_some());
        let set = |values: Option<Vec<String>>| values.map(BTreeSet::from_iter);
        let filter = Filter {
            query,
            ids: ids.map(BTreeSet::from_iter),
            categories: None,
            brands: set(brands),
            ingredients: set(ingredients),
            prescription_required,
            in_stock,
            min_price,
            max_price,
        };
        Ok(Search { filter, categories, facets, sort })
    }
}

/// How many values one filter takes.
const MAX_VALUES: usize = 20;
/// How many products can be asked for by their ids: a page.
const MAX_IDS: usize = 100;

/// The values of a parameter that may be given several times.
fn several<T>(
    field: Option<Field<Vec<Field<String>>>>,
    name: &str,
    parse: impl Fn(String) -> Result<T, Invalid>,
) -> Result<Option<Vec<T>>, FieldErrors> {
    let Some(values) = field.optional(name)? else { return Ok(None) };
    if values.len() > MAX_VALUES {
        return Err(vec![Invalid::new("too_many", wording::field::entries_at_most(MAX_VALUES)).at(name)]);
    }
    let each = |value: Field<String>| value.parse(name, &parse);
    values.into_iter().map(each).collect::<Result<Vec<_>, _>>().map(Some)
}

fn ids(joined: String) -> Result<Vec<ProductId>, Invalid> {
    let ids: Vec<_> = joined.split(',').map(str::trim).filter(|id| !id.is_empty()).collect();
    if ids.is_empty() || ids.len() > MAX_IDS {
        return Err(Invalid::new("out_of_range", wording::field::entries_between(MAX_IDS)));
    }
    let id = |text: &str| text.parse().map_err(|_| Invalid::new("invalid", wording::catalog::a_product_id()));
    ids.into_iter().map(id).collect()
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
    value.parse().map_err(|_| Invalid::new("unknown_value", wording::field::true_or_false()))
}

fn minor_units(value: &str) -> Result<i64, Invalid> {
    let amount = value.parse().ok().filter(|amount| (0..=MAX_AMOUNT).contains(amount));
    amount.ok_or_else(|| Invalid::new("out_of_range", wording::field::minor_units_between(0, MAX_AMOUNT)))
}
