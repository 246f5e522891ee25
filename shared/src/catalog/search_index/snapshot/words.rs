//! Which products of a snapshot have a word, or one like it.

use std::sync::LazyLock;

use fst::{Automaton, IntoStreamer, Streamer};
use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder, SINK_STATE};

use super::Snapshot;
use super::layout::{Section, take_varint};
use crate::catalog::search_index::index::{Place, Slot};

/// Words within so many slips, crossed letters being one; made once.
static WITHIN: LazyLock<[LevenshteinAutomatonBuilder; 2]> =
    LazyLock::new(|| [1, 2].map(|slips| LevenshteinAutomatonBuilder::new(slips, true)));

/// Accepts what is like a word.
struct Like {
    within: DFA,
    /// Whether a beginning that is like the word is enough.
    growing: bool,
}

impl Like {
    /// A beginning was like the word: whatever follows is let through. The automaton has no such state of its own in every case, since
    /// it goes on where a longer beginning may be nearer, and forgets then that this one was near enough.
    const BEGUN: u32 = u32::MAX;
}

impl Automaton for Like {
    type State = u32;

    fn start(&self) -> u32 {
        self.within.initial_state()
    }

    fn is_match(&self, state: &u32) -> bool {
        *state == Self::BEGUN || matches!(self.within.distance(*state), Distance::Exact(_))
    }

    fn can_match(&self, state: &u32) -> bool {
        *state != SINK_STATE
    }

    fn will_always_match(&self, state: &u32) -> bool {
        *state == Self::BEGUN
    }

    fn accept(&self, state: &u32, byte: u8) -> u32 {
        if *state == Self::BEGUN {
            return Self::BEGUN;
        }
        let next = self.within.transition(*state, byte);
        if self.growing && self.is_match(&next) { Self::BEGUN } else { next }
    }
}

impl Snapshot {
    /// Hands over every word that begins so, and the products that have it.
    pub(in crate::catalog::search_index) fn begun_with(
        &self,
        beginning: &str,
        take: &mut dyn FnMut(&str, Slot, Place),
    ) {
        let mut words = self.words.range().ge(beginning).into_stream();
        while let Some((word, postings)) = words.next() {
            if !word.starts_with(beginning.as_bytes()) {
                return;
            }
            let word = std::str::from_utf8(word).unwrap_or_default();
            self.products_at(postings, &mut |slot, place| take(word, slot, place));
        }
    }

    /// Hands over every word that lies within `slips` of this one, or begins so where it is still `growing`; and where its products
    /// are. There may be a few that are not as near: who takes them compares.
    pub(in crate::catalog::search_index) fn like(
        &self,
        word: &str,
        slips: u8,
        growing: bool,
        take: &mut dyn FnMut(&str, u64),
    ) {
        let Some(within) = usize::from(slips).checked_sub(1).and_then(|place| WITHIN.get(place)) else { return };
        let within = if growing { within.build_prefix_dfa(word) } else { within.build_dfa(word) };
        let like = Like { within, growing };
        let mut words = self.words.search(like).into_stream();
        while let Some((word, postings)) = words.next() {
            take(std::str::from_utf8(word).unwrap_or_default(), postings);
        }
    }

    /// Hands over every word that sounds so, or whose sound begins so where it is still `growing`; and where its products are.
    pub(in crate::catalog::search_index) fn sounding(
        &self,
        key: &str,
        growing: bool,
        take: &mut dyn FnMut(&str, &str, u64),
    ) {
        let beginning = if growing { key.to_owned() } else { format!("{key}\0") };
        let mut sounds = self.sounds.range().ge(&beginning).into_stream();
        while let Some((sound, postings)) = sounds.next() {
            if !sound.starts_with(beginning.as_bytes()) {
                return;
            }
            let sound = std::str::from_utf8(sound).unwrap_or_default();
            let (key, word) = sound.split_once('\0').unwrap_or_default();
            take(key, word, postings);
        }
    }

    /// Hands over the products of a word.
    pub(in crate::catalog::search_index) fn products_at(&self, postings: u64, take: &mut dyn FnMut(Slot, Place)) {
        let all = self.layout.section(Section::Postings);
        let mut left = usize::try_from(postings).ok().and_then(|start| all.get(start..)).unwrap_or_default();
        let (count, mut here) = (take_varint(&mut left).unwrap_or_default(), 0_u64);
        for _ in 0..count {
            let Some(distance) = take_varint(&mut left) else { return };
            here = here.saturating_add(distance);
            let place = match here & 3 {
                0 => Place::Name,
                1 => Place::Brand,
                _ => Place::Ingredient,
            };
            take(u32::try_from(here >> 2).unwrap_or(u32::MAX), place);
        }
    }
}
