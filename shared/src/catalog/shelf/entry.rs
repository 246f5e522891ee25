//! A product on the shelf: its card, and what it is compared by.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::sync::Arc;

use super::Filter;
use super::index::Place;
use super::order::{Position, Rank, Sort};
use super::pool::Pool;
use crate::catalog::card::Card;
use crate::catalog::facets::distinct_ingredients;
use crate::catalog::ingredient::Ingredient;
use crate::platform::{latin, text};

/// What products have in common.
#[derive(Clone, Debug, Default)]
pub(super) struct Pools {
    texts: Pool<str>,
    ingredients: Pool<[Ingredient]>,
    names: Pool<[String]>,
}

impl Pools {
    /// Forgets what no product has any more.
    pub(super) fn sweep(&mut self) {
        self.texts.sweep();
        self.ingredients.sweep();
        self.names.sweep();
    }
}

/// A product on the shelf.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) card: Card,
    /// Folded, as all below.
    name: Box<str>,
    brand: Option<Arc<str>>,
    /// The names of its ingredients, each once.
    ingredients: Arc<[String]>,
}

impl Entry {
    pub(super) fn new(card: Card, pools: &mut Pools) -> Self {
        let texts = &mut pools.texts;
        let names: Vec<_> = distinct_ingredients(&card).into_keys().collect();
        Self {
            name: latin::folded(&card.name).into(),
            brand: card.brand.as_deref().map(|brand| texts.share(text::folded(brand).into())),
            ingredients: pools.names.share(names.into()),
            card: Card {
                brand: card.brand.map(|brand| texts.share(brand)),
                dosage_form: texts.share(card.dosage_form),
                pack_size: texts.share(card.pack_size),
                ingredients: pools.ingredients.share(card.ingredients),
                ..card
            },
        }
    }

    /// Its words as they are searched, those of other scripts in Latin letters too, and where each stands.
    pub(super) fn words(&self) -> impl Iterator<Item = (String, Place)> {
        let name = latin::words(&self.card.name).into_iter().map(|word| (word, Place::Name));
        let brand = self.card.brand.iter().flat_map(|brand| latin::words(brand)).map(|word| (word, Place::Brand));
        let ingredients = self.card.ingredients.iter().flat_map(|one| latin::words(&one.name));
        let written = name.chain(brand).chain(ingredients.map(|word| (word, Place::Ingredient)));
        written.flat_map(|(word, place)| {
            let foreign = if word.is_ascii() { String::new() } else { latin::romanised(&word) };
            let foreign = Some((foreign, place)).filter(|(word, _)| !word.is_empty());
            std::iter::once((word, place)).chain(foreign)
        })
    }

    pub(super) fn passes(&self, filter: &Filter) -> bool {
        let card = &self.card;
        let price = card.price.amount();
        filter.categories.as_ref().is_none_or(|wanted| wanted.contains(&card.category_id))
            && filter.brand.as_ref().is_none_or(|wanted| self.brand.as_deref() == Some(wanted))
            && filter.ingredient.as_ref().is_none_or(|wanted| self.ingredients.contains(wanted))
            && filter.prescription_required.is_none_or(|wanted| card.legal_status.prescription_required() == wanted)
            && filter.in_stock.is_none_or(|wanted| card.availability.any() == wanted)
            && filter.min_price.is_none_or(|least| price >= least)
            && filter.max_price.is_none_or(|most| price <= most)
    }

    pub(super) fn position(&self, sort: Sort, distance: u32) -> Position<'_> {
        let name = || Cow::Borrowed(&*self.name);
        let rank = match sort {
            Sort::Relevance => Rank::Relevance(distance, name()),
            Sort::Price => Rank::Price(self.card.price.amount()),
            Sort::PriceDown => Rank::PriceDown(Reverse(self.card.price.amount())),
            Sort::Name => Rank::Name(name()),
            Sort::Newest => Rank::Newest(Reverse(self.card.created_at)),
        };
        Position(rank, self.card.id)
    }
}
