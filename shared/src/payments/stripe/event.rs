//! The events. They are a knock on the door: what they say is only what to ask about, and what news to expect.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::request::is_intent;
use crate::payments::news::{Knock, News, Page};
use crate::platform::payment_method::PaymentMethod;

#[derive(Deserialize)]
struct Envelope {
    id: String,
    object: EventObject,
    #[serde(rename = "type")]
    kind: String,
    data: Data,
}

#[derive(Deserialize)]
enum EventObject {
    #[serde(rename = "event")]
    Event,
}

#[derive(Deserialize)]
struct Data {
    object: Subject,
}

#[derive(Deserialize)]
struct Subject {
    id: Option<String>,
    object: Option<String>,
    payment_intent: Option<String>,
    metadata: Option<Metadata>,
}

#[derive(Deserialize)]
struct Metadata {
    order: Option<String>,
}

/// Reads an event of any type.
///
/// # Errors
/// It is none.
pub fn event(body: &[u8]) -> Result<Knock, serde_json::Error> {
    let Envelope { id, object: EventObject::Event, kind, data: Data { object } } = serde_json::from_slice(body)?;
    let intent = match object.object.as_deref() {
        Some("payment_intent") => object.id,
        _ => object.payment_intent,
    };
    let news = match kind.as_str() {
        "payment_intent.amount_capturable_updated" => News::Held,
        "payment_intent.succeeded" => News::Taken,
        "payment_intent.canceled" | "charge.expired" => News::Closed,
        _ => News::Anything,
    };
    let order = object.metadata.and_then(|metadata| metadata.order);
    let reference = intent.filter(|intent| is_intent(intent));
    Ok(Knock { event: id, method: PaymentMethod::Card, reference, attempt: None, order, news })
}

/// Reads a page of events, the newest first; the next one begins after the last.
///
/// # Errors
/// It is no page.
pub fn page(body: &[u8]) -> Result<Page, serde_json::Error> {
    #[derive(Deserialize)]
    struct Listed<'a> {
        #[serde(borrow)]
        data: Vec<&'a RawValue>,
        has_more: bool,
    }
    let Listed { data, has_more } = serde_json::from_slice(body)?;
    let knocks: Vec<Knock> = data.iter().filter_map(|one| event(one.get().as_bytes()).ok()).collect();
    let next = knocks.last().map(|knock| knock.event.clone()).filter(|_| has_more);
    Ok(Page { knocks, next })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(kind: &str, object: serde_json::Value) -> Knock {
        let body = json!({"id": "evt_1", "object": "event", "type": kind, "data": {"object": object}, "created": 1});
        event(body.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn an_event_names_its_intent_whatever_it_is_about() {
        let intent = json!({"id": "pi_1", "object": "payment_intent", "metadata": {"order": "ord_1"}});
        let about = read("payment_intent.succeeded", intent);
        assert_eq!(
            (about.reference.as_deref(), about.order.as_deref(), about.news),
            (Some("pi_1"), Some("ord_1"), News::Taken)
        );
        let dispute = json!({"id": "dp_1", "object": "dispute", "payment_intent": "pi_1", "metadata": {}});
        let about = read("charge.dispute.created", dispute);
        assert_eq!((about.reference.as_deref(), about.order, about.news), (Some("pi_1"), None, News::Anything));
    }

    #[test]
    fn what_is_no_payment_of_ours_names_none() {
        assert_eq!(read("customer.created", json!({"id": "cus_1", "object": "customer"})).reference, None);
        let odd = json!({"id": "pi_1/../x", "object": "payment_intent"});
        assert_eq!(read("payment_intent.succeeded", odd).reference, None);
    }

    #[test]
    fn only_events_are_read() {
        for wrong in ["", "{}", "[]", r#"{"id": "evt_1", "object": "charge", "type": "x", "data": {"object": {}}}"#] {
            assert!(event(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_page_is_gone_on_with_after_its_last() {
        let one = |id: &str| {
            json!({"id": id, "object": "event", "type": "payment_intent.succeeded", "data": {"object":
            {"id": "pi_1", "object": "payment_intent", "metadata": {"order": "ord_1"}}}})
        };
        let read = |has_more: bool| {
            let body =
                json!({"object": "list", "data": [one("evt_2"), {"odd": 1}, one("evt_1")], "has_more": has_more});
            let read = page(body.to_string().as_bytes()).unwrap();
            (read.knocks.len(), read.next)
        };
        assert_eq!((read(true), read(false)), ((2, Some("evt_1".to_owned())), (2, None)));
    }
}
