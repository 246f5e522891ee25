//! bKash by its tokenized checkout v1.2.0-beta, and refunds by v2: what is sent, and what its answers mean. Pure, but for
//! [`Bkash`], which makes the calls, and [`TokenStore`], where all instances share one token.
//!
//! The customer agrees on bKash's page, which moves no money; we accept (`execute`), and with that the money is taken. bKash
//! knows no idempotency keys: whatever may have been done is looked for before it is done again.
//!
//! Its events come by a topic of Amazon's notification service ([`Heard`]): the topic is one that we were told, the message is
//! signed, and what it says is asked of bKash.

mod answer;
mod client;
mod event;
mod hearing;
mod keys;
mod notice;
mod request;
mod signature;
mod token;
mod token_store;

pub use client::Bkash;
pub use hearing::Heard;
pub use keys::BkashKeys;
pub use notice::Topic;
pub use token_store::TokenStore;
