//! Sessions that ended before their access tokens did: a short feed in the guard table that every warm function follows.
//!
//! A token lives fifteen minutes, so an entry need not outlive that. A function reads the feed when its copy is older
//! than [`STALE_AFTER`]; within that time a request costs no round trip, and no revocation stays unseen for five seconds.

use std::collections::HashMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use crate::identity::caller::Caller;
use crate::identity::session::published_keys::{self, FollowedIssuer, PublishedKeys};
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{Key, Table, failure, from_item, s, to_item};
use crate::platform::error::{Error, Kind, Result};
use crate::platform::ids::{UserId, new_ulid};
use crate::platform::signing::SigningKeys;
use crate::platform::wording;

/// How old the copy of the feed may be.
const STALE_AFTER: Duration = Duration::from_secs(3);
/// How long an access token can live; older entries revoke nothing any more.
const TOKEN_LIFETIME: Duration = Duration::from_mins(15);
/// Entries may become visible a little out of order; this much is read again.
const OVERLAP: Duration = Duration::from_secs(10);

/// The partition of the feed, and of the keys beside it.
pub(in crate::identity) const PARTITION: &str = "REVOCATIONS";
/// How old the signing keys may be of who follows no session.
const KEYS_STALE_AFTER: Duration = Duration::from_mins(5);
/// The code of who calls from a session that is over.
pub(crate) const SESSION_ENDED: &str = "session_ended";

/// Whose tokens are refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Revocation {
    /// All tokens of one sign-in.
    Session(String),
    /// All tokens of a person that were issued up to now, but for the one session that stays.
    User {
        /// Who.
        user: UserId,
        /// The session that goes on.
        except: Option<String>,
    },
}

#[derive(Serialize, Deserialize)]
struct Entry {
    what: Revocation,
    at: Timestamp,
    expires_at: i64,
}

impl Revocation {
    /// Puts it on the feed.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn publish(self, guard: &Table, now: Timestamp) -> Result<()> {
        let key = Key::new(PARTITION, format!("{now}#{}", new_ulid(now)));
        let expires_at = now.plus(TOKEN_LIFETIME + STALE_AFTER + OVERLAP).seconds();
        let item = to_item(&key, Entry { what: self, at: now, expires_at })?;
        guard.client().put_item().table_name(guard.name()).set_item(Some(item)).send().await.map_err(failure)?;
        Ok(())
    }
}

#[derive(Debug, Default)]
struct Feed {
    read_at: Option<Timestamp>,
    sessions: HashMap<String, Timestamp>,
    users: HashMap<UserId, Vec<(Timestamp, Option<String>)>>,
}

impl Feed {
    fn add(&mut self, entry: Entry) {
        match entry.what {
            Revocation::Session(session) => {
                self.sessions.insert(session, entry.at);
            }
            Revocation::User { user, except } => {
                let known = self.users.entry(user).or_default();
                if !known.contains(&(entry.at, except.clone())) {
                    known.push((entry.at, except));
                }
            }
        }
    }

    fn forget_before(&mut self, start: Timestamp) {
        self.sessions.retain(|_, at| *at >= start);
        self.users.retain(|_, entries| {
            entries.retain(|(at, _)| *at >= start);
            !entries.is_empty()
        });
    }

    fn revokes(&self, caller: &Caller) -> bool {
        let of_user = |(at, except): &(Timestamp, Option<String>)| {
            // Tokens carry whole seconds: one issued in the second of the revocation is refused as well.
            caller.issued_at <= *at && except.as_ref() != Some(&caller.session)
        };
        self.sessions.contains_key(&caller.session)
            || self.users.get(&caller.user).is_some_and(|entries| entries.iter().any(of_user))
    }
}

/// This function's copy of the feed, and of the keys that are published with it.
#[derive(Debug, Default)]
pub struct Revocations {
    feed: Mutex<Feed>,
    issuer: FollowedIssuer,
    signing: SigningKeys,
}

impl Revocations {
    /// Reads the feed before anybody has to be checked.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn warm_up(&self, guard: &Table, now: Timestamp) -> Result<()> {
        // On the heap: every handler waits for this, and few do so for long.
        let mut feed = self.feed.lock().await;
        Box::pin(self.refresh(&mut feed, guard, now)).await
    }

    /// The issuer's keys as they are published.
    pub fn issuer(&self) -> &FollowedIssuer {
        &self.issuer
    }

    /// The keys that sign what is handed out.
    pub fn signing(&self) -> &SigningKeys {
        &self.signing
    }

    /// Sees to it that the signing keys are known, and not old.
    ///
    /// # Errors
    /// 503 when there are none, or they cannot be read.
    pub async fn know_keys(&self, guard: &Table, now: Timestamp) -> Result<()> {
        if self.signing.ring().is_ok_and(|ring| now.since(ring.as_of()) < KEYS_STALE_AFTER) {
            return Ok(());
        }
        match self.warm_up(guard, now).await {
            // Old keys are better than none: they sign and check what they did.
            Err(_) if self.signing.ring().is_ok() => Ok(()),
            read => read.and_then(|()| self.signing.ring().map(|_| ())),
        }
    }

    /// Refuses a caller whose session has ended; the feed is in the `guard` table.
    ///
    /// # Errors
    /// 401 `session_ended`; 503 when the feed is stale and cannot be read, since not knowing is no reason to let in.
    pub async fn check(&self, caller: &Caller, guard: &Table, now: Timestamp) -> Result<()> {
        let mut feed = self.feed.lock().await;
        if feed.read_at.is_none_or(|at| now.since(at) > STALE_AFTER) {
            Box::pin(self.refresh(&mut feed, guard, now)).await?;
        }
        if feed.revokes(caller) {
            return Err(session_ended());
        }
        Ok(())
    }

    async fn refresh(&self, feed: &mut Feed, guard: &Table, now: Timestamp) -> Result<()> {
        let oldest = now.minus(TOKEN_LIFETIME);
        let from = feed.read_at.map_or(oldest, |at| at.minus(OVERLAP).max(oldest));
        let mut pages = guard
            .client()
            .query()
            .table_name(guard.name())
            .key_condition_expression("pk = :pk AND sk >= :from")
            .expression_attribute_values(":pk", s(PARTITION))
            .expression_attribute_values(":from", s(from))
            .into_paginator()
            .items()
            .send();
        while let Some(item) = pages.next().await {
            let item = item.map_err(failure)?;
            if Key::of(&item).is_some_and(|key| key.sk == published_keys::SORT_KEY) {
                self.follow(from_item(item)?, now)?;
            } else {
                feed.add(from_item(item)?);
            }
        }
        feed.forget_before(oldest);
        feed.read_at = Some(now);
        Ok(())
    }

    fn follow(&self, published: PublishedKeys, now: Timestamp) -> Result<()> {
        // The issuer's keys are read anew where they are others, the ring always: a key of it may have begun to sign.
        if self.issuer.get().is_none_or(|known| known.at != published.at) {
            published.issuer().into_iter().for_each(|keys| self.issuer.set(keys));
        }
        self.signing.set(published.ring(now)?);
        Ok(())
    }
}

/// The answer to who calls from a session that is over.
pub(crate) fn session_ended() -> Error {
    Error::new(Kind::Unauthenticated, SESSION_ENDED, wording::identity::session_ended())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const ANNA: &str = "0b9d5f3a-8f5e-4c5c-9d55-2f0b7f1b1c11";

    fn caller(session: &str, issued_at: i64) -> Caller {
        Caller {
            user: UserId::parse(ANNA).unwrap(),
            roles: BTreeSet::new(),
            session: session.to_owned(),
            issued_at: Timestamp::from_millis(issued_at),
        }
    }

    fn feed(what: Revocation, at: i64) -> Feed {
        let mut feed = Feed::default();
        feed.add(Entry { what, at: Timestamp::from_millis(at), expires_at: 0 });
        feed
    }

    #[test]
    fn a_revoked_session_stays_out_and_others_stay_in() {
        let feed = feed(Revocation::Session("a".to_owned()), 1000);
        assert!(feed.revokes(&caller("a", 0)));
        assert!(!feed.revokes(&caller("b", 0)));
    }

    #[test]
    fn a_revoked_person_is_out_until_they_sign_in_again() {
        let feed = feed(Revocation::User { user: UserId::parse(ANNA).unwrap(), except: Some("mine".to_owned()) }, 5000);
        assert!(feed.revokes(&caller("other", 5000)));
        assert!(!feed.revokes(&caller("other", 6000)));
        assert!(!feed.revokes(&caller("mine", 5000)));
    }

    #[test]
    fn entries_older_than_a_token_are_forgotten() {
        let mut feed = feed(Revocation::Session("a".to_owned()), 1000);
        feed.forget_before(Timestamp::from_millis(1001));
        assert!(!feed.revokes(&caller("a", 0)));
    }
}
