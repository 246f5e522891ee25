use fst::Streamer;
use proptest::prelude::*;

use super::*;
use crate::catalog::search_index::tests::card;
use crate::catalog::search_index::typo::{Misspelt, Rows};

fn snapshot(words: &[String]) -> Snapshot {
    let cards = (0..).zip(words).map(|(n, word)| card(n, word, None, &["x"])).collect();
    let at = Timestamp::from_millis(5);
    Snapshot::open(write(cards, at, at).unwrap()).unwrap()
}

#[test]
fn the_place_of_a_product_is_found_by_its_id() {
    let names: Vec<_> = (0..9).map(|n| format!("n{n}")).collect();
    let snapshot = snapshot(&names);
    for slot in 0..9 {
        assert_eq!(snapshot.slot(snapshot.id(slot)), Some(slot));
    }
    assert_eq!(snapshot.slot(ProductId::generate(Timestamp::from_millis(9))), None);
    assert_eq!(snapshot.card(9), None, "there is nothing behind the end");
}

#[test]
fn the_same_products_make_the_same_bytes_in_whatever_order_they_come() {
    let mut cards: Vec<_> = (0..9).map(|n| card(n, &format!("n{n}"), Some("b"), &["x", "y"])).collect();
    let at = Timestamp::from_millis(5);
    let one = write(cards.clone(), at, at).unwrap();
    cards.reverse();
    assert_eq!(write(cards, at, at).unwrap(), one);
}

#[test]
fn what_was_altered_anywhere_is_refused() {
    let cards = vec![card(1, "Zinc", Some("Acme"), &["zinc"])];
    let at = Timestamp::from_millis(5);
    let good = write(cards, at, at).unwrap();
    for place in (16..good.len()).step_by(7) {
        let mut bad = good.clone();
        bad[place] ^= 0x40;
        assert_eq!(Snapshot::open(bad).unwrap_err(), Unusable::Broken, "{place}");
    }
    assert_eq!(Snapshot::open(good[..good.len() - 1].to_vec()).unwrap_err(), Unusable::Broken);
    assert_eq!(Snapshot::open(Vec::new()).unwrap_err(), Unusable::NotOurs);
}

#[test]
fn a_beginning_that_was_near_enough_stays_so() {
    let snapshot = snapshot(&["abbacadb".to_owned()]);
    let mut found = Vec::new();
    snapshot.like("abbacaccd", 2, true, &mut |word, _| found.push(word.to_owned()));
    assert_eq!(found, ["abbacadb"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    /// The automaton lets through whatever the comparison does, letter by letter, in every script.
    #[test]
    fn the_automaton_misses_nothing_that_is_like(
        words in proptest::collection::btree_set("[abপা]{1,9}", 1..12),
        asked in "[abপা]{4,9}",
    ) {
        let words: Vec<String> = words.into_iter().collect();
        let snapshot = snapshot(&words);
        let Some(misspelt) = Misspelt::of(&asked) else { return Ok(()) };
        let mut rows = Rows::default();
        let mut found = std::collections::BTreeSet::new();
        snapshot.like(&asked, misspelt.most(), misspelt.is_growing(), &mut |word, _| {
            found.insert(word.to_owned());
        });
        let mut all = snapshot.words.stream();
        while let Some((word, _)) = all.next() {
            let word = std::str::from_utf8(word).unwrap();
            if misspelt.like(word, &mut rows).is_some() {
                prop_assert!(found.contains(word), "{} is like {}", word, asked);
            }
        }
    }
}
