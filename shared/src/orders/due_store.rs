//! Which orders have something to be done about their payment, in DynamoDB.
//!
//! An order carries `due_shard` and `due_at` while something is to be done at a time, and `wake` while it is to be done now,
//! for the table's stream to be filtered by. Index `by_due`: `DUE#<0…3>` / `<time>#<order>`, keys alone.

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::try_join_all;
use serde::{Deserialize, Serialize};

use super::order::Order;
use super::store::OrderStore;
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{Item, failure, s};
use crate::platform::error::Result;
use crate::platform::ids::OrderId;

/// Over how many partitions of the index the orders are spread.
const SHARDS: u128 = 4;

/// The attributes of an order that say when something is to be done.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Due {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due_shard: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    wake: Option<bool>,
}

impl Due {
    pub(super) fn of(order: &Order) -> Self {
        let Some((online, at)) = order.payment.online().and_then(|online| Some((online, online.next_at?))) else {
            return Self::default();
        };
        Self {
            due_shard: Some(format!("DUE#{}", order.id.ulid().0 % SHARDS)),
            due_at: Some(format!("{at}#{}", order.id)),
            wake: online.wake.then_some(true),
        }
    }
}

impl OrderStore {
    /// Up to `limit` of the orders in each partition of the index that are due at `now`, the longest due first.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn due(&self, now: Timestamp, limit: u16) -> Result<Vec<OrderId>> {
        let shards = (0..SHARDS).map(|shard| self.due_in(format!("DUE#{shard}"), now, limit));
        let mut due: Vec<_> = try_join_all(shards).await?.into_iter().flatten().collect();
        due.sort_unstable();
        Ok(due.into_iter().filter_map(|(_, id)| id).collect())
    }

    async fn due_in(&self, shard: String, now: Timestamp, limit: u16) -> Result<Vec<(String, Option<OrderId>)>> {
        let query = self.table.client().query().table_name(self.table.name()).index_name("by_due");
        // `~` comes after `#` and every letter: all of this millisecond are in.
        let answer = query
            .key_condition_expression("due_shard = :shard AND due_at < :now")
            .expression_attribute_values(":shard", s(shard))
            .expression_attribute_values(":now", s(format!("{now}~")))
            .limit(i32::from(limit))
            .send()
            .await
            .map_err(failure)?;
        Ok(answer.items.unwrap_or_default().iter().filter_map(named).collect())
    }
}

fn named(item: &Item) -> Option<(String, Option<OrderId>)> {
    let due_at = item.get("due_at").and_then(|value: &AttributeValue| value.as_s().ok())?;
    let id = due_at.split_once('#').and_then(|(_, id)| OrderId::parse(id).ok());
    Some((due_at.clone(), id))
}
