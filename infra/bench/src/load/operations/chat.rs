//! Patient or doctor writes a message, by a request.

use serde_json::json;

use super::super::book::Said;
use super::super::shopper::Shopper;

/// Does it.
pub async fn run(who: &mut Shopper, name: &'static str) {
    let Some(id) = who.has.consultation.clone() else { return super::consult::run(who, "consult").await };
    let author = if who.dice.below(2) == 0 { &who.me } else { &who.market.doctor };
    let client_id = e2e::uuid();
    let body = json!({"client_id": client_id, "text": "It is better than yesterday."});
    let answer = author.ask(name, |client| client.post(&format!("/v1/consultations/{id}/messages"), &body)).await;
    if answer.status == 201 {
        let message = answer.json()["id"].as_str().unwrap_or_default().to_owned();
        who.market.book.said(Said { consultation: id, client_id, message });
    }
}
