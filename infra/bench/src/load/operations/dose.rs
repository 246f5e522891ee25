//! Has a dose computed.

use serde_json::json;

use super::super::shopper::Shopper;

/// Does it.
pub async fn run(who: &mut Shopper, name: &'static str) {
    let body = json!({"substance": "ibuprofen", "route": "oral", "indication": "pain or fever",
        "patient": {"age": 6, "weight_kg": "20"}});
    who.ask(name, |client| client.post("/v1/medicine/dose", &body)).await;
}
