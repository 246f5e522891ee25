//! The trail: who did or tried what to whose data, when, from where. Entries are appended and never touched again.

pub mod entry;
mod held_store;
pub mod store;

pub use entry::{Action, Actor, Entry, Outcome};
pub use held_store::Recorded;
pub use store::Audit;
