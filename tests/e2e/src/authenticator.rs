//! An authenticator app.

use std::time::{SystemTime, UNIX_EPOCH};

use totp_rs::{Builder, Secret, Totp};

/// An app that was set up with a secret.
pub struct Authenticator {
    codes: Totp,
}

impl Authenticator {
    /// Types the secret in.
    ///
    /// # Panics
    /// Where it is no secret.
    pub fn new(secret: &str) -> Self {
        let secret = Secret::try_from_base32(secret).expect("a secret in base32");
        Self { codes: Builder::new().with_secret(secret).build().expect("a secret that is long enough") }
    }

    /// What it shows now.
    pub fn code(&self) -> String {
        self.codes.generate(now()).to_string()
    }

    /// What it does not show just now, nor shortly before or after.
    pub fn wrong_code(&self) -> String {
        let near: Vec<_> = (0..5).map(|step| self.codes.generate(now() - 60 + 30 * step).to_string()).collect();
        (0..6).map(|n| format!("{n:06}")).find(|code| !near.contains(code)).expect("six codes are more than five")
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970").as_secs()
}
