//! The register of controlled medicines: nothing was changed or taken out, and it ends with what is in the house.

use std::collections::BTreeMap;

use shared::catalog::register::{RegisterEntry, verified};
use shared::platform::dynamo::from_item;
use shared::platform::ids::ProductId;

use super::Tables;

fn entries(tables: &Tables) -> BTreeMap<ProductId, Vec<RegisterEntry>> {
    let mut entries = BTreeMap::<_, Vec<RegisterEntry>>::new();
    for (_, item) in tables.items("catalog", "REGISTER#", "") {
        let entry: RegisterEntry = from_item(item.clone()).expect("an entry of the register");
        entries.entry(entry.product_id).or_default().push(entry);
    }
    entries
}

/// The entries.
pub(super) fn of(tables: &Tables) -> usize {
    tables.items("catalog", "REGISTER#", "").count()
}

pub(super) fn chain(tables: &Tables) -> Vec<String> {
    let mut found = Vec::new();
    for (product, entries) in entries(tables) {
        if let Some(at) = verified(None, &entries).expect("entries that are JSON") {
            found.push(format!("{product}: {} at entry {}", at.reason, at.seq));
        }
    }
    found
}

pub(super) fn balance(tables: &Tables) -> Vec<String> {
    let mut found = Vec::new();
    for (product, entries) in entries(tables) {
        let balance = entries.last().map_or(0, |last| last.balance);
        let in_house = tables.stocks.get(&product).map_or(0, shared::catalog::Stock::in_house);
        if balance != in_house {
            found.push(format!("{product}: {balance} by the register, {in_house} in the house"));
        }
    }
    found
}
