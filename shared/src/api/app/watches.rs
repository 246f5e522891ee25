//! The wiring of watches.

use super::App;
use crate::platform::error::Result;
use crate::watches::{WatchStore, Watches, Watchmen};

impl App {
    /// What people watch.
    pub fn watches(&self) -> Watches {
        Watches {
            store: self.watch_store(),
            products: self.product_store(),
            media_base_url: self.config.media_base_url.clone(),
            clock: self.clock.clone(),
        }
    }

    /// Telling those who watch.
    ///
    /// # Errors
    /// The function has no credentials.
    pub fn watchmen(&self) -> Result<Watchmen<'_>> {
        Ok(Watchmen { store: self.watch_store(), queue: self.notify_queue()? })
    }

    pub(super) fn watch_store(&self) -> WatchStore {
        WatchStore::new(self.table(&self.config.tables.notifications))
    }
}
