//! The ingredients that products on sale have alone: what a line of a prescription may name in place of a product.
//!
//! An ingredient covers a product only where both are written the same ([`identity_key`]), salt included. A line that names
//! one which no product has would cover nothing, and nobody would notice until the order is refused.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Ingredient;
use crate::catalog::search_index::SearchIndex;
use crate::medicine::dataset::Vocabulary;
use crate::platform::identity_key;

/// How many are named that are near to one that was not found.
const NAMED: usize = 5;

/// The ingredients of what is on sale, by key, as they are written; and the packs of those that were asked for.
#[derive(Clone, Debug, Default)]
pub struct OnSale {
    names: BTreeMap<String, String>,
    packs: BTreeMap<String, BTreeSet<String>>,
}

impl OnSale {
    /// What is on a search index, with the packs of these ingredients.
    pub fn of(index: &SearchIndex, ingredients: &[&str]) -> Self {
        let names: BTreeSet<String> = index.alone().collect();
        let mut on_sale: Self = names.iter().map(String::as_str).collect();
        let wanted: BTreeSet<String> = ingredients.iter().map(|ingredient| identity_key::of(ingredient)).collect();
        let is_wanted = |list: &[Ingredient]| match list {
            [only] => wanted.contains(&identity_key::of(&only.name)),
            _ => false,
        };
        for card in index.with_ingredients(is_wanted) {
            if let [only] = &*card.ingredients {
                on_sale.add_pack(&only.name, &card.pack_size);
            }
        }
        on_sale
    }

    /// Notes a pack that an ingredient is sold in.
    pub(super) fn add_pack(&mut self, ingredient: &str, pack_size: &str) {
        self.packs.entry(identity_key::of(ingredient)).or_default().insert(pack_size.to_owned());
    }

    /// Whether a product has this ingredient alone.
    pub fn has(&self, ingredient: &str) -> bool {
        self.names.contains_key(&identity_key::of(ingredient))
    }

    /// The packs that it is sold in alone, as their labels say.
    pub fn packs(&self, ingredient: &str) -> Vec<&str> {
        let packs = self.packs.get(&identity_key::of(ingredient));
        packs.into_iter().flatten().map(String::as_str).collect()
    }

    /// Those that may have been meant, the likeliest first: other names and salts of the same substance, then what is spelt
    /// almost so, then what has a word of it.
    pub fn near(&self, ingredient: &str) -> Vec<&str> {
        let key = identity_key::of(ingredient);
        let vocabulary = Vocabulary::get();
        let substance = vocabulary.find(ingredient);
        let most = (key.chars().count() / 4).max(1);
        let rank = |other: &str, name: &str| {
            if !substance.is_empty() && vocabulary.find(name) == substance {
                return Some(0);
            }
            let distance = distance(&key, other);
            if distance <= most {
                return Some(distance);
            }
            let words = |text: &str| text.split(' ').map(str::to_owned).collect::<BTreeSet<_>>();
            let shared = words(&key).intersection(&words(other)).any(|word| word.chars().count() > 3);
            shared.then_some(most + 1)
        };
        let ranked = self.names.iter().filter_map(|(other, name)| Some((rank(other, name)?, name.as_str())));
        let mut ranked: Vec<_> = ranked.collect();
        ranked.sort_unstable();
        ranked.into_iter().take(NAMED).map(|(_, name)| name).collect()
    }
}

impl<'a> FromIterator<&'a str> for OnSale {
    fn from_iter<T: IntoIterator<Item = &'a str>>(names: T) -> Self {
        let names = names.into_iter().map(|name| (identity_key::of(name), name.to_owned())).collect();
        Self { names, packs: BTreeMap::new() }
    }
}

/// How many letters must be put in, taken out or changed to make one text of another (Levenshtein).
pub(super) fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    // One row of the table at a time: what it takes to come from the letters of `one` so far to the first so many of `other`.
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (place, letter) in one.chars().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        let mut left = place + 1;
        next.push(left);
        for (above, (same, diagonal)) in row.iter().skip(1).zip(other.iter().zip(&row)) {
            let changed = diagonal + usize::from(*same != letter);
            left = changed.min(above + 1).min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn on_sale() -> OnSale {
        ["Amoxicillin trihydrate", "ibuprofen", "Metformin hydrochloride", "rosmarinic acid", "tranexamic acid"]
            .into_iter()
            .collect()
    }

    #[test]
    fn an_ingredient_is_there_however_it_is_written_and_no_other() {
        assert!(on_sale().has("  IBUPROFEN "));
        for other in ["ibuprofene", "amoxicillin", "metformin", ""] {
            assert!(!on_sale().has(other), "{other}");
        }
    }

    #[test]
    fn what_may_have_been_meant_is_named() {
        assert_eq!(on_sale().near("amoxicillin"), ["Amoxicillin trihydrate"], "the salt");
        assert_eq!(on_sale().near("Glucophage")[..1], ["Metformin hydrochloride"][..], "the brand");
        assert_eq!(on_sale().near("ibuprofin"), ["ibuprofen"], "a letter");
        assert_eq!(on_sale().near("ibuprfoen"), ["ibuprofen"], "two letters that have changed places");
        assert_eq!(on_sale().near("traneksamic acid")[..1], ["tranexamic acid"][..]);
        assert_eq!(on_sale().near("valproic acid"), ["rosmarinic acid", "tranexamic acid"], "a word");
        assert_eq!(on_sale().near("warfarin"), Vec::<&str>::new());
        assert_eq!(on_sale().near(""), Vec::<&str>::new());
    }

    proptest! {
        #[test]
        fn a_distance_is_one(one in "\\PC{0,12}", other in "\\PC{0,12}", letter in any::<char>()) {
            prop_assert_eq!(distance(&one, &one), 0);
            prop_assert_eq!(distance(&one, &other), distance(&other, &one));
            prop_assert!(distance(&one, &other) <= one.chars().count().max(other.chars().count()));
            prop_assert_eq!(distance(&one, &format!("{one}{letter}")), 1);
        }
    }
}
