//! Consultations: a patient asks, a doctor answers; what they write is sealed, stored in one order, and told to whoever of the two
//! is connected.

pub mod attachment;
pub mod consultation;
pub mod head;
pub mod mark;
pub mod message;
pub mod socket;
pub mod view;

mod assigning;
mod attaching;
mod attachment_store;
mod chain;
mod closing;
mod data_keys;
mod erasing;
mod erasure_store;
mod held;
mod history;
mod kms;
mod listing;
mod mark_store;
mod message_store;
mod reading;
mod request_store;
mod requesting;
mod sealing;
mod sending;
mod service;
mod store;

#[cfg(test)]
pub(crate) mod samples;

pub use attaching::{Attachments, Scanned};
pub use consultation::Consultation;
pub use data_keys::{DataKeys, Vault};
pub use held::{HeldAttachment, HeldConsultation};
pub use kms::Kms;
pub use listing::Listing;
pub use message_store::Range;
pub use requesting::{ConsultationRequest, Requested, Subjects};
pub use sending::{Accepted, Against};
pub use service::Consultations;
pub use store::ConsultationStore;
