//! Medicine on an embedded DynamoDB: rules that are written, reviewed and followed, and what is answered with them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a broken pharmacy must stop the test")]

mod answers;
mod flags;
mod pharmacy;
mod recorded;
mod review;
