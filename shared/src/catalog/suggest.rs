//! What somebody who types may mean: products, brands, ingredients and categories whose words begin so.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::category::Tree;
use super::search_index::{Filter, SearchIndex, Sort};
use crate::platform::latin;

/// The most suggestions.
const MOST: usize = 10;
/// The most of one sort, while there are others.
const EACH: usize = 4;

/// What is suggested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SuggestionKind {
    /// An active ingredient.
    Ingredient,
    /// A brand.
    Brand,
    /// A category, by its id.
    Category,
    /// A product, by its id.
    Product,
}

/// A suggestion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Suggestion {
    /// What to show.
    pub text: String,
    /// What it is.
    pub kind: SuggestionKind,
    /// Of a product or a category.
    pub id: Option<String>,
}

/// What somebody may mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Suggestions {
    /// At most ten.
    pub items: Vec<Suggestion>,
}

/// Whether each word of a query begins a word of a name.
fn begins(query: &[String], name: &str) -> bool {
    let words = latin::words(name);
    query.iter().all(|part| {
        words.iter().any(|word| word.starts_with(part.as_str()) || latin::romanised(word).starts_with(part.as_str()))
    })
}

impl Suggestions {
    /// For what was typed, among all that is on sale.
    pub fn of(typed: &str, index: &SearchIndex, tree: &Tree) -> Self {
        let query = latin::words(typed);
        if query.is_empty() {
            return Self { items: Vec::new() };
        }
        let names = |kind, names: Vec<String>| {
            let fitting = names.into_iter().filter(|name| begins(&query, name));
            let suggestion = move |text| Suggestion { text, kind, id: None };
            fitting.take(MOST).map(suggestion).collect::<Vec<_>>()
        };
        let ingredients =
            names(SuggestionKind::Ingredient, index.ingredients().map(|(_, counted)| counted.value).collect());
        let brands = names(SuggestionKind::Brand, index.brands().map(|(_, counted)| counted.value).collect());
        let category = |category: &super::category::Category| Suggestion {
            text: category.name.clone(),
            kind: SuggestionKind::Category,
            id: Some(category.id.to_string()),
        };
        let categories = tree.all().filter(|category| begins(&query, &category.name));
        let categories: Vec<_> = categories.take(MOST).map(category).collect();
        let filter = Filter { query: Some(query.clone()), ..Filter::default() };
        let found = index.find(&filter, Sort::Relevance, None, MOST, false);
        let products = found.cards.iter().map(|card| Suggestion {
            text: card.name.to_string(),
            kind: SuggestionKind::Product,
            id: Some(card.id.to_string()),
        });
        Self { items: mixed([ingredients, brands, categories, products.collect()]) }
    }
}

/// A few of each sort, and more of those that there are where others are few. No text stands twice.
fn mixed(sorts: [Vec<Suggestion>; 4]) -> Vec<Suggestion> {
    let first = sorts.iter().flat_map(|sort| sort.iter().take(EACH));
    let rest = sorts.iter().flat_map(|sort| sort.iter().skip(EACH));
    let mut seen = BTreeSet::new();
    let mut items: Vec<_> =
        first.chain(rest).filter(|one| seen.insert((one.kind, latin::folded(&one.text)))).take(MOST).cloned().collect();
    items.sort_by_key(|one| one.kind);
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(kind: SuggestionKind, text: &str) -> Suggestion {
        Suggestion { text: text.to_owned(), kind, id: None }
    }

    #[test]
    fn a_name_fits_where_each_word_begins_one_of_its_own() {
        let words = |text: &str| latin::words(text);
        assert!(begins(&words("para"), "Paracetamol 500 mg") && begins(&words("500 para"), "Paracetamol 500 mg"));
        assert!(!begins(&words("cetamol"), "Paracetamol") && !begins(&words("para 7"), "Paracetamol 500 mg"));
    }

    #[test]
    fn there_are_ten_at_most_of_every_sort_and_none_twice() {
        use SuggestionKind::{Brand, Category, Ingredient, Product};
        let many = |kind, name: &str| (0..9).map(|n| one(kind, &format!("{name} {n}"))).collect::<Vec<_>>();
        let items = mixed([
            many(Ingredient, "a"),
            many(Brand, "b"),
            vec![one(Category, "c"), one(Category, "C")],
            many(Product, "d"),
        ]);
        let of = |kind| items.iter().filter(|one| one.kind == kind).count();
        assert_eq!([of(Ingredient), of(Brand), of(Category), of(Product)], [4, 4, 1, 1]);
        let few = mixed([vec![], vec![], vec![], many(Product, "d")]);
        assert_eq!(few.len(), 9);
    }

    #[test]
    fn nothing_is_suggested_for_nothing() {
        let none = Suggestions::of("  ", &SearchIndex::default(), &Tree::default());
        assert_eq!(none.items, []);
    }
}
