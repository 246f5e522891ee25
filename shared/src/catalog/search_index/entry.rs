//! A product on sale: its card, and what it is compared by.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::index::Place;
use super::order::{Position, Rank, Sort};
use super::pool::Pool;
use super::synonyms;
use super::{Filter, Judged};
use crate::catalog::card::Card;
use crate::catalog::facets::{Facet, distinct_ingredients};
use crate::catalog::ingredient::Ingredient;
use crate::catalog::seller::Seller;
use crate::platform::{identity_key, latin};

/// What products have in common.
#[derive(Clone, Debug, Default)]
pub(super) struct Pools {
    texts: Pool<str>,
    ingredients: Pool<[Ingredient]>,
    names: Pool<[String]>,
    sellers: Pool<Seller>,
}

impl Pools {
    /// Forgets what no product has any more.
    pub(super) fn sweep(&mut self) {
        self.texts.sweep();
        self.ingredients.sweep();
        self.names.sweep();
        self.sellers.sweep();
    }
}

/// A product on sale.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) card: Card,
    /// Folded for searching and sorting.
    name: Box<str>,
    /// The key of its brand, by which it is filtered.
    brand: Option<Arc<str>>,
    /// The keys of its ingredients, each once.
    ingredients: Arc<[String]>,
}

impl Entry {
    pub(super) fn new(card: Card, pools: &mut Pools) -> Self {
        let texts = &mut pools.texts;
        let names: Vec<_> = distinct_ingredients(&card).into_keys().collect();
        Self {
            name: latin::folded(&card.name).into(),
            brand: card.brand.as_deref().map(|brand| texts.share(identity_key::of(brand).into())),
            ingredients: pools.names.share(names.into()),
            card: Card {
                brand: card.brand.map(|brand| texts.share(brand)),
                dosage_form: texts.share(card.dosage_form),
                route: texts.share(card.route),
                pack_size: texts.share(card.pack_size),
                ingredients: pools.ingredients.share(card.ingredients),
                te_code: card.te_code.map(|code| texts.share(code)),
                seller: card.seller.map(|seller| pools.sellers.share(seller)),
                ..card
            },
        }
    }

    pub(super) fn judged(&self, filter: &Filter) -> Judged {
        let card = &self.card;
        let price = card.price.amount();
        let whatever_is_counted = filter.ids.as_ref().is_none_or(|wanted| wanted.contains(&card.id))
            && filter.in_stock.is_none_or(|wanted| card.availability.any() == wanted);
        if !whatever_is_counted {
            return Judged::Fails;
        }
        let brand = |wanted: &BTreeSet<String>| self.brand.as_deref().is_some_and(|brand| wanted.contains(brand));
        let ingredient = |wanted: &BTreeSet<String>| self.ingredients.iter().any(|one| wanted.contains(one));
        let prescription = card.legal_status.prescription_required();
        let parts = [
            (Facet::Category, filter.categories.as_ref().is_none_or(|wanted| wanted.contains(&card.category_id))),
            (Facet::Brand, filter.brands.as_ref().is_none_or(brand)),
            (Facet::Ingredient, filter.ingredients.as_ref().is_none_or(ingredient)),
            (Facet::Prescription, filter.prescription_required.is_none_or(|wanted| prescription == wanted)),
            (
                Facet::Price,
                filter.min_price.is_none_or(|least| price >= least)
                    && filter.max_price.is_none_or(|most| price <= most),
            ),
        ];
        Judged::of(parts)
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

/// The words of a product as they are searched, those of other scripts in Latin letters too, and where each stands.
pub(super) fn words_of(card: &Card) -> impl Iterator<Item = (String, Place)> {
    let name = latin::words(&card.name).into_iter().map(|word| (word, Place::Name));
    let brand = card.brand.iter().flat_map(|brand| latin::words(brand)).map(|word| (word, Place::Brand));
    let ingredients = card.ingredients.iter().flat_map(|one| {
        let words = latin::words(&one.name);
        let others = synonyms::of(&words);
        words.into_iter().chain(others)
    });
    let written = name.chain(brand).chain(ingredients.map(|word| (word, Place::Ingredient)));
    written.flat_map(|(word, place)| {
        let foreign = if word.is_ascii() { String::new() } else { latin::romanised(&word) };
        let foreign = Some((foreign, place)).filter(|(word, _)| !word.is_empty());
        std::iter::once((word, place)).chain(foreign)
    })
}
