//! Sessions that ended before their access tokens did: a short feed in the guard table that every warm function follows.
//!
//! A token lives fifteen minutes, so an entry need not outlive that. A function reads the feed when its copy is older
//! than [`STALE_AFTER`]; within that time a request costs no round trip, and no revocation stays unseen for five seconds.

use std::collections::HashMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use super::caller::Caller;
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{Key, Table, failure, from_item, s, to_item};
use crate::platform::error::{Error, Kind, Result};
use crate::platform::ids::{UserId, new_ulid};

/// How old the copy of the feed may be.
const STALE_AFTER: Duration = Duration::from_secs(3);
/// How long an access token can live; older entries revoke nothing any more.
const TOKEN_LIFETIME: Duration = Duration::from_mins(15);
/// Entries may become visible a little out of order; this much is read again.
const OVERLAP: Duration = Duration::from_secs(10);

const PARTITION: &str = "REVOCATIONS";
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

/// This function's copy of the feed.
#[derive(Debug, Default)]
pub struct Revocations {
    feed: Mutex<Feed>,
}

impl Revocations {
    /// Reads the feed before anybody has to be checked.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn warm_up(&self, guard: &Table, now: Timestamp) -> Result<()> {
        refresh(&mut *self.feed.lock().await, guard, now).await
    }

    /// Refuses a caller whose session has ended; the feed is in the `guard` table.
    ///
    /// # Errors
    /// 401 `session_ended`; 503 when the feed is stale and cannot be read, since not knowing is no reason to let in.
    pub async fn check(&self, caller: &Caller, guard: &Table, now: Timestamp) -> Result<()> {
        let mut feed = self.feed.lock().await;
        if feed.read_at.is_none_or(|at| now.since(at) > STALE_AFTER) {
            refresh(&mut feed, guard, now).await?;
        }
        if feed.revokes(caller) {
            return Err(session_ended());
        }
        Ok(())
    }
}

async fn refresh(feed: &mut Feed, guard: &Table, now: Timestamp) -> Result<()> {
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
        feed.add(from_item(item.map_err(failure)?)?);
    }
    feed.forget_before(oldest);
    feed.read_at = Some(now);
    Ok(())
}

/// The answer to who calls from a session that is over.
pub(crate) fn session_ended() -> Error {
    Error::new(Kind::Unauthenticated, SESSION_ENDED, "This session has ended; sign in again.")
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
