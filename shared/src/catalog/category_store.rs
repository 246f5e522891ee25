//! Categories in DynamoDB: all in the partition `CATEGORIES`, by id, beside one item that carries the version of the tree.
//!
//! Every change of the tree is conditional on that version, so that two changes that are each sound, such as moving two
//! categories below each other, cannot both happen. Each category counts the products in it, in the products' own
//! transactions; one that counts any cannot be removed.

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use serde::{Deserialize, Serialize};

use super::category::{Category, Tree};
use super::slug::CategoryId;
use crate::platform::dynamo::{Expression, Item, Key, Outcome, Table, failure, from_item, n, s, transact, value};
use crate::platform::error::Result;

const PARTITION: &str = "CATEGORIES";
/// No id of a category, since it is no slug.
const TREE: &str = "#TREE";

/// The table of categories.
#[derive(Clone, Debug)]
pub struct CategoryStore {
    table: Table,
}

/// The tree as it was read.
#[derive(Clone, Debug, Default)]
pub struct VersionedTree {
    /// All categories.
    pub tree: Tree,
    /// What a change of it is conditional on.
    version: u64,
}

/// How a removal ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removed {
    /// It is gone.
    Done,
    /// The tree has changed since it was read.
    Moved,
    /// Products stand in it.
    InUse,
}

#[derive(Serialize, Deserialize)]
struct TreeRecord {
    version: u64,
}

fn key(id: &CategoryId) -> Key {
    Key::new(PARTITION, id.as_str())
}

fn tree_key() -> Key {
    Key::new(PARTITION, TREE)
}

/// The part of a product's transaction that counts it in; refused where there is no such category.
pub(super) fn enter(table: &Table, id: &CategoryId) -> Result<TransactWriteItem> {
    let exists = Expression::new("attribute_exists(pk)").value(":one", n(1));
    table.update(&key(id), "SET products = products + :one", exists)
}

/// The part of a product's transaction that counts it out.
pub(super) fn leave(table: &Table, id: &CategoryId) -> Result<TransactWriteItem> {
    let counted = Expression::new("products >= :one").value(":one", n(1));
    table.update(&key(id), "SET products = products - :one", counted)
}

impl CategoryStore {
    /// In the catalogue's table.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// All categories; a moment old at worst.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn tree(&self) -> Result<Tree> {
        Ok(self.read(false).await?.tree)
    }

    /// All categories as the last write left them, to be changed.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn tree_to_change(&self) -> Result<VersionedTree> {
        self.read(true).await
    }

    async fn read(&self, consistent: bool) -> Result<VersionedTree> {
        let request = self.table.client().query().table_name(self.table.name()).consistent_read(consistent);
        let request = request.key_condition_expression("pk = :pk").expression_attribute_values(":pk", s(PARTITION));
        let mut items = request.into_paginator().items().send();
        let mut version = 0;
        let mut categories = Vec::new();
        while let Some(item) = items.next().await {
            let item: Item = item.map_err(failure)?;
            if Key::of(&item) == Some(tree_key()) {
                version = from_item::<TreeRecord>(item)?.version;
            } else {
                categories.push(from_item::<Category>(item)?);
            }
        }
        Ok(VersionedTree { tree: categories.into_iter().collect(), version })
    }

    /// Writes a category, new or changed; `false` where the tree has changed since it was read.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn put(&self, read: &VersionedTree, category: &Category) -> Result<bool> {
        let values = Expression::new("attribute_not_exists(pk) OR version < :version")
            .name("#name", "name")
            .name("#position", "position")
            .value(":id", s(&category.id))
            .value(":name", s(&category.name))
            .value(":parent", value(&category.parent_id)?)
            .value(":position", n(category.position))
            .value(":version", AttributeValue::N(category.version.to_string()))
            .value(":zero", n(0));
        let update = "SET id = :id, #name = :name, parent_id = :parent, #position = :position, version = :version, \
                      products = if_not_exists(products, :zero)";
        let actions = vec![self.next_tree(read)?, self.table.update(&key(&category.id), update, values)?];
        Ok(matches!(transact(self.table.client(), actions).await?, Outcome::Done))
    }

    /// Removes a category in which no product stands.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn remove(&self, read: &VersionedTree, id: &CategoryId) -> Result<Removed> {
        let empty = Expression::new("products = :zero").value(":zero", n(0));
        let actions = vec![self.next_tree(read)?, self.table.delete(&key(id), empty)?];
        Ok(match transact(self.table.client(), actions).await? {
            Outcome::Done => Removed::Done,
            Outcome::Refused(refusals) if refusals.iter().any(|refusal| refusal.index == 0) => Removed::Moved,
            Outcome::Refused(_) => Removed::InUse,
        })
    }

    fn next_tree(&self, read: &VersionedTree) -> Result<TransactWriteItem> {
        let unmoved = Expression::new("attribute_not_exists(pk) OR version = :read")
            .value(":read", AttributeValue::N(read.version.to_string()))
            .value(":next", AttributeValue::N((read.version + 1).to_string()));
        self.table.update(&tree_key(), "SET version = :next", unmoved)
    }
}
