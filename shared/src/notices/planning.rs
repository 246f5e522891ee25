//! From the streams of tables to the queue of notices.
//!
//! A batch that fails anywhere fails as a whole and comes again: what was put into the queue already comes twice, and is told once.

use serde_json::Value;

use super::notice::Notice;
use super::plan::{Planned, of_record};
use super::queue::Queue;
use super::store::NoticeStore;
use crate::platform::error::Result;
use crate::platform::jurisdiction::Jurisdiction;
use crate::platform::zone::Zone;

/// Plans what is told.
#[derive(Debug)]
pub struct Planning<'a> {
    /// Where notices go that are told now.
    pub queue: &'a Queue,
    /// Where those wait that are told later.
    pub store: NoticeStore,
    /// Where the pharmacy is.
    pub zone: Zone,
    /// Whose schedules count.
    pub place: Jurisdiction,
}

impl Planning<'_> {
    /// Plans what is told of these records; what is told now.
    ///
    /// # Errors
    /// A record of a shape that nobody knows; SQS or DynamoDB does not answer.
    pub async fn plan(&self, records: &[Value]) -> Result<Vec<Notice>> {
        let (mut queued, mut later) = (Vec::new(), Vec::new());
        for record in records {
            for planned in of_record(record, &self.zone, self.place)? {
                match planned {
                    Planned::Now(notice) => queued.push((notice, 0)),
                    Planned::After(notice, seconds) => queued.push((notice, seconds)),
                    Planned::On(notice, at) => later.push((notice, at)),
                }
            }
        }
        for (notice, at) in &later {
            self.store.wait(notice, *at).await?;
        }
        self.queue.put(&queued).await?;
        tracing::info!(notices.queued = queued.len(), notices.later = later.len());
        Ok(queued.into_iter().map(|(notice, _)| notice).collect())
    }
}
