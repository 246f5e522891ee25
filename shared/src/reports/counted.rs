//! What a thing was counted for, and how the counters change when it is counted again. Pure rules.
//!
//! At every moment a counter is the sum of what all things were counted for: what a thing was counted for and the counters change
//! in one transaction. A thing is counted again only at a later version, so doubles and what comes late change nothing.

use std::collections::BTreeMap;

use super::cell::{Cell, Measures};

/// How things are counted. A later one counts everything anew that is counted again; what went by it, an earlier one leaves alone.
pub const SCHEME: u64 = 2;
/// How many counters one transaction changes; it takes a hundred items.
const MOST_CELLS: usize = 90;

/// What a thing was counted for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Grows by one with every write; zero: never written.
    pub revision: u64,
    /// By which scheme, all of it.
    pub scheme: u64,
    /// At which version of the thing, all of it.
    pub version: u64,
    /// Measures in cells.
    pub cells: BTreeMap<Cell, Measures>,
}

/// A step from what a thing was counted for to what it is to be counted for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it is counted for after it.
    pub next: Counted,
    /// By how much the counters change.
    pub changes: BTreeMap<Cell, Measures>,
    /// Whether it is the last.
    pub last: bool,
}

impl Counted {
    /// The step towards what a thing counts for at `version`; `None` where it was counted at that version or a later one. A thing
    /// that changes many counters takes several, and whoever dies between two leaves counters that are what was counted.
    pub fn step(&self, version: u64, wanted: &BTreeMap<Cell, Measures>) -> Option<Step> {
        if (self.scheme, self.version) >= (SCHEME, version) {
            return None;
        }
        let mut cells = self.cells.clone();
        let mut changes = BTreeMap::new();
        let mut last = true;
        let names: std::collections::BTreeSet<&Cell> = self.cells.keys().chain(wanted.keys()).collect();
        for cell in names {
            let change = difference(self.cells.get(cell), wanted.get(cell));
            if change.is_empty() {
                continue;
            }
            if changes.len() >= MOST_CELLS {
                last = false;
                break;
            }
            changes.insert(cell.clone(), change);
            match wanted.get(cell) {
                Some(measures) => cells.insert(cell.clone(), measures.clone()),
                None => cells.remove(cell),
            };
        }
        let (scheme, version) = if last { (SCHEME, version) } else { (self.scheme, self.version) };
        let next = Self { revision: self.revision.saturating_add(1), scheme, version, cells };
        Some(Step { next, changes, last })
    }
}

fn difference(from: Option<&Measures>, to: Option<&Measures>) -> Measures {
    let mut change = to.cloned().unwrap_or_default();
    for (name, before) in from.into_iter().flatten() {
        let by = change.entry(name.clone()).or_default();
        *by = by.saturating_sub(*before);
    }
    change.retain(|_, by| *by != 0);
    change
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::platform::clock::Date;
    use crate::reports::cell::{Book, add};

    type Cells = BTreeMap<Cell, Measures>;

    fn cell(day: i64, part: usize) -> Cell {
        let day = Date::parse("2026-11-20").unwrap().plus_days(day);
        Cell { book: Book::Sales, day, part: ["USD", "NPR"][part].to_owned() }
    }

    fn apply(counters: &mut Cells, changes: &Cells) {
        for (cell, by) in changes {
            add(counters.entry(cell.clone()).or_default(), by);
        }
        counters.retain(|_, measures| !measures.is_empty());
    }

    fn recount<'a>(things: impl Iterator<Item = &'a Cells>) -> Cells {
        let mut counters = Cells::new();
        things.for_each(|cells| apply(&mut counters, cells));
        counters
    }

    #[test]
    fn what_was_counted_is_not_counted_twice() {
        let wanted = Cells::from([(cell(0, 0), Measures::from([("units".to_owned(), 3)]))]);
        let first = Counted::default().step(2, &wanted).unwrap();
        assert!(first.last);
        assert_eq!(first.changes, wanted);
        assert_eq!(first.next.step(2, &wanted), None);
        assert_eq!(first.next.step(1, &Cells::new()), None, "an old version after a new one");
        let gone = first.next.step(3, &Cells::new()).unwrap();
        assert_eq!(gone.changes[&cell(0, 0)]["units"], -3);
        assert!(gone.next.cells.is_empty());
    }

    #[test]
    fn a_version_is_noted_though_it_counts_for_the_same() {
        let wanted = Cells::from([(cell(0, 0), Measures::from([("units".to_owned(), 3)]))]);
        let first = Counted::default().step(2, &wanted).unwrap().next;
        let again = first.step(4, &wanted).unwrap();
        assert!(again.changes.is_empty());
        // One who has read the third version and was slow comes too late.
        assert_eq!(again.next.step(3, &Cells::new()), None);
    }

    #[test]
    fn a_later_scheme_is_left_alone_and_an_earlier_one_counted_anew() {
        let later = Counted { scheme: SCHEME + 1, version: 1, ..Counted::default() };
        assert_eq!(later.step(9, &Cells::new()), None);
        let earlier = Counted { scheme: SCHEME - 1, version: 9, ..Counted::default() };
        assert!(earlier.step(9, &Cells::new()).is_some());
    }

    #[test]
    fn many_cells_take_several_steps_and_every_one_adds_up() {
        let one = Measures::from([("units".to_owned(), 1)]);
        let wanted: Cells = (0..200).map(|day| (cell(day, 0), one.clone())).collect();
        let (mut counted, mut counters, mut steps) = (Counted::default(), Cells::new(), 0);
        while let Some(step) = counted.step(1, &wanted) {
            assert!(step.changes.len() <= MOST_CELLS);
            apply(&mut counters, &step.changes);
            counted = step.next;
            assert_eq!(counters, counted.cells);
            steps += 1;
        }
        assert_eq!((steps, counted.version), (3, 1));
        assert_eq!(counters, wanted);
    }

    fn any_cells() -> impl Strategy<Value = Cells> {
        let measures =
            prop::collection::btree_map(prop_oneof![Just("units".to_owned()), Just("gross".to_owned())], 1i64..9, 1..3);
        prop::collection::btree_map((0i64..3, 0usize..2).prop_map(|(day, part)| cell(day, part)), measures, 0..4)
    }

    proptest! {
        /// Two workers read things at versions, are slow, die before they write, and are told of everything twice and in any order;
        /// whoever writes does so only over what they have read. In the end the counters are a full recount of the last versions.
        #[test]
        fn however_things_are_told_of_the_counters_are_a_recount(
            things in prop::collection::vec(prop::collection::vec(any_cells(), 1..6), 1..5),
            told in prop::collection::vec((0usize..5, 0usize..6, any::<bool>(), any::<bool>()), 0..60),
        ) {
            let mut counted = vec![Counted::default(); things.len()];
            let mut counters = Cells::new();
            let mut write = |counted: &mut Counted, read: &Counted, step: Step| {
                if counted.revision == read.revision {
                    apply(&mut counters, &step.changes);
                    *counted = step.next;
                }
            };
            // Another has read this and not written yet.
            let mut slow: Option<(usize, Counted, Step)> = None;
            for (thing, version, is_slow, dies) in told {
                let thing = thing % things.len();
                let version = version % things[thing].len();
                let read = counted[thing].clone();
                let number = u64::try_from(version).unwrap() + 1;
                let Some(step) = read.step(number, &things[thing][version]) else { continue };
                if dies {
                    continue;
                }
                if is_slow {
                    if let Some((thing, read, step)) = slow.replace((thing, read, step)) {
                        write(&mut counted[thing], &read, step);
                    }
                } else {
                    write(&mut counted[thing], &read, step);
                }
            }
            if let Some((thing, read, step)) = slow {
                write(&mut counted[thing], &read, step);
            }
            // The last version of each is told of at least once.
            for (thing, versions) in things.iter().enumerate() {
                let read = counted[thing].clone();
                let number = u64::try_from(versions.len()).unwrap();
                if let Some(step) = read.step(number, versions.last().unwrap()) {
                    write(&mut counted[thing], &read, step);
                }
            }
            prop_assert_eq!(counters, recount(things.iter().map(|versions| versions.last().unwrap())));
        }
    }
}
