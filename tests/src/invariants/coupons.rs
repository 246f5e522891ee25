//! A coupon counts as many uses as there are orders that use it.

use super::Tables;

/// The orders that use one.
pub(super) fn of(tables: &Tables) -> usize {
    tables.alive().filter(|order| order.coupon.is_some()).count()
}

pub(super) fn find(tables: &Tables) -> Vec<String> {
    let mut found = Vec::new();
    for (key, coupon) in tables.json("orders", "COUPON#", "COUPON") {
        let code = key.pk.trim_start_matches("COUPON#");
        let used = |order: &&shared::orders::order::Order| {
            order.coupon.as_ref().is_some_and(|coupon| coupon.code.to_string() == code)
        };
        let orders = tables.alive().filter(used).count();
        let uses = coupon["uses"].as_u64().and_then(|uses| usize::try_from(uses).ok());
        if uses != Some(orders) {
            found.push(format!("{code} counts {uses:?} uses, and {orders} orders use it"));
        }
    }
    found
}
