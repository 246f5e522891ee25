//! Imports: tables of products and of stock, and the tables of the FDA, that are read as a whole.
//!
//! A row means the same however often it is read: a product is found by an id that is made of its key, and a lot has as many
//! units as the table says. What a row may say is decided where everybody's products and deliveries are.

pub mod fda;
mod fda_row;
pub mod import;
mod importing;
pub mod key;
mod product_row;
mod reading;
mod report;
pub mod row;
mod starting;
mod stock_row;
mod store;
pub mod table;
pub mod view;

pub use import::{Import, ImportKind, ImportStatus, Rows};
pub use importing::{Importing, PATIENCE, Ran};
pub use starting::{Imports, StartImport, StartImportRequest};
pub use store::ImportStore;
pub use view::{ImportView, StartedImport};
