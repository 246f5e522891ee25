//! How events are signed and sent.

use std::time::Duration;

use aws_lc_rs::hmac;
use serde_json::Value;

use crate::Peers;

/// How often an event is tried to be sent; what is lost for good shows what the sweep is for.
const TRIES: u32 = 3;

/// The `Stripe-Signature` of `body` at `time`, in seconds since 1970, by all of `secrets`.
pub fn stripe_signature(body: &str, time: i64, secrets: &[&str]) -> String {
    let sign = |secret: &&str| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let tag = hmac::sign(&key, format!("{time}.{body}").as_bytes());
        let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        format!(",v1={hex}")
    };
    format!("t={time}{}", secrets.iter().map(sign).collect::<String>())
}

/// Sends events as they come to `url`, signed with `secret`, until the process ends.
pub async fn deliver(peers: Peers, url: String, secret: String) {
    let client = reqwest::Client::new();
    loop {
        let events: Vec<Value> = peers.lock().stripe.take_events();
        for event in events {
            let body = event.to_string();
            for attempt in 0..TRIES {
                tokio::time::sleep(Duration::from_millis(u64::from(attempt) * 2000)).await;
                let signature = stripe_signature(&body, crate::stripe::unix_now(), &[&secret]);
                let request = client.post(&url).header("stripe-signature", signature);
                let sent = request.header("content-type", "application/json").body(body.clone()).send().await;
                if sent.is_ok_and(|answer| answer.status().is_success()) {
                    break;
                }
            }
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
