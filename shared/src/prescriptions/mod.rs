//! Prescriptions: upload, check, review, and the ledger of what has been dispensed on them.

pub mod document;
pub mod held;
pub mod ledger;
mod pdf;
pub mod prescription;
pub mod review;
pub mod schedule;
pub mod store;
pub mod submission;
pub mod view;

mod erasing;
mod erasure_store;
mod queue;
mod reading;
mod reviewing;
mod scanning;
mod service;
mod submitting;

#[cfg(test)]
pub(crate) mod samples;

pub use erasing::Cleared;
pub use ledger::{Allocation, Demand, Shortfall, ShortfallCode};
pub use prescription::{AuthorizedLine, Fill, Medicine, Prescription, Status};
pub use queue::Listing;
pub use scanning::Scanned;
pub use service::Prescriptions;
pub use store::PrescriptionStore;
pub use submission::Submission;
