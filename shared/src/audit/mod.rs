//! The trail: who did or tried what to whose data, when, from where. Entries are appended and never touched again.

mod action;
pub mod entry;
mod held_store;
mod reading_store;
mod search;
pub mod store;
mod trail;
pub mod view;

pub use action::Action;
pub use entry::{Actor, Entry, Origin, Outcome};
pub use held_store::{OwnAct, Recorded};
pub use search::{TrailQuery, TrailSearch};
pub use store::Audit;
pub use trail::Trail;
