//! Medicine: what substances do together and to whom, and how much of them is given. Support for decisions, never a
//! decision: every answer names its source, its version and what it does not know.

pub mod advice;
pub mod allergy;
pub mod base;
pub mod body;
pub mod condition;
pub mod contraindication;
pub mod dataset;
pub mod decimal;
pub mod desk;
pub mod directions;
pub mod dose;
pub mod flags;
pub mod formula;
pub mod identifier;
pub mod interaction;
pub mod item;
pub mod kidneys;
pub mod knowledge;
pub mod limit;
pub mod mechanism;
pub mod memory;
pub mod pack;
pub mod patient;
pub mod person;
pub mod review;
pub mod route;
pub mod rule;
pub mod screening;
pub mod search;
pub mod severity;
mod store;
pub mod strength;
pub mod substance;
pub mod unit;
pub mod usage;
pub mod view;

pub use advice::Medicines;
pub use desk::RuleDesk;
pub use flags::{FlagMemory, Followed, RedFlags};
pub use memory::MedicineMemory;
pub use store::RuleStore;
