//! Webhooks in DynamoDB, in the table of notices:
//!
//! - `WEBHOOKS` / `<name>`: an address; its secret is sealed.
//! - `WEBHOOK#<name>` / `DELIVERY#<ulid>`: what is or was posted there. Index `by_due` (keys alone), while it is to be tried:
//!   `WEBHOOK_DUE` / `<time>#<delivery>`.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use super::delivery::Delivery;
use super::webhook::Webhook;
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{
    Expression, Item, Key, Outcome, Table, Write, failure, from_item, s, to_item, transact, write,
};
use crate::platform::error::Result;
use crate::platform::ids::{DeliveryId, WebhookName};

const PARTITION: &str = "WEBHOOKS";
const DUE: &str = "WEBHOOK_DUE";
/// For how long a delivery is kept, to be looked at and asked for again.
const KEPT: Duration = Duration::from_hours(30 * 24);

/// The webhooks, and what is posted to them.
#[derive(Clone, Debug)]
pub struct WebhookStore {
    table: Table,
}

#[derive(Serialize, Deserialize)]
struct Record {
    #[serde(flatten)]
    delivery: Delivery,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due_shard: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due_at: Option<String>,
    /// In seconds since 1970.
    expires_at: i64,
}

fn webhook_key(name: &WebhookName) -> Key {
    Key::new(PARTITION, name.as_str())
}

fn partition(name: &WebhookName) -> String {
    format!("WEBHOOK#{name}")
}

pub(super) fn delivery_key(name: &WebhookName, id: DeliveryId) -> Key {
    Key::new(partition(name), format!("DELIVERY#{}", id.ulid()))
}

fn delivery_item(delivery: &Delivery) -> Result<Item> {
    let due_at = delivery.next_at.map(|at| format!("{at}#{}", delivery.id));
    let record = Record {
        due_shard: due_at.as_ref().map(|_| DUE.to_owned()),
        due_at,
        expires_at: delivery.id.made_at().plus(KEPT).seconds(),
        delivery: delivery.clone(),
    };
    to_item(&delivery_key(&delivery.webhook, delivery.id), record)
}

fn at_version(version: u64) -> Expression {
    Expression::new("version = :read_at").value(":read_at", AttributeValue::N(version.to_string()))
}

impl WebhookStore {
    /// In the table of notices.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// All of them, by name.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn all(&self) -> Result<Vec<Webhook>> {
        let query = self.table.client().query().table_name(self.table.name()).consistent_read(true);
        let query = query.key_condition_expression("pk = :pk").expression_attribute_values(":pk", s(PARTITION));
        let found = query.send().await.map_err(failure)?.items.unwrap_or_default();
        found.into_iter().map(from_item).collect()
    }

    pub(super) async fn get(&self, name: &WebhookName) -> Result<Option<Webhook>> {
        self.table.get_latest(&webhook_key(name)).await?.map(from_item).transpose()
    }

    /// Stores `webhook`, which is at the version after the one that was read, together with `trail`; whether nobody was quicker.
    pub(super) async fn save(&self, webhook: &Webhook, trail: Option<Write>) -> Result<bool> {
        let item = to_item(&webhook_key(&webhook.name), webhook)?;
        let put = match webhook.version {
            1 => self.table.create(item)?,
            version => self.table.replace(item, at_version(version - 1))?,
        };
        let writes = std::iter::once(put).chain(trail).collect();
        Ok(matches!(transact(self.table.client(), writes).await?, Outcome::Done))
    }

    /// Removes an address, together with `trail`; whether it was there at this version.
    pub(super) async fn remove(&self, webhook: &Webhook, trail: Write) -> Result<bool> {
        let delete = self.table.delete(&webhook_key(&webhook.name), at_version(webhook.version))?;
        Ok(matches!(transact(self.table.client(), vec![delete, trail]).await?, Outcome::Done))
    }

    /// Notes a delivery; one that is noted already stays as it is.
    pub(super) async fn note(&self, delivery: &Delivery) -> Result<()> {
        write(self.table.client(), self.table.create(delivery_item(delivery)?)?).await.map(|_| ())
    }

    pub(super) async fn delivery(&self, name: &WebhookName, id: DeliveryId) -> Result<Option<Delivery>> {
        let item = self.table.get_latest(&delivery_key(name, id)).await?;
        Ok(item.map(from_item::<Record>).transpose()?.map(|record| record.delivery))
    }

    /// Stores `after` in the place of `before`, as it was read; whether nobody was quicker.
    pub(super) async fn replace(&self, before: &Delivery, after: &Delivery) -> Result<bool> {
        let as_read = match before.next_at {
            Some(at) => Expression::new("due_at = :due").value(":due", s(format!("{at}#{}", before.id))),
            None => Expression::new("attribute_exists(pk) AND attribute_not_exists(due_at)"),
        };
        let put = self.table.replace(delivery_item(after)?, as_read)?;
        Ok(matches!(write(self.table.client(), put).await?, Outcome::Done))
    }

    /// Up to `limit` deliveries to an address, the newest first.
    pub(super) async fn deliveries(
        &self,
        name: &WebhookName,
        before: Option<DeliveryId>,
        limit: u16,
    ) -> Result<(Vec<Delivery>, bool)> {
        let query = self.table.client().query().table_name(self.table.name());
        let answer = query
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", s(partition(name)))
            .set_exclusive_start_key(before.map(|id| delivery_key(name, id).attributes()))
            .scan_index_forward(false)
            .limit(i32::from(limit))
            .send()
            .await
            .map_err(failure)?;
        let more = answer.last_evaluated_key.is_some();
        let found = answer.items.unwrap_or_default().into_iter().map(from_item::<Record>);
        Ok((found.map(|record| record.map(|record| record.delivery)).collect::<Result<_>>()?, more))
    }

    /// Up to `limit` deliveries that are due at `now`, the longest due first.
    pub(super) async fn due(&self, now: Timestamp, limit: i32) -> Result<Vec<(WebhookName, DeliveryId)>> {
        let query = self.table.client().query().table_name(self.table.name()).index_name("by_due");
        let answer = query
            .key_condition_expression("due_shard = :shard AND due_at < :now")
            .expression_attribute_values(":shard", s(DUE))
            .expression_attribute_values(":now", s(format!("{now}~")))
            .limit(limit)
            .send()
            .await
            .map_err(failure)?;
        let named = |key: Key| {
            let name = WebhookName::parse(key.pk.strip_prefix("WEBHOOK#")?).ok()?;
            let id = format!("{}{}", DeliveryId::PREFIX, key.sk.strip_prefix("DELIVERY#")?);
            Some((name, DeliveryId::parse(&id).ok()?))
        };
        Ok(answer.items.unwrap_or_default().iter().filter_map(Key::of).filter_map(named).collect())
    }
}
