//! Says how one is.

use serde_json::json;

use super::super::shopper::Shopper;

/// Does it.
pub async fn run(who: &mut Shopper, name: &'static str) {
    let body = json!({"symptoms": [{"id": "e203", "present": true}, {"id": "e166", "present": true}]});
    who.ask(name, |client| client.post("/v1/triage", &body)).await;
}
