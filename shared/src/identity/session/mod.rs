//! Sessions: refresh tokens and their successors, access tokens and the keys that sign them, devices, what was ended before its time.

pub(super) mod device;
pub(super) mod held;
pub(super) mod keys;
pub(super) mod published_keys;
pub(super) mod refresh_token;
pub(super) mod revocation;
pub(super) mod sessions;
pub(super) mod succession;
pub(super) mod token;
