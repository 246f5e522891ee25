//! Registrations that are not confirmed yet: who may work on one just now, and a hint of its password.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::identifier::Identifier;
use crate::platform::clock::Clock;
use crate::platform::config::Secret;
use crate::platform::crypto;
use crate::platform::dynamo::{Expression, Key, Outcome, Table, back_off, from_item, n, s, write};
use crate::platform::error::{Error, Result};

/// How long one step may take at most; after that another may begin.
const LEASED_FOR: Duration = Duration::from_secs(15);
/// How long the hint is kept.
const KEPT_FOR: Duration = Duration::from_hours(30 * 24);
/// How often it is asked again while another holds the lease.
const ATTEMPTS: u32 = 8;

/// Registering again replaces an unconfirmed user, and confirming makes it one that must never be deleted. One lease for
/// each address keeps the two apart.
///
/// Cognito says "not confirmed" before it has looked at the password. To say so to nobody but who knows the password,
/// sixteen bits of a keyed digest are kept: enough to tell a wrong password, and no help in finding the right one.
#[derive(Clone, Debug)]
pub struct PendingRegistrations {
    guard: Table,
    clock: Clock,
    key: Secret,
}

/// The right to work on the registration of one address.
#[derive(Debug)]
#[must_use]
pub struct Lease {
    key: Key,
    holder: String,
}

#[derive(Serialize, Deserialize)]
struct Record {
    hint: Option<u16>,
}

fn key(who: &Identifier) -> Key {
    Key::new(format!("REGISTRATION#{}", who.fingerprint()), "PENDING")
}

impl PendingRegistrations {
    /// In the guard table; `key` keys the digests.
    pub fn new(guard: Table, clock: Clock, key: Secret) -> Self {
        Self { guard, clock, key }
    }

    /// Takes the lease of an address.
    ///
    /// # Errors
    /// 503 while another holds it; DynamoDB does not answer.
    pub async fn lease(&self, who: &Identifier) -> Result<Lease> {
        let lease = Lease { key: key(who), holder: crypto::random_token::<16>() };
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let now = self.clock.now();
            let condition =
                Expression::new("attribute_not_exists(leased_until) OR leased_until <= :now OR holder = :holder")
                    .value(":now", n(now.millis()))
                    .value(":holder", s(&lease.holder))
                    .value(":until", n(now.plus(LEASED_FOR).millis()))
                    .value(":expires_at", n(now.plus(KEPT_FOR).seconds()));
            let update = "SET holder = :holder, leased_until = :until, expires_at = :expires_at";
            let action = self.guard.update(&lease.key, update, condition)?;
            if let Outcome::Done = write(self.guard.client(), action).await? {
                return Ok(lease);
            }
        }
        Err(Error::busy())
    }

    /// Gives the lease back.
    ///
    /// # Errors
    /// DynamoDB does not answer; the lease ends by itself.
    pub async fn release(&self, lease: Lease) -> Result<()> {
        let condition = Expression::new("holder = :holder").value(":holder", s(&lease.holder));
        let update = self.guard.update(&lease.key, "REMOVE holder, leased_until", condition)?;
        write(self.guard.client(), update).await.map(|_| ())
    }

    /// Forgets a registration that was confirmed or given up long ago.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn forget(&self, who: &Identifier) -> Result<()> {
        let delete = self.guard.delete(&key(who), Expression::new("attribute_exists(pk)"))?;
        write(self.guard.client(), delete).await.map(|_| ())
    }

    /// Keeps the hint of the password that the registration was last made with.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn remember(&self, lease: &Lease, who: &Identifier, password: &str) -> Result<()> {
        let condition = Expression::new("holder = :holder")
            .value(":holder", s(&lease.holder))
            .value(":hint", n(self.hint(who, password)));
        let update = self.guard.update(&lease.key, "SET hint = :hint", condition)?;
        write(self.guard.client(), update).await.map(|_| ())
    }

    /// Whether `password` could be the one that the registration was last made with.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn knows(&self, who: &Identifier, password: &str) -> Result<bool> {
        let Some(item) = self.guard.get_latest(&key(who)).await? else { return Ok(false) };
        Ok(from_item::<Record>(item)?.hint == Some(self.hint(who, password)))
    }

    fn hint(&self, who: &Identifier, password: &str) -> u16 {
        let text = format!("password hint\0{}\0{password}", who.as_str());
        match crypto::keyed_hash(self.key.bytes(), text.as_bytes()).as_slice() {
            [high, low, ..] => u16::from_be_bytes([*high, *low]),
            _ => 0,
        }
    }
}
