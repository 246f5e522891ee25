//! The counters of the reports are what all orders and prescriptions count for.

use std::collections::{BTreeMap, BTreeSet};

use shared::platform::zone::Zone;
use shared::reports::cell::{Cell, Measures, add};
use shared::reports::of_order::of_order;
use shared::reports::of_prescription::of_prescription;

use super::Tables;

/// Cells by their book, day and part, since none of these is ever written otherwise.
type Sums = BTreeMap<String, Measures>;

/// The counters.
pub(super) fn of(tables: &Tables) -> usize {
    tables.items("orders", "REPORT#", "").count()
}

pub(super) fn find(tables: &Tables) -> Vec<String> {
    // The zone of the tests and of the local stack.
    let zone = Zone::parse("UTC").expect("a zone");
    let orders = tables.orders.values().map(|order| of_order(order, &zone));
    let prescriptions = tables.prescriptions.iter().map(|prescription| of_prescription(prescription, &zone));
    let mut expected = Sums::new();
    for cells in orders.chain(prescriptions) {
        for (cell, measures) in cells.expect("what something counts for") {
            add(expected.entry(cell.to_string()).or_default(), &measures);
        }
    }
    let mut counted = Sums::new();
    for (key, counter) in tables.json("orders", "REPORT#", "") {
        let (book, _) = key.pk.trim_start_matches("REPORT#").rsplit_once('#').expect("a shard");
        let (day, part) = key.sk.split_once('#').expect("a day");
        let cell = Cell::parse(&format!("{book} {day} {part}")).expect("a cell");
        let measures = counter.as_object().into_iter().flatten();
        let measures = measures.filter_map(|(name, value)| Some((name.clone(), value.as_i64()?)));
        add(counted.entry(cell.to_string()).or_default(), &measures.collect());
    }
    let names: BTreeSet<_> = expected.keys().chain(counted.keys()).cloned().collect();
    let mut found = Vec::new();
    for name in names {
        let of = |sums: &Sums| sums.get(&name).cloned().unwrap_or_default();
        let (expected, counted) = (of(&expected), of(&counted));
        if expected != counted {
            found.push(format!("{name}: counted {counted:?}, a recount gives {expected:?}"));
        }
    }
    found
}
