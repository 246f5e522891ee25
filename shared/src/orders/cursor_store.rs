//! Up to when providers were listened to, in the orders' table: `LISTENED` / `<method>`.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{Key, Table, failure, from_item, to_item};
use crate::platform::error::Result;
use crate::platform::payment_method::PaymentMethod;

#[derive(Serialize, Deserialize)]
struct Cursor {
    until: Timestamp,
}

/// The cursors.
#[derive(Clone, Debug)]
pub struct CursorStore {
    table: Table,
}

fn key(method: PaymentMethod) -> Key {
    Key::new("LISTENED", method.as_str())
}

impl CursorStore {
    /// In the orders' table.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// Up to when the provider of `method` was listened to; nothing where it never was.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn get(&self, method: PaymentMethod) -> Result<Option<Timestamp>> {
        let item = self.table.get_latest(&key(method)).await?;
        Ok(item.map(from_item::<Cursor>).transpose()?.map(|cursor| cursor.until))
    }

    /// Sets it. Twice is once; of two at once, the earlier one costs asking for some events again.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn set(&self, method: PaymentMethod, until: Timestamp) -> Result<()> {
        let item: std::collections::HashMap<String, AttributeValue> = to_item(&key(method), &Cursor { until })?;
        let request = self.table.client().put_item().table_name(self.table.name());
        request.set_item(Some(item)).send().await.map_err(failure)?;
        Ok(())
    }
}
