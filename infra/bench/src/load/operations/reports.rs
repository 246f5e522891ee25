//! The staff reads a report of the last month.

use super::super::shopper::Shopper;

/// Does it.
pub async fn run(who: &mut Shopper, name: &'static str) {
    let name_of = *who.dice.one_of(&["sales", "payments", "prescriptions", "inventory"]);
    let days = [("from", e2e::day(-30)), ("to", e2e::day(0))];
    let days: Vec<_> = days.iter().map(|(name, day)| (*name, day.as_str())).collect();
    let query = if name_of == "inventory" { &[][..] } else { &days };
    let path = format!("/v1/reports/{name_of}");
    who.market.pharmacist.ask(name, |client| client.search(&path, query)).await;
}
