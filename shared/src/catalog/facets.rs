//! Counting what there is: brands, ingredients, and how search results spread.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::card::Card;
use super::category::Tree;
use super::slug::CategoryId;
use crate::platform::wording::{self, Words};
use crate::platform::{identity_key, text};

/// How many values a facet shows.
const TOP: usize = 20;

/// How often a value occurs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FacetCount {
    /// The value, as a filter takes it.
    pub value: String,
    /// What shoppers read, where that is another than the value: of categories.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub name: Option<Words>,
    /// In how many products.
    pub count: u64,
}

/// How many products with and without the need of a prescription.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct PrescriptionFacet {
    /// Only on prescription.
    #[serde(rename = "true")]
    pub required: u64,
    /// Over the counter.
    #[serde(rename = "false")]
    pub free: u64,
}

impl PrescriptionFacet {
    /// As the facets of values have it: what occurs, the more frequent first.
    pub fn counts(self) -> Vec<FacetCount> {
        let one = |value: &str, count| FacetCount { value: value.to_owned(), name: None, count };
        let mut counts = vec![one("true", self.required), one("false", self.free)];
        counts.retain(|one| one.count > 0);
        counts.sort_by_key(|one| std::cmp::Reverse(one.count));
        counts
    }
}

/// The lowest and the highest price, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PriceRange {
    /// The lowest.
    pub min: i64,
    /// The highest.
    pub max: i64,
}

impl PriceRange {
    /// The range with one more price.
    pub fn with(range: Option<Self>, price: i64) -> Self {
        range.map_or(Self { min: price, max: price }, |range| Self {
            min: range.min.min(price),
            max: range.max.max(price),
        })
    }
}

/// How the results spread, over all pages; the most frequent values, at most twenty of each. Each facet is counted as if its
/// own filter were not there, so that it shows what else could be chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// By id.
    pub categories: Vec<FacetCount>,
    /// By name.
    pub brands: Vec<FacetCount>,
    /// By name.
    pub ingredients: Vec<FacetCount>,
    /// By need of a prescription.
    pub prescription_required: PrescriptionFacet,
    /// What they cost; `null` where there are none.
    pub price: Option<PriceRange>,
}

impl Facets {
    /// Puts the names of the categories beside their ids.
    pub fn name_categories(&mut self, tree: &Tree) {
        for one in &mut self.categories {
            let id = CategoryId::parse(&one.value).ok();
            let category = id.and_then(|id| tree.get(&id));
            one.name = category.map(|category| wording::category(category.id.as_str(), &category.name));
        }
    }
}

/// What a filter is about that a facet shows; each facet is counted without its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facet {
    /// The category.
    Category,
    /// The brand.
    Brand,
    /// The ingredient.
    Ingredient,
    /// The need of a prescription.
    Prescription,
    /// The price.
    Price,
}

/// Counts values that are not the same by their [`identity_key`].
#[derive(Clone, Debug, Default)]
pub struct Tally(BTreeMap<String, FacetCount>);

impl Tally {
    /// Counts one more product that has `value`; of several spellings the first in the alphabet stands.
    pub fn add(&mut self, value: &str) {
        let first = || FacetCount { value: value.to_owned(), name: None, count: 0 };
        let known = self.0.entry(place(value)).or_insert_with(first);
        known.count += 1;
        if value < known.value.as_str() {
            value.clone_into(&mut known.value);
        }
    }

    /// Counts `count` more products that have `value`, whose [`place`] is known.
    pub fn add_counted(&mut self, place: &str, value: &str, count: u64) {
        let Some(known) = self.0.get_mut(place) else {
            let first = FacetCount { value: value.to_owned(), name: None, count };
            self.0.insert(place.to_owned(), first);
            return;
        };
        known.count += count;
        if value < known.value.as_str() {
            value.clone_into(&mut known.value);
        }
    }

    /// The values in the order of their names, each with its place in that order.
    pub fn by_name(self) -> impl Iterator<Item = (String, FacetCount)> {
        self.0.into_iter()
    }

    /// The most frequent values first.
    fn top(self) -> Vec<FacetCount> {
        let mut counts: Vec<_> = self.0.into_values().collect();
        // Stable: values of the same count stay in the order of their names.
        counts.sort_by_key(|counted| std::cmp::Reverse(counted.count));
        counts.truncate(TOP);
        counts
    }
}

/// Where a name stands in an alphabetical list: by its letters without accents first, as readers look for it, and names
/// that differ in more than that next to each other and not in one.
pub(super) fn place(name: &str) -> String {
    format!("{}\0{}", text::folded(name), identity_key::of(name))
}

/// The distinct ingredients of a product, by the [`identity_key`] of the name: one that comes in two strengths is one.
pub fn distinct_ingredients(card: &Card) -> BTreeMap<String, &str> {
    card.ingredients.iter().map(|one| (identity_key::of(&one.name), one.name.as_str())).collect()
}

/// Counts the results of a search.
#[derive(Debug, Default)]
pub struct FacetCounter {
    categories: Tally,
    brands: Tally,
    ingredients: Tally,
    prescription_required: PrescriptionFacet,
    price: Option<PriceRange>,
}

impl FacetCounter {
    /// One more product: a result, which counts for all facets, or what only the filter of one `facet` keeps from being one.
    pub fn add(&mut self, card: &Card, facet: Option<Facet>) {
        let counts = |one: Facet| facet.is_none_or(|facet| facet == one);
        if counts(Facet::Category) {
            self.categories.add(card.category_id.as_str());
        }
        if let Some(brand) = card.brand.as_ref().filter(|_| counts(Facet::Brand)) {
            self.brands.add(brand);
        }
        if counts(Facet::Ingredient) {
            for name in distinct_ingredients(card).into_values() {
                self.ingredients.add(name);
            }
        }
        if counts(Facet::Prescription) {
            match card.legal_status.prescription_required() {
                true => self.prescription_required.required += 1,
                false => self.prescription_required.free += 1,
            }
        }
        if counts(Facet::Price) {
            self.price = Some(PriceRange::with(self.price, card.price.amount()));
        }
    }

    /// Where the values of a facet are counted that is no yes, no or number.
    pub(super) fn tally(&mut self, facet: Facet) -> &mut Tally {
        match facet {
            Facet::Brand => &mut self.brands,
            Facet::Ingredient => &mut self.ingredients,
            Facet::Category | Facet::Prescription | Facet::Price => &mut self.categories,
        }
    }

    /// Joins what was counted otherwise of the need of a prescription and of prices.
    pub(super) fn join(&mut self, required: u64, free: u64, price: Option<PriceRange>) {
        self.prescription_required.required += required;
        self.prescription_required.free += free;
        for amount in price.into_iter().flat_map(|range| [range.min, range.max]) {
            self.price = Some(PriceRange::with(self.price, amount));
        }
    }

    /// All that was counted.
    pub fn finish(self) -> Facets {
        Facets {
            categories: self.categories.top(),
            brands: self.brands.top(),
            ingredients: self.ingredients.top(),
            prescription_required: self.prescription_required,
            price: self.price,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_value_are_counted_together() {
        let mut tally = Tally::default();
        for value in ["Advil", "ADVIL", "Ａdvil", "Zocor"] {
            tally.add(value);
        }
        let counts: Vec<_> = tally.top().into_iter().map(|one| (one.value, one.count)).collect();
        assert_eq!(counts, [("ADVIL".to_owned(), 3), ("Zocor".to_owned(), 1)]);
    }

    #[test]
    fn another_word_is_counted_apart_and_listed_where_it_is_looked_for() {
        let mut tally = Tally::default();
        for value in ["Zocor", "Élan", "Elan", "रेटिनोल", "रेटिनल"] {
            tally.add(value);
        }
        let listed: Vec<_> = tally.by_name().map(|(_, one)| (one.value, one.count)).collect();
        let expected = ["Elan", "Élan", "Zocor", "रेटिनल", "रेटिनोल"];
        assert_eq!(listed, expected.map(|name| (name.to_owned(), 1)));
    }

    #[test]
    fn a_facet_shows_the_twenty_most_frequent() {
        let mut tally = Tally::default();
        for n in 0..30 {
            for _ in 0..=n {
                tally.add(&format!("v{n:02}"));
            }
        }
        let top = tally.top();
        assert_eq!((top.len(), top[0].value.as_str(), top[19].value.as_str()), (20, "v29", "v10"));
    }
}
