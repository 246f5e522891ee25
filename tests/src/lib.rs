//! What the tests share: a whole world in one process, and tokens that its App believes.
//!
//! [`world`] starts an embedded DynamoDB with the tables of `infra/data.yaml`, an [`App`](shared::api::App) on it, a clock
//! that stands until it is moved, and a key pair whose public half the App takes for Cognito's.

// The settings of a world are one object of many members.
#![recursion_limit = "256"]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a broken world must stop the test"
)]

mod authenticator;
pub mod cloud;
mod drugs_fda;
mod events;
pub mod invariants;
pub mod play;
mod products;
mod rules;
mod storm;
mod stream;
mod tables;
mod tokens;
mod world;

pub use authenticator::Authenticator;
pub use drugs_fda::drugs_fda;
pub use events::{Answer, event};
pub use products::{catalogued, medicine, offer};
pub use rules::{PLAIN, PLAIN_TOO, add_sign, review_rules, sign};
pub use storm::{Dice, killed_waiting};
pub use stream::Streams;
pub use tables::{KEYS_ALONE, TABLES};
pub use tokens::{Issuer, user};
pub use world::{World, environment, world, world_at, world_at_with, world_with};
