//! The calls.

use crate::payments::expected::Expected;
use crate::platform::form;
use crate::platform::ids::RefundId;
use crate::platform::money::Money;

/// One call, as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The path with its query.
    pub path: String,
    /// The form, empty for a `GET`.
    pub body: String,
    /// What Stripe tells repetitions by; on every `POST`.
    pub idempotency_key: Option<String>,
}

/// With the charge and its refunds, so that one answer says all.
const EXPAND: (&str, &str) = ("expand[]", "latest_charge.refunds");

fn post(path: String, form: &[(&str, &str)], key: String) -> Call {
    Call { method: "POST", path, body: form::encoded(form), idempotency_key: Some(key) }
}

fn get(path: &str, query: &[(&str, &str)]) -> Call {
    Call { method: "GET", path: format!("{path}?{}", form::encoded(query)), body: String::new(), idempotency_key: None }
}

/// Whether a text has the form of an intent's id, so that it can stand in a path.
pub fn is_intent(text: &str) -> bool {
    let rest = text.strip_prefix("pi_").unwrap_or_default();
    (1..=250).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Opens an attempt: an intent to take `amount` of a card, which holds it first.
pub fn open(amount: Money, order: &str, payment: &str, key: String) -> Call {
    let currency = amount.currency().as_str().to_ascii_lowercase();
    let sum = amount.amount().to_string();
    let form = [
        ("amount", sum.as_str()),
        ("currency", &currency),
        ("capture_method", "manual"),
        ("payment_method_types[]", "card"),
        ("metadata[order]", order),
        ("metadata[payment]", payment),
    ];
    post("/v1/payment_intents".to_owned(), &form, key)
}

/// Asks how an intent stands.
pub fn look(reference: &str) -> Call {
    get(&format!("/v1/payment_intents/{reference}"), &[EXPAND])
}

/// Takes `amount` of what an intent holds; the rest is let go.
pub fn capture(reference: &str, amount: i64, key: String) -> Call {
    let amount = amount.to_string();
    post(format!("/v1/payment_intents/{reference}/capture"), &[("amount_to_capture", &amount), EXPAND], key)
}

/// Cancels an intent: lets go of what it holds, and nobody can pay by it any more.
pub fn void(reference: &str, key: String) -> Call {
    post(format!("/v1/payment_intents/{reference}/cancel"), &[EXPAND], key)
}

/// Gives back `amount` of what was taken.
pub fn refund(expected: Expected<'_>, amount: i64, refund: RefundId, key: String) -> Call {
    let (amount, refund) = (amount.to_string(), refund.to_string());
    let form = [
        ("payment_intent", expected.reference),
        ("amount", &amount),
        ("metadata[order]", expected.order),
        ("metadata[payment]", expected.payment),
        ("metadata[refund]", &refund),
    ];
    post("/v1/refunds".to_owned(), &form, key)
}

/// The types of events that are listened to, as many as the webhook is registered for.
const EVENTS: [&str; 10] = [
    "payment_intent.amount_capturable_updated",
    "payment_intent.succeeded",
    "payment_intent.payment_failed",
    "payment_intent.canceled",
    "charge.expired",
    "charge.refunded",
    "charge.dispute.created",
    "charge.dispute.closed",
    "refund.updated",
    "refund.failed",
];

/// Asks for a page of the events since a time, in seconds since 1970: the newest first, those before `after`.
pub fn list_events(since: i64, after: Option<&str>) -> Call {
    let since = since.to_string();
    let mut query = vec![("limit", "100"), ("created[gte]", since.as_str())];
    query.extend(EVENTS.map(|kind| ("types[]", kind)));
    query.extend(after.map(|after| ("starting_after", after)));
    get("/v1/events", &query)
}

/// Asks for the refunds of an intent, where its charge did not show them all.
pub fn list_refunds(reference: &str) -> Call {
    get("/v1/refunds", &[("payment_intent", reference), ("limit", "100")])
}

/// Asks for the disputes about an intent.
pub fn list_disputes(reference: &str) -> Call {
    get("/v1/disputes", &[("payment_intent", reference), ("limit", "100")])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::money::Currency;

    #[test]
    fn an_intent_is_opened_in_minor_units() {
        let yen = Money::new(500, Currency::parse("JPY").unwrap());
        let call = open(yen, "ord_1", "pay_1", "pay_1:open:1".to_owned());
        assert_eq!((call.method, call.path.as_str()), ("POST", "/v1/payment_intents"));
        assert_eq!(
            call.body,
            "amount=500&currency=jpy&capture_method=manual&payment_method_types%5B%5D=card&metadata%5Border%5D=ord_1\
             &metadata%5Bpayment%5D=pay_1"
        );
        assert_eq!(call.idempotency_key.as_deref(), Some("pay_1:open:1"));
    }

    #[test]
    fn only_an_id_can_stand_in_a_path() {
        assert!(is_intent("pi_3Abc_1"));
        for wrong in ["", "pi_", "ch_1", "pi_1/capture", "pi_..", "pi_1?x", "pi_é"] {
            assert!(!is_intent(wrong), "{wrong}");
        }
    }

    #[test]
    fn every_post_has_its_key_and_a_get_none() {
        let id = RefundId::generate(crate::platform::clock::Timestamp::from_millis(0));
        let expected = Expected::sample("pi_1", 5, "USD");
        let key = || "k".to_owned();
        for call in [capture("pi_1", 5, key()), void("pi_1", key()), refund(expected, 5, id, key())] {
            assert_eq!((call.method, call.idempotency_key.as_deref()), ("POST", Some("k")), "{}", call.path);
        }
        for call in [look("pi_1"), list_refunds("pi_1")] {
            assert_eq!((call.method, call.idempotency_key, call.body.as_str()), ("GET", None, ""), "{}", call.path);
        }
    }
}
