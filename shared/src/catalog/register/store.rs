//! The register in DynamoDB: `REGISTER#<product>` / `<place of ten digits>`. Entries are created and never written again.

use super::entry::RegisterEntry;
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{Key, Table, Write, failure, from_item, s, to_item};
use crate::platform::error::Result;
use crate::platform::ids::ProductId;

/// The register.
#[derive(Clone, Debug)]
pub struct RegisterStore {
    table: Table,
}

fn partition(product: ProductId) -> String {
    format!("REGISTER#{product}")
}

fn place(seq: u64) -> String {
    format!("{seq:010}")
}

impl RegisterStore {
    /// In the catalogue's table.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// The write of a transaction that adds an entry where there is none yet.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub fn add(&self, entry: &RegisterEntry) -> Result<Write> {
        self.table.create(to_item(&Key::new(partition(entry.product_id), place(entry.seq)), entry)?)
    }

    /// The last entry of a product.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn last(&self, product: ProductId) -> Result<Option<RegisterEntry>> {
        let query = self.table.client().query().table_name(self.table.name()).consistent_read(true);
        let answer = query
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", s(partition(product)))
            .scan_index_forward(false)
            .limit(1)
            .send()
            .await
            .map_err(failure)?;
        answer.items.unwrap_or_default().into_iter().next().map(from_item).transpose()
    }

    /// Up to `limit` entries of a product after the place `after`, the oldest first.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn page(&self, product: ProductId, after: u64, limit: i32) -> Result<Vec<RegisterEntry>> {
        let query = self.table.client().query().table_name(self.table.name()).consistent_read(true);
        let answer = query
            .key_condition_expression("pk = :pk AND sk > :after")
            .expression_attribute_values(":pk", s(partition(product)))
            .expression_attribute_values(":after", s(place(after)))
            .limit(limit)
            .send()
            .await
            .map_err(failure)?;
        answer.items.unwrap_or_default().into_iter().map(from_item).collect()
    }

    /// The place after which the entries since a moment may come: none that is before it is later. Entries are written in
    /// the order in which units moved, by clocks that agree within a minute.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn before(&self, product: ProductId, since: Timestamp) -> Result<u64> {
        let since = since.minus(std::time::Duration::from_mins(1));
        let (mut low, mut high) = (0, self.last(product).await?.map_or(0, |last| last.seq));
        while low < high {
            let middle = low.midpoint(high);
            let entry = self.page(product, middle, 1).await?;
            match entry.first() {
                Some(entry) if entry.at < since => low = middle + 1,
                _ => high = middle,
            }
        }
        Ok(low)
    }
}
