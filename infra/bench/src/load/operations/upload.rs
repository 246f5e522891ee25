//! Announces and uploads a picture of a prescription.

use super::super::shopper::{Shopper, UPLOADS};

/// Does it.
pub async fn run(who: &mut Shopper, name: &'static str) {
    if who.has.pending.is_some() || who.has.uploads >= UPLOADS {
        return super::review::run(who, "prescription review").await;
    }
    let file = e2e::files::png();
    let body = e2e::announcement("image/png", file.len());
    let started = who.ask(name, |client| client.post("/v1/prescriptions", &body)).await;
    if started.status != 201 {
        return;
    }
    let started = started.json();
    let stored = e2e::upload(&who.market.shop.guest, &started["upload"], &file).await;
    who.has.uploads += 1;
    if stored.status < 300 {
        who.has.pending = started["id"].as_str().map(str::to_owned);
    }
}
