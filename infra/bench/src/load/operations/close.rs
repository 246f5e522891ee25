//! The doctor closes a consultation.

use serde_json::json;

use super::super::shopper::Shopper;

/// Does it.
pub async fn run(who: &mut Shopper, name: &'static str) {
    let Some(id) = who.has.consultation.clone() else { return };
    let body = json!({"outcome": "answered"});
    let doctor = &who.market.doctor;
    let closed = doctor.ask(name, |client| client.post(&format!("/v1/consultations/{id}/close"), &body)).await;
    if closed.status == 200 {
        who.has.consultation = None;
    }
}
