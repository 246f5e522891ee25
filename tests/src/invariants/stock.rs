//! Every unit is counted in one place, and what is reserved and sold is what the orders hold.

use std::collections::BTreeMap;

use shared::catalog::Stock;
use shared::catalog::lots::LotStatus;
use shared::orders::status::Status;
use shared::platform::ids::ProductId;

use super::Tables;

/// The states in which units are promised.
const OPEN: &[Status] = &[Status::Placed, Status::Verified, Status::Packed];
/// The states in which they have left.
const LEFT: &[Status] = &[Status::Shipped, Status::Delivered, Status::Returned];

/// The lines of the orders that hold units.
pub(super) fn of(tables: &Tables) -> usize {
    [OPEN, LEFT].into_iter().flat_map(|states| tables.orders_in(states)).map(|order| order.lines.len()).sum()
}

pub(super) fn find(tables: &Tables) -> Vec<String> {
    let (reserved, sold) = (units(tables, OPEN), units(tables, LEFT));
    let packed = units(tables, &[Status::Packed]);
    let of = |units: &BTreeMap<ProductId, i64>, product| units.get(&product).copied().unwrap_or(0);
    let mut found = Vec::new();
    for (product, stock) in &tables.stocks {
        let held = [of(&reserved, *product), of(&sold, *product), of(&packed, *product)];
        let in_parcels = stock.housing.loose_packed + lots(stock, |lot| lot.packed);
        if [stock.reserved, stock.sold, in_parcels] != held {
            let counted = [stock.reserved, stock.sold, in_parcels];
            found.push(format!("{product}: {counted:?} are reserved, sold and packed; orders hold {held:?}"));
        }
        if stock.available != stock.available_by_lots() {
            let by_lots = stock.available_by_lots();
            found.push(format!("{product}: {} are available, by its lots {by_lots}", stock.available));
        }
        let all_may_go_out = stock.housing.lots.iter().flatten().all(|(_, lot)| lot.status == LotStatus::Sellable);
        if stock.available < 0 && all_may_go_out {
            found.push(format!("{product}: {} units were sold that there were not", -stock.available));
        }
        let least = |lot: &shared::catalog::lots::LotUnits| lot.free.min(lot.packed).min(lot.quarantined).min(lot.sold);
        if stock.housing.lots.iter().flatten().any(|(_, lot)| least(lot) < 0) {
            found.push(format!("{product}: a lot has less than nothing: {:?}", stock.housing.lots));
        }
    }
    let unknown = reserved.keys().chain(sold.keys()).filter(|product| !tables.stocks.contains_key(product));
    found.extend(unknown.map(|product| format!("{product} is in an order and has no stock")));
    found
}

fn lots(stock: &Stock, count: fn(&shared::catalog::lots::LotUnits) -> i64) -> i64 {
    stock.housing.lots.iter().flatten().map(|(_, lot)| count(lot)).sum()
}

/// How many units of each product the orders in some states have.
fn units(tables: &Tables, states: &'static [Status]) -> BTreeMap<ProductId, i64> {
    let mut units = BTreeMap::new();
    for line in tables.orders_in(states).flat_map(|order| &order.lines) {
        *units.entry(line.offer.product_id).or_insert(0) += i64::from(line.quantity);
    }
    units
}
