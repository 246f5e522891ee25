//! Guessing: after five wrong tries nobody gets another one for half an hour, whether the account exists or not.
//!
//! A try is reserved before the answer is asked for, in one conditional write, so that a hundred guesses at once get five
//! answers like a hundred guesses in a row. A try that turns out right gives all of them back.
//!
//! A try of which nobody can say what came of it, since a service did not answer, is given back: its caller has learnt
//! nothing.
//!
//! Passwords are counted by the address or number that they are tried with, before it is known whose it is; and wrong ones
//! by the account as well, so that an address and a number together get no more tries than one of them (who tries both at
//! the same moment may get a few more). That second count is asked only after a right password, which is then refused like
//! a wrong one: a lock that everybody saw would tell which address belongs to which number. Where there is no account,
//! something that is nobody's stands in for it: the calls are the same.

use std::time::Duration;

use futures_util::future::try_join;
use serde::{Deserialize, Serialize};

use crate::identity::identifier::Identifier;
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::crypto;
use crate::platform::dynamo::{Expression, Item, Key, Outcome, Table, back_off, failure, from_item, n, to_item, write};
use crate::platform::error::{Error, Kind, Result};
use crate::platform::ids::UserId;
use crate::platform::wording;

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

impl Tries {
    /// Those of a time that ends at `until`.
    fn until(until: Timestamp) -> Self {
        Self { tries: 0, failures: 0, locked_until: until.millis(), expires_at: until.seconds() }
    }
}

/// The wrong passwords of an account.
#[derive(Debug)]
pub struct WrongPasswords {
    number: i64,
    until: Timestamp,
}

impl WrongPasswords {
    /// Whether they are so many that a right one does not count any more.
    pub fn is_locked(&self) -> bool {
        self.number >= MAX_TRIES
    }
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

/// Where wrong passwords of an account are counted, whatever they were tried with; or what stands in for it where `who` is
/// nobody's.
fn account_key(account: Option<&UserId>, who: &Identifier) -> Key {
    let nobodys = || crypto::fingerprint(format!("nobody with\0{}", who.as_str()).as_bytes());
    key_of(Guess::Password, &account.map_or_else(nobodys, ToString::to_string))
}

impl Lockout {
    /// In the guard table.
    pub fn new(guard: Table, clock: Clock) -> Self {
        Self { guard, clock }
    }

    /// Reserves a try.
    ///
    /// # Errors
    /// 423 `account_locked` where there is none left, whether the account exists or not; DynamoDB does not answer.
    pub async fn reserve(&self, guess: Guess, who: &Identifier) -> Result<Try> {
        self.reserve_at(key(guess, who)).await
    }

    /// Reserves a try at something of a person who is known by their id.
    ///
    /// # Errors
    /// 423 `account_locked` where there is none left; DynamoDB does not answer.
    pub async fn reserve_for(&self, guess: Guess, user: &UserId) -> Result<Try> {
        self.reserve_at(key_of(guess, user.as_str())).await
    }

    /// Reserves a try at the password of somebody who is signed in, whom the count of their account is told too.
    ///
    /// # Errors
    /// 423 `account_locked` where there is none left; DynamoDB does not answer.
    pub async fn reserve_own_password(&self, user: &UserId, who: &Identifier) -> Result<Try> {
        let (tried, guessed) = try_join(self.reserve(Guess::Password, who), self.wrong_passwords(user)).await?;
        if guessed.is_locked() {
            self.give_back(&tried).await?;
            return Err(account_locked(guessed.until.since(self.clock.now())));
        }
        Ok(tried)
    }

    async fn reserve_at(&self, key: Key) -> Result<Try> {
        let mut wait = LOCKED_FOR;
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let now = self.clock.now();
            match self.count(&key, now).await? {
                None => return Ok(Try { key }),
                Some(tries) if tries.locked_until <= now.millis() => {
                    if self.count_afresh(&key, now).await? {
                        return Ok(Try { key });
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
        Err(account_locked(wait))
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

    /// A password turned out wrong that was tried with `who`, which is of `account` if it is anybody's. It counts for both.
    ///
    /// # Errors
    /// DynamoDB does not answer; the try counts all the same.
    pub async fn failed_password(&self, tried: Try, who: &Identifier, account: Option<&UserId>) -> Result<()> {
        let account = account_key(account, who);
        try_join(self.failed(tried), self.count_failure(&account)).await.map(|_| ())
    }

    /// Counts a wrong try at `key` that nobody has reserved there.
    async fn count_failure(&self, key: &Key) -> Result<()> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let now = self.clock.now();
            let until = now.plus(LOCKED_FOR);
            let condition = Expression::new("locked_until > :now")
                .value(":now", n(now.millis()))
                .value(":until", n(until.millis()))
                .value(":expires_at", n(until.seconds()))
                .value(":one", n(1));
            let update = "SET tries = tries + :one, failures = failures + :one, locked_until = :until, \
                expires_at = :expires_at";
            let counted = write(self.guard.client(), self.guard.update(key, update, condition)?).await?;
            let first = Tries { tries: 1, failures: 1, ..Tries::until(until) };
            if matches!(counted, Outcome::Done) || self.begin(key, first, now).await? {
                return Ok(());
            }
        }
        Err(Error::busy())
    }

    /// How many wrong passwords the account has had, whatever they were tried with.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn wrong_passwords(&self, user: &UserId) -> Result<WrongPasswords> {
        let tries = self.guard.get_latest(&key_of(Guess::Password, user.as_str())).await?;
        let tries: Option<Tries> = tries.map(from_item).transpose()?;
        let now = self.clock.now();
        let counts = tries.filter(|tries| tries.locked_until > now.millis());
        let (number, until) = counts.map_or((0, 0), |tries| (tries.failures, tries.locked_until));
        Ok(WrongPasswords { number, until: Timestamp::from_millis(until) })
    }

    /// A password turned out right, of an account with so many `wrong` ones before: all of them are forgotten.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn right_password(&self, tried: Try, user: &UserId, wrong: &WrongPasswords) -> Result<()> {
        let of_account = async {
            match wrong.number {
                0 => Ok(()),
                _ => self.reset_for(Guess::Password, user).await,
            }
        };
        try_join(self.succeeded(tried), of_account).await.map(|_| ())
    }

    /// Hands on what came of a try. Where that is an error, nobody can say, and the try is given back.
    ///
    /// # Errors
    /// That of `answer`.
    pub async fn answered<T>(&self, tried: Try, answer: Result<T>) -> Result<(Try, T)> {
        match answer {
            Ok(answer) => Ok((tried, answer)),
            Err(error) => {
                if let Err(problem) = self.give_back(&tried).await {
                    tracing::warn!(
                        error.cause = problem.cause(),
                        "a try that was not answered could not be given back"
                    );
                }
                Err(error)
            }
        }
    }

    /// A try was right or wrong in a way that tells nothing: it is given back, and no other is.
    ///
    /// # Errors
    /// DynamoDB does not answer; the try counts then.
    pub async fn not_counted(&self, tried: Try) -> Result<()> {
        self.give_back(&tried).await
    }

    async fn give_back(&self, tried: &Try) -> Result<()> {
        // No wrong one: of those nothing is given back.
        let condition = Expression::new("tries > failures").value(":one", n(1));
        let update = self.guard.update(&tried.key, "SET tries = tries - :one", condition)?;
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

    /// Forgets all tries at something of a person who is known by their id.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn reset_for(&self, guess: Guess, user: &UserId) -> Result<()> {
        self.forget(&key_of(guess, user.as_str())).await
    }

    async fn forget(&self, key: &Key) -> Result<()> {
        let call = self.guard.client().delete_item().table_name(self.guard.name()).set_key(Some(key.attributes()));
        call.send().await.map(|_| ()).map_err(failure)
    }
}

/// The answer to who has no try left, whether the account exists or not.
fn account_locked(wait: Duration) -> Error {
    Error::new(Kind::Locked, "account_locked", wording::identity::account_locked()).retry_after(wait)
}
