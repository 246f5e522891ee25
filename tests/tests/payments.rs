//! Paying online against the peers: the states, the gates, what is told twice, too late or falsely, and what remains.

// Futures are nested deeply.
#![recursion_limit = "256"]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a broken payment must stop the test"
)]

mod payments {
    pub mod bkash;
    pub mod card;
    pub mod cash;
    pub mod esewa;
    pub mod forged;
    pub mod great_storm;
    pub mod hearing_bkash;
    pub mod invariants;
    pub mod listening;
    pub mod parts;
    pub mod paypal;
    pub mod returns;
    pub mod storm;
    pub mod storm_at_once;
    pub mod storm_wrong;
    pub mod stuck;
    pub mod till;
}
#[allow(dead_code, reason = "shared with the tests of orders")]
mod shop;
