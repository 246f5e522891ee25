//! Guessing: after five wrong tries nobody gets another one for half an hour, whether the account exists or not.
//!
//! A try is reserved before the answer is asked for, in one conditional write, so that a hundred guesses at once get five
//! answers like a hundred guesses in a row. A try that turns out right gives all of them back.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::identifier::Identifier;
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::dynamo::{Expression, Item, Key, Outcome, Table, back_off, from_item, n, to_item, write};
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
    Key::new(format!("{}#{}", guess.prefix(), who.fingerprint()), "TRIES")
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
        self.reserve_at(Key::new(format!("{}#{user}", guess.prefix()), "TRIES")).await
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

    /// Counts one more try of those that are left; otherwise how it stands.
    async fn count(&self, key: &Key, now: Timestamp) -> Result<Option<Tries>> {
        let until = now.plus(LOCKED_FOR);
        let condition = Expression::new("locked_until > :now AND tries < :most")
            .value(":now", n(now.millis()))
            .value(":most", n(MAX_TRIES))
            .value(":until", n(until.millis()))
            .value(":expires_at", n(until.seconds()))
            .value(":one", n(1));
        let update = "SET tries = tries + :one, locked_until = :until, expires_at = :expires_at";
        let outcome = write(self.guard.client(), self.guard.update(key, update, condition)?).await?;
        let nothing_yet = Tries { tries: 0, failures: 0, locked_until: 0, expires_at: 0 };
        match outcome {
            Outcome::Done => Ok(None),
            Outcome::Refused(refusals) => {
                let current: Option<Item> = refusals.into_iter().find_map(|refusal| refusal.current);
                current.map(from_item).transpose().map(|tries| Some(tries.unwrap_or(nothing_yet)))
            }
        }
    }

    /// Counts the first try, where there were none or they are forgotten. Whether nobody was quicker.
    async fn count_afresh(&self, key: &Key, now: Timestamp) -> Result<bool> {
        let until = now.plus(LOCKED_FOR);
        let first = Tries { tries: 1, failures: 0, locked_until: until.millis(), expires_at: until.seconds() };
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

    async fn forget(&self, key: &Key) -> Result<()> {
        let delete = self.guard.delete(key, Expression::new("attribute_exists(pk)"))?;
        write(self.guard.client(), delete).await.map(|_| ())
    }
}

/// The answer to who has no try left, whether the account exists or not.
pub(super) fn account_locked(wait: Duration) -> Error {
    Error::new(Kind::Locked, "account_locked", "Too many wrong passwords; try again later or reset the password.")
        .retry_after(wait)
}
