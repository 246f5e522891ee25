//! Reads the messages of a consultation.

use super::super::shopper::Shopper;

/// Does it.
pub async fn run(who: &mut Shopper, name: &'static str) {
    let Some(id) = who.has.consultation.clone() else { return };
    who.ask(name, |client| client.get(&format!("/v1/consultations/{id}/messages"))).await;
}
