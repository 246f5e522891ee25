//! The shelf: all that is on sale, in memory, to be searched, filtered, sorted and paged without asking the database.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use serde::{Deserialize, Serialize};

use super::card::Card;
use super::facets::{FacetCount, FacetCounter, Facets, Tally, distinct_ingredients};
use super::slug::CategoryId;
use crate::platform::clock::Timestamp;
use crate::platform::error::Error;
use crate::platform::fields::Invalid;
use crate::platform::ids::ProductId;
use crate::platform::text;

/// In which order results come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// The best match first.
    Relevance,
    /// The cheapest first.
    Price,
    /// The dearest first.
    PriceDown,
    /// By name.
    Name,
    /// The newest first.
    Newest,
}

impl Sort {
    /// Reads `relevance`, `price`, `-price`, `name` or `-created_at`.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "relevance" => Ok(Self::Relevance),
            "price" => Ok(Self::Price),
            "-price" => Ok(Self::PriceDown),
            "name" => Ok(Self::Name),
            "-created_at" => Ok(Self::Newest),
            _ => Err(Invalid::new("unknown_value", "expected relevance, price, -price, name or -created_at")),
        }
    }
}

/// What to find. Every part narrows the result.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The words of the query, folded: each must begin a word of name, brand or ingredient.
    pub query: Option<Vec<String>>,
    /// One of these categories.
    pub categories: Option<BTreeSet<CategoryId>>,
    /// This brand, folded.
    pub brand: Option<String>,
    /// This ingredient, folded.
    pub ingredient: Option<String>,
    /// Whether a prescription is needed.
    pub prescription_required: Option<bool>,
    /// Whether there is any.
    pub in_stock: Option<bool>,
    /// At least this price, in minor units.
    pub min_price: Option<i64>,
    /// At most this price, in minor units.
    pub max_price: Option<i64>,
}

/// A place in a sorted list. It stays good when products come and go, even the one it was made of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position<'a>(Rank<'a>, ProductId);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Rank<'a> {
    Relevance(u32, Cow<'a, str>),
    Price(i64),
    PriceDown(Reverse<i64>),
    Name(Cow<'a, str>),
    Newest(Reverse<Timestamp>),
}

impl Position<'_> {
    /// As text, to be sealed into a cursor.
    ///
    /// # Errors
    /// None in practice: positions serialize.
    pub fn to_text(&self) -> Result<String, Error> {
        serde_json::to_string(self).map_err(Error::internal)
    }

    /// Reads the text of a position.
    ///
    /// # Errors
    /// 400: it is of an earlier version of this code.
    pub fn parse(text: &str) -> Result<Position<'static>, Error> {
        let too_old = || vec![Invalid::new("invalid_cursor", "this cursor is too old").at("cursor")];
        serde_json::from_str(text).map_err(|_| Error::invalid_fields(too_old()))
    }
}

/// A page of results.
#[derive(Debug)]
pub struct Found<'a> {
    /// The products of the page.
    pub cards: Vec<&'a Card>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<Position<'a>>,
    /// How all results spread; for searches alone.
    pub facets: Option<Facets>,
}

/// Where a word stands; a match in the name counts more than one in the brand, and that more than one in an ingredient.
#[derive(Clone, Copy, Debug)]
enum Place {
    Name,
    Brand,
    Ingredient,
}

/// How many places there are: a whole word beats the beginning of one, wherever it stands.
const PLACES: u32 = 3;

#[derive(Clone, Debug)]
struct Entry {
    card: Card,
    name: String,
    brand: Option<String>,
    ingredients: BTreeSet<String>,
    words: Vec<(String, Place)>,
}

/// All that is on sale.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    entries: BTreeMap<ProductId, Entry>,
    /// Which products have a word.
    words: BTreeMap<String, BTreeSet<ProductId>>,
}

impl Entry {
    fn new(card: Card) -> Self {
        let mut words = Vec::new();
        let mut add = |text: &str, place| words.extend(text::words(text).into_iter().map(|word| (word, place)));
        add(&card.name, Place::Name);
        card.brand.iter().for_each(|brand| add(brand, Place::Brand));
        card.ingredients.iter().for_each(|ingredient| add(&ingredient.name, Place::Ingredient));
        Self {
            name: text::folded(&card.name),
            brand: card.brand.as_deref().map(text::folded),
            ingredients: distinct_ingredients(&card).into_keys().collect(),
            words,
            card,
        }
    }

    /// How well it matches, zero being best; `None` where a word matches nothing.
    fn distance(&self, query: &[String]) -> Option<u32> {
        query.iter().map(|wanted| self.distance_of(wanted)).sum()
    }

    fn distance_of(&self, wanted: &str) -> Option<u32> {
        let matching = self.words.iter().filter(|(word, _)| word.starts_with(wanted));
        matching.map(|(word, place)| place.weight() + if word == wanted { 0 } else { PLACES }).min()
    }

    fn passes(&self, filter: &Filter) -> bool {
        let card = &self.card;
        let price = card.price.amount();
        filter.categories.as_ref().is_none_or(|wanted| wanted.contains(&card.category_id))
            && filter.brand.as_ref().is_none_or(|wanted| self.brand.as_ref() == Some(wanted))
            && filter.ingredient.as_ref().is_none_or(|wanted| self.ingredients.contains(wanted))
            && filter.prescription_required.is_none_or(|wanted| card.legal_status.prescription_required() == wanted)
            && filter.in_stock.is_none_or(|wanted| card.availability.any() == wanted)
            && filter.min_price.is_none_or(|least| price >= least)
            && filter.max_price.is_none_or(|most| price <= most)
    }

    fn position(&self, sort: Sort, distance: u32) -> Position<'_> {
        let name = || Cow::Borrowed(self.name.as_str());
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

impl Place {
    const fn weight(self) -> u32 {
        match self {
            Self::Name => 0,
            Self::Brand => 1,
            Self::Ingredient => 2,
        }
    }
}

impl Shelf {
    /// Puts a product on the shelf, in place of what was there of it.
    pub fn put(&mut self, card: Card) {
        self.remove(card.id);
        let entry = Entry::new(card);
        for (word, _) in &entry.words {
            self.words.entry(word.clone()).or_default().insert(entry.card.id);
        }
        self.entries.insert(entry.card.id, entry);
    }

    /// Takes a product off the shelf.
    pub fn remove(&mut self, product: ProductId) {
        let Some(entry) = self.entries.remove(&product) else { return };
        for (word, _) in &entry.words {
            if let Some(products) = self.words.get_mut(word) {
                products.remove(&product);
                if products.is_empty() {
                    self.words.remove(word);
                }
            }
        }
    }

    /// A page of what the filter lets through: at most `limit` products that come after `after`.
    pub fn find(&self, filter: &Filter, sort: Sort, after: Option<&Position<'_>>, limit: usize) -> Found<'_> {
        let mut facets = filter.query.is_some().then(FacetCounter::default);
        let mut hits: Vec<(Position<'_>, &Card)> = Vec::new();
        for (entry, distance) in self.matching(filter.query.as_deref()).filter(|(entry, _)| entry.passes(filter)) {
            if let Some(facets) = &mut facets {
                facets.add(&entry.card);
            }
            let position = entry.position(sort, distance);
            if after.is_none_or(|after| position > *after) {
                hits.push((position, &entry.card));
            }
        }
        let more = hits.len() > limit;
        if more {
            // Only the page itself needs sorting.
            hits.select_nth_unstable_by(limit, |(a, _), (b, _)| a.cmp(b));
            hits.truncate(limit);
        }
        hits.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        let next = if more { hits.last().map(|(position, _)| position.clone()) } else { None };
        let cards = hits.into_iter().map(|(_, card)| card).collect();
        Found { cards, next, facets: facets.map(FacetCounter::finish) }
    }

    fn matching<'s: 'q, 'q>(&'s self, query: Option<&'q [String]>) -> Box<dyn Iterator<Item = (&'s Entry, u32)> + 'q> {
        let Some(query) = query else { return Box::new(self.entries.values().map(|entry| (entry, 0))) };
        // The longest word has the fewest matches; the others are checked on those.
        let Some(rarest) = query.iter().max_by_key(|word| word.len()) else { return Box::new(std::iter::empty()) };
        let candidates = self.beginning_with(rarest).into_iter().filter_map(|id| self.entries.get(&id));
        Box::new(candidates.filter_map(|entry| Some((entry, entry.distance(query)?))))
    }

    fn beginning_with(&self, prefix: &str) -> BTreeSet<ProductId> {
        let from = self.words.range::<str, _>((Bound::Included(prefix), Bound::Unbounded));
        from.take_while(|(word, _)| word.starts_with(prefix)).flat_map(|(_, products)| products).copied().collect()
    }

    /// All brands by name, folded for comparing and as they are written, with how many products each has.
    pub fn brands(&self) -> impl Iterator<Item = (String, FacetCount)> {
        let mut tally = Tally::default();
        self.entries.values().filter_map(|entry| entry.card.brand.as_deref()).for_each(|brand| tally.add(brand));
        tally.by_name()
    }

    /// All ingredients by name, folded for comparing and as they are written, with how many products each is in.
    pub fn ingredients(&self) -> impl Iterator<Item = (String, FacetCount)> {
        let mut tally = Tally::default();
        let names = self.entries.values().flat_map(|entry| distinct_ingredients(&entry.card).into_values());
        names.for_each(|name| tally.add(name));
        tally.by_name()
    }
}

#[cfg(test)]
mod tests;
