//! The wiring of what looks after lots, stock and prices.

use super::App;
use crate::catalog::lots::{Expiring, LotStore, Receiving};
use crate::catalog::recalls::{RecallStore, Recalling};
use crate::catalog::register::{Register, RegisterStore};
use crate::catalog::{Inventory, MovementStore};
use crate::orders::{Following, LotTracing};

impl App {
    /// Where lots are.
    pub(super) fn lot_store(&self) -> LotStore {
        LotStore::new(self.table(&self.config.tables.catalog))
    }

    /// Lots.
    pub fn receiving(&self) -> Receiving {
        Receiving {
            table: self.table(&self.config.tables.catalog),
            stock: self.stock_store(),
            lots: self.lot_store(),
            clock: self.clock.clone(),
            zone: self.config.time_zone.clone(),
        }
    }

    /// The register of controlled medicines.
    pub fn register(&self) -> Register {
        let table = self.table(&self.config.tables.catalog);
        Register {
            store: RegisterStore::new(table.clone()),
            stock: self.stock_store(),
            movements: MovementStore::new(table, self.config.jurisdiction),
            profiles: self.profiles(),
            zone: self.config.time_zone.clone(),
        }
    }

    /// Lots whose last day has passed.
    pub fn expiring(&self) -> Expiring {
        Expiring {
            products: self.product_store(),
            stock: self.stock_store(),
            clock: self.clock.clone(),
            zone: self.config.time_zone.clone(),
        }
    }

    /// Calling lots back.
    pub fn recalling(&self) -> Recalling {
        Recalling {
            table: self.table(&self.config.tables.catalog),
            stock: self.stock_store(),
            lots: self.lot_store(),
            recalls: self.recall_store(),
            audit: self.audit(),
            clock: self.clock.clone(),
        }
    }

    /// The orders of what was called back.
    pub fn following(&self) -> Following {
        Following {
            store: self.order_store(),
            lots: self.lot_store(),
            recalls: self.recall_store(),
            audit: self.audit(),
            clock: self.clock.clone(),
            dynamo: self.dynamo().clone(),
        }
    }

    /// Where lots went.
    pub fn lot_tracing(&self) -> LotTracing {
        LotTracing { store: self.order_store(), lots: self.lot_store(), audit: self.audit(), clock: self.clock.clone() }
    }

    fn recall_store(&self) -> RecallStore {
        RecallStore::new(self.table(&self.config.tables.catalog))
    }

    /// The inventory.
    pub fn inventory(&self) -> Inventory {
        Inventory {
            products: self.product_store(),
            stock: self.stock_store(),
            movements: MovementStore::new(self.table(&self.config.tables.catalog), self.config.jurisdiction),
            clock: self.clock.clone(),
            zone: self.config.time_zone.clone(),
        }
    }
}
