//! Disposals in DynamoDB: `DISPOSAL#<id>` / `DISPOSAL`.

use super::disposal::{Disposal, DisposalStatus};
use crate::platform::dynamo::{Expression, Key, Table, Write, from_item, to_item, value};
use crate::platform::error::Result;
use crate::platform::ids::MovementId;

/// The disposals.
#[derive(Clone, Debug)]
pub struct DisposalStore {
    table: Table,
}

fn key(id: MovementId) -> Key {
    Key::new(format!("DISPOSAL#{id}"), "DISPOSAL")
}

impl DisposalStore {
    /// In the catalogue's table.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// One disposal.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn get(&self, id: MovementId) -> Result<Option<Disposal>> {
        self.table.get_latest(&key(id)).await?.map(from_item).transpose()
    }

    /// The write of a transaction that announces one.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub fn announce(&self, disposal: &Disposal) -> Result<Write> {
        self.table.create(to_item(&key(disposal.id), disposal)?)
    }

    /// The write of a transaction that confirms one, once.
    ///
    /// # Errors
    /// None in practice: the write is complete.
    pub fn confirm(&self, id: MovementId) -> Result<Write> {
        let waits = Expression::new("#status = :waits")
            .name("#status", "status")
            .value(":waits", value(DisposalStatus::AwaitingWitness)?)
            .value(":done", value(DisposalStatus::Confirmed)?);
        self.table.update(&key(id), "SET #status = :done", waits)
    }
}
