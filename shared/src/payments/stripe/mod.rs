//! Cards by Stripe: what is sent, and what its answers mean. Pure, but for [`Stripe`], which makes the calls.
//!
//! By the reference of the API's version [`API_VERSION`], which every call names.

mod answer;
mod client;
mod event;
mod keys;
mod request;
pub mod signature;

pub use answer::Intent;
pub use client::Stripe;
pub use event::{Event, News, event};
pub use keys::StripeKeys;
pub use request::{Expected, is_intent};

/// The version of Stripe's API that all this was written for.
pub const API_VERSION: &str = "2026-10-28.endive";
