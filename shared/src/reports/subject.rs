//! What is counted, by its id: orders and prescriptions.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::platform::error::{Error, Result};
use crate::platform::ids::{OrderId, PrescriptionId};

/// Something that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// An order.
    Order(OrderId),
    /// A prescription.
    Prescription(PrescriptionId),
}

/// What lies in the queue: an id, and nothing of what it is the id of.
#[derive(Debug, Serialize, Deserialize)]
struct Message {
    count: String,
}

impl Subject {
    /// Reads an id.
    pub fn parse(text: &str) -> Option<Self> {
        let order = OrderId::parse(text).ok().map(Self::Order);
        order.or_else(|| PrescriptionId::parse(text).ok().map(Self::Prescription))
    }

    /// What a record of a stream is of; `None` for other items, and for what was deleted: it was, and stays counted.
    pub fn of_record(record: &Value) -> Option<Self> {
        let key = |name: &str| record.pointer(&format!("/dynamodb/Keys/{name}/S")).and_then(Value::as_str);
        record.pointer("/dynamodb/NewImage")?;
        let (kind, id) = key("pk")?.split_once('#')?;
        match (kind, key("sk")?) {
            ("ORDER", "ORDER") | ("RX", "RX") => Self::parse(id),
            _ => None,
        }
    }

    /// Over which of so many counters it is counted.
    pub fn shard(self, of: u8) -> u8 {
        let bits = match self {
            Self::Order(id) => id.ulid().0,
            Self::Prescription(id) => id.ulid().0,
        };
        u8::try_from(bits % u128::from(of.max(1))).unwrap_or(0)
    }

    /// As the queue has it.
    ///
    /// # Errors
    /// None in practice: it serializes.
    pub fn to_message(self) -> Result<String> {
        serde_json::to_string(&Message { count: self.to_string() }).map_err(Error::internal)
    }

    /// Reads what the queue has.
    ///
    /// # Errors
    /// Something else.
    pub fn from_message(text: &str) -> Result<Self> {
        let message: Message = serde_json::from_str(text).map_err(Error::internal)?;
        Self::parse(&message.count).ok_or_else(|| Error::internal("a message that names nothing to count"))
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Order(id) => id.fmt(f),
            Self::Prescription(id) => id.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::platform::clock::Timestamp;

    #[test]
    fn records_of_orders_and_prescriptions_are_subjects_and_no_others() {
        let order = OrderId::generate(Timestamp::from_millis(1));
        let rx = PrescriptionId::generate(Timestamp::from_millis(1));
        let record =
            |pk: String, sk: &str| json!({"dynamodb": {"Keys": {"pk": {"S": pk}, "sk": {"S": sk}}, "NewImage": {}}});
        assert_eq!(Subject::of_record(&record(format!("ORDER#{order}"), "ORDER")), Some(Subject::Order(order)));
        assert_eq!(Subject::of_record(&record(format!("RX#{rx}"), "RX")), Some(Subject::Prescription(rx)));
        for (pk, sk) in
            [(format!("ORDER#{order}"), "SELLER#x"), ("CART#x".to_owned(), "CART"), ("CON#x".to_owned(), "CON")]
        {
            assert_eq!(Subject::of_record(&record(pk, sk)), None);
        }
        let mut deleted = record(format!("RX#{rx}"), "RX");
        deleted["dynamodb"].as_object_mut().unwrap().remove("NewImage");
        assert_eq!(Subject::of_record(&deleted), None);
        assert_eq!(Subject::of_record(&json!({})), None);
    }

    #[test]
    fn a_message_is_an_id_and_nothing_else() {
        let subject = Subject::Order(OrderId::generate(Timestamp::from_millis(1)));
        let text = subject.to_message().unwrap();
        assert_eq!(text, format!(r#"{{"count":"{subject}"}}"#));
        assert_eq!(Subject::from_message(&text).unwrap(), subject);
        for wrong in ["", "{}", r#"{"count":"usr_1"}"#] {
            assert!(Subject::from_message(wrong).is_err(), "{wrong}");
        }
    }
}
