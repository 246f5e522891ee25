//! Notices that are to be sent, in the orders' table: `NOTICES` / `<order>`. Written in the transaction that they are about,
//! deleted once they are sent.

use aws_sdk_dynamodb::types::TransactWriteItem;
use serde::{Deserialize, Serialize};

use super::order::Order;
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{Key, Table, failure, from_item, s, to_item};
use crate::platform::error::Result;
use crate::platform::ids::{OrderId, UserId};

const PARTITION: &str = "NOTICES";

/// That a customer is to be told that their order was called off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Which.
    pub order_id: OrderId,
    /// The number that people read to each other.
    pub number: String,
    /// Whom.
    pub customer: UserId,
    /// Since when.
    pub at: Timestamp,
}

impl Notice {
    /// About an order.
    pub fn of(order: &Order, at: Timestamp) -> Self {
        Self { order_id: order.id, number: order.number(), customer: order.customer.clone(), at }
    }
}

/// The notices.
#[derive(Clone, Debug)]
pub struct NoticeStore {
    table: Table,
}

fn key(order: OrderId) -> Key {
    Key::new(PARTITION, order.to_string())
}

impl NoticeStore {
    /// In the orders' table.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// The write of a transaction that remembers a notice.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub fn write_down(&self, notice: &Notice) -> Result<TransactWriteItem> {
        self.table.create(to_item(&key(notice.order_id), notice)?)
    }

    /// Those that are to be sent, the oldest orders first; of very many the first megabyte.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn all(&self) -> Result<Vec<Notice>> {
        let query = self.table.client().query().table_name(self.table.name()).consistent_read(true);
        let query =
            query.key_condition_expression("pk = :notices").expression_attribute_values(":notices", s(PARTITION));
        let found = query.send().await.map_err(failure)?.items.unwrap_or_default();
        found.into_iter().map(from_item).collect()
    }

    /// Forgets one that was sent; once more changes nothing.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn forget(&self, order: OrderId) -> Result<()> {
        let request = self.table.client().delete_item().table_name(self.table.name());
        request.set_key(Some(key(order).attributes())).send().await.map_err(failure)?;
        Ok(())
    }
}
