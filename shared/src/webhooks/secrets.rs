//! Secrets of webhooks at rest: sealed under the key that is never changed, so that who reads the table signs nothing.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::signature::SigningSecret;
use crate::platform::crypto;
use crate::platform::error::{Error, Result};
use crate::platform::ids::WebhookName;
use crate::platform::signing::KeyRing;

const CONTEXT: &str = "webhook secret";

/// Seals and opens.
#[derive(Clone)]
pub struct Sealing {
    key: [u8; 32],
}

impl std::fmt::Debug for Sealing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealing(…)")
    }
}

impl Sealing {
    /// Under the key that is never changed.
    ///
    /// # Errors
    /// None in practice: such a hash has 32 bytes.
    pub fn new(keys: &KeyRing) -> Result<Self> {
        let key = <[u8; 32]>::try_from(keys.lasting(CONTEXT.as_bytes()).as_slice()).map_err(Error::internal)?;
        Ok(Self { key })
    }

    pub(super) fn seal(&self, name: &WebhookName, secret: &SigningSecret) -> Result<String> {
        let sealed = crypto::seal(&self.key, &context(name), secret.show().as_bytes()).map_err(Error::internal)?;
        Ok(STANDARD.encode(sealed))
    }

    pub(super) fn open(&self, name: &WebhookName, sealed: &str) -> Result<SigningSecret> {
        let sealed = STANDARD.decode(sealed).map_err(Error::internal)?;
        let text = crypto::unseal(&self.key, &context(name), &sealed).map_err(Error::internal)?;
        SigningSecret::read(&String::from_utf8(text).map_err(Error::internal)?)
    }
}

/// A secret opens at the address that it was sealed for alone.
fn context(name: &WebhookName) -> String {
    format!("{CONTEXT} of {name}")
}
