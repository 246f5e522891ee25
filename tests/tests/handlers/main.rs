//! The handlers behind their access table, function by function: the sample events of `events/` do what they are named
//! for, and every role gets what the matrix says.

// The futures of a whole export are nested deeply.
#![recursion_limit = "256"]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod document;
mod examples;
mod languages;
mod outcomes;
mod roles;
mod settled;
mod shape;
