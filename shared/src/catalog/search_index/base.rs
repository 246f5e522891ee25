//! The snapshot below a search index, and what of it holds no more.

use std::sync::Arc;

use super::index::{Place, Slot};
use super::snapshot::Snapshot;

/// What of a snapshot was changed or taken off the search index since.
#[derive(Clone, Debug, Default)]
pub(super) struct Gone {
    slots: Vec<u64>,
    count: usize,
}

const BITS: u32 = u64::BITS;

impl Gone {
    pub(super) fn has(&self, slot: Slot) -> bool {
        let bits = usize::try_from(slot / BITS).ok().and_then(|place| self.slots.get(place));
        bits.is_some_and(|bits| bits >> (slot % BITS) & 1 == 1)
    }

    fn put(&mut self, slot: Slot) {
        let Ok(place) = usize::try_from(slot / BITS) else { return };
        if self.slots.len() <= place {
            self.slots.resize(place + 1, 0);
        }
        if let Some(bits) = self.slots.get_mut(place) {
            let bit = 1 << (slot % BITS);
            self.count += usize::from(*bits & bit == 0);
            *bits |= bit;
        }
    }

    /// How many those are.
    pub(super) const fn count(&self) -> usize {
        self.count
    }
}

/// A snapshot below a search index.
#[derive(Clone, Debug)]
pub(super) struct Base {
    pub(super) snapshot: Arc<Snapshot>,
    pub(super) gone: Gone,
}

impl Base {
    pub(super) fn new(snapshot: Snapshot) -> Self {
        Self { snapshot: Arc::new(snapshot), gone: Gone::default() }
    }

    /// How many slots it has, those of what is gone among them.
    pub(super) fn slots(&self) -> Slot {
        self.snapshot.products()
    }

    /// The slots of what still holds.
    pub(super) fn standing(&self) -> impl Iterator<Item = Slot> {
        (0..self.slots()).filter(|slot| !self.gone.has(*slot))
    }

    /// Hands over the products of a word that still hold.
    pub(super) fn note(&self, postings: u64, take: &mut dyn FnMut(Slot, Place)) {
        self.snapshot.products_at(postings, &mut |slot, place| {
            if !self.gone.has(slot) {
                take(slot, place);
            }
        });
    }

    /// From now on the product at `slot` is another, or none.
    pub(super) fn forget(&mut self, slot: Slot) {
        self.gone.put(slot);
    }
}
