//! The catalogue on an embedded DynamoDB: its endpoints, and what holds when many use them at once.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a broken store must stop the test")]

mod categories;
mod images;
mod lists;
mod products;
mod stock;
mod store;
