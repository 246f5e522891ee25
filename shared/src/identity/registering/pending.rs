//! Registrations that are not confirmed yet: who may work on one just now, and with what password an address was registered
//! last.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use futures_util::future::try_join;
use serde::{Deserialize, Serialize};

use crate::identity::identifier::Identifier;
use crate::identity::sign_in::password::PasswordClaim;
use crate::platform::clock::Clock;
use crate::platform::crypto;
use crate::platform::dynamo::{Expression, Key, Outcome, Table, back_off, failure, from_item, n, s, to_item, write};
use crate::platform::error::{Error, Result};
use crate::platform::signing::SigningKeys;

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
    keys: SigningKeys,
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

fn claim_key(who: &Identifier) -> Key {
    Key::new(format!("REGISTRATION#{}", who.fingerprint()), "CLAIM")
}

fn hinted(who: &Identifier, password: &str) -> String {
    format!("registration\0{}\0{password}", who.as_str())
}

fn hint_of(hash: &[u8]) -> String {
    STANDARD_NO_PAD.encode(hash).chars().take(4).collect()
}

/// With what an address was registered last.
#[derive(Serialize, Deserialize)]
struct Claim {
    hint: String,
}

impl PendingRegistrations {
    /// In the guard table.
    pub fn new(guard: Table, clock: Clock, keys: SigningKeys) -> Self {
        Self { guard, clock, keys }
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

    /// Gives the lease back, and remembers with what password the address was registered.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn release_claimed(&self, lease: Lease, who: &Identifier, hint: String) -> Result<()> {
        let claim = to_item(&claim_key(who), Claim { hint })?;
        let put = self.guard.client().put_item().table_name(self.guard.name()).set_item(Some(claim)).send();
        let claimed = async { put.await.map(|_| ()).map_err(failure) };
        try_join(self.release(lease), claimed).await.map(|_| ())
    }

    /// Whether the address was registered last with this password, whatever came of it.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn was_registered_with(&self, who: &Identifier, password: &PasswordClaim) -> Result<bool> {
        let claim: Option<Claim> = self.guard.get_latest(&claim_key(who)).await?.map(from_item).transpose()?;
        let Some(claim) = claim else { return Ok(false) };
        let text = hinted(who, password.expose());
        Ok(self.keys.ring()?.signatures(text.as_bytes()).any(|hash| hint_of(&hash) == claim.hint))
    }

    /// Enough to tell one password from another, and no help in finding it.
    ///
    /// # Errors
    /// 503 while the keys are not known.
    pub fn hint(&self, who: &Identifier, password: &str) -> Result<String> {
        Ok(hint_of(&self.keys.ring()?.sign(hinted(who, password).as_bytes())))
    }

    /// Forgets with what password the address was registered: it is proven.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn disclaim(&self, who: &Identifier) -> Result<()> {
        self.delete(&claim_key(who)).await
    }

    /// Forgets a registration that was confirmed or given up long ago.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn forget(&self, who: &Identifier) -> Result<()> {
        try_join(self.delete(&key(who)), self.disclaim(who)).await.map(|_| ())
    }

    async fn delete(&self, key: &Key) -> Result<()> {
        let delete = self.guard.delete(key, Expression::new("attribute_exists(pk)"))?;
        write(self.guard.client(), delete).await.map(|_| ())
    }
}
