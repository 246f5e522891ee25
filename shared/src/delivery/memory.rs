//! The zones that a warm function has in mind: read once a minute at most.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;

use super::store::ZoneStore;
use super::zones::Zones;
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::error::Result;

/// How old they may be.
const FRESH: Duration = Duration::from_secs(60);

/// What a warm function remembers of the zones.
#[derive(Debug, Default)]
pub struct ZoneMemory(Mutex<Option<(Timestamp, Arc<Zones>)>>);

impl ZoneMemory {
    /// The zones, at most a minute old.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn zones(&self, store: &ZoneStore, clock: &Clock) -> Result<Arc<Zones>> {
        let mut memory = self.0.lock().await;
        let now = clock.now();
        if let Some((read_at, zones)) = &*memory
            && now.since(*read_at) < FRESH
        {
            return Ok(Arc::clone(zones));
        }
        let zones = Arc::new(store.all().await?);
        *memory = Some((now, Arc::clone(&zones)));
        Ok(zones)
    }
}
