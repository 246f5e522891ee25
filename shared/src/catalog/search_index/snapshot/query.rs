//! Judging, ordering and counting the products of a snapshot by numbers alone: no card is made of what is not shown.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::Snapshot;
use super::layout::{Section, at};
use crate::catalog::facets::{Facet, FacetCounter, PriceRange, Tally};
use crate::catalog::search_index::index::Slot;
use crate::catalog::search_index::order::{Position, Rank, Sort};
use crate::catalog::search_index::{Filter, Judged};
use crate::platform::ids::ProductId;
use crate::platform::latin;

/// A product that was found: what it is ordered by, and how well it matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::catalog::search_index) struct Hit {
    first: i64,
    then: u32,
    pub(in crate::catalog::search_index) slot: Slot,
    distance: u32,
}

/// A filter in the numbers of a snapshot.
pub(in crate::catalog::search_index) struct Wanted<'a> {
    filter: &'a Filter,
    categories: Option<Vec<bool>>,
    brands: Option<Vec<bool>>,
    lists: Option<Vec<bool>>,
}

/// How often each name of a snapshot occurs.
pub(in crate::catalog::search_index) struct Counts {
    categories: Vec<u64>,
    brands: Vec<u64>,
    lists: Vec<u64>,
    required: u64,
    free: u64,
    price: Option<PriceRange>,
}

fn is(flags: Option<&Vec<bool>>, place: u32) -> bool {
    flags.is_none_or(|flags| flags.get(at(place)).copied().unwrap_or_default())
}

fn count(counts: &mut [u64], place: u32) {
    counts.get_mut(at(place)).into_iter().for_each(|count| *count += 1);
}

impl<'a> Wanted<'a> {
    pub(in crate::catalog::search_index) fn of(filter: &'a Filter, snapshot: &Snapshot) -> Self {
        let flags = |table: Section, wanted: &dyn Fn(&str) -> bool| -> Vec<bool> {
            (0..snapshot.names(table)).map(|place| wanted(snapshot.key(table, place))).collect()
        };
        let categories = filter.categories.as_ref().map(|wanted| {
            let wanted: BTreeSet<&str> = wanted.iter().map(|category| category.as_str()).collect();
            flags(Section::CategoryTable, &|key| wanted.contains(key))
        });
        let brands = filter.brands.as_ref().map(|wanted| flags(Section::BrandTable, &|key| wanted.contains(key)));
        let lists = filter.ingredients.as_ref().map(|wanted| {
            let names = flags(Section::NameTable, &|key| wanted.contains(key));
            let has = |list| snapshot.list(list).any(|name| is(Some(&names), name));
            (0..snapshot.lists()).map(has).collect()
        });
        Self { filter, categories, brands, lists }
    }

    /// What the filter says of the product at `slot`.
    pub(in crate::catalog::search_index) fn judged(&self, snapshot: &Snapshot, slot: Slot) -> Judged {
        let filter = self.filter;
        let whatever_is_counted = filter.ids.as_ref().is_none_or(|wanted| wanted.contains(&snapshot.id(slot)))
            && filter.in_stock.is_none_or(|wanted| snapshot.is_in_stock(slot) == wanted);
        if !whatever_is_counted {
            return Judged::Fails;
        }
        let layout = &snapshot.layout;
        let brand = || {
            let brand = layout.number(Section::Brands, slot).checked_sub(1);
            brand.is_some_and(|brand| is(self.brands.as_ref(), brand))
        };
        let price = snapshot.price(slot);
        let parts = [
            (Facet::Category, self.categories.is_none() || is(self.categories.as_ref(), snapshot.category(slot))),
            (Facet::Brand, self.brands.is_none() || brand()),
            (Facet::Ingredient, is(self.lists.as_ref(), layout.number(Section::Lists, slot))),
            (
                Facet::Prescription,
                filter
                    .prescription_required
                    .is_none_or(|wanted| snapshot.legal_status(slot).prescription_required() == wanted),
            ),
            (
                Facet::Price,
                filter.min_price.is_none_or(|least| price >= least)
                    && filter.max_price.is_none_or(|most| price <= most),
            ),
        ];
        Judged::of(parts)
    }
}

impl Snapshot {
    /// The product at `slot` as something to be ordered.
    pub(in crate::catalog::search_index) fn hit(&self, slot: Slot, sort: Sort, distance: u32) -> Hit {
        let rank = || self.layout.number(Section::Ranks, slot);
        let (first, then) = match sort {
            Sort::Relevance => (i64::from(distance), rank()),
            Sort::Price => (self.price(slot), slot),
            Sort::PriceDown => (self.price(slot).saturating_neg(), slot),
            Sort::Name => (0, rank()),
            Sort::Newest => (self.created(slot).saturating_neg(), slot),
        };
        Hit { first, then, slot, distance }
    }

    /// The position of a hit among all that is on sale.
    pub(in crate::catalog::search_index) fn position(&self, hit: &Hit, sort: Sort) -> Position<'static> {
        let name = || Cow::Owned(latin::folded(self.product_name(hit.slot)));
        let rank = match sort {
            Sort::Relevance => Rank::Relevance(hit.distance, name()),
            Sort::Price => Rank::Price(self.price(hit.slot)),
            Sort::PriceDown => Rank::PriceDown(Reverse(self.price(hit.slot))),
            Sort::Name => Rank::Name(name()),
            Sort::Newest => {
                Rank::Newest(Reverse(crate::platform::clock::Timestamp::from_millis(self.created(hit.slot))))
            }
        };
        Position(rank, self.id(hit.slot))
    }

    /// Where what comes after a position begins. A position of another order is before all.
    pub(in crate::catalog::search_index) fn after(&self, after: &Position<'_>, sort: Sort) -> (i64, u32) {
        let Position(rank, id) = after;
        let by_id = || self.first(|slot| self.id(slot).cmp(id).then(std::cmp::Ordering::Less));
        let by_name = |name: &str| {
            self.first(|rank| {
                let slot = self.layout.number(Section::ByName, rank);
                let here = latin::folded(self.product_name(slot));
                here.as_str().cmp(name).then_with(|| self.id(slot).cmp(id)).then(std::cmp::Ordering::Less)
            })
        };
        match (sort, rank) {
            (Sort::Relevance, Rank::Relevance(distance, name)) => (i64::from(*distance), by_name(name)),
            (Sort::Price, Rank::Price(price)) => (*price, by_id()),
            (Sort::PriceDown, Rank::PriceDown(Reverse(price))) => (price.saturating_neg(), by_id()),
            (Sort::Name, Rank::Name(name)) => (0, by_name(name)),
            (Sort::Newest, Rank::Newest(Reverse(created))) => (created.millis().saturating_neg(), by_id()),
            _ => (i64::MIN, 0),
        }
    }

    /// Where those of some products are that the snapshot has, so that not all of it is gone through.
    pub(in crate::catalog::search_index) fn slots_of(&self, ids: &BTreeSet<ProductId>) -> impl Iterator<Item = Slot> {
        ids.iter().filter_map(|id| self.slot(*id))
    }

    /// Nothing is counted yet.
    pub(in crate::catalog::search_index) fn counts(&self) -> Counts {
        let zeros = |places: u32| vec![0; at(places)];
        Counts {
            categories: zeros(self.names(Section::CategoryTable)),
            brands: zeros(self.names(Section::BrandTable)),
            lists: zeros(self.lists()),
            required: 0,
            free: 0,
            price: None,
        }
    }
}

impl Hit {
    /// Whether it comes after what [`Snapshot::after`] has told.
    pub(in crate::catalog::search_index) const fn is_from(&self, (first, then): (i64, u32)) -> bool {
        self.first > first || self.first == first && self.then >= then
    }
}

impl Counts {
    /// One more product: a result, which counts for all facets, or what only the filter of one `facet` keeps from being one.
    pub(in crate::catalog::search_index) fn add(&mut self, snapshot: &Snapshot, slot: Slot, facet: Option<Facet>) {
        let counts = |one: Facet| facet.is_none_or(|facet| facet == one);
        if counts(Facet::Category) {
            count(&mut self.categories, snapshot.category(slot));
        }
        if counts(Facet::Brand) {
            self.add_brand(snapshot, slot);
        }
        if counts(Facet::Ingredient) {
            self.add_list(snapshot, slot);
        }
        if counts(Facet::Prescription) {
            match snapshot.legal_status(slot).prescription_required() {
                true => self.required += 1,
                false => self.free += 1,
            }
        }
        if counts(Facet::Price) {
            self.price = Some(PriceRange::with(self.price, snapshot.price(slot)));
        }
    }

    pub(in crate::catalog::search_index) fn add_brand(&mut self, snapshot: &Snapshot, slot: Slot) {
        if let Some(brand) = snapshot.layout.number(Section::Brands, slot).checked_sub(1) {
            count(&mut self.brands, brand);
        }
    }

    pub(in crate::catalog::search_index) fn add_list(&mut self, snapshot: &Snapshot, slot: Slot) {
        count(&mut self.lists, snapshot.layout.number(Section::Lists, slot));
    }

    /// How often each brand occurs.
    pub(in crate::catalog::search_index) fn brands(&self, snapshot: &Snapshot, tally: &mut Tally) {
        names(&self.brands, snapshot, Section::BrandTable, tally);
    }

    /// How often each ingredient occurs; one that is in a product twice occurs once.
    pub(in crate::catalog::search_index) fn ingredients(&self, snapshot: &Snapshot, tally: &mut Tally) {
        let mut counts = vec![0; at(snapshot.names(Section::NameTable))];
        for (list, count) in (0..).zip(&self.lists).filter(|(_, count)| **count > 0) {
            let distinct: BTreeMap<&str, u32> =
                snapshot.list(list).map(|name| (snapshot.key(Section::NameTable, name), name)).collect();
            for name in distinct.into_values() {
                counts.get_mut(at(name)).into_iter().for_each(|known| *known += count);
            }
        }
        names(&counts, snapshot, Section::NameTable, tally);
    }

    /// All of it beside what was counted otherwise.
    pub(in crate::catalog::search_index) fn join(&self, snapshot: &Snapshot, facets: &mut FacetCounter) {
        names(&self.categories, snapshot, Section::CategoryTable, facets.tally(Facet::Category));
        self.brands(snapshot, facets.tally(Facet::Brand));
        self.ingredients(snapshot, facets.tally(Facet::Ingredient));
        facets.join(self.required, self.free, self.price);
    }
}

fn names(counts: &[u64], snapshot: &Snapshot, table: Section, tally: &mut Tally) {
    for (place, count) in (0..).zip(counts).filter(|(_, count)| **count > 0) {
        tally.add_counted(snapshot.place(table, place), snapshot.name(table, place), *count);
    }
}
