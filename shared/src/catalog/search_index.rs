//! The search index: all that is on sale, in memory, to be searched, filtered, sorted and paged without asking the database.
//!
//! At its bottom lies a [`Snapshot`], which is used as it lies and never changes; what has changed since is kept beside it and hides
//! what the snapshot has of it. Without a snapshot all is kept so.

mod base;
mod entry;
mod fresh;
mod index;
mod near;
mod order;
mod pool;
mod snapshot;
mod sound;
mod synonyms;
mod typo;

use std::collections::BTreeSet;

use self::base::Base;
use self::entry::Entry;
use self::fresh::Fresh;
use self::index::Slot;
use self::near::Words;
use self::snapshot::{Counts, Hit, Wanted};
use super::card::Card;
use super::facets::{Facet, FacetCount, FacetCounter, Facets, Tally, distinct_ingredients};
use super::ingredient::Ingredient;
use super::slug::CategoryId;
use crate::platform::ids::ProductId;

pub use order::{Position, Sort};
pub use snapshot::{Snapshot, Unusable, VERSION, write as write_snapshot};

/// What to find. Every part narrows the result.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The words of the query, as [`latin::words`](crate::platform::latin::words) gives them: each must begin a word of name,
    /// brand or ingredient, or do so in Latin letters, or be like one where it begins none.
    pub query: Option<Vec<String>>,
    /// One of these categories.
    pub categories: Option<BTreeSet<CategoryId>>,
    /// These products.
    pub ids: Option<BTreeSet<ProductId>>,
    /// One of these brands, by their keys (`identity_key`).
    pub brands: Option<BTreeSet<String>>,
    /// One of these ingredients, by their keys.
    pub ingredients: Option<BTreeSet<String>>,
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
    pub cards: Vec<Card>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<Position<'a>>,
    /// How many results there are on all pages.
    pub total: usize,
    /// How all results spread, where that was asked for.
    pub facets: Option<Facets>,
}

/// What a filter says of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Judged {
    Passes,
    /// Only this part of the filter speaks against it.
    FailsOnly(Facet),
    Fails,
}

impl Judged {
    /// By the parts of a filter, and whether a product passes each.
    fn of(parts: [(Facet, bool); 5]) -> Self {
        let mut failed = parts.into_iter().filter(|(_, passes)| !passes);
        match (failed.next(), failed.next()) {
            (None, _) => Self::Passes,
            (Some((facet, _)), None) => Self::FailsOnly(facet),
            _ => Self::Fails,
        }
    }
}

/// Which page of which results, in which order.
#[derive(Clone, Copy)]
struct Asked<'a> {
    filter: &'a Filter,
    sort: Sort,
    after: Option<&'a Position<'a>>,
    limit: usize,
    /// What has the words of the query, where there is one.
    matching: Option<&'a [(Slot, u32)]>,
}

/// What was found of one part of the search index.
struct Part<T> {
    total: usize,
    /// How many of them come after where the page begins.
    coming: usize,
    /// The first of those: one more than the page holds.
    hits: Vec<T>,
}

impl<T: Ord> Part<T> {
    const fn new() -> Self {
        Self { total: 0, coming: 0, hits: Vec::new() }
    }

    fn push(&mut self, hit: T, limit: usize) {
        self.coming += 1;
        self.hits.push(hit);
        // Now and then, so that a page of a million results takes the memory of a few pages.
        if self.hits.len() >= limit.saturating_mul(4).max(1024) {
            self.cut(limit);
        }
    }

    /// Only the page itself needs sorting.
    fn cut(&mut self, limit: usize) {
        if self.hits.len() > limit {
            self.hits.select_nth_unstable(limit);
            self.hits.truncate(limit + 1);
        }
    }
}

/// All that is on sale.
#[derive(Clone, Debug, Default)]
pub struct SearchIndex {
    base: Option<Base>,
    fresh: Fresh,
}

impl SearchIndex {
    /// With all that a snapshot has.
    pub fn over(snapshot: Snapshot) -> Self {
        Self { base: Some(Base::new(snapshot)), fresh: Fresh::default() }
    }

    /// Puts a product on sale, in place of what was there of it.
    pub fn put(&mut self, card: Card) {
        if self.get(card.id).is_some_and(|known| known == card) {
            return;
        }
        self.hide(card.id);
        self.fresh.put(card);
    }

    /// Takes a product off the search index.
    pub fn remove(&mut self, product: ProductId) {
        self.hide(product);
        self.fresh.remove(product);
    }

    fn hide(&mut self, product: ProductId) {
        if let Some(base) = &mut self.base
            && let Some(slot) = base.snapshot.slot(product)
        {
            base.forget(slot);
        }
    }

    /// How many products are on sale.
    pub fn len(&self) -> usize {
        let standing = |base: &Base| usize::try_from(base.slots()).unwrap_or(usize::MAX) - base.gone.count();
        self.base.as_ref().map_or(0, standing) + self.fresh.len()
    }

    /// Whether nothing is on sale.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// In how many products it differs from its snapshot.
    pub fn changes(&self) -> usize {
        self.base.as_ref().map_or(0, |base| base.gone.count()).max(self.fresh.len())
    }

    /// A product that is on sale.
    pub fn get(&self, product: ProductId) -> Option<Card> {
        if let Some(card) = self.fresh.get(product) {
            return Some(card.clone());
        }
        let base = self.base.as_ref()?;
        let slot = base.snapshot.slot(product).filter(|slot| !base.gone.has(*slot))?;
        base.snapshot.card(slot)
    }

    /// All that is on sale, in no order.
    pub fn cards(&self) -> impl Iterator<Item = Card> {
        let standing = self.base.iter().flat_map(|base| base.standing().filter_map(|slot| base.snapshot.card(slot)));
        standing.chain(self.fresh.entries().map(|entry| entry.card.clone()))
    }

    /// All that is on sale whose ingredients are to be kept: each list of them is looked at once.
    pub fn with_ingredients<'a>(
        &'a self,
        keep: impl Fn(&[Ingredient]) -> bool + 'a,
    ) -> impl Iterator<Item = Card> + 'a {
        let standing: Vec<Card> = match &self.base {
            Some(base) => {
                let lists = base.snapshot.lists_with(&keep);
                let kept = base.standing().filter(|slot| base.snapshot.has_list(*slot, &lists));
                kept.filter_map(|slot| base.snapshot.card(slot)).collect()
            }
            None => Vec::new(),
        };
        let fresh = self.fresh.entries().filter(move |entry| keep(&entry.card.ingredients));
        standing.into_iter().chain(fresh.map(|entry| entry.card.clone()))
    }

    /// A page of what the filter lets through: at most `limit` products that come after `after`; `facets` says whether all
    /// are counted by what they are.
    pub fn find<'a>(
        &'a self,
        filter: &Filter,
        sort: Sort,
        after: Option<&Position<'_>>,
        limit: usize,
        facets: bool,
    ) -> Found<'a> {
        let mut facets = facets.then(FacetCounter::default);
        let matching = filter.query.as_deref().map(|query| self.words().matching(query));
        let asked = Asked { filter, sort, after, limit, matching: matching.as_deref() };
        let old = self.base.as_ref().map(|base| (base, found_below(base, asked, facets.as_mut())));
        let new = self.found_beside(asked, facets.as_mut());
        let (mut total, mut coming) = (new.total, new.coming);
        let mut page: Vec<(Position<'a>, Card)> = new
            .hits
            .into_iter()
            .filter_map(|(position, slot)| Some((position, self.fresh.at(slot)?.card.clone())))
            .collect();
        if let Some((base, old)) = old {
            total += old.total;
            coming += old.coming;
            let shown = old
                .hits
                .iter()
                .filter_map(|hit| Some((base.snapshot.position(hit, sort), base.snapshot.card(hit.slot)?)));
            page.extend(shown);
        }
        page.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        page.truncate(limit);
        let next = if coming > limit { page.last().map(|(position, _)| position.clone()) } else { None };
        let cards = page.into_iter().map(|(_, card)| card).collect();
        Found { cards, next, total, facets: facets.map(FacetCounter::finish) }
    }

    fn words(&self) -> Words<'_> {
        Words { base: self.base.as_ref(), fresh: &self.fresh.index, places: self.fresh.places() }
    }

    /// What is found of what has changed.
    fn found_beside<'a>(
        &'a self,
        asked: Asked<'_>,
        mut facets: Option<&mut FacetCounter>,
    ) -> Part<(Position<'a>, Slot)> {
        let first = self.base.as_ref().map_or(0, Base::slots);
        let mut part = Part::new();
        let mut look = |slot: Slot, entry: &'a Entry, distance| {
            match (entry.judged(asked.filter), &mut facets) {
                (Judged::Passes, None) => {}
                (Judged::Passes, Some(facets)) => facets.add(&entry.card, None),
                (Judged::FailsOnly(facet), Some(facets)) => return facets.add(&entry.card, Some(facet)),
                _ => return,
            }
            part.total += 1;
            let position = entry.position(asked.sort, distance);
            if asked.after.is_none_or(|after| position > *after) {
                part.push((position, slot), asked.limit);
            }
        };
        match asked.matching {
            None => {
                let places = Slot::try_from(self.fresh.places()).unwrap_or(Slot::MAX);
                let entries = (0..places).filter_map(|slot| Some((slot, self.fresh.at(slot)?)));
                entries.for_each(|(slot, entry)| look(slot, entry, 0));
            }
            Some(matching) => {
                for (slot, distance) in matching.iter().filter(|(slot, _)| *slot >= first) {
                    let slot = slot - first;
                    self.fresh.at(slot).into_iter().for_each(|entry| look(slot, entry, *distance));
                }
            }
        }
        part.cut(asked.limit);
        part
    }

    /// All brands by name, with their place in the list and as they are written, with how many products each has.
    pub fn brands(&self) -> impl Iterator<Item = (String, FacetCount)> {
        let mut tally = Tally::default();
        self.counted(Counts::add_brand, |counts, base| counts.brands(&base.snapshot, &mut tally));
        self.fresh.entries().filter_map(|entry| entry.card.brand.as_deref()).for_each(|brand| tally.add(brand));
        tally.by_name()
    }

    /// All ingredients by name, with their place in the list and as they are written, with how many products each is in.
    pub fn ingredients(&self) -> impl Iterator<Item = (String, FacetCount)> {
        let mut tally = Tally::default();
        self.counted(Counts::add_list, |counts, base| counts.ingredients(&base.snapshot, &mut tally));
        let names = self.fresh.entries().flat_map(|entry| distinct_ingredients(&entry.card).into_values());
        names.for_each(|name| tally.add(name));
        tally.by_name()
    }

    /// The names of the ingredients that products on sale have alone, some more than once.
    pub fn alone(&self) -> impl Iterator<Item = String> {
        let mut names = Vec::new();
        if let Some(base) = &self.base {
            let mut left = base.snapshot.lists_with(&|ingredients| ingredients.len() == 1);
            for slot in base.standing() {
                names.extend(base.snapshot.take_alone(slot, &mut left));
            }
        }
        for entry in self.fresh.entries() {
            if let [only] = &*entry.card.ingredients {
                names.push(only.name.clone());
            }
        }
        names.into_iter()
    }

    /// Counts all that stands below.
    fn counted(&self, add: impl Fn(&mut Counts, &Snapshot, Slot), told: impl FnOnce(Counts, &Base)) {
        let Some(base) = &self.base else { return };
        let mut counts = base.snapshot.counts();
        base.standing().for_each(|slot| add(&mut counts, &base.snapshot, slot));
        told(counts, base);
    }
}

/// What is found of a snapshot.
fn found_below(base: &Base, asked: Asked<'_>, facets: Option<&mut FacetCounter>) -> Part<Hit> {
    let snapshot = &*base.snapshot;
    let wanted = Wanted::of(asked.filter, snapshot);
    let from = asked.after.map(|after| snapshot.after(after, asked.sort));
    let mut counts = facets.is_some().then(|| snapshot.counts());
    let mut part = Part::new();
    let mut look = |slot: Slot, distance| {
        match (wanted.judged(snapshot, slot), &mut counts) {
            (Judged::Passes, None) => {}
            (Judged::Passes, Some(counts)) => counts.add(snapshot, slot, None),
            (Judged::FailsOnly(facet), Some(counts)) => return counts.add(snapshot, slot, Some(facet)),
            _ => return,
        }
        part.total += 1;
        let hit = snapshot.hit(slot, asked.sort, distance);
        if from.is_none_or(|from| hit.is_from(from)) {
            part.push(hit, asked.limit);
        }
    };
    match (asked.matching, &asked.filter.ids) {
        (Some(matching), _) => {
            let below = matching.iter().filter(|(slot, _)| *slot < base.slots());
            below.for_each(|(slot, distance)| look(*slot, *distance));
        }
        (None, Some(ids)) => snapshot.slots_of(ids).filter(|slot| !base.gone.has(*slot)).for_each(|slot| look(slot, 0)),
        (None, None) => base.standing().for_each(|slot| look(slot, 0)),
    }
    part.cut(asked.limit);
    if let (Some(counts), Some(facets)) = (counts, facets) {
        counts.join(snapshot, facets);
    }
    part
}

#[cfg(test)]
mod tests;
