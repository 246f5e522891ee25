//! The trail: who did or tried what to whose data, when, from where. Entries are appended and never touched again.

mod action;
pub mod entry;
mod held_store;
mod log;
mod reading_store;
mod search;
pub mod store;
pub mod view;

pub use action::Action;
pub use entry::{Actor, Entry, Origin, Outcome};
pub use held_store::{OwnAct, Recorded};
pub use log::AuditLog;
pub use search::{AuditQuery, AuditSearch};
pub use store::Audit;
