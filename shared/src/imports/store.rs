//! Imports in DynamoDB, in the catalogue's table.
//!
//! - `IMPORTS` / `<id>`: an import and how far it has come.
//! - `IMPORT#<id>` / `PART#<row>`: what was refused of the rows from there on; written with the progress past them, read for
//!   the report, and gone after a month.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};
use std::time::Duration;

use super::import::{Import, Refusal};
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{
    Expression, Item, Key, Outcome, Table, Write, failure, from_item, n, s, to_item, transact,
};
use crate::platform::error::Result;
use crate::platform::ids::ImportId;

const PARTITION: &str = "IMPORTS";
/// How long refusals are kept beside the report.
const KEPT: Duration = Duration::from_hours(24 * 30);

/// The table of imports.
#[derive(Clone, Debug)]
pub struct ImportStore {
    table: Table,
}

#[derive(Serialize, Deserialize)]
struct Part {
    refusals: Vec<Refusal>,
}

fn key(id: ImportId) -> Key {
    Key::new(PARTITION, id.to_string())
}

fn parts(id: ImportId) -> String {
    format!("IMPORT#{id}")
}

impl ImportStore {
    /// In the catalogue's table.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// An import as the last write left it.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn get(&self, id: ImportId) -> Result<Option<Import>> {
        self.table.get_latest(&key(id)).await?.map(from_item).transpose()
    }

    /// Writes a new import, and `trail` with it.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn announce(&self, import: &Import, trail: Write) -> Result<Outcome> {
        let announced = self.table.create(to_item(&key(import.id), import)?)?;
        transact(self.table.client(), vec![announced, trail]).await
    }

    /// Puts `next` in place of the import at the version it was read at, and with it what was refused on the way there and
    /// what else is to be written; `None` where another run was first.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn save(
        &self,
        read: &Import,
        next: &Import,
        refused: &[Refusal],
        (more, now): (Option<Write>, Timestamp),
    ) -> Result<Option<Import>> {
        let next = Import { version: read.version + 1, ..next.clone() };
        let unmoved = Expression::new("version = :read").value(":read", AttributeValue::N(read.version.to_string()));
        let mut actions = vec![self.table.replace(to_item(&key(next.id), &next)?, unmoved)?];
        if !refused.is_empty() {
            // The same rows are always refused in the same part, so that whoever writes it again writes it in its place.
            let place = Key::new(parts(next.id), format!("PART#{:010}", read.done));
            let mut part: Item = to_item(&place, Part { refusals: refused.to_vec() })?;
            part.insert("expires_at".to_owned(), n(now.plus(KEPT).seconds()));
            actions
                .push(self.table.replace(part, Expression::new("attribute_not_exists(pk) OR attribute_exists(pk)"))?);
        }
        actions.extend(more);
        match transact(self.table.client(), actions).await? {
            Outcome::Done => Ok(Some(next)),
            Outcome::Refused(_) => Ok(None),
        }
    }

    /// All that was refused, in the order of the rows.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn refused(&self, id: ImportId) -> Result<Vec<Refusal>> {
        let query = self.table.client().query().table_name(self.table.name()).consistent_read(true);
        let mut items = query
            .key_condition_expression("pk = :pk AND begins_with(sk, :part)")
            .expression_attribute_values(":pk", s(parts(id)))
            .expression_attribute_values(":part", s("PART#"))
            .into_paginator()
            .items()
            .send();
        let mut refused = Vec::new();
        while let Some(item) = items.next().await {
            refused.extend(from_item::<Part>(item.map_err(failure)?)?.refusals);
        }
        Ok(refused)
    }

    /// Up to `limit` imports, the latest first, and the id after which more come.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn page(&self, limit: u16, after: Option<ImportId>) -> Result<(Vec<Import>, Option<ImportId>)> {
        let query = self.table.client().query().table_name(self.table.name());
        let answer = query
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", s(PARTITION))
            .scan_index_forward(false)
            .set_exclusive_start_key(after.map(|id| key(id).attributes()))
            .limit(i32::from(limit))
            .send()
            .await
            .map_err(failure)?;
        let more = answer.last_evaluated_key.is_some();
        let found = answer.items.unwrap_or_default().into_iter().map(from_item).collect::<Result<Vec<Import>>>()?;
        let next = found.last().filter(|_| more).map(|import| import.id);
        Ok((found, next))
    }
}
