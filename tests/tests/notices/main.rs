//! What people are told of by itself: from a change in a table to an inbox, a mail and a text message.

#![recursion_limit = "256"]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a broken helper must stop the test"
)]

mod carts;
mod chat;
mod choices;
mod devices;
mod inbox;
mod orders;
mod post;
mod recalls;
mod reminders;
mod staff;
mod storm;
mod watches;
