//! The library that every function of Apothecary uses: one module for each area of the pharmacy, the HTTP edge and
//! the platform below them.
//!
//! Arrows run one way: `api` (the edge) calls an area, an area calls its own store, and everything may use `platform`.
//! An area's pure files name neither the AWS SDK nor Lambda; a test in `tests/tests/house/walls.rs` holds that.

pub mod accounts;
pub mod api;
pub mod assistant;
pub mod audit;
pub mod care;
pub mod catalog;
pub mod consultations;
pub mod content;
pub mod coupons;
pub mod data_rights;
pub mod delivery;
pub mod identity;
pub mod imports;
pub mod medicine;
pub mod notices;
pub mod notifications;
pub mod orders;
pub mod patients;
pub mod payments;
pub mod platform;
pub mod prescriptions;
pub mod records;
pub mod red_flags;
pub mod reports;
pub mod sellers;
pub mod triage;
pub mod watches;
pub mod webhooks;
