//! Which products of a snapshot have a word, or one like it.

use std::sync::LazyLock;

use fst::{Automaton, IntoStreamer, Streamer};
use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder, SINK_STATE};

use super::Snapshot;
use super::layout::{Section, take_varint};
use crate::catalog::shelf::index::{Place, Slot};

/// Words within so many slips, crossed letters being one; made once.
static WITHIN: LazyLock<[LevenshteinAutomatonBuilder; 2]> =
    LazyLock::new(|| [1, 2].map(|slips| LevenshteinAutomatonBuilder::new(slips, true)));

/// Accepts what is like a word.
struct Like(DFA);

impl Automaton for Like {
    type State = u32;

    fn start(&self) -> u32 {
        self.0.initial_state()
    }

    fn is_match(&self, state: &u32) -> bool {
        matches!(self.0.distance(*state), Distance::Exact(_))
    }

    fn can_match(&self, state: &u32) -> bool {
        *state != SINK_STATE
    }

    fn accept(&self, state: &u32, byte: u8) -> u32 {
        self.0.transition(*state, byte)
    }
}

impl Snapshot {
    /// Hands over every word that begins so, and the products that have it.
    pub(in crate::catalog::shelf) fn begun_with(&self, beginning: &str, take: &mut dyn FnMut(&str, Slot, Place)) {
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
    pub(in crate::catalog::shelf) fn like(
        &self,
        word: &str,
        slips: u8,
        growing: bool,
        take: &mut dyn FnMut(&str, u64),
    ) {
        let Some(within) = usize::from(slips).checked_sub(1).and_then(|place| WITHIN.get(place)) else { return };
        let like = Like(if growing { within.build_prefix_dfa(word) } else { within.build_dfa(word) });
        let mut words = self.words.search(like).into_stream();
        while let Some((word, postings)) = words.next() {
            take(std::str::from_utf8(word).unwrap_or_default(), postings);
        }
    }

    /// Hands over every word that sounds so, or whose sound begins so where it is still `growing`; and where its products are.
    pub(in crate::catalog::shelf) fn sounding(&self, key: &str, growing: bool, take: &mut dyn FnMut(&str, &str, u64)) {
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
    pub(in crate::catalog::shelf) fn products_at(&self, postings: u64, take: &mut dyn FnMut(Slot, Place)) {
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
