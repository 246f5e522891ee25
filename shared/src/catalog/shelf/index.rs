//! Which products have a word, and where it stands.

use std::collections::BTreeMap;
use std::ops::Bound;

use super::typo::{Misspelt, Rows};
use crate::platform::latin;

/// Where on the shelf a product stands.
pub(super) type Slot = u32;

/// Where a word stands; a match in the name counts more than one in the brand, and that more than one in an ingredient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Name = 0,
    Brand = 1,
    Ingredient = 2,
}

/// How many places there are: a whole word beats the beginning of one, wherever it stands, and that any misspelt one.
const PLACES: u8 = 3;
/// Farther than any match.
const NOWHERE: u8 = u8::MAX;

/// The words of all products.
#[derive(Clone, Debug, Default)]
pub(super) struct Index(BTreeMap<Box<str>, Vec<(Slot, Place)>>);

impl Index {
    /// Notes that the product at `slot` has `word` at `place`.
    pub(super) fn add(&mut self, word: &str, slot: Slot, place: Place) {
        if !self.0.contains_key(word) {
            self.0.insert(word.into(), Vec::new());
        }
        let Some(products) = self.0.get_mut(word) else { return };
        match products.binary_search_by_key(&slot, |(slot, _)| *slot) {
            // The best place counts.
            Ok(at) => products.get_mut(at).into_iter().for_each(|known| known.1 = known.1.min(place)),
            Err(at) => products.insert(at, (slot, place)),
        }
    }

    /// Forgets that the product at `slot` has `word`.
    pub(super) fn remove(&mut self, word: &str, slot: Slot) {
        let Some(products) = self.0.get_mut(word) else { return };
        if let Ok(at) = products.binary_search_by_key(&slot, |(slot, _)| *slot) {
            products.remove(at);
        }
        if products.is_empty() {
            self.0.remove(word);
        }
    }

    /// The products below `slots` in which each word of `query` begins a word, or is like one where it begins none, and how well
    /// they match, zero being best.
    pub(super) fn matching(&self, query: &[String], slots: usize) -> Vec<(Slot, u32)> {
        let Some((first, others)) = query.split_first() else { return Vec::new() };
        let near = self.near(first, slots);
        let hits = (0..).zip(&near).filter(|(_, distance)| **distance != NOWHERE);
        let mut matching: Vec<(Slot, u32)> = hits.map(|(slot, distance)| (slot, u32::from(*distance))).collect();
        for word in others {
            if matching.is_empty() {
                break;
            }
            let near = self.near(word, slots);
            matching.retain_mut(|(slot, sum)| {
                let distance = usize::try_from(*slot).ok().and_then(|slot| near.get(slot)).unwrap_or(&NOWHERE);
                *sum = sum.saturating_add(u32::from(*distance));
                *distance != NOWHERE
            });
        }
        matching
    }

    /// How near each product comes to one word. Only a word of another script that nothing begins with is looked for in Latin
    /// letters, and only one that nothing begins with then is taken for misspelt: who writes the name of a medicine rightly
    /// never gets another one that looks like it.
    fn near(&self, wanted: &str, slots: usize) -> Vec<u8> {
        let mut near = Near(vec![NOWHERE; slots]);
        self.begun_with(wanted, &mut near);
        let latin = if near.is_nowhere() && !wanted.is_ascii() { latin::romanised(wanted) } else { String::new() };
        let wanted = if latin.is_empty() { wanted } else { &latin };
        if !latin.is_empty() {
            self.begun_with(wanted, &mut near);
        }
        if near.is_nowhere()
            && let Some(misspelt) = Misspelt::of(wanted)
        {
            let mut rows = Rows::default();
            for (word, products) in &self.0 {
                if let Some(like) = misspelt.like(word, &mut rows) {
                    near.note(products, PLACES * (2 * like.slips + u8::from(!like.whole)));
                }
            }
        }
        near.0
    }

    fn begun_with(&self, wanted: &str, near: &mut Near) {
        let from = self.0.range::<str, _>((Bound::Included(wanted), Bound::Unbounded));
        for (word, products) in from.take_while(|(word, _)| word.starts_with(wanted)) {
            near.note(products, if **word == *wanted { 0 } else { PLACES });
        }
    }

    /// How many words there are.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

/// How near each product comes, by its slot.
struct Near(Vec<u8>);

impl Near {
    fn note(&mut self, products: &[(Slot, Place)], distance: u8) {
        for (slot, place) in products {
            let at = usize::try_from(*slot).ok().and_then(|slot| self.0.get_mut(slot));
            at.into_iter().for_each(|at| *at = (*at).min(*place as u8 + distance));
        }
    }

    fn is_nowhere(&self) -> bool {
        self.0.iter().all(|distance| *distance == NOWHERE)
    }
}
