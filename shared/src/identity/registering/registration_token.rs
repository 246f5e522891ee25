//! Registration tokens: that an address or number has been proven, until an account is made of it.

use std::fmt;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use crate::identity::identifier::Identifier;
use crate::platform::clock::Clock;
use crate::platform::crypto;
use crate::platform::dynamo::{Expression, Key, Outcome, Table, Write, from_item, to_item, transact, value, write};
use crate::platform::error::{Error, Result};

/// How long a token is good.
pub const GOOD_FOR: Duration = Duration::from_mins(10);
/// What is sealed under a token is sealed for nothing else.
const CONTEXT: &str = "registration";

/// A registration token: 256 random bits, of which the digest alone is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct RegistrationToken([u8; 32]);

impl RegistrationToken {
    /// Reads a token; what cannot be one is nobody's.
    pub fn parse(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }

    /// As the client keeps it.
    pub fn expose(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    fn key(&self) -> Key {
        Key::new(format!("SIGNUP#{}", crypto::fingerprint(&self.0)), "SIGNUP")
    }
}

impl fmt::Debug for RegistrationToken {
    /// Hidden.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RegistrationToken(…)")
    }
}

#[derive(Serialize, Deserialize)]
struct Record {
    /// Sealed with the token, so that the table alone tells nobody's address.
    identifier: String,
    begun: bool,
    valid_until: i64,
    expires_at: i64,
}

/// What a token is good for.
#[derive(Debug)]
pub struct Proven {
    /// What was proven.
    pub identifier: Identifier,
    /// Whether an account was begun to be made of it, by a function that did not come to its end.
    pub begun: bool,
}

/// The tokens, in the guard table.
#[derive(Clone, Debug)]
pub struct RegistrationTokens {
    guard: Table,
    clock: Clock,
}

impl RegistrationTokens {
    /// In the guard table.
    pub fn new(guard: Table, clock: Clock) -> Self {
        Self { guard, clock }
    }

    /// A new token for `identifier`, and the write that makes it good.
    ///
    /// # Errors
    /// None in practice.
    pub fn issue(&self, identifier: &Identifier) -> Result<(RegistrationToken, Write)> {
        let token = RegistrationToken(crypto::random());
        let until = self.clock.now().plus(GOOD_FOR);
        let sealed = crypto::seal(&token.0, CONTEXT, identifier.as_str().as_bytes()).map_err(Error::internal)?;
        let record = Record {
            identifier: STANDARD_NO_PAD.encode(sealed),
            begun: false,
            valid_until: until.millis(),
            expires_at: until.seconds(),
        };
        let create = self.guard.create(to_item(&token.key(), record)?)?;
        Ok((token, create))
    }

    /// What `token` is good for, if it is.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn open(&self, token: &RegistrationToken) -> Result<Option<Proven>> {
        let Some(item) = self.guard.get_latest(&token.key()).await? else { return Ok(None) };
        let record: Record = from_item(item)?;
        if record.valid_until <= self.clock.now().millis() {
            return Ok(None);
        }
        let sealed = STANDARD_NO_PAD.decode(&record.identifier).map_err(Error::internal)?;
        let identifier = crypto::unseal(&token.0, CONTEXT, &sealed).map_err(Error::internal)?;
        let identifier = Identifier::of_text(&String::from_utf8_lossy(&identifier)).map_err(Error::internal)?;
        Ok(Some(Proven { identifier, begun: record.begun }))
    }

    /// Remembers that an account is about to be made of it.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn begin(&self, token: &RegistrationToken) -> Result<()> {
        let condition = Expression::new("attribute_exists(pk)").value(":yes", value(true)?);
        let update = self.guard.update(&token.key(), "SET begun = :yes", condition)?;
        write(self.guard.client(), update).await.map(|_| ())
    }

    /// Uses a token up. Whether nobody was quicker.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn spend(&self, token: &RegistrationToken) -> Result<bool> {
        let delete = self.guard.delete(&token.key(), Expression::new("attribute_exists(pk)"))?;
        // A transaction of one: tried again after a time-out it is the same write, and not a rival of itself.
        Ok(matches!(transact(self.guard.client(), vec![delete]).await?, Outcome::Done))
    }
}
