//! How events are signed and sent.

use std::time::Duration;

use aws_lc_rs::hmac;
use serde_json::{Value, json};

use crate::call::{rfc3339, unix_now};
use crate::{Peers, bkash, certificates, paypal, stripe};

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

/// The headers that PayPal sends `body` with, at `time`, to the webhook of this id; the certificate is at `certificate`.
pub fn paypal_headers(body: &str, time: &str, webhook: &str, certificate: &str) -> Vec<(&'static str, String)> {
    let id = format!("{:08x}-d67a-11e5-baa3-778b53f4ae55", crc32fast::hash(body.as_bytes()));
    let text = format!("{id}|{time}|{webhook}|{}", crc32fast::hash(body.as_bytes()));
    vec![
        ("paypal-transmission-id", id),
        ("paypal-transmission-time", time.to_owned()),
        ("paypal-transmission-sig", certificates::paypal_signature(&text)),
        ("paypal-cert-url", certificate.to_owned()),
        ("paypal-auth-algo", "SHA256withRSA".to_owned()),
    ]
}

/// A message of Amazon's notification service of `kind`, of the topic by which bKash tells, at `time`: signed by the certificate
/// that `origin` shows. A `Notification` says what stands in `message`; what asks whether it may tell has a token.
pub fn sns_message(kind: &str, message: &str, time: &str, origin: &str) -> String {
    let id = format!("{:08x}-fdea-4c2c-8f9d-bdfb0c7bf324", crc32fast::hash(message.as_bytes()));
    let mut members =
        json!({"Type": kind, "MessageId": id, "TopicArn": bkash::TOPIC, "Message": message, "Timestamp": time});
    if kind != "Notification" {
        add(&mut members, "Token", bkash::TOKEN_TO_CONFIRM.to_owned());
        add(&mut members, "SubscribeURL", format!("{origin}/elsewhere?Action=ConfirmSubscription"));
    }
    sns_signed(members, origin)
}

/// A message with a signature over its members as they stand.
pub fn sns_signed(mut members: Value, origin: &str) -> String {
    const SIGNED: [&str; 8] =
        ["Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];
    let text: String =
        SIGNED.iter().filter_map(|name| Some(format!("{name}\n{}\n", members.get(name)?.as_str()?))).collect();
    add(&mut members, "SignatureVersion", "2".to_owned());
    add(&mut members, "Signature", certificates::sns_signature(&text));
    add(&mut members, "SigningCertURL", format!("{origin}/SimpleNotificationService-0123abcd.pem"));
    members.to_string()
}

fn add(members: &mut Value, name: &str, text: String) {
    if let Some(members) = members.as_object_mut() {
        members.insert(name.to_owned(), text.into());
    }
}

/// An event to be sent.
struct Outgoing {
    path: &'static str,
    body: String,
}

/// Sends events as they come to the webhooks below `api`, until the process ends. The peers answer at `own`.
pub async fn deliver(peers: Peers, api: String, own: String) {
    let client = reqwest::Client::new();
    loop {
        let events: Vec<Outgoing> = {
            let mut state = peers.lock();
            let stripe = state.stripe.take_events().into_iter().map(|event| ("/v1/payments/stripe/webhook", event));
            let stripe: Vec<_> = stripe.collect();
            let paypal = state.paypal.take_events().into_iter().map(|event| ("/v1/payments/paypal/webhook", event));
            let paypal: Vec<_> = paypal.collect();
            let bkash = state.bkash.take_events().into_iter().map(|event| ("/v1/payments/bkash/webhook", event));
            let all: Vec<(&'static str, Value)> = stripe.into_iter().chain(paypal).chain(bkash).collect();
            let is_lost = |event: &Value| state.lost.iter().any(|about| event.to_string().contains(about));
            let sent = all.into_iter().filter(|(_, event)| !is_lost(event));
            sent.map(|(path, event)| Outgoing { path, body: event.to_string() }).collect()
        };
        for Outgoing { path, body } in events {
            for attempt in 0..TRIES {
                tokio::time::sleep(Duration::from_millis(u64::from(attempt) * 2000)).await;
                let media_type =
                    if path.contains("/bkash/") { "text/plain; charset=UTF-8" } else { "application/json" };
                let mut request = client.post(format!("{api}{path}")).header("content-type", media_type);
                for (name, value) in headers(path, &body, &own) {
                    request = request.header(name, value);
                }
                let signed = if path.contains("/bkash/") {
                    sns_message("Notification", &body, &rfc3339(unix_now()), &own)
                } else {
                    body.clone()
                };
                let sent = request.body(signed).send().await;
                if sent.is_ok_and(|answer| answer.status().is_success()) {
                    break;
                }
            }
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

fn headers(path: &str, body: &str, own: &str) -> Vec<(&'static str, String)> {
    let now = unix_now();
    if path.contains("/stripe/") {
        return vec![("stripe-signature", stripe_signature(body, now, &[stripe::WEBHOOK_SECRET]))];
    }
    if path.contains("/bkash/") {
        return vec![("x-amz-sns-message-type", "Notification".to_owned())];
    }
    paypal_headers(body, &rfc3339(now), paypal::WEBHOOK_ID, &format!("{own}/v1/notifications/certs/CERT-peer"))
}
