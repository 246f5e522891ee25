//! Which products have the words of a query, and how near each comes to them: of the snapshot and of what has changed since.

use super::base::Base;
use super::index::{Index, Place, Slot};
use super::sound;
use super::typo::{Misspelt, Rows};
use crate::platform::latin;

/// How many places there are: a whole word beats the beginning of one, wherever it stands, and that any misspelt one.
const PLACES: u8 = 3;
/// Farther than any match.
const NOWHERE: u8 = u8::MAX;
/// What only sounds so comes after all that is misspelt.
const SOUNDS: u8 = 6;
/// No spelling is said to differ more.
const MOST_SLIPS: u8 = 40;

/// How near each product comes to one word, by its slot.
struct Near {
    distances: Vec<u8>,
    /// Those that come near at all.
    found: Vec<Slot>,
}

impl Near {
    fn new(slots: usize) -> Self {
        Self { distances: vec![NOWHERE; slots], found: Vec::new() }
    }

    fn note(&mut self, slot: Slot, place: Place, distance: u8) {
        let at = usize::try_from(slot).ok().and_then(|slot| self.distances.get_mut(slot));
        let Some(known) = at else { return };
        if *known == NOWHERE {
            self.found.push(slot);
        }
        *known = (*known).min(place as u8 + distance);
    }

    fn get(&self, slot: Slot) -> Option<u32> {
        let distance = usize::try_from(slot).ok().and_then(|slot| self.distances.get(slot)).copied();
        distance.filter(|distance| *distance != NOWHERE).map(u32::from)
    }

    fn is_nowhere(&self) -> bool {
        self.found.is_empty()
    }
}

/// All words, wherever they are.
pub(super) struct Words<'a> {
    /// The snapshot, if there is one; its slots come first.
    pub(super) base: Option<&'a Base>,
    /// What has changed since.
    pub(super) fresh: &'a Index,
    /// How many slots the latter has.
    pub(super) places: usize,
}

impl Words<'_> {
    /// The products in which each word of `query` begins a word, or is like one where it begins none, and how well they match, zero
    /// being best.
    pub(super) fn matching(&self, query: &[String]) -> Vec<(Slot, u32)> {
        let Some((first, others)) = query.split_first() else { return Vec::new() };
        let near = self.near(first);
        let mut matching: Vec<(Slot, u32)> =
            near.found.iter().filter_map(|slot| Some((*slot, near.get(*slot)?))).collect();
        for word in others {
            if matching.is_empty() {
                break;
            }
            let near = self.near(word);
            matching.retain_mut(|(slot, sum)| {
                let distance = near.get(*slot);
                *sum = sum.saturating_add(distance.unwrap_or_default());
                distance.is_some()
            });
        }
        matching
    }

    /// How near each product comes to one word. Only a word of another script that nothing begins with is looked for in Latin
    /// letters, and only one that nothing begins with then is taken for misspelt or misheard: who writes the name of a medicine
    /// rightly never gets another one that looks like it.
    fn near(&self, wanted: &str) -> Near {
        let first = self.base.map_or(0, |base| base.slots());
        let mut near = Near::new(self.places.saturating_add(usize::try_from(first).unwrap_or(usize::MAX)));
        self.begun_with(wanted, &mut near);
        if !near.is_nowhere() {
            return near;
        }
        if wanted.is_ascii() {
            self.misspelt(wanted, &mut near);
            if near.is_nowhere() {
                self.misheard(wanted, wanted, &mut near);
            }
            return near;
        }
        let latin = latin::romanised(wanted);
        if !latin.is_empty() {
            self.begun_with(&latin, &mut near);
        }
        // Another script spells by the ear: what sounds so is nearer than what happens to look so.
        if near.is_nowhere() {
            self.misheard(wanted, &latin, &mut near);
        }
        if near.is_nowhere() {
            self.misspelt(if latin.is_empty() { wanted } else { &latin }, &mut near);
        }
        near
    }

    fn begun_with(&self, wanted: &str, near: &mut Near) {
        let distance = |word: &str| if *word == *wanted { 0 } else { PLACES };
        let first = self.base.map_or(0, |base| base.slots());
        if let Some(base) = self.base {
            base.snapshot.begun_with(wanted, &mut |word, slot, place| {
                if !base.gone.has(slot) {
                    near.note(slot, place, distance(word));
                }
            });
        }
        for (word, products) in self.fresh.begun_with(wanted) {
            for (slot, place) in products {
                near.note(first + slot, *place, distance(word));
            }
        }
    }

    fn misspelt(&self, wanted: &str, near: &mut Near) {
        let Some(misspelt) = Misspelt::of(wanted) else { return };
        let mut rows = Rows::default();
        let first = self.base.map_or(0, |base| base.slots());
        if let Some(base) = self.base {
            base.snapshot.like(wanted, misspelt.most(), misspelt.is_growing(), &mut |word, postings| {
                if let Some(like) = misspelt.like(word, &mut rows) {
                    let distance = PLACES * (2 * like.slips + u8::from(!like.whole));
                    base.note(postings, &mut |slot, place| near.note(slot, place, distance));
                }
            });
        }
        for (word, products) in self.fresh.all() {
            if let Some(like) = misspelt.like(word, &mut rows) {
                let distance = PLACES * (2 * like.slips + u8::from(!like.whole));
                products.iter().for_each(|(slot, place)| near.note(first + slot, *place, distance));
            }
        }
    }

    /// What sounds like `wanted`, whose letters are `latin`: the likest spelling first.
    fn misheard(&self, wanted: &str, latin: &str, near: &mut Near) {
        let Some(key) = sound::of(wanted) else { return };
        let (growing, spelt) = (sound::is_growing(&key), Misspelt::whole(latin));
        let mut rows = Rows::default();
        let mut distance = |sound: &str, word: &str| {
            let slips = spelt.slips(word, &mut rows).min(MOST_SLIPS);
            PLACES * (SOUNDS + slips + u8::from(sound != key) * 2)
        };
        let first = self.base.map_or(0, |base| base.slots());
        if let Some(base) = self.base {
            base.snapshot.sounding(&key, growing, &mut |sound, word, postings| {
                let distance = distance(sound, word);
                base.note(postings, &mut |slot, place| near.note(slot, place, distance));
            });
        }
        for (sound, word, products) in self.fresh.sounding(&key, growing) {
            let distance = distance(sound, word);
            products.iter().for_each(|(slot, place)| near.note(first + slot, *place, distance));
        }
    }
}
