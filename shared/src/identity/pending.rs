//! Registrations that are not confirmed yet: who may work on one just now.

use std::time::Duration;

use super::identifier::Identifier;
use crate::platform::clock::Clock;
use crate::platform::crypto;
use crate::platform::dynamo::{Expression, Key, Outcome, Table, back_off, n, s, write};
use crate::platform::error::{Error, Result};

/// How long one step may take at most; after that another may begin.
const LEASED_FOR: Duration = Duration::from_secs(15);
/// How often it is asked again while another holds the lease.
const ATTEMPTS: u32 = 8;

/// Registering again changes the password of an unconfirmed user, and confirming makes it one whose password is their own.
/// One lease for each address keeps the two apart.
#[derive(Clone, Debug)]
pub struct PendingRegistrations {
    guard: Table,
    clock: Clock,
}

/// The right to work on the registration of one address.
#[derive(Debug)]
#[must_use]
pub struct Lease {
    key: Key,
    holder: String,
}

fn key(who: &Identifier) -> Key {
    Key::new(format!("REGISTRATION#{}", who.fingerprint()), "PENDING")
}

impl PendingRegistrations {
    /// In the guard table.
    pub fn new(guard: Table, clock: Clock) -> Self {
        Self { guard, clock }
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
                    .value(":expires_at", n(now.plus(LEASED_FOR).seconds()));
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
}
