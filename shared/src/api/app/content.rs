//! The wiring of pages.

use super::App;
use crate::content::{Editing, PageImages, PageStore, Publishing, Reading};
use crate::platform::error::Result;

impl App {
    /// Reading what is published.
    pub fn pages(&self) -> Reading<'_> {
        Reading::new(&self.content, self.page_store(), self.clock.clone())
    }

    /// Writing and reviewing pages.
    pub fn editing(&self) -> Editing {
        Editing { store: self.page_store(), audit: self.audit(), clock: self.clock.clone() }
    }

    /// Publishing pages.
    pub fn publishing(&self) -> Publishing {
        let (clock, zone) = (self.clock.clone(), self.config.time_zone.clone());
        Publishing { store: self.page_store(), audit: self.audit(), clock, zone }
    }

    /// Pictures of pages.
    ///
    /// # Errors
    /// The function has no credentials to sign uploads with.
    pub fn page_images(&self) -> Result<PageImages> {
        Ok(PageImages::new(self.page_store(), self.bucket(&self.config.media_bucket)?, self.clock.clone()))
    }

    fn page_store(&self) -> PageStore {
        PageStore::new(self.table(&self.config.tables.content))
    }
}
