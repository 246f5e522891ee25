//! The user pool: what Cognito keeps of people, and how it is asked.

pub(super) mod cognito;
pub(super) mod cognito_admin;
pub(super) mod cognito_social;
pub(super) mod directory;
pub(super) mod grants;
pub(super) mod person;
pub(super) mod registration_mark;
pub(super) mod search;
