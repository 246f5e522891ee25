//! The pharmacist claims a prescription and approves it, once its file was checked.

use serde_json::json;

use super::super::shopper::Shopper;

/// Does it.
pub async fn run(who: &mut Shopper, name: &'static str) {
    let Some(id) = who.has.pending.clone() else { return };
    let (pharmacist, path) = (std::sync::Arc::clone(&who.market.pharmacist), format!("/v1/prescriptions/{id}"));
    let seen = pharmacist.ask(name, |client| client.get(&path)).await;
    if seen.status != 200 {
        return;
    }
    match seen.json()["status"].as_str().unwrap_or_default() {
        "awaiting_upload" => return,
        "pending" => {}
        _ => return who.has.pending = None,
    }
    let place = who.dice.below(who.market.prescribed.len());
    let lines = json!([e2e::line(&who.market.prescribed[place], 2, 3, 0)]);
    let decision = e2e::approval(&lines);
    pharmacist.ask(name, |client| client.post_nothing(&format!("{path}/claim"))).await;
    let decided = pharmacist.ask(name, |client| client.post(&format!("{path}/review"), &decision)).await;
    if decided.status == 200 {
        (who.has.pending, who.has.approved) = (None, Some((id, place)));
    }
}
