//! From a change to what is told of it. Pure: the change is the event, and carries all that is needed.

pub mod carts;
mod consultations;
mod orders;
pub mod prescriptions;

use serde_json::Value;

use super::notice::Notice;
use super::record::{change, keys};
use crate::platform::clock::Timestamp;
use crate::platform::error::Result;
use crate::platform::ids::UserId;
use crate::platform::jurisdiction::Jurisdiction;
use crate::platform::zone::Zone;

/// What is to be told, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Planned {
    /// At once.
    Now(Notice),
    /// After so many seconds, if it is still so then.
    After(Notice, u16),
    /// On a day to come, if it is still so then.
    On(Notice, Timestamp),
}

/// What is told of a record of a stream. `zone` is where the pharmacy is.
///
/// # Errors
/// An item of a shape that nobody knows.
pub fn of_record(record: &Value, zone: &Zone, place: Jurisdiction) -> Result<Vec<Planned>> {
    let (pk, sk) = keys(record)?;
    let kind = pk.split('#').next().unwrap_or_default();
    Ok(match (kind, sk) {
        ("CART", "CART") => {
            let person = pk.split_once('#').and_then(|(_, person)| UserId::parse(person).ok());
            let change = change::<carts::Seen>(record)?;
            person.zip(change).and_then(|(person, change)| carts::of(person, &change)).into_iter().collect()
        }
        ("ORDER", "ORDER") => change(record)?.map(|change| orders::of(&change)).unwrap_or_default(),
        ("RX", "RX") => {
            change(record)?.map(|change| prescriptions::of(&change, zone, place)).transpose()?.unwrap_or_default()
        }
        ("CON", "CON") => change(record)?.map(|change| consultations::of(&change)).unwrap_or_default(),
        ("CON", "HEAD") => change(record)?.map(|change| consultations::of_head(&change)).unwrap_or_default(),
        _ => Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_cart_waits_from_when_something_is_put_into_it_first() {
        let person = "00000000-0000-4000-8000-000000000001";
        let image = |lines: usize| {
            let lines = vec![json!({"M": {}}); lines];
            json!({"lines": {"L": lines}, "version": {"N": "1"}, "expires_at": {"N": "1800000000"}})
        };
        let planned = |before: Option<usize>, after: usize| {
            let pk = format!("CART#{person}");
            let mut record =
                json!({"dynamodb": {"Keys": {"pk": {"S": pk}, "sk": {"S": "CART"}}, "NewImage": image(after)}});
            if let Some(before) = before {
                record["dynamodb"]["OldImage"] = image(before);
            }
            of_record(&record, &Zone::parse("UTC").unwrap(), Jurisdiction::default()).unwrap()
        };
        let first = planned(None, 1);
        let [Planned::On(notice, at)] = first.as_slice() else { panic!("{first:?}") };
        assert_eq!((*at, notice.kind.as_str()), (notice.at.plus(carts::LEFT_AFTER), "cart_waiting"));
        assert_eq!(planned(Some(0), 2).len(), 1, "after an order");
        for (before, after) in [(Some(1), 2), (Some(1), 0), (None, 0)] {
            assert_eq!(planned(before, after), [], "{before:?} {after}");
        }
    }

    #[test]
    fn other_items_are_no_news_and_broken_ones_are_refused() {
        let zone = Zone::parse("UTC").unwrap();
        let record = |pk: &str, sk: &str| {
            json!({"dynamodb": {"Keys": {"pk": {"S": pk}, "sk": {"S": sk}},
            "NewImage": {"pk": {"S": pk}}}})
        };
        for (pk, sk) in
            [("CART#1", "OTHER"), ("RX#1", "READING"), ("ORDER#1", "SELLER#2"), ("CON#1", "MSG#2"), ("FILE#1", "RX")]
        {
            assert_eq!(of_record(&record(pk, sk), &zone, Jurisdiction::default()).unwrap(), [], "{pk}");
        }
        assert!(of_record(&record("ORDER#1", "ORDER"), &zone, Jurisdiction::default()).is_err());
        assert!(of_record(&json!({}), &zone, Jurisdiction::default()).is_err());
    }
}
