//! Pages on an embedded DynamoDB: who sees what, what is published when, and what two at once make of it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a broken newsroom must stop the test")]

mod desk;
mod hidden;
mod life;
mod pictures;
mod products;
mod races;
