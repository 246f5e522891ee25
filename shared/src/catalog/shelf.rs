//! The shelf: all that is on sale, in memory, to be searched, filtered, sorted and paged without asking the database.

mod entry;
mod index;
mod order;
mod pool;
mod typo;

use std::collections::{BTreeMap, BTreeSet};

use self::entry::{Entry, Pools};
use self::index::{Index, Slot};
use super::card::Card;
use super::facets::{FacetCount, FacetCounter, Facets, Tally, distinct_ingredients};
use super::slug::CategoryId;
use crate::platform::ids::ProductId;

pub use order::{Position, Sort};

/// What to find. Every part narrows the result.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The words of the query, as [`latin::words`](crate::platform::latin::words) gives them: each must begin a word of name,
    /// brand or ingredient, or do so in Latin letters, or be like one where it begins none.
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

/// All that is on sale.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    /// Each apart: growing moves pointers, and not products.
    places: Vec<Option<Box<Entry>>>,
    slots: BTreeMap<ProductId, Slot>,
    /// Places where nothing stands any more.
    free: Vec<Slot>,
    index: Index,
    pools: Pools,
    /// How many products were removed since the pools were swept.
    removed: usize,
}

impl Shelf {
    /// Puts a product on the shelf, in place of what was there of it.
    pub fn put(&mut self, card: Card) {
        self.remove(card.id);
        let (id, entry) = (card.id, Entry::new(card, &mut self.pools));
        let slot = self.free.pop().unwrap_or_else(|| {
            self.places.push(None);
            // No function has the memory for four thousand million products.
            Slot::try_from(self.places.len() - 1).unwrap_or(Slot::MAX)
        });
        for (word, place) in entry.words() {
            self.index.add(&word, slot, place);
        }
        self.slots.insert(id, slot);
        if let Some(place) = self.place(slot) {
            *place = Some(Box::new(entry));
        }
    }

    /// Takes a product off the shelf.
    pub fn remove(&mut self, product: ProductId) {
        let Some(slot) = self.slots.remove(&product) else { return };
        let Some(entry) = self.place(slot).and_then(Option::take) else { return };
        for (word, _) in entry.words() {
            self.index.remove(&word, slot);
        }
        self.free.push(slot);
        self.removed += 1;
        if self.removed > self.slots.len() {
            self.pools.sweep();
            self.removed = 0;
        }
    }

    fn place(&mut self, slot: Slot) -> Option<&mut Option<Box<Entry>>> {
        self.places.get_mut(usize::try_from(slot).ok()?)
    }

    fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.places.iter().flatten().map(Box::as_ref)
    }

    /// A page of what the filter lets through: at most `limit` products that come after `after`.
    pub fn find(&self, filter: &Filter, sort: Sort, after: Option<&Position<'_>>, limit: usize) -> Found<'_> {
        let mut facets = filter.query.is_some().then(FacetCounter::default);
        let mut hits: Vec<(Position<'_>, &Card)> = Vec::new();
        for (entry, distance) in self.matching(filter.query.as_deref()) {
            if !entry.passes(filter) {
                continue;
            }
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

    /// What the words of a query let through, and how well it matches.
    fn matching(&self, query: Option<&[String]>) -> Box<dyn Iterator<Item = (&Entry, u32)> + '_> {
        let Some(query) = query else { return Box::new(self.entries().map(|entry| (entry, 0))) };
        let matching = self.index.matching(query, self.places.len()).into_iter();
        Box::new(matching.filter_map(|(slot, distance)| {
            let place = self.places.get(usize::try_from(slot).ok()?)?;
            Some((place.as_deref()?, distance))
        }))
    }

    /// All brands by name, folded for comparing and as they are written, with how many products each has.
    pub fn brands(&self) -> impl Iterator<Item = (String, FacetCount)> {
        let mut tally = Tally::default();
        self.entries().filter_map(|entry| entry.card.brand.as_deref()).for_each(|brand| tally.add(brand));
        tally.by_name()
    }

    /// All ingredients by name, folded for comparing and as they are written, with how many products each is in.
    pub fn ingredients(&self) -> impl Iterator<Item = (String, FacetCount)> {
        let mut tally = Tally::default();
        let names = self.entries().flat_map(|entry| distinct_ingredients(&entry.card).into_values());
        names.for_each(|name| tally.add(name));
        tally.by_name()
    }
}

#[cfg(test)]
mod tests;
