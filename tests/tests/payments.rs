//! Paying by card against the peer: the states, the gates, what is told twice, too late or falsely, and what remains.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a broken payment must stop the test"
)]

mod payments {
    pub mod card;
    pub mod forged;
    pub mod storm;
    pub mod till;
}
#[allow(dead_code, reason = "shared with the tests of orders")]
mod shop;
