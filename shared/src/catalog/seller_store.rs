//! What sellers say of themselves, in the catalogue's table: `SELLER#<user>` / `SELLER`.
//!
//! Products and their offers have the name written on them, so that nobody who shows them reads this. The table's stream
//! brings a change to them (`catalog-follow-changes`).

use aws_sdk_dynamodb::types::AttributeValue;

use super::seller::{DisplayName, SellerProfile};
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{
    Expression, Key, Outcome, Table, Write, from_item, n, s, to_item, transact, value, write,
};
use crate::platform::error::Result;
use crate::platform::ids::{ProductId, UserId};

/// The sellers.
#[derive(Clone, Debug)]
pub struct SellerStore {
    table: Table,
}

fn key(seller: &UserId) -> Key {
    Key::new(format!("SELLER#{seller}"), "SELLER")
}

fn unmoved(version: u64) -> Expression {
    match version {
        0 => Expression::new("attribute_not_exists(pk)"),
        read => Expression::new("version = :read").value(":read", AttributeValue::N(read.to_string())),
    }
}

impl SellerStore {
    /// In the catalogue's table.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// A seller as the last write left them.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn get(&self, seller: &UserId) -> Result<Option<SellerProfile>> {
        self.table.get_latest(&key(seller)).await?.map(from_item).transpose()
    }

    /// Holds a transaction to a seller being called what was read; zero is who has no name yet.
    ///
    /// # Errors
    /// None in practice: the write is complete.
    pub fn still_called(&self, seller: &UserId, version: u64) -> Result<Write> {
        self.table.check(&key(seller), unmoved(version))
    }

    /// Stores `next` in place of the version before it, with its entry on the trail. Whether nobody else was quicker.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn save(&self, next: &SellerProfile, trail: Write) -> Result<bool> {
        let replace = self.table.replace(to_item(&key(&next.seller), next)?, unmoved(next.version - 1))?;
        Ok(matches!(transact(self.table.client(), vec![replace, trail]).await?, Outcome::Done))
    }

    /// Notes up to which of their products the name of `profile` is written on them. Whoever was renamed meanwhile begins anew:
    /// then nothing is noted.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn reach(&self, profile: &SellerProfile, place: ProductId) -> Result<()> {
        let unmoved = unmoved(profile.version).value(":place", value(place)?);
        let update = self.table.update(&key(&profile.seller), "SET reached = :place", unmoved)?;
        write(self.table.client(), update).await.map(|_| ())
    }

    /// The write of a transaction that gives a new seller a first name; who has one keeps it.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub fn introduce(&self, seller: &UserId, name: &DisplayName, now: Timestamp) -> Result<Write> {
        let any = Expression::new("attribute_not_exists(pk) OR attribute_exists(pk)")
            .value(":seller", s(seller))
            .value(":name", value(name)?)
            .value(":now", value(now)?)
            .value(":one", n(1));
        let update = "SET seller = :seller, display_name = if_not_exists(display_name, :name), \
                      updated_at = if_not_exists(updated_at, :now), version = if_not_exists(version, :one)";
        self.table.update(&key(seller), update, any)
    }

    /// Forgets what somebody said who leaves. Twice is once.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn forget(&self, seller: &UserId) -> Result<()> {
        let any = Expression::new("attribute_not_exists(pk) OR attribute_exists(pk)");
        write(self.table.client(), self.table.delete(&key(seller), any)?).await.map(|_| ())
    }
}
