//! The wiring of the catalogue and of what is known of medicines.

use std::sync::Arc;

use super::App;
use crate::catalog::{
    Browsing, Categories, CategoryStore, ProductImages, ProductStore, Products, SellerStore, Sellers, SnapshotStore,
    SnapshotWriter, StockAdjustments, StockStore,
};
use crate::medicine::{Medicines, RedFlags, RuleDesk, RuleStore};
use crate::platform::error::Result;
use crate::triage::facts::Facts;

impl App {
    /// Finding products.
    pub fn browsing(&self) -> Browsing<'_> {
        let snapshots = self.snapshot_store().ok();
        Browsing::new(&self.index, snapshots, self.product_store(), self.category_store(), self.clock.clone())
    }

    /// Answers about medicines.
    pub fn medicines(&self) -> Medicines<'_> {
        Medicines::new(&self.medicine, self.rule_store(), self.clock.clone())
    }

    /// Writing and reviewing the rules of medicine.
    pub fn rule_desk(&self) -> RuleDesk {
        let is_symptom = |id: &str| Facts::get().place(id).is_some();
        RuleDesk { store: self.rule_store(), audit: self.audit(), clock: self.clock.clone(), is_symptom }
    }

    /// The signs of an emergency that are looked for in people's words and answers.
    pub fn red_flags(&self) -> RedFlags {
        RedFlags::new(Arc::clone(&self.flags), self.rule_store(), self.clock.clone())
    }

    pub(super) fn rule_store(&self) -> RuleStore {
        RuleStore::new(self.table(&self.config.tables.medicine))
    }

    /// Products.
    pub fn products(&self) -> Products {
        Products::new(self.product_store(), self.config.jurisdiction, self.clock.clone())
    }

    /// What sellers are called.
    pub fn sellers(&self) -> Sellers {
        Sellers {
            store: self.seller_store(),
            products: self.products(),
            audit: self.audit(),
            clock: self.clock.clone(),
        }
    }

    pub(super) fn seller_store(&self) -> SellerStore {
        SellerStore::new(self.table(&self.config.tables.catalog))
    }

    /// Categories.
    pub fn categories(&self) -> Categories {
        Categories::new(self.category_store())
    }

    /// Stock adjustments.
    pub fn stock_adjustments(&self) -> StockAdjustments {
        StockAdjustments::new(self.table(&self.config.tables.catalog), self.config.jurisdiction, self.clock.clone())
    }

    /// Pictures of products.
    ///
    /// # Errors
    /// The function has no credentials to sign uploads with.
    pub fn product_images(&self) -> Result<ProductImages> {
        Ok(ProductImages::new(self.products(), self.bucket(&self.config.media_bucket)?, self.clock.clone()))
    }

    /// Reads the rules of medicine, as something to wait for while a function starts.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn prepare_rules(&self) -> Result<()> {
        self.medicines().knowledge().await.map(|_| ())
    }

    /// Keeping the snapshot that instances begin with.
    ///
    /// # Errors
    /// The function has no credentials.
    pub fn snapshot_writer(&self) -> Result<SnapshotWriter> {
        Ok(SnapshotWriter {
            snapshots: self.snapshot_store()?,
            products: self.product_store(),
            clock: self.clock.clone(),
        })
    }

    fn snapshot_store(&self) -> Result<SnapshotStore> {
        Ok(SnapshotStore::new(self.bucket(&self.config.media_bucket)?))
    }

    /// Products as they are stored, for who names them.
    pub fn product_store(&self) -> ProductStore {
        ProductStore::new(self.table(&self.config.tables.catalog))
    }

    pub(super) fn category_store(&self) -> CategoryStore {
        CategoryStore::new(self.table(&self.config.tables.catalog))
    }

    pub(super) fn stock_store(&self) -> StockStore {
        StockStore::new(self.table(&self.config.tables.catalog))
    }
}
