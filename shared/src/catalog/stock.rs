//! Stock: one small item for each product, beside its offer, changed only by conditional writes.
//!
//! Every unit is in exactly one of three places: `available`, `reserved` for an order that is not shipped, or `sold`.
//! What the pharmacy has on hand is `available + reserved`, which are the units of all lots that may go out. Where lots
//! that had orders waiting for them are called back or expire, `available` is less than nothing: so many are missing.

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use serde::{Deserialize, Serialize};

use super::lots::Housing;
use super::offer::Offer;
use super::product::Product;
use crate::platform::dynamo::{Expression, Item, Key, Table, from_item, n, to_item, value};
use crate::platform::error::Result;
use crate::platform::ids::ProductId;

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
    /// Where the units are, lot by lot.
    #[serde(flatten)]
    pub housing: Housing,
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

/// Where a product lies.
pub(crate) fn product_key(product: ProductId) -> Key {
    Key::new(partition(product), "PRODUCT")
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

    /// The table that it lies in.
    pub(crate) fn table(&self) -> &Table {
        &self.table
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
        self.completed(self.get_many_plain(products).await?).await
    }

    /// The same as it is stored, where nobody asks which medicine it is.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn get_many_plain(&self, products: &[ProductId]) -> Result<Vec<Stock>> {
        let keys: Vec<Key> = products.iter().copied().map(stock_key).collect();
        self.table.get_many(&keys).await?.into_iter().map(from_item).collect()
    }

    /// The same stock, where each offer says which medicine it is. One that was written before offers did, or before they
    /// had what their labels say, is made anew of its product, whose text is what counts; that costs a round trip. Where the product is just being changed it is left
    /// as it is, which nobody takes for the same medicine.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn completed(&self, mut stocks: Vec<Stock>) -> Result<Vec<Stock>> {
        let older = stocks.iter().filter(|stock| !stock.offer.is_whole());
        let keys: Vec<Key> = older.map(|stock| product_key(stock.offer.product_id)).collect();
        if keys.is_empty() {
            return Ok(stocks);
        }
        let items = self.table.get_many(&keys).await?;
        let products = items.into_iter().map(from_item::<Product>).collect::<Result<Vec<_>>>()?;
        for stock in stocks.iter_mut().filter(|stock| !stock.offer.is_whole()) {
            let offers = products.iter().map(Product::offer);
            let same =
                |offer: &Offer| (offer.product_id, offer.version) == (stock.offer.product_id, stock.offer.version);
            if let Some(offer) = offers.into_iter().find(same) {
                stock.offer = offer;
            }
        }
        Ok(stocks)
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

    /// Puts `next` in place of the offer of version `seen`; the counters stay as they are. With `stock`, only where nothing
    /// has moved since that version of it.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub fn change_offer(&self, seen: u64, next: &Offer, stock: Option<u64>) -> Result<TransactWriteItem> {
        let condition = match stock {
            Some(stock) => Expression::new("offer.version = :seen AND version = :stock")
                .value(":stock", AttributeValue::N(stock.to_string())),
            None => Expression::new("offer.version = :seen"),
        };
        let condition = condition
            .value(":seen", AttributeValue::N(seen.to_string()))
            .value(":offer", value(next)?)
            .value(":one", n(1));
        self.table.update(&stock_key(next.product_id), "SET offer = :offer, version = version + :one", condition)
    }

    /// Holds a transaction to the product still being what it was read as: the same medicine under the same law.
    ///
    /// # Errors
    /// None in practice: the write is complete.
    pub fn still_offered_as(&self, offer: &Offer) -> Result<TransactWriteItem> {
        let version = AttributeValue::N(offer.version.to_string());
        let condition = Expression::new("offer.version = :offer").value(":offer", version);
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
