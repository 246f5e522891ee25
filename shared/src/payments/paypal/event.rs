//! The events. They are a knock on the door: what they say is only what to ask about, and what news to expect.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::request::is_id;
use crate::payments::news::{Knock, News, Page};
use crate::platform::clock::Timestamp;
use crate::platform::payment_method::PaymentMethod;

#[derive(Deserialize)]
struct Envelope {
    id: String,
    event_type: String,
    resource: Resource,
}

#[derive(Default, Deserialize)]
struct Resource {
    id: Option<String>,
    custom_id: Option<String>,
    #[serde(default)]
    purchase_units: Vec<Unit>,
    #[serde(default)]
    supplementary_data: Supplementary,
}

#[derive(Deserialize)]
struct Unit {
    custom_id: Option<String>,
}

#[derive(Default, Deserialize)]
struct Supplementary {
    #[serde(default)]
    related_ids: Related,
}

#[derive(Default, Deserialize)]
struct Related {
    order_id: Option<String>,
}

/// Reads an event of any type.
///
/// # Errors
/// It is none.
pub fn event(body: &[u8]) -> Result<Knock, serde_json::Error> {
    let Envelope { id, event_type, resource } = serde_json::from_slice(body)?;
    let is_order = event_type.starts_with("CHECKOUT.ORDER.");
    let reference = if is_order { resource.id } else { resource.supplementary_data.related_ids.order_id };
    let named = resource.custom_id.or_else(|| resource.purchase_units.into_iter().find_map(|unit| unit.custom_id));
    let news = match event_type.as_str() {
        "CHECKOUT.ORDER.APPROVED" => News::Agreed,
        "PAYMENT.AUTHORIZATION.CREATED" => News::Held,
        "PAYMENT.AUTHORIZATION.VOIDED" => News::Closed,
        "PAYMENT.CAPTURE.COMPLETED" => News::Taken,
        _ => News::Anything,
    };
    Ok(Knock {
        event: id,
        method: PaymentMethod::Paypal,
        reference: reference.filter(|id| is_id(id)),
        attempt: None,
        order: named.and_then(|named| named.split(':').next().map(str::to_owned)),
        news,
    })
}

/// Reads a list of events, the newest first, of which there are `most` where it is full; the next page ends with the time of the
/// last. That time's events come twice, and are known then.
///
/// # Errors
/// It is no list.
pub fn list(body: &[u8], most: usize) -> Result<Page, serde_json::Error> {
    #[derive(Deserialize)]
    struct List<'a> {
        #[serde(borrow, default)]
        events: Vec<&'a RawValue>,
    }
    #[derive(Deserialize)]
    struct Made {
        create_time: String,
    }
    let List { events } = serde_json::from_slice(body)?;
    let knocks = events.iter().filter_map(|one| event(one.get().as_bytes()).ok()).collect();
    let last = events.last().filter(|_| events.len() >= most);
    let made = last.and_then(|one| serde_json::from_str::<Made>(one.get()).ok());
    // It is sent back as a time that we have read.
    let next = made.and_then(|made| Timestamp::parse(&made.create_time).ok()).map(|time| time.to_string());
    Ok(Page { knocks, next })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(kind: &str, resource: Value) -> Knock {
        event(json!({"id": "WH-1", "event_type": kind, "resource": resource}).to_string().as_bytes()).unwrap()
    }

    #[test]
    fn an_event_names_its_order_whatever_it_is_about() {
        let unit = json!({"id": "5O1", "purchase_units": [{"custom_id": "ord_1:pay_1"}]});
        let about = read("CHECKOUT.ORDER.APPROVED", unit);
        assert_eq!(
            (about.reference.as_deref(), about.order.as_deref(), about.news),
            (Some("5O1"), Some("ord_1"), News::Agreed)
        );
        let related = json!({"related_ids": {"order_id": "5O1"}});
        let capture = json!({"id": "2GG", "custom_id": "ord_1:pay_1", "supplementary_data": related});
        let about = read("PAYMENT.CAPTURE.COMPLETED", capture);
        assert_eq!((about.reference.as_deref(), about.news), (Some("5O1"), News::Taken));
        let refund = json!({"id": "1JU", "custom_id": "ord_1:pay_1:rfd_1"});
        let about = read("PAYMENT.CAPTURE.REFUNDED", refund);
        assert_eq!((about.reference, about.order.as_deref(), about.news), (None, Some("ord_1"), News::Anything));
    }

    #[test]
    fn what_is_no_payment_of_ours_names_none() {
        let about = read("BILLING.PLAN.CREATED", json!({"id": "P-1"}));
        assert_eq!((about.reference, about.order), (None, None));
        assert_eq!(read("CHECKOUT.ORDER.APPROVED", json!({"id": "5O1/../x"})).reference, None);
    }

    #[test]
    fn a_full_list_is_gone_on_with_before_its_last() {
        let one = |id: &str, second: u32| {
            json!({"id": id, "event_type": "PAYMENT.CAPTURE.COMPLETED", "resource": {"id": "2GG"},
                "create_time": format!("2026-11-30T10:00:{second:02}Z")})
        };
        let body = json!({"events": [one("WH-3", 30), {"odd": 1}, one("WH-1", 10)]}).to_string();
        let next = |most| list(body.as_bytes(), most).unwrap().next;
        let last = Timestamp::parse("2026-11-30T10:00:10Z").unwrap().to_string();
        assert_eq!((next(3), next(4)), (Some(last), None));
        assert_eq!(list(body.as_bytes(), 3).unwrap().knocks.len(), 2);
    }

    #[test]
    fn only_events_are_read() {
        for wrong in ["", "{}", "[]", r#"{"id": "WH-1", "resource": {}}"#] {
            assert!(event(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }
}
