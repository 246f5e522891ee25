//! Stock: one small item for each product, beside its offer, changed only by conditional writes.
//!
//! Every unit is in exactly one of three places: `available`, `reserved` for an order that is not shipped, or `sold`.
//! What the pharmacy has on hand is `available + reserved`; `available + reserved + sold` changes by stock adjustments
//! alone.

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use serde::{Deserialize, Serialize};

use super::adjustment::{Delta, Movement};
use super::offer::Offer;
use crate::platform::dynamo::{Expression, Item, Key, Table, from_item, n, s, to_item, value};
use crate::platform::error::Result;
use crate::platform::ids::{ProductId, UserId, new_ulid};

/// The stock of a product, with the offer it is sold under.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stock {
    /// The terms.
    pub offer: Offer,
    /// Units that may be sold.
    pub available: i64,
    /// Units promised to orders that are not shipped.
    pub reserved: i64,
    /// Units shipped, ever.
    pub sold: i64,
    /// Grows by one with every change.
    pub version: u64,
}

impl Stock {
    /// Units in the house: what may be sold and what is promised.
    pub const fn on_hand(&self) -> i64 {
        self.available + self.reserved
    }
}

/// Reads stock and makes the writes that move it; the area that owns the transaction sends them.
#[derive(Clone, Debug)]
pub struct StockStore {
    table: Table,
}

/// The partition of a product.
pub(crate) fn partition(product: ProductId) -> String {
    format!("PRODUCT#{product}")
}

/// Where the stock of a product lies.
pub(crate) fn stock_key(product: ProductId) -> Key {
    Key::new(partition(product), "STOCK")
}

impl StockStore {
    /// In the catalogue's table.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// The stock of one product.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn get(&self, product: ProductId) -> Result<Option<Stock>> {
        self.table.get_latest(&stock_key(product)).await?.map(from_item).transpose()
    }

    /// The stock of up to 100 products, in any order; what does not exist is absent.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn get_many(&self, products: &[ProductId]) -> Result<Vec<Stock>> {
        let keys: Vec<Key> = products.iter().copied().map(stock_key).collect();
        let items = self.table.get_many(&keys).await?;
        items.into_iter().map(from_item).collect()
    }

    /// Reserves `quantity` units on exactly these terms, or refuses.
    ///
    /// # Errors
    /// None in practice: the write is complete.
    pub fn reserve(&self, offer: &Offer, quantity: u32) -> Result<TransactWriteItem> {
        let condition = Expression::new("offer.sellable = :true AND offer.version = :offer AND available >= :quantity")
            .value(":true", AttributeValue::Bool(true))
            .value(":offer", AttributeValue::N(offer.version.to_string()))
            .value(":quantity", n(quantity))
            .value(":one", n(1));
        let update = "SET available = available - :quantity, reserved = reserved + :quantity, version = version + :one";
        self.table.update(&stock_key(offer.product_id), update, condition)
    }

    /// Gives `quantity` reserved units back.
    ///
    /// # Errors
    /// None in practice: the write is complete.
    pub fn release(&self, product: ProductId, quantity: u32) -> Result<TransactWriteItem> {
        let update = "SET available = available + :quantity, reserved = reserved - :quantity, version = version + :one";
        self.table.update(&stock_key(product), update, reserved_at_least(quantity))
    }

    /// Sends `quantity` reserved units out of the house.
    ///
    /// # Errors
    /// None in practice: the write is complete.
    pub fn ship(&self, product: ProductId, quantity: u32) -> Result<TransactWriteItem> {
        let update = "SET sold = sold + :quantity, reserved = reserved - :quantity, version = version + :one";
        self.table.update(&stock_key(product), update, reserved_at_least(quantity))
    }

    /// Puts `next` in place of the offer of version `seen`; the counters stay as they are.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub fn change_offer(&self, seen: u64, next: &Offer) -> Result<TransactWriteItem> {
        let condition = Expression::new("offer.version = :seen")
            .value(":seen", AttributeValue::N(seen.to_string()))
            .value(":offer", value(next)?)
            .value(":one", n(1));
        self.table.update(&stock_key(next.product_id), "SET offer = :offer, version = version + :one", condition)
    }

    /// Adds units to what is available, or takes them away, where there is room for that; of a product of `seller` alone,
    /// if one is named.
    ///
    /// # Errors
    /// None in practice: the write is complete.
    pub fn adjust(&self, product: ProductId, delta: Delta, seller: Option<&UserId>) -> Result<TransactWriteItem> {
        let room = "available BETWEEN :least AND :most";
        let condition = match seller {
            Some(seller) => {
                Expression::new(format!("offer.seller_id = :seller AND {room}")).value(":seller", s(seller))
            }
            None => Expression::new(room),
        };
        let condition = condition
            .value(":least", n(*delta.room().start()))
            .value(":most", n(*delta.room().end()))
            .value(":delta", n(delta.units()))
            .value(":one", n(1));
        self.table.update(
            &stock_key(product),
            "SET available = available + :delta, version = version + :one",
            condition,
        )
    }

    /// Writes down why units came or went, so that the counters can be explained.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub fn write_down(&self, product: ProductId, movement: &Movement) -> Result<TransactWriteItem> {
        let key = Key::new(partition(product), format!("MOVE#{}", new_ulid(movement.at)));
        self.table.create(to_item(&key, movement)?)
    }

    /// Holds a transaction to the product still being on sale under the same legal status.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub fn still_sold_as(&self, offer: &Offer) -> Result<TransactWriteItem> {
        let condition = Expression::new("offer.legal_status = :status").value(":status", value(offer.legal_status)?);
        self.table.check(&stock_key(offer.product_id), condition)
    }

    /// The stock in an item that a refused write brought back.
    ///
    /// # Errors
    /// An item of another shape.
    pub fn from_item(item: Item) -> Result<Stock> {
        from_item(item)
    }

    /// The stock as an item, for the catalogue to create.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub fn to_item(stock: &Stock) -> Result<Item> {
        to_item(&stock_key(stock.offer.product_id), stock)
    }
}

fn reserved_at_least(quantity: u32) -> Expression {
    Expression::new("reserved >= :quantity").value(":quantity", n(quantity)).value(":one", n(1))
}
