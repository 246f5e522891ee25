//! From the stream of products to the queue of notices.
//!
//! A batch that fails anywhere fails as a whole and comes again: who was told already has their notice under the name it always
//! has, and is told once. Killed half way through the watchers of a product, the next run begins with the first of them again.

use serde_json::Value;

use super::crossing::Crossing;
use super::store::WatchStore;
use crate::notices::Queue;
use crate::platform::dynamo::Key;
use crate::platform::error::Result;

/// Tell who watches a product what has become of it.
#[derive(Debug)]
pub struct Watchmen<'a> {
    /// Who watches what.
    pub store: WatchStore,
    /// Where notices go.
    pub queue: &'a Queue,
}

impl Watchmen<'_> {
    /// Finds who waits for what these records tell; how many notices they get.
    ///
    /// # Errors
    /// A product of a shape that nobody knows; SQS or DynamoDB does not answer.
    pub async fn tell(&self, records: &[Value]) -> Result<usize> {
        let mut told = 0;
        for record in records {
            if let Some(crossing) = Crossing::of_record(record)? {
                told += self.tell_watchers(&crossing).await?;
            }
        }
        Ok(told)
    }

    async fn tell_watchers(&self, crossing: &Crossing) -> Result<usize> {
        let (mut told, mut after): (_, Option<Key>) = (0, None);
        loop {
            let batch = self.store.watchers(crossing.product(), after.as_ref()).await?;
            let notices = batch.watchers.iter().flat_map(|(person, terms)| crossing.notices(person, terms));
            let notices: Vec<_> = notices.map(|notice| (notice, 0)).collect();
            self.queue.put(&notices).await?;
            told += notices.len();
            after = batch.next;
            if after.is_none() {
                return Ok(told);
            }
        }
    }
}
