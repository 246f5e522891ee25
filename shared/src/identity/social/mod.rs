//! Signing in with another provider - Google, Facebook - by way of Cognito's hosted UI.
//!
//! The browser is led to the provider with a state that is good once, for ten minutes. It comes back to the client's own
//! page with a code; the client sends code and state here. The code is exchanged for an ID token, which says who somebody
//! is elsewhere, and nothing more: the copy that Cognito keeps of them is never an account, and its tokens are thrown away.
//! Accounts are users of the pool like all others, found by (provider, subject) and never by an e-mail address.

mod attempt;
mod finish;
mod id_token;
mod provider;
mod start;
mod store;
mod token_endpoint;

pub use attempt::{Binding, Started};
pub use finish::{FinishSocial, Returned};
pub use provider::Provider;
pub use start::StartSocial;
pub use store::AttemptStore;
pub use token_endpoint::TokenEndpoint;

/// The cookie that ties an attempt to its browser, without `__Host-`, and how many seconds it is kept.
pub const COOKIE: (&str, u64) = ("social", attempt::LIFETIME.as_secs());
