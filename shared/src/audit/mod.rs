//! The trail: who did or tried what to whose data, when, from where. Entries are appended and never touched again.

mod action;
pub mod entry;
pub mod store;

pub use action::Action;
pub use entry::{Actor, Entry, Origin, Outcome};
pub use store::Audit;
