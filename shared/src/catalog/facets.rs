//! Counting what there is: brands, ingredients, and how search results spread.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::card::Card;
use crate::platform::{identity_key, text};

/// How many values a facet shows.
const TOP: usize = 20;

/// How often a value occurs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FacetCount {
    /// The value, as a filter takes it.
    pub value: String,
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

/// How the results of a search spread, over all pages; the most frequent values, at most twenty of each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Facets {
    /// By id.
    pub categories: Vec<FacetCount>,
    /// By name.
    pub brands: Vec<FacetCount>,
    /// By name.
    pub ingredients: Vec<FacetCount>,
    /// By need of a prescription.
    pub prescription_required: PrescriptionFacet,
}

/// Counts values that are not the same by their [`identity_key`].
#[derive(Clone, Debug, Default)]
pub struct Tally(BTreeMap<String, FacetCount>);

impl Tally {
    /// Counts one more product that has `value`; of several spellings the first in the alphabet stands.
    pub fn add(&mut self, value: &str) {
        let first = || FacetCount { value: value.to_owned(), count: 0 };
        let known = self.0.entry(place(value)).or_insert_with(first);
        known.count += 1;
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
fn place(name: &str) -> String {
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
}

impl FacetCounter {
    /// One more result.
    pub fn add(&mut self, card: &Card) {
        self.categories.add(card.category_id.as_str());
        if let Some(brand) = &card.brand {
            self.brands.add(brand);
        }
        for name in distinct_ingredients(card).into_values() {
            self.ingredients.add(name);
        }
        if card.legal_status.prescription_required() {
            self.prescription_required.required += 1;
        } else {
            self.prescription_required.free += 1;
        }
    }

    /// All that was counted.
    pub fn finish(self) -> Facets {
        Facets {
            categories: self.categories.top(),
            brands: self.brands.top(),
            ingredients: self.ingredients.top(),
            prescription_required: self.prescription_required,
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
