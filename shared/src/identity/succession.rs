//! That there is always somebody who runs the deployment, however many take each other's power at once.
//!
//! Two things hold it. Whoever takes or gives power takes a turn first, a lease in the guard table, so that one such
//! change runs at a time. And whoever loses power is noted in the same item before Cognito is told: Cognito may answer
//! with what was so a moment ago, and an access token tells what was so a quarter of an hour ago. Who is noted changes
//! nobody and is not counted as somebody who is left.
//!
//! A function that is killed after the note and before the change has taken too much power, never too little: the person
//! can change nobody until the note is old, or until somebody gives them the role again.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::platform::clock::{Clock, Timestamp};
use crate::platform::crypto;
use crate::platform::dynamo::{Expression, Key, Outcome, Table, back_off, from_item, n, s, value, write};
use crate::platform::error::{Error, Result};
use crate::platform::ids::UserId;

/// How long a turn may take at most: longer than a function lives.
const LEASED_FOR: Duration = Duration::from_secs(15);
/// How long a loss is noted: longer than an access token lives.
const NOTED_FOR: Duration = Duration::from_mins(20);
/// How often it is asked again while another has the turn.
const ATTEMPTS: u32 = 8;

/// Lets one change of power happen at a time.
#[derive(Clone, Debug)]
pub struct Succession {
    guard: Table,
    clock: Clock,
}

/// The right to change who has power.
#[derive(Debug)]
#[must_use]
pub struct Turn {
    holder: String,
    /// Who has lost power lately, and when, in milliseconds since 1970.
    lost: BTreeMap<UserId, i64>,
    now: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct Record {
    #[serde(default)]
    lost: BTreeMap<UserId, i64>,
}

fn key() -> Key {
    Key::new("ADMINISTRATION", "TURN")
}

impl Turn {
    /// Whether a person has lost their power lately, whatever Cognito or their token says.
    pub fn lost(&self, user: &UserId) -> bool {
        let since = |at: &i64| self.now.since(Timestamp::from_millis(*at));
        self.lost.get(user).is_some_and(|at| since(at) < NOTED_FOR)
    }
}

impl Succession {
    /// In the guard table.
    pub fn new(guard: Table, clock: Clock) -> Self {
        Self { guard, clock }
    }

    /// Takes a turn.
    ///
    /// # Errors
    /// 503 while another has it; DynamoDB does not answer.
    pub async fn take_turn(&self) -> Result<Turn> {
        let holder = crypto::random_token::<16>();
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let now = self.clock.now();
            let free =
                Expression::new("attribute_not_exists(leased_until) OR leased_until <= :now OR holder = :holder")
                    .value(":now", n(now.millis()))
                    .value(":holder", s(&holder))
                    .value(":until", n(now.plus(LEASED_FOR).millis()));
            let action = self.guard.update(&key(), "SET holder = :holder, leased_until = :until", free)?;
            if let Outcome::Done = write(self.guard.client(), action).await? {
                let lost = match self.guard.get_latest(&key()).await? {
                    Some(item) => from_item::<Record>(item)?.lost,
                    None => BTreeMap::new(),
                };
                return Ok(Turn { holder, lost, now });
            }
        }
        Err(Error::busy())
    }

    /// Notes that a person loses their power, before they do.
    ///
    /// # Errors
    /// 503 where the turn has ended meanwhile; DynamoDB does not answer.
    pub async fn note_loss(&self, turn: &Turn, user: &UserId) -> Result<()> {
        let mut lost = turn.lost.clone();
        lost.retain(|_, at| turn.now.since(Timestamp::from_millis(*at)) < NOTED_FOR);
        lost.insert(user.clone(), turn.now.millis());
        self.store(turn, &lost).await
    }

    /// Forgets a loss, after the person has got their power back.
    ///
    /// # Errors
    /// 503 where the turn has ended meanwhile; DynamoDB does not answer.
    pub async fn forget_loss(&self, turn: &Turn, user: &UserId) -> Result<()> {
        if !turn.lost.contains_key(user) {
            return Ok(());
        }
        let mut lost = turn.lost.clone();
        lost.remove(user);
        self.store(turn, &lost).await
    }

    async fn store(&self, turn: &Turn, lost: &BTreeMap<UserId, i64>) -> Result<()> {
        let mine = Expression::new("holder = :holder").value(":holder", s(&turn.holder)).value(":lost", value(lost)?);
        let action = self.guard.update(&key(), "SET lost = :lost", mine)?;
        match write(self.guard.client(), action).await? {
            Outcome::Done => Ok(()),
            Outcome::Refused(_) => Err(Error::busy()),
        }
    }

    /// Gives the turn back.
    ///
    /// # Errors
    /// DynamoDB does not answer; the turn ends by itself.
    pub async fn end_turn(&self, turn: Turn) -> Result<()> {
        let mine = Expression::new("holder = :holder").value(":holder", s(&turn.holder));
        let action = self.guard.update(&key(), "REMOVE holder, leased_until", mine)?;
        write(self.guard.client(), action).await.map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_is_noted_for_longer_than_a_token_lives() {
        let anna = UserId::parse("0b9d5f3a-8f5e-4c5c-9d55-2f0b7f1b1c11").unwrap();
        let ben = UserId::parse("0b9d5f3a-8f5e-4c5c-9d55-2f0b7f1b1c12").unwrap();
        let at = Timestamp::from_millis(1_000_000);
        let turn = |now| Turn { holder: String::new(), lost: BTreeMap::from([(anna.clone(), at.millis())]), now };
        assert!(turn(at.plus(Duration::from_mins(16))).lost(&anna));
        assert!(!turn(at.plus(NOTED_FOR)).lost(&anna));
        assert!(!turn(at).lost(&ben));
    }
}
