//! Sign-in sessions in the guard table: one for each sign-in, at most 30 days, refreshed by tokens that are good once.
//!
//! Cognito's own refresh token can be used again and again, so it never leaves the house: it lies in the session, sealed
//! with the secret of the refresh token that the client holds, and the table alone is of no use to a thief.
//!
//! A refresh moves the session from one generation to the next in one conditional write. For a short grace after that the
//! token before is answered with the very token that has taken its place, since two tabs, two quick reloads and an answer
//! that got lost look just like that; it lies in the session too, sealed with the secret of the token before. Whoever comes
//! later, or with a token before that one, holds a copy, or the thief of one does: nobody can tell, so the session ends for
//! both.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::{Deserialize, Serialize};
use std::time::Duration;

use crate::identity::caller::Caller;
use crate::identity::session::device::{Device, Devices, NewDevice};
use crate::identity::session::refresh_token::RefreshToken;
use crate::identity::session::revocation::{Revocation, session_ended};
use crate::identity::view::SessionMode;
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::crypto;
use crate::platform::dynamo::{
    Expression, Item, Key, Outcome, Table, Write, back_off, failure, from_item, n, s, to_item, transact, value,
};
use crate::platform::error::{Error, Result};
use crate::platform::ids::UserId;

/// How long a session lives, however often it is refreshed.
pub const LIFETIME: Duration = Duration::from_hours(30 * 24);
/// The sort key of a person's devices.
pub(in crate::identity) const DEVICES: &str = "DEVICES";
/// What the attribute of a device begins with.
const DEVICE: &str = "device_";
/// How long a device is known that nobody signs in with.
const DEVICE_LIFETIME: Duration = Duration::from_hours(400 * 24);
/// How often a session is opened against others of its person that begin at the same time.
const ATTEMPTS: u32 = 5;
/// Added to the rest of a second, for clocks that do not quite agree.
const CLOCKS_DIFFER: u64 = 100;

/// A session as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Names it in refresh tokens.
    pub id: String,
    /// Whose.
    pub user: UserId,
    /// Names it in access tokens.
    pub origin_jti: String,
    /// Whether a second factor may be demanded of who they were when it began.
    #[serde(default)]
    pub(in crate::identity) privileged: bool,
    /// How it is kept. Sessions that began before this was written down may come either way, for the rest of their days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mode: Option<SessionMode>,
    /// Of the refresh token that is good now.
    generation: u32,
    /// Of its secret.
    digest: String,
    /// Cognito's refresh token, under that secret.
    sealed: String,
    /// The token before, as long as it is answered with the one that took its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    previous: Option<Previous>,
    /// When the sign-in began.
    started_at: Timestamp,
    /// In seconds since 1970; also the item's time to live.
    expires_at: i64,
}

/// A refresh token that was used a moment ago.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Previous {
    /// Of its secret.
    digest: String,
    /// The secret of the token that took its place, under its own.
    successor: String,
    /// When its grace ends.
    until: Timestamp,
}

/// That all sessions of a person which began up to a moment have ended, but for one.
#[derive(Serialize, Deserialize)]
struct Ended {
    at: Timestamp,
    except: Option<String>,
    expires_at: i64,
}

/// An entry of the list of a person's sessions.
#[derive(Serialize, Deserialize)]
struct Entry {
    id: String,
    origin_jti: String,
    expires_at: i64,
}

impl Ended {
    fn at(at: Timestamp, except: Option<String>) -> Self {
        Self { at, except, expires_at: at.plus(LIFETIME).seconds() }
    }
}

impl Entry {
    /// When the session began, in whole seconds.
    fn began(&self) -> Timestamp {
        Timestamp::from_millis(self.expires_at.saturating_mul(1000)).minus(LIFETIME)
    }
}

/// What a session begins with.
#[derive(Clone, Copy, Debug)]
pub struct Opening<'a> {
    /// Cognito's refresh token.
    pub cognito: &'a str,
    /// When the sign-in began, before Cognito was asked.
    pub started_at: Timestamp,
    /// How the client keeps it.
    pub mode: SessionMode,
    /// What the client is.
    pub device: &'a Device,
}

/// What was opened.
#[derive(Debug)]
pub struct Opened {
    /// The first token of the session.
    pub token: RefreshToken,
    /// The device, where its person is still to be told of it.
    pub new_device: Option<NewDevice>,
}

/// Whose refresh token it is that was presented.
#[derive(Debug)]
pub enum Presented {
    /// The one that is good now, and Cognito's token which it opens.
    Current(Session, String),
    /// The one before, in its grace: the token that took its place, and Cognito's token which that one opens.
    Again(Session, RefreshToken, String),
    /// One that was good once.
    Spent(Session),
    /// Nobody's, or of a session that is over.
    Unknown,
}

/// What came of moving a session on.
#[derive(Debug)]
pub(in crate::identity) enum Rotated {
    /// The token that takes the place of the one before.
    Next(RefreshToken),
    /// Another was quicker.
    Spent,
    /// The session has ended meanwhile, alone or with all the others of its person.
    Ended,
}

/// The sessions.
#[derive(Clone, Debug)]
pub struct Sessions {
    pub(in crate::identity) guard: Table,
    pub(in crate::identity) clock: Clock,
    grace: Duration,
}

pub(in crate::identity) fn session_key(id: &str) -> Key {
    Key::new(format!("SESSION#{id}"), "SESSION")
}

pub(in crate::identity) fn user_partition(user: &UserId) -> String {
    format!("USER#{user}")
}

fn entry_key(user: &UserId, id: &str) -> Key {
    Key::new(user_partition(user), format!("SESSION#{id}"))
}

fn devices_key(user: &UserId) -> Key {
    Key::new(user_partition(user), DEVICES)
}

fn device_attribute(key: &str) -> String {
    format!("{DEVICE}{key}")
}

/// The devices in their item: an attribute for each, so that one can be written without the others.
pub(in crate::identity) fn devices_of(item: &Item) -> Result<Devices> {
    let version = item.get("version").and_then(|version| version.as_n().ok()?.parse().ok()).unwrap_or_default();
    let devices = item.iter().filter_map(|(name, known)| Some((name.strip_prefix(DEVICE)?, known.as_m().ok()?)));
    let devices = devices.map(|(key, known)| Ok((key.to_owned(), from_item(known.clone())?)));
    Ok(Devices { devices: devices.collect::<Result<_>>()?, version })
}

fn ended_key(user: &UserId) -> Key {
    Key::new(user_partition(user), "ENDED")
}

impl Session {
    /// Whether a client that sends its token this way is one that it is kept by.
    pub(in crate::identity) fn is_kept(&self, way: SessionMode) -> bool {
        self.mode.is_none_or(|mode| mode == way)
    }

    fn seal(&mut self, token: &RefreshToken, cognito: &str) -> Result<()> {
        let sealed = crypto::seal(&token.secret, &self.id, cognito.as_bytes()).map_err(Error::internal)?;
        self.generation = token.generation;
        self.digest = token.digest();
        self.sealed = STANDARD_NO_PAD.encode(sealed);
        Ok(())
    }

    /// Notes that `token` was used, and what took its place.
    fn supersede(&mut self, token: &RefreshToken, successor: &RefreshToken, until: Timestamp) -> Result<()> {
        let sealed = crypto::seal(&token.secret, &self.id, &successor.secret).map_err(Error::internal)?;
        let successor = STANDARD_NO_PAD.encode(sealed);
        self.previous = Some(Previous { digest: token.digest(), successor, until });
        Ok(())
    }

    /// What took the place of `token`, where that is the token before and in its grace.
    fn successor(&self, token: &RefreshToken, now: Timestamp) -> Result<Option<RefreshToken>> {
        let Some(previous) = self.previous.as_ref().filter(|previous| now < previous.until) else { return Ok(None) };
        if token.generation.checked_add(1) != Some(self.generation)
            || !crypto::equal(token.digest().as_bytes(), previous.digest.as_bytes())
        {
            return Ok(None);
        }
        let sealed = STANDARD_NO_PAD.decode(&previous.successor).map_err(Error::internal)?;
        let secret = crypto::unseal(&token.secret, &self.id, &sealed).map_err(Error::internal)?;
        let secret = secret.try_into().map_err(|_| Error::internal("a sealed secret of another length"))?;
        Ok(Some(RefreshToken { session: self.id.clone(), generation: self.generation, secret }))
    }

    fn unseal(&self, token: &RefreshToken) -> Result<String> {
        let sealed = STANDARD_NO_PAD.decode(&self.sealed).map_err(Error::internal)?;
        let cognito = crypto::unseal(&token.secret, &self.id, &sealed).map_err(Error::internal)?;
        String::from_utf8(cognito).map_err(Error::internal)
    }
}

/// That a session is where it was when it was read.
fn is_at(session: &Session) -> Result<Expression> {
    Ok(Expression::new("generation = :generation AND digest = :digest")
        .value(":generation", value(session.generation)?)
        .value(":digest", s(&session.digest)))
}

impl Sessions {
    /// In the guard table. For `grace` a token that was used is answered with the one that took its place.
    pub fn new(guard: Table, clock: Clock, grace: Duration) -> Self {
        Self { guard, clock, grace }
    }

    /// Opens the session of a sign-in, together with `trail`, and notes what it was begun with.
    ///
    /// Where the device is known, or the first, that is one transaction; of another its refusal says what is known, and a
    /// second one adds it. Two sign-ins with a new device at once both find it, and both say so by the same name: whoever is
    /// told by that name is told once. Killed before it was told: the next sign-in with the device says so again.
    ///
    /// # Errors
    /// DynamoDB does not answer; 503 where the person signs in too often at once.
    pub async fn open(&self, caller: &Caller, opening: Opening<'_>, trail: Write) -> Result<Opened> {
        let Opening { cognito, started_at, mode, device } = opening;
        let token = RefreshToken::first();
        let mut session = Session {
            id: token.session.clone(),
            user: caller.user.clone(),
            origin_jti: caller.session.clone(),
            privileged: caller.roles.iter().any(|role| role.must_have_second_factor()),
            mode: Some(mode),
            generation: 0,
            digest: String::new(),
            sealed: String::new(),
            previous: None,
            started_at,
            expires_at: started_at.plus(LIFETIME).seconds(),
        };
        session.seal(&token, cognito)?;
        let entry =
            Entry { id: session.id.clone(), origin_jti: session.origin_jti.clone(), expires_at: session.expires_at };
        let writes = [
            self.guard.create(to_item(&session_key(&session.id), &session)?)?,
            self.guard.create(to_item(&entry_key(&session.user, &session.id), entry)?)?,
            trail,
        ];
        let mut noted = self.seen_again(&caller.user, device)?;
        let mut new_device = None;
        for attempt in 0..ATTEMPTS {
            back_off(attempt.saturating_sub(1)).await;
            let mut all = vec![noted];
            all.extend(writes.iter().cloned());
            let refusals = match transact(self.guard.client(), all).await? {
                Outcome::Done => return Ok(Opened { token, new_device }),
                Outcome::Refused(refusals) => refusals,
            };
            let Some(refusal) = refusals.into_iter().find(|refusal| refusal.index == 0) else {
                return Err(Error::internal("a new session id was taken"));
            };
            let before = refusal.current.as_ref().map(devices_of).transpose()?.unwrap_or_default();
            let after = before.with(device, self.clock.now());
            let known = after.devices.get(&device.key).filter(|known| !known.told);
            new_device =
                known.map(|known| NewDevice { key: device.key.clone(), name: known.name.clone(), since: known.seen });
            noted = self.add_device(&caller.user, &before, &after)?;
        }
        Err(Error::busy())
    }

    /// The write that notes that a device was used of which its person knows, or that is their first.
    fn seen_again(&self, user: &UserId, device: &Device) -> Result<Write> {
        let now = self.clock.now();
        let known = Expression::new("attribute_not_exists(pk) OR #device.#told = :yes")
            .name("#device", &device_attribute(&device.key))
            .name("#told", "told")
            .name("#version", "version")
            .value(":yes", value(true)?)
            .value(":one", value(1)?)
            .value(":known", value(device.known(now))?)
            .value(":expires", n(now.plus(DEVICE_LIFETIME).seconds()));
        let update = "SET #device = :known, #version = if_not_exists(#version, :one), expires_at = :expires";
        self.guard.update(&devices_key(user), update, known)
    }

    /// The write that puts `after` in the place of `before`.
    fn add_device(&self, user: &UserId, before: &Devices, after: &Devices) -> Result<Write> {
        let expires_at = self.clock.now().plus(DEVICE_LIFETIME).seconds();
        let mut item = devices_key(user).attributes();
        item.insert("version".to_owned(), value(after.version)?);
        item.insert("expires_at".to_owned(), n(expires_at));
        for (key, known) in &after.devices {
            item.insert(device_attribute(key), value(known)?);
        }
        let unmoved = Expression::new("#version = :version")
            .name("#version", "version")
            .value(":version", value(before.version)?);
        self.guard.replace(item, unmoved)
    }

    /// Notes that a person has been told of a device, or surely will be.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn device_told(&self, user: &UserId, key: &str) -> Result<()> {
        let there = Expression::new("attribute_exists(#device)")
            .name("#device", &device_attribute(key))
            .name("#told", "told")
            .value(":yes", value(true)?);
        let update = self.guard.update(&devices_key(user), "SET #device.#told = :yes", there)?;
        transact(self.guard.client(), vec![update]).await.map(|_| ())
    }

    /// Whose `token` is.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn find(&self, token: &RefreshToken) -> Result<Presented> {
        let Some(item) = self.guard.get_latest(&session_key(&token.session)).await? else {
            return Ok(Presented::Unknown);
        };
        let session: Session = from_item(item)?;
        if session.expires_at <= self.clock.now().seconds() || token.generation > session.generation {
            return Ok(Presented::Unknown);
        }
        if let Some(next) = session.successor(token, self.clock.now())? {
            let cognito = session.unseal(&next)?;
            return Ok(Presented::Again(session, next, cognito));
        }
        if token.generation < session.generation {
            return Ok(Presented::Spent(session));
        }
        if !crypto::equal(token.digest().as_bytes(), session.digest.as_bytes()) {
            return Ok(Presented::Unknown);
        }
        let cognito = session.unseal(token)?;
        Ok(Presented::Current(session, cognito))
    }

    /// Moves `session` on from `token` to the next.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(in crate::identity) async fn rotate(
        &self,
        session: &Session,
        token: &RefreshToken,
        cognito: &str,
    ) -> Result<Rotated> {
        let next = token.next();
        let mut moved = session.clone();
        moved.supersede(token, &next, self.clock.now().plus(self.grace))?;
        moved.seal(&next, cognito)?;
        let replaced = self.guard.replace(to_item(&session_key(&session.id), moved)?, is_at(session)?)?;
        self.go_on(session, replaced, next).await
    }

    /// Hands out once more the token that has taken the place of the one before, where nothing has changed since `session`
    /// was read.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(in crate::identity) async fn repeat(&self, session: &Session, next: RefreshToken) -> Result<Rotated> {
        let unchanged = self.guard.check(&session_key(&session.id), is_at(session)?)?;
        self.go_on(session, unchanged, next).await
    }

    async fn go_on(&self, session: &Session, step: Write, next: RefreshToken) -> Result<Rotated> {
        // Here once more, since all sessions may end while Cognito is asked for a token that would outlive them.
        let goes_on = Expression::new("attribute_not_exists(pk) OR #at < :began OR #except = :session")
            .name("#at", "at")
            .name("#except", "except")
            .value(":began", s(session.started_at))
            .value(":session", s(&session.origin_jti));
        // A transaction: tried again after a time-out it is the same write, and not a rival of itself.
        let writes = vec![step, self.guard.check(&ended_key(&session.user), goes_on)?];
        Ok(match transact(self.guard.client(), writes).await? {
            Outcome::Done => Rotated::Next(next),
            // Where it is not there any more, somebody has signed out of it, and nobody was quicker.
            Outcome::Refused(refusals) if refusals.iter().any(|one| one.index == 0 && one.current.is_some()) => {
                Rotated::Spent
            }
            Outcome::Refused(_) => Rotated::Ended,
        })
    }

    /// Ends a session: its access tokens are refused, then it is forgotten. Killed in between, ending it again goes on.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn end(&self, session: &Session) -> Result<()> {
        self.end_one(&session.user, &session.id, &session.origin_jti).await
    }

    async fn end_one(&self, user: &UserId, id: &str, origin_jti: &str) -> Result<()> {
        Revocation::Session(origin_jti.to_owned()).publish(&self.guard, self.clock.now()).await?;
        let whatever_is_there = Expression::new("attribute_exists(pk) OR attribute_not_exists(pk)");
        let writes = vec![
            self.guard.delete(&session_key(id), whatever_is_there.clone())?,
            self.guard.delete(&entry_key(user, id), whatever_is_there)?,
        ];
        transact(self.guard.client(), writes).await?;
        Ok(())
    }

    /// Ends the session that an access token belongs to.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn end_of(&self, caller: &Caller) -> Result<()> {
        match self.entry_of(caller).await? {
            Some(entry) => self.end_one(&caller.user, &entry.id, &entry.origin_jti).await,
            // A token without a session (it has been ended already, or was not signed in for here) is refused all the same.
            None => Revocation::Session(caller.session.clone()).publish(&self.guard, self.clock.now()).await,
        }
    }

    /// How long ago the caller signed in: what their session began with, however often it was refreshed since. None where
    /// there is no such session, or it has ended with all the others of its person, whatever their token still opens.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn age_of(&self, caller: &Caller) -> Result<Option<Duration>> {
        let Some(entry) = self.entry_of(caller).await? else { return Ok(None) };
        let began = entry.began();
        let ended = self.ended_with_all(&caller.user, began, &caller.session).await?;
        Ok((!ended).then(|| self.clock.now().since(began)))
    }

    async fn entry_of(&self, caller: &Caller) -> Result<Option<Entry>> {
        let mut entries = self
            .guard
            .client()
            .query()
            .table_name(self.guard.name())
            .key_condition_expression("pk = :pk AND begins_with(sk, :session)")
            .expression_attribute_values(":pk", s(user_partition(&caller.user)))
            .expression_attribute_values(":session", s("SESSION#"))
            .consistent_read(true)
            .into_paginator()
            .items()
            .send();
        while let Some(item) = entries.next().await {
            let entry: Entry = from_item(item.map_err(failure)?)?;
            if entry.origin_jti == caller.session {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    }

    /// Ends all sessions of `user` that have begun by now, but for the one that `except` calls from.
    ///
    /// One write decides for all of them, so that none slips through between being listed and being deleted; what is
    /// left of them goes with its time to live.
    ///
    /// # Errors
    /// 401 `session_ended` where the one that is to go on has ended itself; DynamoDB does not answer.
    pub async fn end_all(&self, user: &UserId, except: Option<&Caller>) -> Result<()> {
        let refused_until = self.end_all_at_once(user, except).await?;
        // Access tokens carry whole seconds. Who signs in again after this answer gets a token of a later second than
        // the ones that are refused now.
        let rest = 1000_u64.saturating_sub(refused_until.millis().rem_euclid(1000).unsigned_abs());
        self.clock.sleep(Duration::from_millis(rest.saturating_add(CLOCKS_DIFFER))).await;
        Ok(())
    }

    /// The same without the wait, for who ends them once more before they answer. Access tokens are refused up to the
    /// moment that is given.
    ///
    /// # Errors
    /// 401 `session_ended` where the one that is to go on has ended itself; DynamoDB does not answer.
    pub(in crate::identity) async fn end_all_at_once(
        &self,
        user: &UserId,
        except: Option<&Caller>,
    ) -> Result<Timestamp> {
        match except {
            Some(caller) => self.note_end_of_others(caller).await?,
            None => self.note_end_of_all(user).await?,
        }
        // By the clock after that: a refresh that was quicker has its token by now, and one that was slower gets none.
        let refused_until = self.clock.now();
        let except = except.map(|caller| caller.session.clone());
        Revocation::User { user: user.clone(), except }.publish(&self.guard, refused_until).await?;
        Ok(refused_until)
    }

    async fn note_end_of_all(&self, user: &UserId) -> Result<()> {
        let now = self.clock.now();
        let none_later =
            Expression::new("attribute_not_exists(pk) OR #at <= :at").name("#at", "at").value(":at", s(now));
        // Refused by a later one, which has ended these sessions too.
        self.note_end(user, Ended::at(now, None), none_later).await.map(|_| ())
    }

    /// A session that has ended must not come to life again as the one that goes on.
    async fn note_end_of_others(&self, caller: &Caller) -> Result<()> {
        let began = self.entry_of(caller).await?.ok_or_else(session_ended)?.began();
        let now = self.clock.now();
        let goes_on =
            Expression::new("attribute_not_exists(pk) OR (#at <= :at AND (#at < :began OR #except = :session))")
                .name("#at", "at")
                .name("#except", "except")
                .value(":at", s(now))
                .value(":began", s(began))
                .value(":session", s(&caller.session));
        match self.note_end(&caller.user, Ended::at(now, Some(caller.session.clone())), goes_on).await? {
            // A later one of the same session has ended the others too.
            Some(ended) if ended.except.as_ref() != Some(&caller.session) => Err(session_ended()),
            _ => Ok(()),
        }
    }

    /// Writes down which sessions have ended; what has been written down already where `condition` refuses it.
    async fn note_end(&self, user: &UserId, ended: Ended, condition: Expression) -> Result<Option<Ended>> {
        let action = self.guard.replace(to_item(&ended_key(user), ended)?, condition)?;
        // A transaction, which waits for the refreshes that are held to this item just now.
        match transact(self.guard.client(), vec![action]).await? {
            Outcome::Done => Ok(None),
            Outcome::Refused(refusals) => {
                let current: Option<Item> = refusals.into_iter().find_map(|refusal| refusal.current);
                current.map(from_item).transpose()
            }
        }
    }

    /// Whether the caller's session has ended all the others of its person, and goes on.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(in crate::identity) async fn has_ended_others(&self, caller: &Caller) -> Result<bool> {
        let ended = self.last_end(&caller.user).await?;
        Ok(ended.is_some_and(|ended| ended.except.as_ref() == Some(&caller.session)))
    }

    /// Whether all sessions of a person but at most one have ended since a moment.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub(in crate::identity) async fn have_ended_since(&self, user: &UserId, moment: Timestamp) -> Result<bool> {
        Ok(self.last_end(user).await?.is_some_and(|ended| moment <= ended.at))
    }

    /// Whether `session` has ended with all the others of its person.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn has_ended(&self, session: &Session) -> Result<bool> {
        self.ended_with_all(&session.user, session.started_at, &session.origin_jti).await
    }

    async fn ended_with_all(&self, user: &UserId, began: Timestamp, origin_jti: &str) -> Result<bool> {
        let ended = self.last_end(user).await?;
        Ok(ended.is_some_and(|ended| began <= ended.at && ended.except.as_deref() != Some(origin_jti)))
    }

    async fn last_end(&self, user: &UserId) -> Result<Option<Ended>> {
        self.guard.get_latest(&ended_key(user)).await?.map(from_item).transpose()
    }
}
