//! Keys that all functions follow beside the feed of ended sessions: the issuer's, which tokens are checked with, and those
//! that sign what is handed out. One item in the feed's partition, so that a start asks one question; `platform-keys` alone
//! writes it.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use jsonwebtoken::jwk::JwkSet;
use serde::{Deserialize, Serialize};

use crate::identity::session::keys::KeySource;
use crate::identity::session::revocation::PARTITION;
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::config::Secret;
use crate::platform::crypto;
use crate::platform::dynamo::{Expression, Key, Outcome, Table, from_item, s, to_item, write};
use crate::platform::error::{Error, Result};
use crate::platform::signing::{KeyRing, SigningKey};

/// How long a key signs.
const SIGNS_FOR: Duration = Duration::from_hours(30 * 24);
/// How long before it signs a key is published, so that every instance has read it by then.
const KNOWN_BEFORE: Duration = Duration::from_mins(15);
/// How long after it signed last a key is accepted: as long as a session lives, whose CSRF token it may have made.
const ACCEPTED_AFTER: Duration = Duration::from_hours(31 * 24);

/// The sort key; greater than every time, which the entries of the feed begin with.
pub(in crate::identity) const SORT_KEY: &str = "KEYS";

fn key() -> Key {
    Key::new(PARTITION, SORT_KEY)
}

/// What is published.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::identity) struct PublishedKeys {
    /// The issuer's JWKS document.
    issuer: String,
    signing: Vec<Published>,
    /// The key that is never changed.
    lasting: String,
    /// When this was published; each differs.
    pub(in crate::identity) at: Timestamp,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Published {
    secret: String,
    from: Timestamp,
}

fn fresh() -> String {
    STANDARD_NO_PAD.encode(crypto::random::<32>())
}

impl PublishedKeys {
    /// What is to be published after `before`: the issuer's keys of today, and signing keys as their ages demand.
    fn after(before: Option<Self>, issuer: String, now: Timestamp) -> Self {
        let (mut signing, lasting) = match before {
            Some(before) => (before.signing, before.lasting),
            None => (vec![Published { secret: fresh(), from: now }], fresh()),
        };
        signing.sort_by_key(|key| key.from);
        if signing.last().is_none_or(|youngest| now.plus(KNOWN_BEFORE) >= youngest.from.plus(SIGNS_FOR)) {
            signing.push(Published { secret: fresh(), from: now.plus(KNOWN_BEFORE) });
        }
        // A key has signed until the next one began.
        let begun: Vec<_> = signing.iter().skip(1).map(|next| next.from).chain([now]).collect();
        let mut until = begun.into_iter();
        signing.retain(|_| until.next().is_none_or(|until| until.plus(ACCEPTED_AFTER) > now));
        Self { issuer, signing, lasting, at: now }
    }

    /// The keys that sign, as of `now`.
    pub(in crate::identity) fn ring(&self, now: Timestamp) -> Result<KeyRing> {
        let keys: Vec<_> = self
            .signing
            .iter()
            .map(|key| SigningKey { secret: Secret::new(key.secret.clone()), from: key.from })
            .collect();
        KeyRing::new(&keys, Secret::new(self.lasting.clone()), now)
    }

    /// The issuer's keys; nothing where they cannot be read, since the issuer can be asked.
    pub(in crate::identity) fn issuer(&self) -> Option<IssuerKeys> {
        serde_json::from_str(&self.issuer).ok().map(|keys| IssuerKeys { keys, at: self.at })
    }
}

/// The issuer's keys as they were published.
#[derive(Clone, Debug)]
pub(in crate::identity) struct IssuerKeys {
    pub(in crate::identity) keys: JwkSet,
    pub(in crate::identity) at: Timestamp,
}

/// The issuer's keys that this function has read, shared by who follows the feed and who checks tokens.
#[derive(Clone, Debug, Default)]
pub struct FollowedIssuer(Arc<RwLock<Option<Arc<IssuerKeys>>>>);

impl FollowedIssuer {
    pub(in crate::identity) fn get(&self) -> Option<Arc<IssuerKeys>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(in crate::identity) fn set(&self, keys: IssuerKeys) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(keys));
    }
}

/// Publishes keys.
#[derive(Debug)]
pub struct KeyPublisher<'a> {
    /// The guard table.
    pub guard: Table,
    /// Where the issuer's keys come from.
    pub issuer: &'a KeySource,
    /// The clock.
    pub clock: Clock,
}

impl KeyPublisher<'_> {
    /// Publishes the issuer's keys of today, and a new signing key where the last one has signed for a month. Two at once
    /// publish once: the second finds the work done.
    ///
    /// # Errors
    /// The issuer or DynamoDB does not answer; what was published stays.
    pub async fn publish(&self) -> Result<Timestamp> {
        let before: Option<PublishedKeys> = self.guard.get_latest(&key()).await?.map(from_item).transpose()?;
        let issuer = serde_json::to_string(&self.issuer.fetch().await?).map_err(Error::internal)?;
        let unchanged = match &before {
            Some(before) => Expression::new("#at = :at").name("#at", "at").value(":at", s(before.at)),
            None => Expression::new("attribute_not_exists(pk)"),
        };
        let next = PublishedKeys::after(before, issuer, self.clock.now());
        let put = self.guard.replace(to_item(&key(), &next)?, unchanged)?;
        match write(self.guard.client(), put).await? {
            Outcome::Done | Outcome::Refused(_) => Ok(next.at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_hours(24);

    fn at(days: u32) -> Timestamp {
        Timestamp::from_millis(1_800_000_000_000).plus(DAY * days)
    }

    fn hourly(days: u32) -> Vec<(Timestamp, PublishedKeys)> {
        let mut published: Vec<(Timestamp, PublishedKeys)> = Vec::new();
        for hour in 0..days * 24 {
            let now = at(0).plus(Duration::from_hours(u64::from(hour)));
            let before = published.last().map(|(_, keys)| keys.clone());
            published.push((now, PublishedKeys::after(before, "{}".to_owned(), now)));
        }
        published
    }

    #[test]
    fn each_key_is_known_before_it_signs_and_accepted_a_session_long_after() {
        let published = hourly(130);
        for (now, keys) in &published {
            let signature = keys.ring(*now).unwrap().sign(b"x");
            for (then, later) in &published {
                let apart = then.since(*now);
                if *then >= *now && apart <= ACCEPTED_AFTER - DAY {
                    assert!(later.ring(*then).unwrap().signatures(b"x").any(|one| one == signature), "{now} {then}");
                }
            }
            // An instance that read the keys five minutes ago.
            let held = keys.ring(now.minus(Duration::from_mins(5))).unwrap();
            assert!(held.signatures(b"x").any(|one| one == signature));
            assert!(keys.signing.len() <= 4, "{}", keys.signing.len());
        }
        let last = published.last().unwrap();
        let first = published.first().unwrap();
        assert!(last.1.signing.iter().all(|key| key.secret != first.1.signing[0].secret));
        assert_eq!(last.1.lasting, first.1.lasting);
    }
}
