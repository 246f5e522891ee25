//! What patients were supplied with lately, in DynamoDB: `SUPPLIED#<user>` / `SELF`, with an attribute for each order, so
//! that one can be taken out without reading the others. It is let go some time after the last order.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::supply_book::{Supplied, SupplyBook};
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{Expression, Key, Table, Write, failure, from_item, n, to_item, value};
use crate::platform::error::Result;
use crate::platform::ids::{OrderId, UserId};

/// How long a book is kept after its last change: longer than anything in it is of account.
const LIFETIME: Duration = Duration::from_hours(24 * 460);

/// The books of the orders' table.
#[derive(Clone, Debug)]
pub struct SupplyStore {
    table: Table,
}

#[derive(Serialize, Deserialize)]
struct Record {
    pk: String,
    sk: String,
    version: u64,
    expires_at: i64,
    #[serde(flatten)]
    orders: BTreeMap<OrderId, Supplied>,
}

fn key(user: &UserId) -> Key {
    Key::new(format!("SUPPLIED#{user}"), "SELF")
}

impl SupplyStore {
    /// In the orders' table.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// The book of a patient as the last write left it; an empty one where there is none.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn get(&self, user: &UserId) -> Result<SupplyBook> {
        let Some(item) = self.table.get_latest(&key(user)).await? else { return Ok(SupplyBook::default()) };
        let Record { orders, version, .. } = from_item(item)?;
        Ok(SupplyBook { orders, version })
    }

    /// The write of a transaction that stores a book in place of the version it was read at: of two orders at once for one
    /// patient, the second has to reckon with the first.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub fn replace(&self, user: &UserId, book: &SupplyBook, now: Timestamp) -> Result<Write> {
        let key = key(user);
        let record = Record {
            pk: key.pk.clone(),
            sk: key.sk.clone(),
            version: book.version + 1,
            expires_at: now.plus(LIFETIME).seconds(),
            orders: book.orders.clone(),
        };
        let unchanged = match book.version {
            0 => Expression::new("attribute_not_exists(pk)"),
            read_at => Expression::new("version = :read_at").value(":read_at", value(read_at)?),
        };
        self.table.replace(to_item(&key, record)?, unchanged)
    }

    /// The write of a transaction that puts down what an order supplies, in place of what was put down of it before.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub fn put_down(&self, user: &UserId, order: OrderId, supplied: &Supplied, now: Timestamp) -> Result<Write> {
        let condition = Expression::new("attribute_exists(pk) OR attribute_not_exists(pk)")
            .name("#order", &order.to_string())
            .value(":zero", n(0))
            .value(":one", n(1))
            .value(":until", value(now.plus(LIFETIME).seconds())?)
            .value(":supplied", value(supplied)?);
        let update = "SET version = if_not_exists(version, :zero) + :one, expires_at = :until, #order = :supplied";
        self.table.update(&key(user), update, condition)
    }

    /// The write of a transaction that takes an order out of a book. Once more changes nothing more, and so does an order
    /// that is not in it.
    ///
    /// # Errors
    /// None in practice: the write is complete.
    pub fn take_out(&self, user: &UserId, order: OrderId, now: Timestamp) -> Result<Write> {
        let condition = Expression::new("attribute_exists(pk) OR attribute_not_exists(pk)")
            .name("#order", &order.to_string())
            .value(":zero", n(0))
            .value(":one", n(1))
            .value(":until", value(now.plus(LIFETIME).seconds())?);
        let update = "SET version = if_not_exists(version, :zero) + :one, \
                      expires_at = if_not_exists(expires_at, :until) REMOVE #order";
        self.table.update(&key(user), update, condition)
    }

    /// Forgets the book of a person.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn forget(&self, user: &UserId) -> Result<()> {
        let request = self.table.client().delete_item().table_name(self.table.name());
        request.set_key(Some(key(user).attributes())).send().await.map_err(failure)?;
        Ok(())
    }
}
