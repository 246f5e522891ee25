//! An administrator looks for people, or at the trail.

use super::super::shopper::Shopper;

/// Does it.
pub async fn run(who: &mut Shopper, name: &'static str) {
    let path = *who.dice.one_of(&["/v1/admin/users?limit=20", "/v1/admin/audit?limit=20"]);
    who.market.admin.ask(name, |client| client.get(path)).await;
}
