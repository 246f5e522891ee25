//! Asks whether medicines go together.

use serde_json::json;

use super::super::shopper::Shopper;

/// Does it.
pub async fn run(who: &mut Shopper, name: &'static str) {
    let body = json!({"substances": ["warfarin", "ibuprofen", "paracetamol"]});
    who.ask(name, |client| client.post("/v1/medicine/interactions", &body)).await;
}
