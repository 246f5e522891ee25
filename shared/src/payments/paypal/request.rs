//! The calls.

use serde_json::{Value, json};

use crate::payments::expected::Expected;
use crate::payments::opening::Opening;
use crate::platform::clock::Timestamp;
use crate::platform::form;
use crate::platform::ids::RefundId;
use crate::platform::money::Money;

/// One call, as it is sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The path.
    pub path: String,
    /// The body; none for a `GET`.
    pub body: Option<Value>,
    /// What PayPal tells repetitions by; on every `POST` that acts.
    pub request_id: Option<String>,
}

fn post(path: String, body: Value, key: String) -> Call {
    Call { method: "POST", path, body: Some(body), request_id: Some(key) }
}

fn sum(amount: Money) -> Value {
    json!({"currency_code": amount.currency().as_str(), "value": amount.to_decimal()})
}

/// Whether a text has the form of an id of PayPal's, so that it can stand in a path.
pub fn is_id(text: &str) -> bool {
    (1..=36).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// What every object of ours carries at PayPal: order and payment.
pub fn custom_id(order: &str, payment: &str) -> String {
    format!("{order}:{payment}")
}

/// Opens an attempt: an order of PayPal's, which the customer agrees to on its page.
pub fn open(opening: Opening<'_>) -> Call {
    let Opening { amount, order, payment, n, key, return_url } = opening;
    let unit = json!({
        "reference_id": "default", "custom_id": custom_id(order, payment), "invoice_id": format!("{payment}-{n}"),
        "amount": sum(amount),
    });
    let experience = json!({
        "return_url": return_url, "cancel_url": return_url, "shipping_preference": "NO_SHIPPING", "user_action": "PAY_NOW",
    });
    let body = json!({
        "intent": "AUTHORIZE", "purchase_units": [unit],
        "payment_source": {"paypal": {"experience_context": experience}},
    });
    post("/v2/checkout/orders".to_owned(), body, key.to_owned())
}

/// Asks how an order of PayPal's stands, with all that was held, taken and given back.
pub fn look(reference: &str) -> Call {
    Call { method: "GET", path: format!("/v2/checkout/orders/{reference}"), body: None, request_id: None }
}

/// Accepts what the customer has agreed to: the money is held.
pub fn accept(reference: &str, key: String) -> Call {
    post(format!("/v2/checkout/orders/{reference}/authorize"), json!({}), key)
}

/// Takes `amount` of what is held; the rest is let go.
pub fn capture(authorization: &str, amount: Money, key: String) -> Call {
    let path = format!("/v2/payments/authorizations/{authorization}/capture");
    post(path, json!({"amount": sum(amount), "final_capture": true}), key)
}

/// Lets go of what is held.
pub fn void(authorization: &str, key: String) -> Call {
    post(format!("/v2/payments/authorizations/{authorization}/void"), json!({}), key)
}

/// Gives back `amount` of what was taken.
pub fn refund(capture: &str, expected: Expected<'_>, amount: Money, refund: RefundId, key: String) -> Call {
    let custom_id = format!("{}:{refund}", custom_id(expected.order, expected.payment));
    let body = json!({"amount": sum(amount), "custom_id": custom_id, "invoice_id": refund.to_string()});
    post(format!("/v2/payments/captures/{capture}/refund"), body, key)
}

/// How many events PayPal shows at once.
pub const MAX_EVENTS: usize = 300;

/// Asks for the events since a time, up to `until` where that is said: the newest first, as many as PayPal shows at once.
pub fn list_events(since: Timestamp, until: Option<&str>) -> Call {
    let (start, size) = (since.to_string(), MAX_EVENTS.to_string());
    let mut query = vec![("page_size", size.as_str()), ("start_time", &start)];
    query.extend(until.map(|until| ("end_time", until)));
    let query = form::encoded(&query);
    Call { method: "GET", path: format!("/v1/notifications/webhooks-events?{query}"), body: None, request_id: None }
}

/// Asks PayPal itself whether it has signed an event. `event` is the body as it came.
pub fn verify(webhook: &str, headers: [&str; 5], event: &str) -> Result<String, serde_json::Error> {
    let [id, time, signature, certificate, algorithm] = headers;
    let text = |text: &str| serde_json::to_string(text);
    Ok(format!(
        r#"{{"transmission_id":{},"transmission_time":{},"transmission_sig":{},"cert_url":{},"auth_algo":{},"webhook_id":{},"webhook_event":{event}}}"#,
        text(id)?,
        text(time)?,
        text(signature)?,
        text(certificate)?,
        text(algorithm)?,
        text(webhook)?
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::money::Currency;

    fn money(amount: i64, code: &str) -> Money {
        Money::new(amount, Currency::parse(code).unwrap())
    }

    #[test]
    fn an_order_is_opened_with_exact_decimals() {
        for (amount, code, value) in [(1499, "USD", "14.99"), (500, "JPY", "500"), (5, "EUR", "0.05")] {
            let opening = Opening {
                amount: money(amount, code),
                order: "ord_1",
                payment: "pay_1",
                n: 2,
                key: "pay_1:open:2",
                return_url: "https://shop.example/orders",
            };
            let call = open(opening);
            let body = call.body.unwrap();
            assert_eq!(body["purchase_units"][0]["amount"], json!({"currency_code": code, "value": value}));
            assert_eq!(body["purchase_units"][0]["custom_id"], "ord_1:pay_1");
            assert_eq!(body["purchase_units"][0]["invoice_id"], "pay_1-2");
            assert_eq!(body["intent"], "AUTHORIZE");
            assert_eq!(call.request_id.as_deref(), Some("pay_1:open:2"));
        }
    }

    #[test]
    fn every_act_has_its_key_and_ids_are_short_enough() {
        let now = Timestamp::from_millis(0);
        let (order, payment) =
            (crate::platform::ids::OrderId::generate(now).to_string(), crate::platform::ids::PaymentId::generate(now));
        let payment = payment.to_string();
        let usd = money(5, "USD");
        let expected = Expected { order: &order, payment: &payment, ..Expected::sample("1AB", 5, "USD") };
        let key = || format!("{payment}:capture:4294967295");
        let back = refund("2", expected, usd, RefundId::generate(now), key());
        assert!(back.body.as_ref().unwrap()["custom_id"].as_str().unwrap().len() <= 127);
        for call in [accept("1", key()), capture("2", usd, key()), void("2", key()), back] {
            assert_eq!(call.method, "POST");
            assert!(call.request_id.is_some_and(|key| key.len() <= 108), "{}", call.path);
        }
        assert_eq!(look("1").request_id, None);
    }

    #[test]
    fn the_rest_of_a_hold_is_let_go() {
        assert_eq!(capture("2", money(700, "USD"), "k".to_owned()).body.unwrap()["final_capture"], true);
    }

    #[test]
    fn only_an_id_can_stand_in_a_path() {
        assert!(is_id("5O190127TN364715T"));
        for wrong in ["", "1/capture", "..", "1?x", "é", "1 "] {
            assert!(!is_id(wrong), "{wrong}");
        }
    }

    #[test]
    fn an_event_is_asked_about_as_it_came() {
        let asked = verify("WH1", ["id", "time", "a+b/=", "https://x", "SHA256withRSA"], r#"{"a":  1.0}"#).unwrap();
        assert!(asked.ends_with(r#""webhook_event":{"a":  1.0}}"#), "{asked}");
        assert_eq!(serde_json::from_str::<Value>(&asked).unwrap()["transmission_sig"], "a+b/=");
    }
}
