//! Reports: what was sold, paid and reviewed on which day, and what is in the house.
//!
//! Sums come from counters that a worker keeps, and never from a scan. For each order and prescription an item says at which version
//! it was counted, and what it counts for; a counter changes by the difference, in the same transaction. So it does not matter how
//! often, in which order or by how many at once a thing is counted: the counters are what all things count for at their versions.
//!
//! Pure rules: [`cell`], [`counted`], [`of_order`], [`of_prescription`], [`period`], [`csv`]. Use-cases: [`Noting`], [`Counting`],
//! [`Reports`], [`InventoryReports`].

pub mod cell;
pub mod counted;
mod counting;
pub mod csv;
pub mod figures;
mod inventory;
mod noting;
pub mod of_order;
pub mod of_prescription;
mod payments;
pub mod period;
mod prescriptions;
mod request;
mod sales;
mod service;
mod store;
pub mod subject;

pub use counting::{Counting, Done};
pub use inventory::{InventoryReport, InventoryReports, InventoryRow, InventoryTotals, Value};
pub use noting::Noting;
pub use payments::{PaymentSums, PaymentsReport, PaymentsRow};
pub use prescriptions::{PrescriptionSums, PrescriptionsReport, PrescriptionsRow, Review};
pub use request::{Asked, By, Format, InventoryQuery, ReportQuery, SalesQuery};
pub use sales::{SalesReport, SalesRow, SalesSums};
pub use service::Reports;
pub use store::ReportStore;
pub use subject::Subject;
