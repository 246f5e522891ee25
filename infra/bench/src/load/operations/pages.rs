//! Lists the pages, and reads one.

use super::super::shopper::Shopper;

/// Does it.
pub async fn run(who: &mut Shopper, name: &'static str) {
    let listed = who.ask(name, |client| client.get("/v1/pages?limit=20")).await;
    if listed.status != 200 {
        return;
    }
    let pages = listed.json()["items"].as_array().cloned().unwrap_or_default();
    if !pages.is_empty() {
        let slug = who.dice.one_of(&pages)["slug"].as_str().unwrap_or_default().to_owned();
        who.ask(name, |client| client.get(&format!("/v1/pages/{slug}"))).await;
    }
}
