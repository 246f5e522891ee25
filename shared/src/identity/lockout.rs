//! Guessing: after five wrong tries nobody gets another one for half an hour, whether the account exists or not.
//!
//! A try is reserved before the answer is asked for, in one conditional write, so that a hundred guesses at once get five
//! answers like a hundred guesses in a row. A try that turns out right gives all of them back.
//!
//! Passwords are counted by the address or number that they are tried with, before it is known whose it is. A wrong one is
//! counted at the account's other one as well, so that both together get five tries; who tries both at the same moment may
//! get a few more. Where there is no other, or no account, something that is nobody's stands in for it: the calls are the
//! same.

use std::time::Duration;

use futures_util::future::try_join;
use serde::{Deserialize, Serialize};

use super::identifier::Identifier;
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::crypto;
use crate::platform::dynamo::{
    Expression, Item, Key, Outcome, Table, back_off, failure, from_item, n, s, to_item, write,
};
use crate::platform::error::{Error, Kind, Result};
use crate::platform::ids::UserId;

/// How many wrong tries there are.
pub const MAX_TRIES: i64 = 5;
/// How long it is over after that; each try starts it anew.
pub const LOCKED_FOR: Duration = Duration::from_mins(30);
/// How often it is asked again while others' tries are out and might turn out right.
const ATTEMPTS: u32 = 10;

/// What is guessed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guess {
    /// The password.
    Password,
    /// The code of the second factor.
    SecondFactor,
    /// The code that registers or signs in.
    OneTimeCode,
}

impl Guess {
    const fn prefix(self) -> &'static str {
        match self {
            Self::Password => "LOGIN",
            Self::SecondFactor => "MFA",
            Self::OneTimeCode => "OTP",
        }
    }
}

/// The tries of one account, in milliseconds since 1970 and whole tries.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Tries {
    /// Reserved, whatever came of them.
    tries: i64,
    /// Of those, how many are known to be wrong.
    failures: i64,
    /// When they are forgotten.
    locked_until: i64,
    /// The item's time to live, in seconds.
    expires_at: i64,
    /// Where wrong passwords were counted as well, which is forgotten with them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    twin: Option<String>,
}

impl Tries {
    /// Those of a time that ends at `until`.
    fn until(until: Timestamp) -> Self {
        Self { tries: 0, failures: 0, locked_until: until.millis(), expires_at: until.seconds(), twin: None }
    }
}

/// What is said to who wants a try.
#[derive(Debug)]
pub enum Reserved {
    /// Here it is.
    Granted(Try),
    /// There are none, for this long.
    Locked(Duration),
}

/// A try that was reserved; say what came of it.
#[derive(Debug)]
#[must_use]
pub struct Try {
    key: Key,
}

/// Counts tries.
#[derive(Clone, Debug)]
pub struct Lockout {
    guard: Table,
    clock: Clock,
}

fn key(guess: Guess, who: &Identifier) -> Key {
    // A digest, so that the table holds no list of addresses.
    key_of(guess, &who.fingerprint())
}

fn key_of(guess: Guess, whose: &str) -> Key {
    Key::new(format!("{}#{whose}", guess.prefix()), "TRIES")
}

/// What stands in for the other address or number, where there is none.
fn nobodys(who: &Identifier) -> Key {
    key_of(Guess::Password, &crypto::fingerprint(format!("nobody beside\0{}", who.as_str()).as_bytes()))
}

impl Lockout {
    /// In the guard table.
    pub fn new(guard: Table, clock: Clock) -> Self {
        Self { guard, clock }
    }

    /// Reserves a try.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn reserve(&self, guess: Guess, who: &Identifier) -> Result<Reserved> {
        self.reserve_at(key(guess, who)).await
    }

    /// Reserves a try at something of a person who is known by their id.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn reserve_for(&self, guess: Guess, user: &UserId) -> Result<Reserved> {
        self.reserve_at(key_of(guess, user.as_str())).await
    }

    async fn reserve_at(&self, key: Key) -> Result<Reserved> {
        let mut wait = LOCKED_FOR;
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let now = self.clock.now();
            match self.count(&key, now).await? {
                None => return Ok(Reserved::Granted(Try { key })),
                Some(tries) if tries.locked_until <= now.millis() => {
                    if self.count_afresh(&key, now).await? {
                        return Ok(Reserved::Granted(Try { key }));
                    }
                }
                Some(tries) => {
                    wait = Timestamp::from_millis(tries.locked_until).since(now);
                    if tries.failures >= MAX_TRIES {
                        break;
                    }
                }
            }
        }
        Ok(Reserved::Locked(wait))
    }

    /// Counts the first try, or one more of those that are left; otherwise how it stands.
    async fn count(&self, key: &Key, now: Timestamp) -> Result<Option<Tries>> {
        let until = now.plus(LOCKED_FOR);
        // A right answer forgets all tries, so mostly there are none.
        let condition = Expression::new("attribute_not_exists(pk) OR (locked_until > :now AND tries < :most)")
            .value(":now", n(now.millis()))
            .value(":most", n(MAX_TRIES))
            .value(":until", n(until.millis()))
            .value(":expires_at", n(until.seconds()))
            .value(":none", n(0))
            .value(":one", n(1));
        let update = "SET tries = if_not_exists(tries, :none) + :one, failures = if_not_exists(failures, :none), \
            locked_until = :until, expires_at = :expires_at";
        let outcome = write(self.guard.client(), self.guard.update(key, update, condition)?).await?;
        match outcome {
            Outcome::Done => Ok(None),
            Outcome::Refused(refusals) => {
                let current: Option<Item> = refusals.into_iter().find_map(|refusal| refusal.current);
                let nothing_yet = Tries::until(Timestamp::from_millis(0));
                current.map(from_item).transpose().map(|tries| Some(tries.unwrap_or(nothing_yet)))
            }
        }
    }

    /// Counts a first try in place of those whose time is over. Whether nobody was quicker.
    async fn count_afresh(&self, key: &Key, now: Timestamp) -> Result<bool> {
        self.begin(key, Tries { tries: 1, ..Tries::until(now.plus(LOCKED_FOR)) }, now).await
    }

    /// Puts `first` where there were no tries or they are forgotten. Whether nobody was quicker.
    async fn begin(&self, key: &Key, first: Tries, now: Timestamp) -> Result<bool> {
        let condition =
            Expression::new("attribute_not_exists(pk) OR locked_until <= :now").value(":now", n(now.millis()));
        let action = self.guard.replace(to_item(key, first)?, condition)?;
        Ok(matches!(write(self.guard.client(), action).await?, Outcome::Done))
    }

    /// A try turned out wrong.
    ///
    /// # Errors
    /// DynamoDB does not answer; the try counts all the same.
    pub async fn failed(&self, tried: Try) -> Result<()> {
        let condition = Expression::new("attribute_exists(pk)").value(":one", n(1));
        let update = self.guard.update(&tried.key, "SET failures = failures + :one", condition)?;
        write(self.guard.client(), update).await.map(|_| ())
    }

    /// A password turned out wrong that was tried with `who`. It counts as well for what `other` there is to sign in to the
    /// same account with, if there is such an account and it has another.
    ///
    /// # Errors
    /// DynamoDB does not answer; the try counts all the same.
    pub async fn failed_password(&self, tried: Try, who: &Identifier, other: Option<&Identifier>) -> Result<()> {
        let twin = other.map_or_else(|| nobodys(who), |other| key(Guess::Password, other));
        try_join(self.note_failure(&tried.key, &twin), self.count_failure(&twin, &tried.key)).await.map(|_| ())
    }

    /// That a try at `key`, reserved before, was wrong.
    async fn note_failure(&self, key: &Key, twin: &Key) -> Result<()> {
        let condition = Expression::new("attribute_exists(pk)").value(":one", n(1)).value(":twin", s(&twin.pk));
        let update = self.guard.update(key, "SET failures = failures + :one, twin = :twin", condition)?;
        write(self.guard.client(), update).await.map(|_| ())
    }

    /// Counts a wrong try at `key` that nobody has reserved there.
    async fn count_failure(&self, key: &Key, twin: &Key) -> Result<()> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let now = self.clock.now();
            let until = now.plus(LOCKED_FOR);
            let condition = Expression::new("locked_until > :now")
                .value(":now", n(now.millis()))
                .value(":until", n(until.millis()))
                .value(":expires_at", n(until.seconds()))
                .value(":one", n(1))
                .value(":twin", s(&twin.pk));
            let update = "SET tries = tries + :one, failures = failures + :one, locked_until = :until, \
                expires_at = :expires_at, twin = :twin";
            let counted = write(self.guard.client(), self.guard.update(key, update, condition)?).await?;
            let first = Tries { tries: 1, failures: 1, twin: Some(twin.pk.clone()), ..Tries::until(until) };
            if matches!(counted, Outcome::Done) || self.begin(key, first, now).await? {
                return Ok(());
            }
        }
        Err(Error::busy())
    }

    /// A try turned out right: all of them are forgotten.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn succeeded(&self, tried: Try) -> Result<()> {
        self.forget(&tried.key).await
    }

    /// Forgets all tries: there is something new to guess at.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn reset(&self, guess: Guess, who: &Identifier) -> Result<()> {
        self.forget(&key(guess, who)).await
    }

    /// Forgets all tries at something of a person who is known by their id.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn reset_for(&self, guess: Guess, user: &UserId) -> Result<()> {
        self.forget(&key_of(guess, user.as_str())).await
    }

    async fn forget(&self, key: &Key) -> Result<()> {
        match self.take(key).await?.and_then(|tries| tries.twin) {
            Some(twin) => self.take(&Key::new(twin, key.sk.as_str())).await.map(|_| ()),
            None => Ok(()),
        }
    }

    /// Deletes the tries at `key`; what they were, if there were any.
    async fn take(&self, key: &Key) -> Result<Option<Tries>> {
        let call = self.guard.client().delete_item().table_name(self.guard.name()).set_key(Some(key.attributes()));
        let answer = call.return_values("ALL_OLD".into()).send().await.map_err(failure)?;
        answer.attributes.filter(|tries| !tries.is_empty()).map(from_item).transpose()
    }
}

/// The answer to who has no try left, whether the account exists or not.
pub(super) fn account_locked(wait: Duration) -> Error {
    Error::new(Kind::Locked, "account_locked", "Too many wrong passwords; try again later or reset the password.")
        .retry_after(wait)
}
