//! The pharmacist counts one unit fewer: it fell.

use serde_json::json;

use super::super::shopper::Shopper;

/// Does it.
pub async fn run(who: &mut Shopper, name: &'static str) {
    let pharmacist = &who.market.pharmacist;
    let product = who.dice.one_of(&who.market.shelves).path();
    let lots = pharmacist.ask("lot list", |client| client.get(&format!("{product}/lots"))).await;
    if lots.status != 200 {
        return;
    }
    let lot = lots.json()["items"][0]["id"].clone();
    let body = json!({"delta": -1, "reason": "damage", "note": "fell", "lot_id": lot});
    pharmacist.post_once(name, &format!("{product}/stock"), &body).await;
}
