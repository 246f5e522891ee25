//! The events. They are a knock on the door: what they say is only what to ask about, and what news to expect.

use serde::Deserialize;

use super::request::is_intent;
use crate::payments::attempt::Attempt;

/// An event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its id.
    pub id: String,
    /// The intent it is about.
    pub intent: Option<String>,
    /// The order that its object names.
    pub order: Option<String>,
    /// What we should see when we ask.
    pub news: News,
}

/// What an event announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// Money is held.
    Held,
    /// Money was taken.
    Taken,
    /// It is over.
    Closed,
    /// Something that an answer need not show.
    Anything,
}

impl News {
    /// Whether an attempt shows it already; providers' reads may lag behind their events.
    pub fn shows(self, attempt: &Attempt) -> bool {
        match self {
            Self::Held => !attempt.is_open(),
            Self::Taken => attempt.is_taken(),
            Self::Closed => !attempt.is_open() && !attempt.is_held(),
            Self::Anything => true,
        }
    }
}

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
pub fn event(body: &[u8]) -> Result<Event, serde_json::Error> {
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
    Ok(Event { id, intent: intent.filter(|intent| is_intent(intent)), order, news })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(kind: &str, object: serde_json::Value) -> Event {
        let body = json!({"id": "evt_1", "object": "event", "type": kind, "data": {"object": object}, "created": 1});
        event(body.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn an_event_names_its_intent_whatever_it_is_about() {
        let intent = json!({"id": "pi_1", "object": "payment_intent", "metadata": {"order": "ord_1"}});
        let about = read("payment_intent.succeeded", intent);
        assert_eq!(
            (about.intent.as_deref(), about.order.as_deref(), about.news),
            (Some("pi_1"), Some("ord_1"), News::Taken)
        );
        let dispute = json!({"id": "dp_1", "object": "dispute", "payment_intent": "pi_1", "metadata": {}});
        let about = read("charge.dispute.created", dispute);
        assert_eq!((about.intent.as_deref(), about.order, about.news), (Some("pi_1"), None, News::Anything));
    }

    #[test]
    fn what_is_no_payment_of_ours_names_none() {
        assert_eq!(read("customer.created", json!({"id": "cus_1", "object": "customer"})).intent, None);
        let odd = json!({"id": "pi_1/../x", "object": "payment_intent"});
        assert_eq!(read("payment_intent.succeeded", odd).intent, None);
    }

    #[test]
    fn only_events_are_read() {
        for wrong in ["", "{}", "[]", r#"{"id": "evt_1", "object": "charge", "type": "x", "data": {"object": {}}}"#] {
            assert!(event(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }
}
