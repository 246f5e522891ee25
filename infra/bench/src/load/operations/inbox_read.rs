//! Marks all of the inbox as read.

use serde_json::json;

use super::super::shopper::Shopper;

/// Does it.
pub async fn run(who: &mut Shopper, name: &'static str) {
    let page = who.ask("inbox", |client| client.get("/v1/notifications?limit=1")).await;
    if page.status != 200 {
        return;
    }
    let latest = page.json()["items"][0]["id"].clone();
    if latest.is_string() {
        who.ask(name, |client| client.post("/v1/notifications/read", &json!({"up_to": latest}))).await;
    }
}
