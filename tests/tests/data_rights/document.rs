//! Every sort of item that is stored has a place in the document that says what of a person is copied and erased.

use std::collections::BTreeSet;
use std::path::Path;

use support::TABLES;

use crate::erasure::delete;
use crate::life::{Life, PASSWORD, text};

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join(path)).unwrap_or_default()
}

/// The rows of the tables whose first heading is `item`.
fn rows(text: &str) -> Vec<Vec<&str>> {
    let mut rows = Vec::new();
    let mut within = false;
    for line in text.lines() {
        match line.strip_prefix("| ").map(|row| row.split(" | ").collect::<Vec<_>>()) {
            Some(cells) if cells[0] == "item" => within = true,
            Some(cells) if within => rows.push(cells),
            None if !line.starts_with("|--") => within = false,
            _ => {}
        }
    }
    rows
}

/// Their first cells.
fn items(text: &str) -> BTreeSet<String> {
    rows(text).into_iter().map(|cells| cells[0].to_owned()).collect()
}

#[test]
fn every_item_that_is_stored_says_whether_it_is_copied_and_when_it_is_erased() {
    let data = read("docs/data.md");
    let stored = data.split("## How it is counted").next().unwrap_or_default();
    // The catalogue is about products, but for what its sellers are called.
    let (accounts, rest) = stored.split_once("### catalog").unwrap_or_default();
    let (catalog, others) = rest.split_once("### orders").unwrap_or_default();
    let of_people = items(catalog).into_iter().filter(|item| item == "seller");
    let stored: BTreeSet<String> = items(accounts).into_iter().chain(of_people).chain(items(others)).collect();
    assert!(stored.len() >= 14, "{stored:?}");
    assert_eq!(stored, items(&read("docs/accounts/data-rights.md")));
}

/// What stands between backticks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// How their second cells write keys: partitions and places.
fn keys(text: &str) -> Vec<(Vec<&str>, Vec<&str>)> {
    let cells = rows(text).into_iter().map(|cells| cells[1]);
    let ways = cells.flat_map(|cell| cell.split(';')).filter_map(|way| way.split_once(" / "));
    ways.map(|(partitions, places)| (quoted(partitions), quoted(places))).collect()
}

/// Whether a key is what a document writes as `written`: what stands in `<>`, and `…`, is filled in.
fn is_written(written: &str, key: &str) -> bool {
    let Some(at) = written.find(['<', '…']) else { return written == key };
    let (literal, blank) = written.split_at(at);
    let rest = blank.strip_prefix('…').or_else(|| Some(blank.split_once('>')?.1)).unwrap_or_default();
    let filled = key.strip_prefix(literal).unwrap_or_default();
    filled.char_indices().any(|(at, c)| is_written(rest, &filled[at + c.len_utf8()..]))
}

#[test]
fn what_is_written_with_blanks_is_read_so() {
    for (written, key) in [
        ("ERASURES", "ERASURES"),
        ("LOGIN#…", "LOGIN#abc"),
        ("USER#<user>", "USER#1"),
        ("SENDS#<sort>#<digest>", "SENDS#RESEND#abc"),
        ("DAY#<day>#<0…7>", "DAY#2026-11-20#3"),
        ("<user>#<id>", "1#rx_2"),
    ] {
        assert!(is_written(written, key), "{written} {key}");
    }
    for (written, key) in [
        ("ERASURES", "ERASURES#"),
        ("LOGIN#…", "LOGIN#"),
        ("USER#<user>", "MFA#1"),
        ("SENDS#<sort>#<digest>", "SENDS#abc"),
        ("<user>#<id>", "1"),
    ] {
        assert!(!is_written(written, key), "{written} {key}");
    }
}

#[tokio::test]
async fn every_item_that_a_life_leaves_anywhere_has_a_row() {
    let life = Life::lived().await;
    delete(&life.world, &life.anna, PASSWORD).await.expect(202);
    let data = read("docs/data.md");
    let keys = keys(data.split("## How it is counted").next().unwrap_or_default());
    assert!(keys.len() >= 25, "{keys:?}");
    let mut sorts = BTreeSet::new();
    // The rules of medicine are nobody's, and told of by their keys alone.
    for (table, _) in TABLES.iter().filter(|(table, _)| *table != "medicine") {
        for item in life.items(table).await {
            let (partition, place) = (text(&item, "pk"), text(&item, "sk"));
            let named = keys.iter().any(|(partitions, places)| {
                partitions.iter().any(|written| is_written(written, partition))
                    && places.iter().any(|written| is_written(written, place))
            });
            assert!(named, "docs/data.md has no row for {table} {partition} / {place}");
            sorts.insert(partition.split('#').next().unwrap_or_default().to_owned());
        }
    }
    assert!(sorts.len() >= 12, "{sorts:?}");
}
