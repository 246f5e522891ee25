//! Measures Apothecary without AWS: `make bench`.
//!
//! | part | what |
//! |---|---|
//! | [`weight`] | what the release binaries weigh |
//! | [`callgrind`] | how many instructions they run, and where |
//! | [`speed`] | start, first and further requests against the smallest function there is |
//! | [`search`] | a catalogue of a hundred thousand products in memory |
//! | [`report`] | all of it beside its budgets: text, JSON, a picture |
//! | [`baseline`] | what CI holds the house to |
//! | [`counts`] | round trips, calls and capacity units of each function |
//! | [`coding`] | what packing answers saves |
//! | [`load`] | customers and staff of all areas against a deployed stack |
//! | [`soak`] | the same beside faults, and what must hold afterwards |
//! | [`cost`] | what a month costs, by counted units and list prices |

// The futures of whole runs nest deeper than the usual limit looks.
#![recursion_limit = "256"]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::float_arithmetic,
    clippy::print_stdout,
    reason = "a tool of the developers: it measures in fractions, prints what it finds, and stops where it cannot"
)]

pub mod baseline;
pub mod callgrind;
pub mod coding;
pub mod cost;
pub mod counts;
pub mod document;
mod instant;
pub mod load;
pub mod medicine;
pub mod report;
mod runtime;
mod sandbox;
pub mod search;
mod share;
mod shop;
pub mod soak;
pub mod speed;
pub mod subject;
mod tls;
pub mod weight;
