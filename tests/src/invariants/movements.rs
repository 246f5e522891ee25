//! Whatever has moved is written down as a movement of its own, in order, and the last says what is in the house.

use std::collections::BTreeMap;

use super::Tables;

/// The movements that are written down.
pub(super) fn of(tables: &Tables) -> usize {
    tables.items("catalog", "PRODUCT#", "MOVE#").count()
}

pub(super) fn find(tables: &Tables) -> Vec<String> {
    let mut written = BTreeMap::<&str, u64>::new();
    for (key, _) in tables.items("catalog", "PRODUCT#", "MOVE#") {
        *written.entry(key.pk.as_str()).or_default() += 1;
    }
    let mut found = Vec::new();
    for (product, stock) in &tables.stocks {
        let left = stock.housing.moves.len();
        if left > 0 {
            found.push(format!("{product}: {left} movements are not written down"));
        }
        let Some(until) = stock.housing.written else { continue };
        let count = written.get(format!("PRODUCT#{product}").as_str()).copied().unwrap_or(0);
        if count != until.seq {
            found.push(format!("{product}: {count} movements are there of {}", until.seq));
        }
        if left == 0 && until.balance != stock.in_house() {
            let in_house = stock.in_house();
            found.push(format!("{product}: {} by its movements, {in_house} in the house", until.balance));
        }
    }
    found
}
