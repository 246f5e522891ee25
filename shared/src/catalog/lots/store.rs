//! Lots in DynamoDB: what is known of them beside how many units of them are where.
//!
//! - `PRODUCT#<id>` / `LOT#<number>`: a lot; so a product has one of each number.
//! - `LOT#<id>` / `LOT`: which product and number an id is of.
//! - `LOT#<id>` / `ORDER#<id>`: that units of it may have gone into an order. Written before the order is, so one may
//!   stand for an order that took others in the end; the order itself says.
//! - `SERIAL#<product>#<serial>` / `SERIAL`: that the pack of this serial number is in the parcel of an order.

use serde::{Deserialize, Serialize};

use super::number::LotNumber;
use super::units::{LotRef, LotUnits, PackedLot};
use crate::catalog::gs1::Gtin;
use crate::catalog::product::ImportMark;
use crate::catalog::stock::partition;
use crate::platform::clock::{Date, Timestamp};
use crate::platform::dynamo::{Expression, Item, Key, Table, Write, failure, from_item, s, to_item, value};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{LotId, OrderId, ProductId, RecallId};
use crate::platform::money::Money;

/// What is known of a lot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lot {
    /// Which.
    pub id: LotId,
    /// Of which product.
    pub product_id: ProductId,
    /// Its number.
    pub number: LotNumber,
    /// Its last day.
    pub expires_on: Date,
    /// When units of it first came in.
    pub received_at: Timestamp,
    /// From whom.
    pub supplier: Option<String>,
    /// What a unit cost.
    pub unit_cost: Option<Money>,
    /// What its packs say which product it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gtin: Option<Gtin>,
    /// Its units, once none are in the house and the stock item does not keep them any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spent: Option<LotUnits>,
    /// The row of an import that wrote it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imported: Option<ImportMark>,
    /// By which recall it was called back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recall: Option<RecallId>,
    /// Grows by one with every change.
    pub version: u64,
}

#[derive(Serialize, Deserialize)]
struct Pointer {
    product_id: ProductId,
    number: LotNumber,
}

/// That a pack is in a parcel.
#[derive(Serialize, Deserialize)]
struct Serial {
    serial: String,
    order: OrderId,
}

/// The table of lots.
#[derive(Clone, Debug)]
pub struct LotStore {
    table: Table,
}

fn key(product: ProductId, number: &LotNumber) -> Key {
    Key::new(partition(product), format!("LOT#{number}"))
}

fn lot_partition(lot: LotId) -> String {
    format!("LOT#{lot}")
}

fn pointer_key(lot: LotId) -> Key {
    Key::new(lot_partition(lot), "LOT")
}

fn serial_key(product: ProductId, serial: &str) -> Key {
    Key::new(format!("SERIAL#{product}#{serial}"), "SERIAL")
}

impl LotStore {
    /// In the catalogue's table.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// The lot of this number.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn numbered(&self, product: ProductId, number: &LotNumber) -> Result<Option<Lot>> {
        self.table.get_latest(&key(product, number)).await?.map(from_item).transpose()
    }

    /// The lots of these numbers, in any order; those that do not exist are absent.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn numbered_many(&self, numbers: &[(ProductId, LotNumber)]) -> Result<Vec<Lot>> {
        let keys: Vec<_> = numbers.iter().map(|(product, number)| key(*product, number)).collect();
        self.table.get_many(&keys).await?.into_iter().map(from_item).collect()
    }

    /// The lot of this id. Two round trips.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn find(&self, lot: LotId) -> Result<Option<Lot>> {
        let Some(item) = self.table.get_latest(&pointer_key(lot)).await? else { return Ok(None) };
        let pointer: Pointer = from_item(item)?;
        self.numbered(pointer.product_id, &pointer.number).await
    }

    /// All lots that a product ever had.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn of_product(&self, product: ProductId) -> Result<Vec<Lot>> {
        self.query(&partition(product), "LOT#").await?.into_iter().map(from_item).collect()
    }

    /// The writes of a transaction that create a lot.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub fn create(&self, lot: &Lot) -> Result<Vec<Write>> {
        let pointer = Pointer { product_id: lot.product_id, number: lot.number.clone() };
        Ok(vec![
            self.table.create(to_item(&key(lot.product_id, &lot.number), lot)?)?,
            self.table.create(to_item(&pointer_key(lot.id), pointer)?)?,
        ])
    }

    /// The write of a transaction that stores `changed` in place of the version it was read at.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub fn save(&self, changed: &Lot) -> Result<Write> {
        let unchanged = Expression::new("version = :read_at").value(":read_at", value(changed.version)?);
        let next = Lot { version: changed.version + 1, ..changed.clone() };
        self.table.replace(to_item(&key(next.product_id, &next.number), next)?, unchanged)
    }

    /// Notes that units of these lots may go into an order. Twice is once.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn note_order(&self, order: OrderId, packed: &[PackedLot]) -> Result<()> {
        let lots = packed.iter().filter_map(|lot| match lot.lot_id {
            LotRef::Lot(id) => Some(id),
            LotRef::Unlotted => None,
        });
        let items = lots.map(|lot| Key::new(lot_partition(lot), format!("ORDER#{order}")).attributes());
        self.table.put_all(items.collect()).await
    }

    /// The orders that units of a lot may have gone into after the place `after`, the oldest first; at most `limit`.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn orders_of(&self, lot: LotId, after: Option<OrderId>, limit: i32) -> Result<Vec<OrderId>> {
        let query = self.table.client().query().table_name(self.table.name()).consistent_read(true);
        let first = after.map_or_else(|| "ORDER#".to_owned(), |after| format!("ORDER#{after}~"));
        let answer = query
            .key_condition_expression("pk = :pk AND sk BETWEEN :first AND :last")
            .expression_attribute_values(":pk", s(lot_partition(lot)))
            .expression_attribute_values(":first", s(first))
            .expression_attribute_values(":last", s("ORDER#~"))
            .limit(limit)
            .send()
            .await
            .map_err(failure)?;
        let order = |item: &Item| OrderId::parse(Key::of(item)?.sk.strip_prefix("ORDER#")?).ok();
        answer.items().iter().map(|item| order(item).ok_or_else(|| Error::internal("no order's place"))).collect()
    }

    /// One of these serial numbers of products that is in the parcel of another order already.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn serial_elsewhere(&self, serials: &[(ProductId, String)], order: OrderId) -> Result<Option<String>> {
        if serials.is_empty() {
            return Ok(None);
        }
        let keys: Vec<_> = serials.iter().map(|(product, serial)| serial_key(*product, serial)).collect();
        for item in self.table.get_many(&keys).await? {
            let taken: Serial = from_item(item)?;
            if taken.order != order {
                return Ok(Some(taken.serial));
            }
        }
        Ok(None)
    }

    /// The write of a transaction that puts the pack of this serial number into the parcel of an order, and into no other.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub fn take_serial(&self, product: ProductId, serial: &str, order: OrderId) -> Result<Write> {
        let taken = Serial { serial: serial.to_owned(), order };
        self.table.create(to_item(&serial_key(product, serial), taken)?)
    }

    /// The write of a transaction that takes it out again.
    ///
    /// # Errors
    /// None in practice: the write is complete.
    pub fn free_serial(&self, product: ProductId, serial: &str, order: OrderId) -> Result<Write> {
        let its = Expression::new("#order = :order").name("#order", "order").value(":order", s(order));
        self.table.delete(&serial_key(product, serial), its)
    }

    async fn query(&self, partition: &str, prefix: &str) -> Result<Vec<Item>> {
        let query = self.table.client().query().table_name(self.table.name()).consistent_read(true);
        let mut items = query
            .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
            .expression_attribute_values(":pk", s(partition))
            .expression_attribute_values(":prefix", s(prefix))
            .into_paginator()
            .items()
            .send();
        let mut found = Vec::new();
        while let Some(item) = items.next().await {
            found.push(item.map_err(failure)?);
        }
        Ok(found)
    }
}
