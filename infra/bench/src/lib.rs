//! Measures Apothecary without AWS: `make bench`.
//!
//! | part | what |
//! |---|---|
//! | [`counts`] | round trips, calls and capacity units of each function |
//! | [`load`] | mixed shoppers against a deployed stack |
//! | [`cost`] | what a month costs, by counted units and list prices |

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::float_arithmetic,
    clippy::print_stdout,
    reason = "a tool of the developers: it measures in fractions, prints what it finds, and stops where it cannot"
)]

pub mod binaries;
pub mod cost;
pub mod counts;
mod instant;
pub mod load;
mod runtime;
mod sandbox;
pub mod speed;
pub mod subject;
mod tls;
