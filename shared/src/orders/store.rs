//! Carts and orders in DynamoDB.
//!
//! - `CART#<user>` / `CART`: a cart; it is let go ninety days after its last change.
//! - `ORDER#<id>` / `ORDER`: an order. Index `by_owner`: `CUSTOMER#<user>`; index `by_status`: `STATUS#<status>`.
//! - `ORDER#<id>` / `SELLER#<user>`: that a seller's products are in it. Index `by_owner`: `SELLER#<user>`.

use std::time::Duration;

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use serde::{Deserialize, Serialize};

use super::cart::Cart;
use super::due_store::Due;
use super::number::OldNumber;
use super::order::Order;
use super::status::Status;
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{Expression, Item, Key, Outcome, Table, failure, from_item, s, to_item, write};
use crate::platform::error::Result;
use crate::platform::ids::{OrderId, PrescriptionId, UserId};

/// How long an untouched cart is kept.
const CART_LIFETIME: Duration = Duration::from_hours(90 * 24);

/// The table of carts and orders.
#[derive(Clone, Debug)]
pub struct OrderStore {
    pub(super) table: Table,
}

/// How storing a cart ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SavedCart {
    /// It is stored; the cart with its new version.
    Done(Cart),
    /// Somebody else was quicker; the cart as they left it.
    Moved(Cart),
}

/// Whose list of orders.
#[derive(Clone, Debug)]
pub enum Owner<'a> {
    /// Those that a customer placed.
    Customer(&'a UserId),
    /// Those with products of a seller.
    Seller(&'a UserId),
}

impl Owner<'_> {
    fn partition(&self) -> String {
        match self {
            Self::Customer(user) => format!("CUSTOMER#{user}"),
            Self::Seller(user) => format!("SELLER#{user}"),
        }
    }
}

/// A cart with something in it, as it lies there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CartAtRest {
    /// Which of its states.
    pub version: u64,
    /// When it was changed last, to the second.
    pub changed_at: Timestamp,
}

/// When a cart was changed last, by the time at which it would be forgotten.
pub fn cart_changed_at(expires_at: i64) -> Timestamp {
    Timestamp::from_millis(expires_at.saturating_mul(1000)).minus(CART_LIFETIME)
}

#[derive(Serialize, Deserialize)]
struct CartRecord {
    #[serde(flatten)]
    cart: Cart,
    expires_at: i64,
}

#[derive(Serialize, Deserialize)]
struct OrderRecord {
    #[serde(flatten)]
    order: Order,
    owner: String,
    status_key: String,
    #[serde(flatten)]
    due: Due,
}

#[derive(Serialize, Deserialize)]
struct SellerRecord {
    owner: String,
    id: OrderId,
}

/// All that is asked of an index which orders are looked for in.
#[derive(Deserialize)]
struct IdRecord {
    id: OrderId,
}

fn cart_key(user: &UserId) -> Key {
    Key::new(format!("CART#{user}"), "CART")
}

fn order_key(id: OrderId) -> Key {
    Key::new(format!("ORDER#{id}"), "ORDER")
}

fn status_key(status: Status) -> String {
    format!("STATUS#{}", status.as_str())
}

/// The condition that nothing was written since `version` was read; zero is what was never written.
fn unchanged_since(version: u64) -> Expression {
    match version {
        0 => Expression::new("attribute_not_exists(pk)"),
        read_at => Expression::new("version = :read_at").value(":read_at", AttributeValue::N(read_at.to_string())),
    }
}

impl OrderStore {
    /// In the orders' table.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// A customer's cart; an empty one where there is none.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn cart(&self, user: &UserId) -> Result<Cart> {
        let item = self.table.get_latest(&cart_key(user)).await?;
        Ok(item.map(cart_of).transpose()?.unwrap_or_default())
    }

    /// How a customer's cart lies there; `None` where nothing is in it.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn cart_at_rest(&self, user: &UserId) -> Result<Option<CartAtRest>> {
        let Some(item) = self.table.get_latest(&cart_key(user)).await? else { return Ok(None) };
        let CartRecord { cart, expires_at } = from_item(item)?;
        let (version, changed_at) = (cart.version, cart_changed_at(expires_at));
        Ok(Some(CartAtRest { version, changed_at }).filter(|_| !cart.lines.is_empty()))
    }

    fn cart_item(user: &UserId, cart: &Cart, now: Timestamp) -> Result<Item> {
        let cart = Cart { version: cart.version + 1, ..cart.clone() };
        to_item(&cart_key(user), CartRecord { cart, expires_at: now.plus(CART_LIFETIME).seconds() })
    }

    /// Stores a cart in place of the version it was read at.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn save_cart(&self, user: &UserId, cart: &Cart, now: Timestamp) -> Result<SavedCart> {
        let refusals = match write(self.table.client(), self.replace_cart(user, cart, now)?).await? {
            Outcome::Done => return Ok(SavedCart::Done(Cart { version: cart.version + 1, ..cart.clone() })),
            Outcome::Refused(refusals) => refusals,
        };
        let current = refusals.into_iter().find_map(|refusal| refusal.current);
        Ok(SavedCart::Moved(current.map(cart_of).transpose()?.unwrap_or_default()))
    }

    /// Forgets a customer's cart.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn forget_cart(&self, user: &UserId) -> Result<()> {
        let request = self.table.client().delete_item().table_name(self.table.name());
        request.set_key(Some(cart_key(user).attributes())).send().await.map_err(failure)?;
        Ok(())
    }

    /// The write of a transaction that stores a cart in place of the version it was read at.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub fn replace_cart(&self, user: &UserId, cart: &Cart, now: Timestamp) -> Result<TransactWriteItem> {
        self.table.replace(Self::cart_item(user, cart, now)?, unchanged_since(cart.version))
    }

    /// The writes of a transaction that create an order, one for it and one for each seller. Where there is one with its id,
    /// and so with its number, the transaction is refused.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub fn create(&self, order: &Order) -> Result<Vec<TransactWriteItem>> {
        let mut writes = vec![self.table.create(Self::order_item(order)?)?];
        for seller in order.sellers() {
            let owner = Owner::Seller(&seller).partition();
            let key = Key::new(format!("ORDER#{}", order.id), &owner);
            writes.push(self.table.create(to_item(&key, SellerRecord { owner, id: order.id })?)?);
        }
        Ok(writes)
    }

    /// The write of a transaction that stores `changed` in place of the version it was read at.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub fn save(&self, changed: &Order) -> Result<TransactWriteItem> {
        let next = Order { version: changed.version + 1, ..changed.clone() };
        self.table.replace(Self::order_item(&next)?, unchanged_since(changed.version))
    }

    fn order_item(order: &Order) -> Result<Item> {
        let record = OrderRecord {
            owner: Owner::Customer(&order.customer).partition(),
            status_key: status_key(order.status),
            due: Due::of(order),
            order: order.clone(),
        };
        to_item(&order_key(order.id), record)
    }

    /// One order as the last write left it.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn get(&self, id: OrderId) -> Result<Option<Order>> {
        let item = self.table.get_latest(&order_key(id)).await?;
        item.map(order_of).transpose()
    }

    /// Up to 100 orders as the last writes left them, the oldest first; what does not exist is absent.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn get_many(&self, ids: &[OrderId]) -> Result<Vec<Order>> {
        let keys: Vec<_> = ids.iter().copied().map(order_key).collect();
        let items = self.table.get_many(&keys).await?;
        let mut orders = items.into_iter().map(order_of).collect::<Result<Vec<_>>>()?;
        orders.sort_by_key(|order| order.id);
        Ok(orders)
    }

    /// Up to `limit` of a customer's orders, the newest first; fewer are the last.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn of_customer(&self, user: &UserId, limit: u16, after: Option<OrderId>) -> Result<Vec<Order>> {
        let partition = Owner::Customer(user).partition();
        let items = self.page("by_owner", "owner", &partition, limit, after).await?;
        items.into_iter().map(order_of).collect()
    }

    /// The orders that a customer has placed with a prescription and that were not moved along yet, the newest first. Reads
    /// all of that customer's.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn placed_with(&self, user: &UserId, prescription: PrescriptionId) -> Result<Vec<Order>> {
        let query = self.table.client().query().table_name(self.table.name()).index_name("by_owner");
        let mut pages = query
            .key_condition_expression("#owner = :owner")
            .filter_expression("#status = :placed AND contains(prescription_ids, :prescription)")
            .expression_attribute_names("#owner", "owner")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":owner", s(Owner::Customer(user).partition()))
            .expression_attribute_values(":placed", s(Status::Placed.as_str()))
            .expression_attribute_values(":prescription", s(prescription))
            .scan_index_forward(false)
            .into_paginator()
            .items()
            .send();
        let mut found = Vec::new();
        while let Some(item) = pages.next().await {
            found.push(order_of(item.map_err(failure)?)?);
        }
        Ok(found)
    }

    /// Up to `limit` of the orders with a seller's products, the newest first; fewer are the last.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn of_seller(&self, user: &UserId, limit: u16, after: Option<OrderId>) -> Result<Vec<Order>> {
        let partition = Owner::Seller(user).partition();
        let pointers = self.page("by_owner", "owner", &partition, limit, after).await?;
        let ids = pointers.into_iter().map(|item| Ok(from_item::<SellerRecord>(item)?.id));
        let keys = ids.map(|id| id.map(order_key)).collect::<Result<Vec<_>>>()?;
        let items = self.table.get_many(&keys).await?;
        let mut orders = items.into_iter().map(order_of).collect::<Result<Vec<_>>>()?;
        orders.sort_by_key(|order| std::cmp::Reverse(order.id));
        Ok(orders)
    }

    /// All orders with a seller's products whose ids lie between two, in any order.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn of_seller_between(&self, user: &UserId, first: OrderId, last: OrderId) -> Result<Vec<Order>> {
        let query = self.table.client().query().table_name(self.table.name()).index_name("by_owner");
        let mut pages = query
            .key_condition_expression("#owner = :owner AND id BETWEEN :first AND :last")
            .expression_attribute_names("#owner", "owner")
            .expression_attribute_values(":owner", s(Owner::Seller(user).partition()))
            .expression_attribute_values(":first", s(first))
            .expression_attribute_values(":last", s(last))
            .into_paginator()
            .items()
            .send();
        let mut keys = Vec::new();
        while let Some(item) = pages.next().await {
            keys.push(order_key(from_item::<SellerRecord>(item.map_err(failure)?)?.id));
        }
        let items = self.table.get_many(&keys).await?;
        items.into_iter().map(order_of).collect()
    }

    /// Up to `limit` of the orders in one state, the newest first; fewer are the last.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn in_status(&self, status: Status, limit: u16, after: Option<OrderId>) -> Result<Vec<Order>> {
        let items = self.page("by_status", "status_key", &status_key(status), limit, after).await?;
        items.into_iter().map(order_of).collect()
    }

    /// The orders of an old number in a person's list. Reads that list's whole day.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn once_numbered(&self, owner: Owner<'_>, number: &OldNumber) -> Result<Vec<Order>> {
        self.of_day("by_owner", "owner", &owner.partition(), number).await
    }

    /// The same of all that are in one state.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn once_numbered_in(&self, status: Status, number: &OldNumber) -> Result<Vec<Order>> {
        self.of_day("by_status", "status_key", &status_key(status), number).await
    }

    async fn of_day(&self, index: &str, attribute: &str, partition: &str, number: &OldNumber) -> Result<Vec<Order>> {
        let (first, last) = number.ids();
        let query = self.table.client().query().table_name(self.table.name()).index_name(index);
        let mut pages = query
            .key_condition_expression("#partition = :partition AND id BETWEEN :first AND :last")
            .projection_expression("id")
            .expression_attribute_names("#partition", attribute)
            .expression_attribute_values(":partition", s(partition))
            .expression_attribute_values(":first", s(first))
            .expression_attribute_values(":last", s(last))
            .into_paginator()
            .items()
            .send();
        let mut keys = Vec::new();
        while let Some(item) = pages.next().await {
            let IdRecord { id } = from_item(item.map_err(failure)?)?;
            if OldNumber::of(id) == *number {
                keys.push(order_key(id));
            }
        }
        let items = self.table.get_many(&keys).await?;
        items.into_iter().map(order_of).collect()
    }

    /// Up to `limit` items of a partition of an index, by falling id; fewer only where it ends. The cursor is a bound
    /// and not a start key: the order at it may have moved to another partition meanwhile.
    async fn page(
        &self,
        index: &str,
        attribute: &str,
        partition: &str,
        limit: u16,
        after: Option<OrderId>,
    ) -> Result<Vec<Item>> {
        let mut condition = "#partition = :partition".to_owned();
        let mut query = self.table.client().query().table_name(self.table.name()).index_name(index);
        if let Some(id) = after {
            condition.push_str(" AND id < :after");
            query = query.expression_attribute_values(":after", s(id));
        }
        query = query
            .key_condition_expression(condition)
            .expression_attribute_names("#partition", attribute)
            .expression_attribute_values(":partition", s(partition))
            .scan_index_forward(false);
        let mut items = Vec::with_capacity(usize::from(limit));
        let (mut left, mut start) = (i32::from(limit), None);
        loop {
            let answer = query.clone().set_exclusive_start_key(start).limit(left).send().await.map_err(failure)?;
            left -= answer.count;
            items.extend(answer.items.unwrap_or_default());
            start = answer.last_evaluated_key;
            // One answer holds a megabyte: large orders take several.
            if left <= 0 || start.is_none() {
                return Ok(items);
            }
        }
    }
}

fn cart_of(item: Item) -> Result<Cart> {
    Ok(from_item::<CartRecord>(item)?.cart)
}

fn order_of(item: Item) -> Result<Order> {
    Ok(from_item::<OrderRecord>(item)?.order)
}
