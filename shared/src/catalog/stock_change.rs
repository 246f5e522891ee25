//! A change of stock, as the table's stream tells it.

use serde_json::Value;

use super::availability::Availability;
use crate::platform::error::{Error, Result};
use crate::platform::ids::ProductId;

/// What a change of stock means for shoppers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StockChange {
    /// Of which product.
    pub product: ProductId,
    /// The version of the stock after the change.
    pub version: u64,
    /// What shoppers were told of the stock before.
    pub before: Availability,
    /// What they are to be told from now on.
    pub after: Availability,
    /// Whether units have moved that are not written down as movements yet.
    pub has_moved: bool,
}

impl StockChange {
    /// Reads a record of the stream; `None` where no stock is left to tell of.
    ///
    /// # Errors
    /// A record of something else: it was routed to the wrong function.
    pub fn from_record(record: &Value) -> Result<Option<Self>> {
        let text = |pointer: &str| record.pointer(pointer).and_then(Value::as_str);
        let unknown = || Error::unknown_event("this is no record of a change of stock");
        let product = text("/dynamodb/Keys/pk/S").and_then(|pk| pk.strip_prefix("PRODUCT#"));
        let product = product.and_then(|id| ProductId::parse(id).ok()).ok_or_else(unknown)?;
        if text("/dynamodb/Keys/sk/S") != Some("STOCK") {
            return Err(unknown());
        }
        if record.pointer("/dynamodb/NewImage").is_none() {
            return Ok(None);
        }
        let units = |image: &str| text(&format!("/dynamodb/{image}/available/N"))?.parse().ok().map(Availability::of);
        let version = text("/dynamodb/NewImage/version/N").and_then(|version| version.parse().ok());
        Ok(Some(Self {
            product,
            version: version.ok_or_else(unknown)?,
            before: units("OldImage").unwrap_or_default(),
            after: units("NewImage").ok_or_else(unknown)?,
            has_moved: record.pointer("/dynamodb/NewImage/moves/L/0").is_some(),
        }))
    }

    /// Whether shoppers have anything to learn from it.
    pub fn is_news(&self) -> bool {
        self.before != self.after
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn record(old: Option<&str>, new: Option<&str>) -> Value {
        let image = |units: &str| json!({"available": {"N": units}, "version": {"N": "7"}});
        let mut dynamodb =
            json!({"Keys": {"pk": {"S": "PRODUCT#prd_01J9Z3NDEKTSV4RRFFQ69G5FAV"}, "sk": {"S": "STOCK"}}});
        if let Some(units) = old {
            dynamodb["OldImage"] = image(units);
        }
        if let Some(units) = new {
            dynamodb["NewImage"] = image(units);
        }
        json!({ "dynamodb": dynamodb })
    }

    #[test]
    fn only_a_change_that_shoppers_see_is_news() {
        for (old, new, news) in [("6", "5", true), ("5", "1", false), ("1", "0", true), ("0", "0", false)] {
            let change = StockChange::from_record(&record(Some(old), Some(new))).unwrap().unwrap();
            assert_eq!((change.is_news(), change.version), (news, 7), "{old} to {new}");
        }
    }

    #[test]
    fn what_is_not_written_down_is_seen() {
        let mut moved = record(Some("5"), Some("5"));
        assert!(!StockChange::from_record(&moved).unwrap().unwrap().has_moved);
        moved["dynamodb"]["NewImage"]["moves"] = json!({"L": []});
        assert!(!StockChange::from_record(&moved).unwrap().unwrap().has_moved);
        moved["dynamodb"]["NewImage"]["moves"] = json!({"L": [{"M": {}}]});
        assert!(StockChange::from_record(&moved).unwrap().unwrap().has_moved);
    }

    #[test]
    fn new_stock_is_empty_until_there_is_some() {
        assert!(!StockChange::from_record(&record(None, Some("0"))).unwrap().unwrap().is_news());
        assert!(StockChange::from_record(&record(None, Some("9"))).unwrap().unwrap().is_news());
        assert_eq!(StockChange::from_record(&record(Some("9"), None)).unwrap(), None);
    }

    #[test]
    fn other_records_are_refused() {
        let mut product = record(None, Some("9"));
        product["dynamodb"]["Keys"]["sk"]["S"] = json!("PRODUCT");
        let mut broken = record(None, Some("9"));
        broken["dynamodb"]["NewImage"] = json!({"available": {"N": "many"}});
        for wrong in [json!({}), product, broken] {
            assert_eq!(StockChange::from_record(&wrong).unwrap_err().code(), "unknown_event", "{wrong}");
        }
    }
}
