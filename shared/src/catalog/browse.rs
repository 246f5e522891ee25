//! Browsing: the search index that every warm function keeps in memory, and how it follows the table.
//!
//! The first request takes the last snapshot and what has changed since; after that a request costs nothing until the search index is two
//! seconds old, and then only what has changed since. Where there is no snapshot that can be used, the first request loads all
//! products from the table.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tokio::sync::Mutex;

use super::card::Listed;
use super::category::Tree;
use super::category_store::CategoryStore;
use super::search_index::SearchIndex;
use super::slug::CategoryId;
use super::snapshot_store::{Kept, SnapshotStore};
use super::store::{Changes, ProductStore};
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::error::Result;

/// How old the search index may be before it looks for changes.
const FRESH: Duration = Duration::from_secs(2);
/// An index of DynamoDB lags a little behind its table: this much is read again each time.
const OVERLAP: Duration = Duration::from_secs(10);
/// Rarely it lags a lot, and an older function still writes where no quick look is taken: once in this time …
const SWEEP_EVERY: Duration = Duration::from_mins(1);
/// … this much is read again.
pub(super) const SWEEP: Duration = Duration::from_mins(15);
/// For this long an old search index is better than none, when DynamoDB does not answer.
const SHOWN_AT_MOST: Duration = Duration::from_mins(5);
/// How old the tree of categories may be.
const TREE_FRESH: Duration = Duration::from_secs(10);

#[derive(Debug, Default)]
struct Memory {
    index: Arc<SearchIndex>,
    read_at: Option<Timestamp>,
    swept_at: Option<Timestamp>,
    tree: Arc<Tree>,
    tree_read_at: Option<Timestamp>,
}

/// What a warm function remembers of the catalogue.
#[derive(Debug, Default)]
pub struct IndexMemory(Mutex<Memory>);

/// Finding products.
#[derive(Debug)]
pub struct Browsing<'a> {
    memory: &'a IndexMemory,
    snapshots: Option<SnapshotStore>,
    products: ProductStore,
    categories: CategoryStore,
    clock: Clock,
}

impl<'a> Browsing<'a> {
    /// With a memory, and where it is filled from.
    pub fn new(
        memory: &'a IndexMemory,
        snapshots: Option<SnapshotStore>,
        products: ProductStore,
        categories: CategoryStore,
        clock: Clock,
    ) -> Self {
        Self { memory, snapshots, products, categories, clock }
    }

    /// All that is on sale, a few seconds old at worst while DynamoDB answers.
    ///
    /// # Errors
    /// DynamoDB does not answer, and has not for minutes.
    pub async fn index(&self) -> Result<Arc<SearchIndex>> {
        self.index_within(FRESH).await
    }

    /// All that is on sale, as the index has it now.
    ///
    /// # Errors
    /// DynamoDB does not answer, and has not for minutes.
    pub async fn index_now(&self) -> Result<Arc<SearchIndex>> {
        self.index_within(Duration::ZERO).await
    }

    async fn index_within(&self, fresh: Duration) -> Result<Arc<SearchIndex>> {
        let mut memory = self.memory.0.lock().await;
        let now = self.clock.now();
        let Some(read_at) = memory.read_at else {
            let changes = self.begin(&mut memory).await;
            self.take(&mut memory, changes, now).await?;
            memory.swept_at = Some(now);
            return Ok(Arc::clone(&memory.index));
        };
        if fresh > Duration::ZERO && now.since(read_at) <= fresh {
            return Ok(Arc::clone(&memory.index));
        }
        let sweeping = memory.swept_at.is_none_or(|at| now.since(at) > SWEEP_EVERY);
        let changes = match sweeping {
            true => Changes::Everywhere(read_at.minus(SWEEP)),
            false => Changes::Since(read_at.minus(OVERLAP)),
        };
        match self.take(&mut memory, changes, now).await {
            Ok(()) if sweeping => memory.swept_at = Some(now),
            Ok(()) => {}
            Err(error) if now.since(read_at) > SHOWN_AT_MOST => return Err(error),
            Err(error) => {
                tracing::warn!(error.code = error.code(), error.cause = error.cause(), "the search index is stale")
            }
        }
        Ok(Arc::clone(&memory.index))
    }

    /// Puts the last snapshot into an empty memory; which changes are then still to be read. Whatever is wrong with it costs time, and
    /// never a product.
    async fn begin(&self, memory: &mut Memory) -> Changes {
        let Some(snapshots) = &self.snapshots else { return Changes::All };
        match snapshots.read().await {
            Ok(Kept::Snapshot(snapshot)) => {
                let since = snapshot.as_of().minus(SWEEP);
                memory.index = Arc::new(SearchIndex::over(*snapshot));
                return Changes::Everywhere(since);
            }
            Ok(Kept::Nothing) => tracing::info!("there is no snapshot yet; the table is read"),
            Ok(Kept::Unusable(why)) => {
                tracing::warn!(snapshot.fault = %why, "the snapshot is of no use; the table is read");
            }
            Err(error) => {
                let (code, cause) = (error.code(), error.cause());
                tracing::warn!(error.code = code, error.cause = cause, "the snapshot cannot be read; the table is");
            }
        }
        memory.index = Arc::default();
        Changes::All
    }

    async fn take(&self, memory: &mut Memory, changes: Changes, now: Timestamp) -> Result<()> {
        let index = std::sync::Mutex::new(Arc::make_mut(&mut memory.index));
        let take = |listed: Listed| {
            let mut index = index.lock().unwrap_or_else(PoisonError::into_inner);
            let id = listed.id;
            match listed.on_sale() {
                Some(card) => index.put(card),
                None => index.remove(id),
            }
        };
        self.products.changed(changes, &take).await?;
        memory.read_at = Some(now);
        Ok(())
    }

    /// Some categories and all below them; none where there is no such category.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn within(&self, categories: &[CategoryId]) -> Result<BTreeSet<CategoryId>> {
        let tree = self.tree().await?;
        Ok(categories.iter().flat_map(|category| tree.with_descendants(category)).collect())
    }

    /// All categories, ten seconds old at worst.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn tree(&self) -> Result<Arc<Tree>> {
        let mut memory = self.memory.0.lock().await;
        let now = self.clock.now();
        if memory.tree_read_at.is_none_or(|at| now.since(at) > TREE_FRESH) {
            memory.tree = Arc::new(self.categories.tree().await?);
            memory.tree_read_at = Some(now);
        }
        Ok(Arc::clone(&memory.tree))
    }
}
