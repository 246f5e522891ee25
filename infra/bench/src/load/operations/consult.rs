//! Asks a doctor, whom the pharmacist assigns.

use serde_json::json;

use super::super::shopper::Shopper;

/// Does it.
pub async fn run(who: &mut Shopper, name: &'static str) {
    if who.has.consultation.is_some() {
        return super::history::run(who, "chat history").await;
    }
    let body = json!({"topic": "A rash", "text": "It has itched for two days. What can I do?"});
    let asked = who.me.post_once(name, "/v1/consultations", &body).await;
    if asked.status != 201 {
        return;
    }
    let asked = asked.json();
    let id = asked["id"].as_str().unwrap_or_default().to_owned();
    let (path, doctor) = (format!("/v1/consultations/{id}/assign"), json!({"doctor_id": who.market.doctor.id}));
    who.market.pharmacist.ask("consult assign", |client| client.post(&path, &doctor)).await;
    who.has.consultation = Some(id);
}
