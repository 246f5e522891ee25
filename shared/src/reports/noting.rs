//! From the streams of orders and prescriptions to the queue of what is to be counted.

use std::collections::BTreeSet;

use serde_json::Value;

use super::subject::Subject;
use crate::notices::Queue;
use crate::platform::error::Result;

/// Notes what is to be counted.
#[derive(Debug)]
pub struct Noting<'a> {
    /// The queue of it.
    pub queue: &'a Queue,
}

impl Noting<'_> {
    /// Has all counted that these records are of, each once; how much that is. What is noted twice is counted once.
    ///
    /// # Errors
    /// 503 where the queue does not take all of them; some may be counted.
    pub async fn note(&self, records: &[Value]) -> Result<usize> {
        let subjects: BTreeSet<_> = records.iter().filter_map(Subject::of_record).collect();
        let messages = subjects.iter().map(|subject| Ok((subject.to_message()?, 0)));
        self.queue.put_texts(messages.collect::<Result<_>>()?).await?;
        Ok(subjects.len())
    }
}
