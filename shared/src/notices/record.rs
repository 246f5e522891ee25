//! A change of an item, as the stream of its table tells it.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::platform::error::{Error, Result};

/// What an item was, and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change<T> {
    /// Before; `None` where it is new.
    pub before: Option<T>,
    /// After.
    pub after: T,
}

/// Which item a record is about: its two keys.
///
/// # Errors
/// Something else than a record of a table.
pub fn keys(record: &Value) -> Result<(&str, &str)> {
    let key = |name: &str| record.pointer(&format!("/dynamodb/Keys/{name}/S")).and_then(Value::as_str);
    key("pk").zip(key("sk")).ok_or_else(unknown)
}

/// The change that a record tells; `None` where the item was deleted.
///
/// # Errors
/// An item of another shape: the table and the code disagree.
pub fn change<T: DeserializeOwned>(record: &Value) -> Result<Option<Change<T>>> {
    let image = |name: &str| record.pointer(&format!("/dynamodb/{name}")).cloned();
    let Some(after) = image("NewImage") else { return Ok(None) };
    let before = image("OldImage").map(read).transpose()?;
    Ok(Some(Change { before, after: read(after)? }))
}

fn read<T: DeserializeOwned>(image: Value) -> Result<T> {
    let item: serde_dynamo::Item = serde_json::from_value(image).map_err(Error::internal)?;
    serde_dynamo::from_item(item).map_err(Error::internal)
}

fn unknown() -> Error {
    Error::unknown_event("this is no record of a table")
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Eq, Deserialize)]
    struct Thing {
        name: Option<String>,
        count: u64,
    }

    #[test]
    fn images_are_read_as_items() {
        let image = |count: &str| json!({"pk": {"S": "A"}, "name": {"NULL": true}, "count": {"N": count}});
        let record = json!({"dynamodb": {"Keys": {"pk": {"S": "A"}, "sk": {"S": "B"}},
            "OldImage": image("1"), "NewImage": image("2")}});
        assert_eq!(keys(&record).unwrap(), ("A", "B"));
        let thing = |count| Thing { name: None, count };
        assert_eq!(change(&record).unwrap(), Some(Change { before: Some(thing(1)), after: thing(2) }));
        assert_eq!(change::<Thing>(&json!({"dynamodb": {"OldImage": image("1")}})).unwrap(), None);
        assert!(change::<Thing>(&json!({"dynamodb": {"NewImage": {"count": {"S": "many"}}}})).is_err());
        assert_eq!(keys(&json!({})).unwrap_err().code(), "unknown_event");
    }
}
