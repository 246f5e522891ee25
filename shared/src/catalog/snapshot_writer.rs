//! Keeping the snapshot of the search index: the last one, with what has changed since, becomes the next.
//!
//! - Twice, or two at once: both write all that was on sale when they began; whichever is there last, nothing is missing, since who
//!   reads it looks for what has changed since it began.
//! - Killed: the last one stays.
//! - Once a day it is made of the table alone, so that nothing that was ever missed stays missing.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::browse::SWEEP;
use super::card::Listed;
use super::search_index::{SearchIndex, write_snapshot};
use super::snapshot_store::{Kept, SnapshotStore};
use super::store::{Changes, ProductStore};
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::error::Result;

/// A snapshot that was not made of the table alone for so long is.
const WHOLE_EVERY: Duration = Duration::from_hours(24);
/// So many changes are read beside a snapshot without anybody noticing …
const FEW: usize = 100;
/// … and one in so many products …
const ONE_IN: usize = 200;
/// … unless they have been for so long.
const LONG: Duration = Duration::from_hours(6);

/// Keeps the snapshot.
#[derive(Clone, Debug)]
pub struct SnapshotWriter {
    /// Where it is kept.
    pub snapshots: SnapshotStore,
    /// What is on sale.
    pub products: ProductStore,
    /// The time.
    pub clock: Clock,
}

/// What a run has written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// How many products are on sale.
    pub products: usize,
    /// How large the snapshot is; zero where the last one stays.
    pub bytes: usize,
    /// Whether all of it was read from the table.
    pub whole: bool,
}

impl SnapshotWriter {
    /// Writes a snapshot, if enough has changed since the last.
    ///
    /// # Errors
    /// DynamoDB or S3 does not answer.
    pub async fn run(&self) -> Result<Written> {
        let now = self.clock.now();
        let last = match self.snapshots.read().await? {
            Kept::Snapshot(snapshot) => Some(*snapshot).filter(|last| now.since(last.built_at()) < WHOLE_EVERY),
            Kept::Nothing => None,
            Kept::Unusable(why) => {
                tracing::warn!(snapshot.fault = %why, "the last snapshot is of no use; the table is read");
                None
            }
        };
        let (index, changes, as_of, built_at) = match last {
            Some(last) => {
                let (as_of, built_at) = (last.as_of(), last.built_at());
                (SearchIndex::over(last), Changes::Everywhere(as_of.minus(SWEEP)), as_of, built_at)
            }
            None => (SearchIndex::default(), Changes::All, now, now),
        };
        let whole = changes == Changes::All;
        let index = Mutex::new(index);
        let take = |listed: Listed| {
            let mut index = index.lock().unwrap_or_else(PoisonError::into_inner);
            let id = listed.id;
            match listed.on_sale() {
                Some(card) => index.put(card),
                None => index.remove(id),
            }
        };
        self.products.changed(changes, &take).await?;
        let index = index.into_inner().unwrap_or_else(PoisonError::into_inner);
        let products = index.len();
        if !whole && !is_worth_it(&index, as_of, now) {
            return Ok(Written { products, bytes: 0, whole });
        }
        let bytes = write_snapshot(index.cards().collect(), now, built_at)?;
        drop(index);
        let length = bytes.len();
        self.snapshots.write(bytes).await?;
        Ok(Written { products, bytes: length, whole })
    }
}

fn is_worth_it(index: &SearchIndex, as_of: Timestamp, now: Timestamp) -> bool {
    let changes = index.changes();
    changes > FEW.max(index.len() / ONE_IN) || changes > 0 && now.since(as_of) > LONG
}
