//! Prices that were asked, in DynamoDB: `PRODUCT#<id>` / `PRICE#<until when>`. Each is written with the change that ended it.

use super::prices::{AFTER_TODAY, PricePeriod};
use super::stock::partition;
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{Key, Table, Write, failure, from_item, s, to_item};
use crate::platform::error::Result;
use crate::platform::ids::ProductId;

/// The prices that were asked.
#[derive(Clone, Debug)]
pub struct PriceStore {
    table: Table,
}

impl PriceStore {
    /// In the catalogue's table.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// The write of a transaction that writes down a price that is asked no more: that of a product of `version`, which
    /// keeps those of one moment apart.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub fn write_down(&self, product: ProductId, ended: PricePeriod, at: Timestamp, version: u64) -> Result<Write> {
        let place = format!("PRICE#{at}#{version:010}");
        self.table.create(to_item(&Key::new(partition(product), place), ended)?)
    }

    /// Up to `limit` prices that ended before the place `after`, the latest first; and the place after which more come.
    /// [`AFTER_TODAY`] is before all of them.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn page(
        &self,
        product: ProductId,
        limit: u16,
        after: Option<&str>,
    ) -> Result<(Vec<PricePeriod>, Option<String>)> {
        let query = self.table.client().query().table_name(self.table.name());
        // What is written down is never moved, so that a place stays one.
        let start =
            after.filter(|after| *after != AFTER_TODAY).map(|after| Key::new(partition(product), after).attributes());
        let answer = query
            .key_condition_expression("pk = :pk AND begins_with(sk, :prices)")
            .expression_attribute_values(":pk", s(partition(product)))
            .expression_attribute_values(":prices", s("PRICE#"))
            .set_exclusive_start_key(start)
            .scan_index_forward(false)
            .limit(i32::from(limit))
            .send()
            .await
            .map_err(failure)?;
        let next = answer.last_evaluated_key.as_ref().and_then(Key::of).map(|key| key.sk);
        let periods = answer.items.unwrap_or_default().into_iter().map(from_item);
        Ok((periods.collect::<Result<_>>()?, next))
    }

    /// Those that ended after the moment `since`.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn since(&self, product: ProductId, since: Timestamp) -> Result<Vec<PricePeriod>> {
        let query = self.table.client().query().table_name(self.table.name());
        let mut items = query
            .key_condition_expression("pk = :pk AND sk BETWEEN :first AND :last")
            .expression_attribute_values(":pk", s(partition(product)))
            .expression_attribute_values(":first", s(format!("PRICE#{since}")))
            .expression_attribute_values(":last", s(AFTER_TODAY))
            .into_paginator()
            .items()
            .send();
        let mut found = Vec::new();
        while let Some(item) = items.next().await {
            found.push(from_item(item.map_err(failure)?)?);
        }
        Ok(found)
    }
}
