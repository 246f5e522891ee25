//! PayPal by its Orders API v2 and Payments API v2: what is sent, and what its answers mean. Pure, but for [`PayPal`], which
//! makes the calls.
//!
//! The customer agrees at PayPal, which moves no money yet; we accept (`authorize`), which holds it; and it is taken
//! (`capture`) once a pharmacist has checked the order. By PayPal's OpenAPI files `checkout_orders_v2` and
//! `payments_payment_v2` (github.com/paypal/paypal-rest-api-specifications).

mod answer;
mod certificate;
mod client;
mod event;
mod keys;
mod request;
mod shapes;
mod signature;

pub use client::PayPal;
pub use event::event;
pub use keys::PayPalKeys;
pub use signature::Signed;
