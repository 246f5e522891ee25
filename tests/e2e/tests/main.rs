//! End-to-end tests: a real client against the URL of a deployed stack, laid out like the URLs.
//!
//! `make end-to-end` runs them against a private stack of their own; `cargo test --workspace --features e2e/stack --test e2e` against the one of `make dev`.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "what a test does not find must stop the test"
)]

mod addresses;
mod admin;
mod assistant;
mod audit;
mod auth;
mod bodies;
mod cart;
mod catalogue;
mod checkout;
mod codes;
mod consultations;
mod content;
mod data_rights;
mod dispensing;
mod documents;
mod imports;
mod journey;
mod matrix;
mod medicine;
mod notifications;
mod orders;
mod patients;
mod payments;
mod platform;
mod prescriptions;
mod profile;
mod races;
mod records;
mod reports;
mod search;
mod sessions;
mod social;
mod storm;
mod triage;
mod versions;
mod watches;
mod webhooks;
