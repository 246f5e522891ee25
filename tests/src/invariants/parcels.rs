//! What is in a parcel came out of lots, and what lots say of parcels is what is in them.

use std::collections::BTreeMap;

use shared::catalog::lots::LotRef;
use shared::orders::order::OrderLine;
use shared::orders::status::Status;

use super::Tables;

/// The states of orders that were packed.
const PACKED: &[Status] = &[Status::Packed, Status::Shipped, Status::Delivered, Status::Returned];

/// The lines that were packed.
pub(super) fn of(tables: &Tables) -> usize {
    tables.orders_in(PACKED).map(|order| order.lines.len()).sum()
}

pub(super) fn find(tables: &Tables) -> Vec<String> {
    let mut found = Vec::new();
    for order in tables.orders_in(PACKED) {
        for line in order.lines.iter().filter(|line| of_lots(line) != line.quantity) {
            let (product, picked) = (line.offer.product_id, of_lots(line));
            found.push(format!("{}: {} of {product}, but {picked} of its lots", order.id, line.quantity));
        }
    }
    let mut in_parcels = BTreeMap::new();
    let lines = tables.orders_in(&[Status::Packed]).flat_map(|order| &order.lines);
    for packed in lines.flat_map(|line| &line.lots) {
        *in_parcels.entry(packed.lot_id).or_insert(0) += i64::from(packed.quantity);
    }
    for (id, lot) in tables.stocks.values().flat_map(|stock| stock.housing.lots.iter().flatten()) {
        let held = in_parcels.get(&LotRef::Lot(*id)).copied().unwrap_or(0);
        if lot.packed != held {
            found.push(format!("{id}: {} are packed, {held} are in parcels", lot.packed));
        }
    }
    found
}

fn of_lots(line: &OrderLine) -> u32 {
    line.lots.iter().map(|lot| lot.quantity).sum()
}
