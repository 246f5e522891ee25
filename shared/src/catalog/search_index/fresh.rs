//! The products that have changed since the snapshot, or all where there is none, each as it is now.

use std::collections::BTreeMap;

use super::entry::{Entry, Pools, words_of};
use super::index::{Index, Slot};
use crate::catalog::card::Card;
use crate::platform::ids::ProductId;

/// Products in memory, to be changed.
#[derive(Clone, Debug, Default)]
pub(super) struct Fresh {
    /// Each apart: growing moves pointers, and not products.
    places: Vec<Option<Box<Entry>>>,
    slots: BTreeMap<ProductId, Slot>,
    /// Places where nothing stands any more.
    free: Vec<Slot>,
    pub(super) index: Index,
    pools: Pools,
    /// How many products were removed since the pools were swept.
    removed: usize,
}

impl Fresh {
    /// Puts a product there, in place of what was there of it.
    pub(super) fn put(&mut self, card: Card) {
        self.remove(card.id);
        let (id, entry) = (card.id, Entry::new(card, &mut self.pools));
        let slot = self.free.pop().unwrap_or_else(|| {
            self.places.push(None);
            // No function has the memory for four thousand million products.
            Slot::try_from(self.places.len() - 1).unwrap_or(Slot::MAX)
        });
        for (word, place) in words_of(&entry.card) {
            self.index.add(&word, slot, place);
        }
        self.slots.insert(id, slot);
        if let Some(place) = self.place(slot) {
            *place = Some(Box::new(entry));
        }
    }

    /// Takes a product away.
    pub(super) fn remove(&mut self, product: ProductId) {
        let Some(slot) = self.slots.remove(&product) else { return };
        let Some(entry) = self.place(slot).and_then(Option::take) else { return };
        for (word, _) in words_of(&entry.card) {
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

    /// How many slots there are.
    pub(super) fn places(&self) -> usize {
        self.places.len()
    }

    /// How many products.
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    /// All of them, in no order.
    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.places.iter().flatten().map(Box::as_ref)
    }

    /// What stands at a slot.
    pub(super) fn at(&self, slot: Slot) -> Option<&Entry> {
        self.places.get(usize::try_from(slot).ok()?)?.as_deref()
    }

    /// A product.
    pub(super) fn get(&self, product: ProductId) -> Option<&Card> {
        self.at(*self.slots.get(&product)?).map(|entry| &entry.card)
    }
}
