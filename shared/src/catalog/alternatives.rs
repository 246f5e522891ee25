//! What could be had instead of a product.
//!
//! A generic equivalent has the same ingredients in the same strengths, the same form and route, and the identical A-rated
//! code of the Orange Book: products that are rated AB1 are equivalent to each other and not to those rated AB2, and what is
//! rated B to nothing. Everything else of the same ingredients is another strength or form, which its prescriber decides on.
//! No medicine of another ingredient is ever shown: that would need a source for therapeutic classes.

use serde::Serialize;
use utoipa::ToSchema;

use super::card::Card;
use super::ingredient::Ingredient;
use super::product::Product;
use super::search_index::SearchIndex;
use super::view::ProductCard;
use crate::platform::fields::Invalid;
use crate::platform::identity_key;
use crate::platform::money::Money;
use crate::platform::wording;

/// The most alternatives that are shown.
const MOST: usize = 50;

/// How near an alternative is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlternativeKind {
    /// The same medicine from another maker.
    GenericEquivalent,
    /// The same ingredients in another strength or form, or not known to be equivalent: for the prescriber to decide.
    SameIngredient,
}

/// What could be had instead.
#[derive(Debug, Serialize, ToSchema)]
pub struct Alternative {
    /// The product.
    pub product: ProductCard,
    /// How near it is.
    pub kind: AlternativeKind,
    /// Its code of the Orange Book.
    pub te_code: Option<String>,
    /// By how much a pack costs less, where it is equivalent and as large.
    pub saves: Option<Money>,
}

/// The alternatives to a product.
#[derive(Debug, Serialize, ToSchema)]
pub struct Alternatives {
    /// What can be had first, of that the equivalent, of that the cheapest.
    pub items: Vec<Alternative>,
}

/// Reads a code of therapeutic equivalence: `AB`, `AB1`, `BX`.
///
/// # Errors
/// Anything else.
pub fn te_code(text: &str) -> Result<String, Invalid> {
    let good = matches!(text.as_bytes(), [b'A' | b'B', b'A'..=b'Z'] | [b'A' | b'B', b'A'..=b'Z', b'1'..=b'9']);
    if good { Ok(text.to_owned()) } else { Err(Invalid::new("invalid_te_code", wording::catalog::a_te_code())) }
}

/// Names and strengths, so that two lists of the same are equal.
fn composition(ingredients: &[Ingredient]) -> Vec<(String, String)> {
    let part = |one: &Ingredient| (identity_key::of(&one.name), identity_key::of_amount(&one.strength));
    let mut parts: Vec<_> = ingredients.iter().map(part).collect();
    parts.sort_unstable();
    parts
}

/// The names alone.
fn names(ingredients: &[Ingredient]) -> Vec<String> {
    let mut names: Vec<_> = ingredients.iter().map(|one| identity_key::of(&one.name)).collect();
    names.sort_unstable();
    names
}

fn same(one: &str, other: &str) -> bool {
    identity_key::of(one) == identity_key::of(other)
}

/// How near a card is to a product; `None` where it has other ingredients, or is the product itself.
fn kind(product: &Product, card: &Card) -> Option<AlternativeKind> {
    let (wanted, found) = (composition(&product.medicine.ingredients), composition(&card.ingredients));
    if card.id == product.id || names(&product.medicine.ingredients) != names(&card.ingredients) {
        return None;
    }
    let rated = product.te_code.as_deref().filter(|code| code.starts_with('A'));
    let equivalent = wanted == found
        && same(&product.medicine.dosage_form, &card.dosage_form)
        && same(&product.medicine.route, &card.route)
        && rated.is_some()
        && rated == card.te_code.as_deref();
    Some(if equivalent { AlternativeKind::GenericEquivalent } else { AlternativeKind::SameIngredient })
}

impl Alternatives {
    /// Of a product, among all that is on sale.
    pub fn to(product: &Product, index: &SearchIndex, media_base_url: &str) -> Self {
        let wanted = names(&product.medicine.ingredients);
        let same_names = index.with_ingredients(|ingredients| names(ingredients) == wanted);
        let mut found: Vec<_> = same_names.filter_map(|card| kind(product, &card).map(|kind| (kind, card))).collect();
        found.sort_unstable_by_key(|(kind, card)| (!card.availability.any(), *kind, card.price.amount(), card.id));
        found.truncate(MOST);
        let alternative = |(kind, card): (AlternativeKind, Card)| {
            let comparable =
                kind == AlternativeKind::GenericEquivalent && same(&product.medicine.pack_size, &card.pack_size);
            let saves = product.price.minus(card.price).filter(|saved| comparable && saved.amount() > 0);
            let te_code = card.te_code.as_deref().map(str::to_owned);
            Alternative { product: ProductCard::new(&card, media_base_url), kind, te_code, saves }
        };
        Self { items: found.into_iter().map(alternative).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::availability::Availability;
    use crate::catalog::product::tests::new_product;
    use crate::platform::clock::Timestamp;
    use crate::platform::ids::ProductId;

    fn product(code: Option<&str>) -> Product {
        Product { te_code: code.map(str::to_owned), ..new_product() }
    }

    fn card_of(n: i64, product: &Product) -> Card {
        let medicine = product.medicine.clone();
        Card {
            id: ProductId::generate(Timestamp::from_millis(n)),
            slug: product.slug.clone(),
            name: medicine.name.into(),
            brand: None,
            ingredients: medicine.ingredients.into(),
            dosage_form: medicine.dosage_form.into(),
            route: medicine.route.into(),
            pack_size: medicine.pack_size.into(),
            category_id: product.category_id.clone(),
            price: product.price,
            legal_status: medicine.legal_status,
            availability: Availability::InStock,
            image: None,
            te_code: product.te_code.clone().map(Into::into),
            seller: None,
            created_at: product.created_at,
        }
    }

    #[test]
    fn equivalent_is_the_identical_a_rated_code_alone() {
        use AlternativeKind::{GenericEquivalent, SameIngredient};
        for (ours, theirs, expected) in [
            (Some("AB"), Some("AB"), GenericEquivalent),
            (Some("AB1"), Some("AB1"), GenericEquivalent),
            (Some("AB1"), Some("AB2"), SameIngredient),
            (Some("AB"), Some("AB1"), SameIngredient),
            (Some("BX"), Some("BX"), SameIngredient),
            (Some("AB"), None, SameIngredient),
            (None, None, SameIngredient),
        ] {
            let found = kind(&product(ours), &card_of(1, &product(theirs)));
            assert_eq!(found, Some(expected), "{ours:?} {theirs:?}");
        }
    }

    #[test]
    fn another_strength_or_form_is_no_equivalent_and_another_ingredient_nothing() {
        let ours = product(Some("AB"));
        let mut other = card_of(1, &ours);
        other.dosage_form = "capsule".into();
        assert_eq!(kind(&ours, &other), Some(AlternativeKind::SameIngredient));
        let mut stronger = card_of(1, &ours);
        stronger.ingredients =
            stronger.ingredients.iter().map(|one| Ingredient { strength: "7 g".to_owned(), ..one.clone() }).collect();
        assert_eq!(kind(&ours, &stronger), Some(AlternativeKind::SameIngredient));
        let mut different = card_of(1, &ours);
        different.ingredients = vec![Ingredient { name: "zinc".to_owned(), strength: "1 mg".to_owned() }].into();
        assert_eq!(kind(&ours, &different), None);
        let mut itself = card_of(1, &ours);
        itself.id = ours.id;
        assert_eq!(kind(&ours, &itself), None);
    }

    #[test]
    fn what_can_be_had_comes_first_then_what_is_equivalent_then_what_is_cheap() {
        let ours = product(Some("AB"));
        let price = |amount| Money::new(amount, ours.price.currency());
        let mut index = SearchIndex::default();
        for (n, amount, code, availability) in [
            (1, 300, Some("AB"), Availability::Out),
            (2, 100, None, Availability::InStock),
            (3, 400, Some("AB"), Availability::Low),
            (4, 200, Some("AB"), Availability::InStock),
        ] {
            index.put(Card { price: price(amount), availability, ..card_of(n, &product(code)) });
        }
        let found = Alternatives::to(&ours, &index, "https://media.example");
        let seen: Vec<_> = found.items.iter().map(|one| (one.kind, one.saves.map(Money::amount))).collect();
        use AlternativeKind::{GenericEquivalent, SameIngredient};
        let saves = |amount: i64| Some(ours.price.amount() - amount).filter(|saved| *saved > 0);
        assert_eq!(
            seen,
            [
                (GenericEquivalent, saves(200)),
                (GenericEquivalent, saves(400)),
                (SameIngredient, None),
                (GenericEquivalent, saves(300)),
            ]
        );
    }

    #[test]
    fn codes_are_those_of_the_orange_book() {
        for good in ["AB", "AB1", "AA", "AP", "AT2", "BX", "BC"] {
            assert_eq!(te_code(good).unwrap(), good);
        }
        for bad in ["", "A", "ab", "AB0", "CB", "AB10", "AB,AB1"] {
            assert_eq!(te_code(bad).unwrap_err().code, "invalid_te_code", "{bad}");
        }
    }
}
