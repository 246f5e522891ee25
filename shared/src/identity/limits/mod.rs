//! How much of anything one person or address may ask for.

pub mod limit;
pub(super) mod limiter;
pub(super) mod mail_limit;
