//! Prescriptions: upload, check, review, and the ledger of what has been dispensed on them.

pub mod document;
pub mod held;
pub mod ledger;
pub mod on_sale;
mod pdf;
pub mod prescription;
pub mod request;
pub mod review;
pub mod sheets;
pub mod store;
pub mod submission;
pub mod suggest;
pub mod view;

mod erasing;
mod erasure_store;
mod expiring;
mod queue;
mod reading;
mod reading_store;
mod reviewing;
mod scanning;
mod service;
mod submitting;
mod suggestions_view;
mod taken;
mod textract;
mod transcribing;

#[cfg(test)]
pub(crate) mod samples;

pub use erasing::Cleared;
pub use expiring::{Expired, UPLOAD_TIME};
pub use ledger::{Allocation, Demand, Shortfall, ShortfallCode};
pub use prescription::{AuthorizedLine, Fill, Medicine, Prescription, Status};
pub use queue::Listing;
pub use scanning::Scanned;
pub use service::Prescriptions;
pub use store::PrescriptionStore;
pub use submission::Submission;
pub use suggestions_view::SuggestionsView;
pub use textract::Textract;
pub use transcribing::Transcribed;
