//! What the erasure of a person does to the table of consultations.

use super::attachment::{checked_key, incoming_key};
use super::store::{ConsultationStore, head_key, key, open_key, partition};
use crate::platform::dynamo::{Key, failure, s, write};
use crate::platform::error::Result;
use crate::platform::ids::{AttachmentId, ConsultationId, UserId};
use crate::platform::objects::Bucket;

/// How many keys are read at once.
const PAGE: i32 = 200;

impl ConsultationStore {
    /// Deletes a consultation and everything in it. The head goes first, and with it the keys: from then on nothing can be written
    /// and nothing that is left can be read. The consultation goes last: as long as it is there, the next run finds the rest.
    pub(super) async fn erase(&self, id: ConsultationId, files: &Bucket) -> Result<()> {
        self.delete_now(&head_key(id)).await?;
        let mut start = None;
        loop {
            let query = self.table.client().query().table_name(self.table.name()).consistent_read(true);
            let answer = query
                .key_condition_expression("pk = :pk")
                .expression_attribute_values(":pk", s(partition(id)))
                .projection_expression("pk, sk")
                .set_exclusive_start_key(start)
                .limit(PAGE)
                .send()
                .await
                .map_err(failure)?;
            for item in answer.items.unwrap_or_default().iter().filter_map(Key::of).filter(|item| *item != key(id)) {
                if let Some(file) = item.sk.strip_prefix("ATT#").and_then(|file| AttachmentId::parse(file).ok()) {
                    files.delete(&checked_key(id, file)).await?;
                    files.delete(&incoming_key(id, file)).await?;
                }
                self.delete_now(&item).await?;
            }
            start = answer.last_evaluated_key;
            if start.is_none() {
                break;
            }
        }
        self.delete_now(&key(id)).await
    }

    /// Forgets which consultations of a patient are open.
    pub(super) async fn forget_open(&self, patient: &UserId) -> Result<()> {
        self.delete_now(&open_key(patient)).await
    }

    async fn delete_now(&self, item: &Key) -> Result<()> {
        write(self.table.client(), self.delete_any(item)?).await.map(|_| ())
    }
}
