//! Cards by Stripe: what is sent, and what its answers mean. Pure, but for [`Stripe`], which makes the calls.
//!
//! By the reference of the API's version [`API_VERSION`], which every call names.

mod answer;
mod client;
mod event;
mod keys;
mod request;
pub mod signature;

pub use client::Stripe;
pub use event::event;
pub use keys::StripeKeys;

/// The version of Stripe's API that all this was written for. By versions before 2025-03-31 the rest of a part capture is listed as a
/// refund, and what has gone back would be counted too high.
pub const API_VERSION: &str = "2026-10-28.endive";
