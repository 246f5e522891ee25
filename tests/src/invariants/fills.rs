//! The fills that prescriptions say were taken are those of the orders that were not called off, and no more than allowed.

use std::collections::BTreeMap;

use super::Tables;

/// The fills that were taken.
pub(super) fn of(tables: &Tables) -> usize {
    tables.prescriptions.iter().flat_map(|prescription| &prescription.lines).map(|line| line.fills.len()).sum()
}

pub(super) fn find(tables: &Tables) -> Vec<String> {
    let mut found = Vec::new();
    let mut taken = BTreeMap::new();
    for prescription in &tables.prescriptions {
        for line in &prescription.lines {
            let too_large = line.fills.iter().any(|fill| fill.quantity > line.quantity);
            if line.fills.len() > usize::try_from(line.fills_allowed).unwrap_or(usize::MAX) || too_large {
                found.push(format!("{}: more was dispensed than it allows: {line:?}", prescription.id));
            }
            for fill in &line.fills {
                *taken.entry((prescription.id, fill.order_id, fill.product_id)).or_insert(0) += fill.quantity;
            }
        }
    }
    let mut dispensed = BTreeMap::new();
    for order in tables.alive() {
        for line in &order.lines {
            if let Some(prescription) = line.prescription_id {
                *dispensed.entry((prescription, order.id, line.offer.product_id)).or_insert(0) += line.quantity;
            }
        }
    }
    for ((prescription, order, product), quantity) in &taken {
        let of_order = dispensed.get(&(*prescription, *order, *product)).copied().unwrap_or(0);
        if of_order != *quantity {
            found.push(format!("{prescription}: {quantity} of {product} for {order}, which has {of_order} by it"));
        }
    }
    for (prescription, order, product) in dispensed.keys().filter(|one| !taken.contains_key(one)) {
        found.push(format!("{order} has {product} by {prescription}, which does not say so"));
    }
    found
}
