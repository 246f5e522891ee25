//! The wiring of imports.

use super::App;
use crate::imports::{ImportStore, Importing, Imports};
use crate::platform::error::Result;

impl App {
    /// Imports, for who begins them.
    ///
    /// # Errors
    /// The function has no credentials.
    pub fn imports(&self) -> Result<Imports> {
        Ok(Imports {
            store: self.import_store(),
            files: self.bucket(&self.config.scans_bucket)?,
            audit: self.audit(),
            clock: self.clock.clone(),
        })
    }

    /// Taking imports in.
    ///
    /// # Errors
    /// The function has no credentials.
    pub fn importing(&self) -> Result<Importing> {
        Ok(Importing {
            store: self.import_store(),
            files: self.bucket(&self.config.scans_bucket)?,
            products: self.products(),
            receiving: self.receiving(),
            categories: self.categories(),
            audit: self.audit(),
            clock: self.clock.clone(),
            currency: self.config.currency,
            patience: crate::imports::PATIENCE,
        })
    }

    fn import_store(&self) -> ImportStore {
        ImportStore::new(self.table(&self.config.tables.catalog))
    }
}
