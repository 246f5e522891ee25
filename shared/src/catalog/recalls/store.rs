//! Recalls in DynamoDB.
//!
//! - `RECALL#<id>` / `RECALL`: a recall.
//! - `RECALLS` / `<id>`: that it is not finished. Goes with the write that finishes it.

use super::recall::Recall;
use crate::platform::dynamo::{
    Expression, Item, Key, Outcome, Table, Write, failure, from_item, s, to_item, transact, value, write,
};
use crate::platform::error::{Error, Result};
use crate::platform::ids::RecallId;

const OPEN: &str = "RECALLS";

/// The table of recalls.
#[derive(Clone, Debug)]
pub struct RecallStore {
    table: Table,
}

fn key(id: RecallId) -> Key {
    Key::new(format!("RECALL#{id}"), "RECALL")
}

fn open_key(id: RecallId) -> Key {
    Key::new(OPEN, id.to_string())
}

impl RecallStore {
    /// In the catalogue's table.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// The writes of a transaction that begin a recall.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub(super) fn begin(&self, recall: &Recall) -> Result<Vec<Write>> {
        Ok(vec![
            self.table.create(to_item(&key(recall.id), recall)?)?,
            self.table.create(open_key(recall.id).attributes())?,
        ])
    }

    /// One recall as the last write left it.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn get(&self, id: RecallId) -> Result<Option<Recall>> {
        self.table.get_latest(&key(id)).await?.map(from_item).transpose()
    }

    /// Those that are not finished, the oldest first.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn open(&self) -> Result<Vec<RecallId>> {
        let query = self.table.client().query().table_name(self.table.name()).consistent_read(true);
        let mut items = query
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", s(OPEN))
            .into_paginator()
            .items()
            .send();
        let mut open = Vec::new();
        while let Some(item) = items.next().await {
            let item: Item = item.map_err(failure)?;
            let id = Key::of(&item).and_then(|key| RecallId::parse(&key.sk).ok());
            open.push(id.ok_or_else(|| Error::internal("no recall's place"))?);
        }
        Ok(open)
    }

    fn replace(&self, changed: &Recall) -> Result<Write> {
        let unchanged = Expression::new("version = :read_at").value(":read_at", value(changed.version)?);
        let next = Recall { version: changed.version + 1, ..changed.clone() };
        self.table.replace(to_item(&key(next.id), next)?, unchanged)
    }

    /// Stores a recall in place of the version it was read at.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn save(&self, changed: &Recall) -> Result<Outcome> {
        write(self.table.client(), self.replace(changed)?).await
    }

    /// The same of one that is finished, which is looked for no more.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn finish(&self, finished: &Recall) -> Result<Outcome> {
        let open = self.table.delete(&open_key(finished.id), Expression::new("attribute_exists(pk)"))?;
        transact(self.table.client(), vec![self.replace(finished)?, open]).await
    }
}
