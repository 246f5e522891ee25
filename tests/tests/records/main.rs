//! Whom medicine is for, and what is on record about them.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a broken helper must stop the test")]

mod bundles;
mod patients;
mod records;
mod triage;
