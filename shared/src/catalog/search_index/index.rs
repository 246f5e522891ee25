//! Which products that have changed have a word, and where it stands.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use super::sound;

/// Where on sale a product stands.
pub(super) type Slot = u32;

/// Where a word stands; a match in the name counts more than one in the brand, and that more than one in an ingredient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Name = 0,
    Brand = 1,
    Ingredient = 2,
}

/// The products that have a word.
type Products = Vec<(Slot, Place)>;

/// The words of products, and what each sounds like.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    words: BTreeMap<Box<str>, Products>,
    sounds: BTreeMap<Box<str>, BTreeSet<Box<str>>>,
}

impl Index {
    /// Notes that the product at `slot` has `word` at `place`.
    pub(super) fn add(&mut self, word: &str, slot: Slot, place: Place) {
        if !self.words.contains_key(word) {
            self.words.insert(word.into(), Vec::new());
            if let Some(key) = sound::of(word) {
                self.sounds.entry(key.into()).or_default().insert(word.into());
            }
        }
        let Some(products) = self.words.get_mut(word) else { return };
        match products.binary_search_by_key(&slot, |(slot, _)| *slot) {
            // The best place counts.
            Ok(at) => products.get_mut(at).into_iter().for_each(|known| known.1 = known.1.min(place)),
            Err(at) => products.insert(at, (slot, place)),
        }
    }

    /// Forgets that the product at `slot` has `word`.
    pub(super) fn remove(&mut self, word: &str, slot: Slot) {
        let Some(products) = self.words.get_mut(word) else { return };
        if let Ok(at) = products.binary_search_by_key(&slot, |(slot, _)| *slot) {
            products.remove(at);
        }
        if !products.is_empty() {
            return;
        }
        self.words.remove(word);
        let Some(key) = sound::of(word) else { return };
        if let Some(words) = self.sounds.get_mut(key.as_str()) {
            words.remove(word);
            if words.is_empty() {
                self.sounds.remove(key.as_str());
            }
        }
    }

    /// All words, and the products that have them.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &Products)> {
        self.words.iter().map(|(word, products)| (&**word, products))
    }

    /// The words that begin so.
    pub(super) fn begun_with(&self, beginning: &str) -> impl Iterator<Item = (&str, &Products)> {
        let from = self.words.range::<str, _>((Bound::Included(beginning), Bound::Unbounded));
        let begun = from.take_while(move |(word, _)| word.starts_with(beginning));
        begun.map(|(word, products)| (&**word, products))
    }

    /// The words that sound so, or whose sound begins so where it is still `growing`, each with its sound.
    pub(super) fn sounding(&self, key: &str, growing: bool) -> impl Iterator<Item = (&str, &str, &Products)> {
        let from = self.sounds.range::<str, _>((Bound::Included(key), Bound::Unbounded));
        let like = from.take_while(move |(sound, _)| if growing { sound.starts_with(key) } else { ***sound == *key });
        let words = like.flat_map(|(sound, words)| words.iter().map(move |word| (&**sound, &**word)));
        words.filter_map(|(sound, word)| Some((sound, word, self.words.get(word)?)))
    }

    /// How many words and sounds there are.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.words.len() + self.sounds.len()
    }
}
