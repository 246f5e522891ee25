//! The wiring of reports.

use super::App;
use crate::platform::error::Result;
use crate::reports::{Counting, InventoryReports, Noting, ReportStore, Reports};

impl App {
    /// Noting what is to be counted.
    ///
    /// # Errors
    /// The function has no credentials.
    pub fn noting(&self) -> Result<Noting<'_>> {
        Ok(Noting { queue: self.count_queue()? })
    }

    /// Counting.
    pub fn counting(&self) -> Counting {
        Counting {
            orders: self.order_store(),
            prescriptions: self.prescription_store(),
            store: self.report_store(),
            zone: self.config.time_zone.clone(),
        }
    }

    /// The reports that are read from counters.
    pub fn reports(&self) -> Reports {
        Reports {
            store: self.report_store(),
            currency: self.config.currency,
            methods: self.config.payment_methods.clone(),
            clock: self.clock.clone(),
            zone: self.config.time_zone.clone(),
        }
    }

    /// The report of what is in the house.
    pub fn inventory_reports(&self) -> InventoryReports {
        InventoryReports {
            products: self.product_store(),
            stock: self.stock_store(),
            lots: self.lot_store(),
            clock: self.clock.clone(),
            zone: self.config.time_zone.clone(),
        }
    }

    fn report_store(&self) -> ReportStore {
        ReportStore::new(self.table(&self.config.tables.orders))
    }
}
