//! Every sort of item that is stored has a place in the document that says what of a person is copied and erased.

use std::collections::BTreeSet;
use std::path::Path;

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join(path)).unwrap_or_default()
}

/// The first cells of the tables whose first heading is `item`.
fn items(text: &str) -> BTreeSet<String> {
    let mut items = BTreeSet::new();
    let mut within = false;
    for line in text.lines() {
        match line.strip_prefix("| ").and_then(|row| row.split(" | ").next()) {
            Some("item") => within = true,
            Some(item) if within => drop(items.insert(item.to_owned())),
            None if !line.starts_with("|--") => within = false,
            _ => {}
        }
    }
    items
}

#[test]
fn every_item_that_is_stored_says_whether_it_is_copied_and_when_it_is_erased() {
    let data = read("docs/data.md");
    let stored = data.split("## How it is counted").next().unwrap_or_default();
    // The catalogue is about products.
    let (accounts, rest) = stored.split_once("### catalog").unwrap_or_default();
    let (_, others) = rest.split_once("### orders").unwrap_or_default();
    let stored: BTreeSet<String> = items(accounts).into_iter().chain(items(others)).collect();
    assert!(stored.len() >= 14, "{stored:?}");
    assert_eq!(stored, items(&read("docs/accounts/data-rights.md")));
}
