//! Triage: from what somebody says about how they are to how soon they should be seen and by whom. Support for a decision, never a
//! diagnosis: signs of danger come first and alone, what fits has a place and no number, and every fact names its source.

pub mod assess;
pub mod conditions;
mod danger;
pub mod facts;
mod help;
pub mod measure;
pub mod person;
pub mod ranking;
mod service;
mod session;
mod store;
pub mod vocabulary;

pub use service::{Answered, Asker, Triages};
pub use session::{OwnSign, Triage, TriageView};
pub use store::TriageStore;
