//! An authenticator app.

use shared::platform::clock::Timestamp;
use totp_rs::{Builder, Secret, Totp};

/// An app that was set up with a secret.
pub struct Authenticator {
    codes: Totp,
    secret: String,
}

impl Authenticator {
    /// Types the secret in.
    pub fn new(secret: &str) -> Self {
        let shared = Secret::try_from_base32(secret).unwrap();
        Self { codes: Builder::new().with_secret(shared).build().unwrap(), secret: secret.to_owned() }
    }

    /// What was typed in.
    pub fn secret(&self) -> String {
        self.secret.clone()
    }

    /// What it shows.
    pub fn code(&self, now: Timestamp) -> String {
        self.codes.generate(u64::try_from(now.seconds()).unwrap()).to_string()
    }
}
