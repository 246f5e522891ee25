//! Delivery zones in the orders' table: all in the partition `ZONES`, at `ZONE#<id>`, beside one item that carries the version
//! of them all. Every change is conditional on that version: two that are each sound cannot both take the same place.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use super::zone::{Zone, ZoneId};
use super::zones::Zones;
use crate::platform::dynamo::{
    Expression, Item, Key, Outcome, Table, Write, failure, from_item, n, s, to_item, transact,
};
use crate::platform::error::Result;

const PARTITION: &str = "ZONES";
const HEAD: &str = "HEAD";

/// The zones.
#[derive(Clone, Debug)]
pub struct ZoneStore {
    table: Table,
}

/// The zones as they were read, to be changed.
#[derive(Clone, Debug, Default)]
pub struct VersionedZones {
    /// All of them.
    pub zones: Zones,
    version: u64,
}

#[derive(Serialize, Deserialize)]
struct HeadRecord {
    version: u64,
}

fn head_key() -> Key {
    Key::new(PARTITION, HEAD)
}

fn key(id: &ZoneId) -> Key {
    Key::new(PARTITION, format!("ZONE#{id}"))
}

/// A condition that always holds.
fn any() -> Expression {
    Expression::new("attribute_not_exists(pk) OR attribute_exists(pk)")
}

impl ZoneStore {
    /// In the orders' table.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// All zones; a moment old at worst.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn all(&self) -> Result<Zones> {
        Ok(self.read(false).await?.zones)
    }

    /// All zones as the last write left them, to be changed.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn to_change(&self) -> Result<VersionedZones> {
        self.read(true).await
    }

    async fn read(&self, consistent: bool) -> Result<VersionedZones> {
        let request = self.table.client().query().table_name(self.table.name()).consistent_read(consistent);
        let request = request.key_condition_expression("pk = :pk").expression_attribute_values(":pk", s(PARTITION));
        let mut items = request.into_paginator().items().send();
        let mut version = 0;
        let mut zones = Vec::new();
        while let Some(item) = items.next().await {
            let item: Item = item.map_err(failure)?;
            if Key::of(&item) == Some(head_key()) {
                version = from_item::<HeadRecord>(item)?.version;
            } else {
                zones.push(from_item::<Zone>(item)?);
            }
        }
        Ok(VersionedZones { zones: zones.into_iter().collect(), version })
    }

    /// Writes a zone, new or changed. Whether nobody else has changed any since they were read.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn put(&self, read: &VersionedZones, zone: &Zone, trail: Write) -> Result<bool> {
        let put = self.table.replace(to_item(&key(&zone.id), zone)?, any())?;
        self.change(read, put, trail).await
    }

    /// Removes a zone. Whether nobody else has changed any since they were read.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn remove(&self, read: &VersionedZones, id: &ZoneId, trail: Write) -> Result<bool> {
        self.change(read, self.table.delete(&key(id), any())?, trail).await
    }

    async fn change(&self, read: &VersionedZones, change: Write, trail: Write) -> Result<bool> {
        let unmoved = Expression::new("attribute_not_exists(pk) OR version = :read")
            .value(":read", AttributeValue::N(read.version.to_string()))
            .value(":zero", n(0))
            .value(":one", n(1));
        let head = self.table.update(&head_key(), "SET version = if_not_exists(version, :zero) + :one", unmoved)?;
        Ok(matches!(transact(self.table.client(), vec![head, change, trail]).await?, Outcome::Done))
    }
}
