//! What the catalogue has: the only medicines that are ever suggested.

use std::collections::{BTreeMap, BTreeSet};

use super::suggestion::Candidate;
use crate::catalog::search_index::SearchIndex;
use crate::medicine::dataset::{Side, Vocabulary};
use crate::medicine::strength::Strength;
use crate::platform::identity_key;
use crate::platform::ids::ProductId;
use crate::prescriptions::on_sale::distance;

/// The most candidates of one medicine.
const MOST: usize = 3;
/// From so many letters on one may be wrong, and from so many two.
const ONE_WRONG: usize = 5;
const TWO_WRONG: usize = 8;
/// How much less likely a name is that only begins like one.
const BEGINS: usize = 1;

/// A product, as far as a prescription can mean it.
#[derive(Clone, Debug)]
struct Product {
    id: ProductId,
    strength: String,
    form: String,
}

#[derive(Clone, Debug, Default)]
struct Ingredient {
    name: String,
    substance: Vec<Side>,
    products: Vec<Product>,
}

/// The medicines that are on sale, by what they can be called.
#[derive(Clone, Debug, Default)]
pub struct Known {
    ingredients: BTreeMap<String, Ingredient>,
    /// Keys of names, whose ingredient each is, how far it is from the whole name, and the brand.
    names: Vec<(String, String, usize, Option<String>)>,
}

impl Known {
    /// What is on a search index. Of what has several ingredients nothing is suggested: one line of a prescription names them all,
    /// and no distance of letters tells them apart.
    pub fn of(index: &SearchIndex) -> Self {
        let cards: Vec<_> = index.cards().filter(|card| card.ingredients.len() == 1).collect();
        let known = cards.iter().filter_map(|card| match &*card.ingredients {
            [only] => {
                Some((only.name.as_str(), only.strength.as_str(), &*card.dosage_form, card.brand.as_deref(), card.id))
            }
            _ => None,
        });
        known.collect()
    }

    /// What a name may mean, the likeliest first; how far each is from it.
    pub(super) fn candidates(&self, name: &str) -> Vec<(usize, Candidate)> {
        let key = identity_key::of(name);
        let length = key.chars().count();
        if length < 3 {
            return Vec::new();
        }
        let allowed = if length >= TWO_WRONG { 2 } else { usize::from(length >= ONE_WRONG) };
        let mut found: BTreeMap<Candidate, usize> = BTreeMap::new();
        let mut note = |ingredient: &str, brand: Option<&String>, far: usize| {
            let Some(known) = self.ingredients.get(ingredient) else { return };
            let candidate = Candidate { ingredient: known.name.clone(), brand: brand.cloned(), product_id: None };
            let nearest = found.entry(candidate).or_insert(far);
            *nearest = far.min(*nearest);
        };
        for (other, ingredient, short, brand) in &self.names {
            if other.chars().count().abs_diff(length) > allowed {
                continue;
            }
            let far = distance(&key, other);
            if far <= allowed {
                note(ingredient, brand.as_ref(), far * 2 + short);
            }
        }
        let substance = Vocabulary::get().find(name);
        if !substance.is_empty() {
            for (ingredient, known) in &self.ingredients {
                if known.substance == substance {
                    note(ingredient, None, BEGINS);
                }
            }
        }
        let mut found: Vec<_> = found.into_iter().map(|(candidate, far)| (far, candidate)).collect();
        found.sort_unstable();
        // What is written as a name is that name: what only looks like it is another medicine.
        if found.first().is_some_and(|(far, _)| *far <= BEGINS) {
            found.retain(|(far, _)| *far <= BEGINS);
        }
        found.truncate(MOST);
        found
    }

    /// The strength of an ingredient that a text says, as the catalogue writes it.
    pub(super) fn strength(&self, ingredient: &str, text: &str) -> Option<String> {
        let read = Strength::parse(text)?;
        let known = self.ingredients.get(&identity_key::of(ingredient))?;
        let same = |product: &&Product| Strength::parse(&product.strength).as_ref() == Some(&read);
        known.products.iter().find(same).map(|product| product.strength.clone())
    }

    /// The one product that there is of an ingredient in this strength and, where it is known, this form.
    pub(super) fn only(&self, ingredient: &str, strength: &str, form: Option<&str>) -> Option<ProductId> {
        let known = self.ingredients.get(&identity_key::of(ingredient))?;
        let fits = |product: &&Product| {
            product.strength == strength && form.is_none_or(|form| product.form.to_lowercase().contains(form))
        };
        let mut fitting = known.products.iter().filter(fits);
        let only = fitting.next()?;
        fitting.next().is_none().then_some(only.id)
    }
}

impl<'a> FromIterator<(&'a str, &'a str, &'a str, Option<&'a str>, ProductId)> for Known {
    fn from_iter<T: IntoIterator<Item = (&'a str, &'a str, &'a str, Option<&'a str>, ProductId)>>(products: T) -> Self {
        let (mut ingredients, mut names) = (BTreeMap::<String, Ingredient>::new(), BTreeSet::new());
        for (name, strength, form, brand, id) in products {
            let key = identity_key::of(name);
            let known = ingredients.entry(key.clone()).or_insert_with(|| Ingredient {
                name: name.to_owned(),
                substance: Vocabulary::get().find(name),
                products: Vec::new(),
            });
            known.products.push(Product { id, strength: strength.to_owned(), form: form.to_owned() });
            names.insert((key.clone(), key.clone(), 0, None));
            // The salt is often left out.
            if let Some((first, _)) = key.split_once(' ').filter(|(first, _)| first.chars().count() >= ONE_WRONG) {
                names.insert((first.to_owned(), key.clone(), BEGINS, None));
            }
            if let Some(brand) = brand {
                names.insert((identity_key::of(brand), key.clone(), 0, Some(brand.to_owned())));
            }
        }
        Self { ingredients, names: names.into_iter().collect() }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::prescriptions::samples;

    pub(in crate::prescriptions::suggest) fn known() -> Known {
        let product = samples::product;
        [
            ("amoxicillin", "500 mg", "capsule", None, product(1)),
            ("amoxicillin", "250 mg", "capsule", None, product(2)),
            ("prednisone", "5 mg", "tablet", None, product(3)),
            ("prednisolone", "5 mg", "tablet", Some("Deltacortril"), product(4)),
            ("levothyroxine sodium", "0.1 mg", "tablet", Some("Eltroxin"), product(5)),
            ("metformin hydrochloride", "500 mg", "tablet", None, product(6)),
            ("metformin hydrochloride", "500 mg", "tablet, extended release", None, product(7)),
        ]
        .into_iter()
        .collect()
    }

    fn named(name: &str) -> Vec<String> {
        known().candidates(name).into_iter().map(|(_, candidate)| candidate.ingredient).collect()
    }

    #[test]
    fn what_is_spelt_as_another_medicine_is_that_one_alone() {
        assert_eq!(named("Prednisone"), ["prednisone"]);
        assert_eq!(named("PREDNISOLONE"), ["prednisolone"]);
        // A slip between two: both, for a person to choose.
        assert_eq!(named("prednisolne").len(), 2);
        assert_eq!(named("amoxicilin"), ["amoxicillin"]);
        assert_eq!(named("Eltroxin"), ["levothyroxine sodium"]);
        assert_eq!(named("levothyroxine"), ["levothyroxine sodium"], "without its salt");
        assert!(named("zorvaxine").is_empty() && named("tablet").is_empty() && named("").is_empty());
    }

    #[test]
    fn a_strength_is_one_that_there_is() {
        let known = known();
        assert_eq!(known.strength("amoxicillin", "500mg").as_deref(), Some("500 mg"));
        assert_eq!(known.strength("amoxicillin", "50 mg"), None);
        assert_eq!(known.strength("Levothyroxine sodium", "100 mcg").as_deref(), Some("0.1 mg"));
        assert_eq!(known.only("amoxicillin", "500 mg", Some("capsule")), Some(samples::product(1)));
        assert_eq!(known.only("metformin hydrochloride", "500 mg", Some("tablet")), None, "which of two");
    }
}
