//! The catalogue on an embedded DynamoDB: its endpoints, and what holds when many use them at once.

// The futures of whole stories nest deeper than the usual limit looks.
#![recursion_limit = "256"]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a broken store must stop the test")]

mod categories;
mod images;
mod imports;
mod lists;
mod lots;
mod prices;
mod products;
mod register;
mod sellers;
mod snapshot;
mod stock;
mod store;
mod versions;
