//! The snapshot of the search index in S3: one object, which each run of the worker puts in place of the last. A write of S3 is whole or
//! none.

use super::search_index::{Snapshot, Unusable, VERSION};
use crate::platform::error::{Error, Result};
use crate::platform::objects::Bucket;

/// More than any function has the memory for.
const MOST_BYTES: u64 = 2 * 1024 * 1024 * 1024;

/// Where snapshots are.
#[derive(Clone, Debug)]
pub struct SnapshotStore {
    bucket: Bucket,
}

/// What was found where the snapshot is.
#[derive(Debug)]
pub enum Kept {
    /// One that can be used.
    Snapshot(Box<Snapshot>),
    /// None was ever written.
    Nothing,
    /// Something that cannot.
    Unusable(Unusable),
}

/// Each version has an object of its own: while a deployment changes functions one by one, neither takes away what the other reads.
fn key() -> String {
    format!("search/index-v{VERSION}")
}

impl SnapshotStore {
    /// In the bucket of media, beside what is public there.
    pub fn new(bucket: Bucket) -> Self {
        Self { bucket }
    }

    /// The snapshot that was written last.
    ///
    /// # Errors
    /// S3 does not answer.
    pub async fn read(&self) -> Result<Kept> {
        let Some(bytes) = self.bucket.read_large(&key(), MOST_BYTES).await? else { return Ok(Kept::Nothing) };
        Ok(match Snapshot::open(bytes) {
            Ok(snapshot) => Kept::Snapshot(Box::new(snapshot)),
            Err(unusable) => Kept::Unusable(unusable),
        })
    }

    /// Writes a snapshot in place of the last.
    ///
    /// # Errors
    /// S3 does not answer, or it is larger than anybody reads.
    pub async fn write(&self, bytes: Vec<u8>) -> Result<()> {
        if u64::try_from(bytes.len()).is_ok_and(|length| length > MOST_BYTES) {
            return Err(Error::internal("a snapshot that nobody could read"));
        }
        self.bucket.write(&key(), bytes, "application/octet-stream", "private, no-store").await
    }
}
