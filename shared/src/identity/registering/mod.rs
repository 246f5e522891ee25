//! Making an account, with a password or with a code alone.

pub(super) mod code_registration;
pub(super) mod pending;
pub(super) mod registration;
pub(super) mod registration_token;
