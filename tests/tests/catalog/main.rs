//! The catalogue on an embedded DynamoDB: its endpoints, and what holds when many use them at once.

mod categories;
mod images;
mod lists;
mod products;
mod stock;
mod store;
