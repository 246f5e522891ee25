//! A snapshot: all that was on sale at some time, to be searched as it lies. It never changes; what has changed since stands
//! beside it on the [`SearchIndex`](super::SearchIndex).

mod cards;
mod layout;
mod query;
#[cfg(test)]
mod tests;
mod words;
mod writer;

use std::cmp::Ordering;

pub use layout::{Unusable, VERSION};
pub use writer::write;

pub(super) use query::{Counts, Hit, Wanted};

use self::layout::{Layout, Part, Section};
use super::index::Slot;
use crate::platform::clock::Timestamp;
use crate::platform::ids::ProductId;

/// All that was on sale at some time.
#[derive(Clone, Debug)]
pub struct Snapshot {
    layout: Layout,
    words: fst::Map<Part>,
    sounds: fst::Map<Part>,
}

impl Snapshot {
    /// Opens a snapshot. It is checked as a whole, and nothing in it is parsed.
    ///
    /// # Errors
    /// Bytes that are none, or of another version, or not as they were written.
    pub fn open(bytes: Vec<u8>) -> Result<Self, Unusable> {
        let layout = Layout::open(bytes)?;
        let map = |section| fst::Map::new(layout.part(section)).map_err(|_| Unusable::Broken);
        let (words, sounds) = (map(Section::Words)?, map(Section::Sounds)?);
        Ok(Self { layout, words, sounds })
    }

    /// Everything that the table held then is in it.
    pub fn as_of(&self) -> Timestamp {
        Timestamp::from_millis(self.layout.as_of)
    }

    /// When all of it was last read from the table.
    pub fn built_at(&self) -> Timestamp {
        Timestamp::from_millis(self.layout.built_at)
    }

    /// How many products there are.
    pub fn products(&self) -> u32 {
        self.layout.products
    }

    /// Where a product is.
    pub(super) fn slot(&self, product: ProductId) -> Option<Slot> {
        let wanted = product.ulid().0;
        let slot = self.first(|slot| self.layout.id(slot).cmp(&wanted));
        (slot < self.products() && self.layout.id(slot) == wanted).then_some(slot)
    }

    /// The first place of an ordered list that `compare` does not say to be less.
    fn first(&self, compare: impl Fn(u32) -> Ordering) -> u32 {
        let (mut from, mut to) = (0, self.products());
        while from < to {
            let middle = from + (to - from) / 2;
            match compare(middle) {
                Ordering::Less => from = middle + 1,
                Ordering::Equal | Ordering::Greater => to = middle,
            }
        }
        from
    }
}
