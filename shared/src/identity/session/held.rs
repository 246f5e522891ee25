//! What is held of a person's sign-ins: shown to them, and forgotten with them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::identity::identifier::Identifier;
use crate::identity::registering::pending::PendingRegistrations;
use crate::identity::session::sessions::{DEVICES, LIFETIME, Sessions, devices_of, session_key, user_partition};
use crate::identity::sign_in::lockout::{Guess, Lockout};
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{Expression, Item, Key, failure, from_item, s, write};
use crate::platform::error::Result;
use crate::platform::ids::UserId;

/// A session as its person sees it: nothing that opens it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HeldSession {
    /// When they signed in.
    #[schema(value_type = String, format = DateTime)]
    pub started_at: Timestamp,
    /// When it ends, however often it is refreshed.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

/// A device as its person sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HeldDevice {
    /// What it looked like: a browser and a system, or nothing where neither was known.
    pub name: String,
    /// When they signed in with it last.
    #[schema(value_type = String, format = DateTime)]
    pub seen_at: Timestamp,
}

/// What is held of how somebody signs in.
#[derive(Debug, Default)]
pub struct HeldSignIns {
    /// The sessions that are not over, the oldest first.
    pub sessions: Vec<HeldSession>,
    /// The devices, the one that was used last first.
    pub devices: Vec<HeldDevice>,
}

#[derive(Deserialize)]
struct Entry {
    id: Option<String>,
    expires_at: i64,
}

impl Sessions {
    /// The sessions of `user` that are not over, and their devices.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn held(&self, user: &UserId) -> Result<HeldSignIns> {
        let now = self.clock.now();
        let mut held = HeldSignIns::default();
        for item in self.of(user).await? {
            if Key::of(&item).is_some_and(|key| key.sk == DEVICES) {
                let known = devices_of(&item)?.devices.into_values();
                held.devices = known.map(|known| HeldDevice { name: known.name, seen_at: known.seen }).collect();
                continue;
            }
            let entry: Entry = from_item(item)?;
            let expires_at = Timestamp::from_millis(entry.expires_at.saturating_mul(1000));
            if entry.id.is_some() && expires_at > now {
                held.sessions.push(HeldSession { started_at: expires_at.minus(LIFETIME), expires_at });
            }
        }
        held.sessions.sort_by_key(|session| session.started_at);
        held.devices.sort_by_key(|device| std::cmp::Reverse(device.seen_at));
        Ok(held)
    }

    /// Forgets all sessions of `user`, who has been signed out before. How many there were.
    ///
    /// # Errors
    /// DynamoDB does not answer; what is left is forgotten the next time.
    pub async fn forget(&self, user: &UserId) -> Result<u32> {
        let mut forgotten = 0;
        for item in self.of(user).await? {
            let Some(key) = Key::of(&item) else { continue };
            // The session first: without its entry nobody would find it again.
            if let Some(id) = from_item::<Entry>(item)?.id {
                self.delete(&session_key(&id)).await?;
                forgotten += 1;
            }
            self.delete(&key).await?;
        }
        Ok(forgotten)
    }

    async fn of(&self, user: &UserId) -> Result<Vec<Item>> {
        let mut pages = self
            .guard
            .client()
            .query()
            .table_name(self.guard.name())
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", s(user_partition(user)))
            .consistent_read(true)
            .into_paginator()
            .items()
            .send();
        let mut items = Vec::new();
        while let Some(item) = pages.next().await {
            items.push(item.map_err(failure)?);
        }
        Ok(items)
    }

    async fn delete(&self, key: &Key) -> Result<()> {
        let delete = self.guard.delete(key, Expression::new("attribute_exists(pk)"))?;
        write(self.guard.client(), delete).await.map(|_| ())
    }
}

/// Forgets what is counted and kept under an address or number: wrong tries, and a registration.
///
/// # Errors
/// DynamoDB does not answer.
pub async fn forget_address(lockout: &Lockout, pending: &PendingRegistrations, who: &Identifier) -> Result<()> {
    for guess in [Guess::Password, Guess::OneTimeCode] {
        lockout.reset(guess, who).await?;
    }
    pending.forget(who).await
}
