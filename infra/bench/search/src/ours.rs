//! Our snapshot.

use std::path::Path;

use shared::catalog::search_index::{Filter, SearchIndex, Snapshot, Sort, write_snapshot};
use shared::platform::clock::Timestamp;
use shared::platform::latin;

use crate::measured::{Measured, SORTS, peak_memory, timed};
use crate::products::{card, queries};

const FILE: &str = "index";
/// How many products a page shows.
const PAGE: usize = 24;

/// Writes it.
pub fn write(size: usize, place: &Path) -> Measured {
    let cards: Vec<_> = (0..size).map(card).collect();
    let at = Timestamp::from_millis(0);
    let (bytes, time) = timed(|| write_snapshot(cards, at, at).unwrap());
    let mut measured = Measured::default();
    measured.note("size", bytes.len() as f64);
    measured.note_time("written", time);
    std::fs::write(place.join(FILE), bytes).unwrap();
    measured
}

/// Reads it and searches: `opened` is until the first answer.
pub fn search(size: usize, place: &Path) -> Measured {
    let first = queries(size, "word").remove(0);
    let mut measured = Measured::default();
    let (index, time) = timed(|| {
        let bytes = std::fs::read(place.join(FILE)).unwrap();
        let index = SearchIndex::over(Snapshot::open(bytes).unwrap());
        assert!(ask(&index, &first) > 0, "{first}");
        index
    });
    measured.note_time("opened", time);
    for sort in SORTS {
        let mut times = Vec::new();
        let mut empty = 0;
        for query in queries(size, sort) {
            let (found, time) = timed(|| ask(&index, &query));
            empty += usize::from(found == 0);
            times.push(time);
        }
        assert!(empty * 20 <= times.len(), "{empty} of {} {sort} queries find nothing", times.len());
        measured.note_queries(sort, times);
    }
    measured.note("memory", peak_memory());
    measured
}

fn ask(index: &SearchIndex, query: &str) -> usize {
    let filter = Filter { query: Some(latin::words(query)), ..Filter::default() };
    let found = index.find(&filter, Sort::Relevance, None, PAGE, false);
    assert_eq!(found.cards.len(), found.total.min(PAGE));
    found.total
}
