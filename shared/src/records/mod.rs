//! What is on record about patients: what they react to, have and take, what was measured and done, and what hangs on it.
//!
//! Nothing is overwritten: each change makes a version, and versions stay readable. Who may look is found out in `care`.

pub mod bundle;
mod bundle_importing;
mod bundle_store;
pub mod code;
mod condition_codes;
pub mod details;
mod erasing;
pub mod exchange;
pub mod fhir;
pub mod file;
pub mod flag;
mod grant;
pub mod input;
mod ips;
mod kind;
mod look_up;
pub mod measurement;
pub mod partial_date;
mod picture;
pub mod progress;
mod record;
mod screened;
mod service;
mod sight;
mod store;
mod taking;
pub mod view;

pub use bundle_importing::BundleRun;
pub use details::Details;
pub use erasing::HeldRecords;
pub use grant::{Grant, GrantRequest, GrantView, NewGrant};
pub use kind::Kind;
pub use look_up::LookUp;
pub use record::{Author, MAX_FILES, Part, Record};
pub use screened::{Named, SCREENED_KINDS, ScreenedRecords, Used};
pub use service::{RecordChange, Records};
pub use sight::Sight;
pub use store::RecordStore;
