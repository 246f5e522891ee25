//! Consultations of somebody who is being erased.

use super::attaching::Attachments;
use super::socket::ConnectionStore;
use super::store::Index;
use crate::platform::error::Result;
use crate::platform::ids::UserId;

/// How many consultations are read at once.
const PAGE: i32 = 25;

impl Attachments {
    /// Deletes the consultations of `patient` with their keys, messages and files, and their connections; how many consultations
    /// there were. What a doctor has written stands in the consultations of others, and stays there.
    ///
    /// # Errors
    /// DynamoDB or S3 does not answer.
    pub async fn erase(&self, patient: &UserId, connections: &ConnectionStore) -> Result<u32> {
        let (mut erased, mut after) = (0, None);
        loop {
            let batch = self.store.batch(Index::Patient(patient), after, PAGE).await?;
            for id in batch.ids {
                after = Some(id);
                self.store.erase(id, &self.files).await?;
                erased += 1;
            }
            if !batch.more {
                break;
            }
        }
        self.store.forget_open(patient).await?;
        connections.forget_all(patient).await?;
        Ok(erased)
    }
}
