//! That there is always somebody who runs the deployment, however many take each other's power at once.
//!
//! Two things hold it. Whoever takes or gives power takes a turn first, a lease in the guard table, so that one such
//! change runs at a time. And whoever loses power is noted in the same item before Cognito is told: Cognito may answer
//! with what was so a moment ago, and an access token tells what was so a quarter of an hour ago. Who is noted changes
//! nobody and is not counted as somebody who is left. Only of who has power a loss is noted, and only for as long as it
//! matters: ids of customers have no place there. Since Cognito may not know yet who has got power just now, the item
//! tells that too.
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
    /// Who has got it lately.
    gained: BTreeMap<UserId, i64>,
    now: Timestamp,
}

#[derive(Default, Serialize, Deserialize)]
struct Record {
    #[serde(default)]
    lost: BTreeMap<UserId, i64>,
    #[serde(default)]
    gained: BTreeMap<UserId, i64>,
}

fn key() -> Key {
    Key::new("ADMINISTRATION", "TURN")
}

/// Whether what was noted at `at` still matters.
fn matters(at: i64, now: Timestamp) -> bool {
    now.since(Timestamp::from_millis(at)) < NOTED_FOR
}

fn is_noted(list: &BTreeMap<UserId, i64>, user: &UserId, now: Timestamp) -> bool {
    list.get(user).is_some_and(|at| matters(*at, now))
}

impl Turn {
    /// Whether a person has lost their power lately, whatever Cognito or their token says.
    pub fn lost(&self, user: &UserId) -> bool {
        is_noted(&self.lost, user, self.now)
    }

    /// Whether a person has lost power lately or got it, so that they may have some, whatever Cognito says.
    pub fn may_have_power(&self, user: &UserId) -> bool {
        self.lost(user) || is_noted(&self.gained, user, self.now)
    }

    /// Notes that a person gets power; written down when the turn ends.
    pub fn note_gain(&mut self, user: &UserId) {
        self.gained.insert(user.clone(), self.now.millis());
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
                let item = self.guard.get_latest(&key()).await?;
                let Record { mut lost, mut gained } = item.map(from_item).transpose()?.unwrap_or_default();
                for list in [&mut lost, &mut gained] {
                    list.retain(|_, at| matters(*at, now));
                }
                return Ok(Turn { holder, lost, gained, now });
            }
        }
        Err(Error::busy())
    }

    /// Notes that a person loses their power, before they do.
    ///
    /// # Errors
    /// 503 where the turn has ended meanwhile; DynamoDB does not answer.
    pub async fn note_loss(&self, turn: &mut Turn, user: &UserId) -> Result<()> {
        let mut lost = turn.lost.clone();
        lost.insert(user.clone(), turn.now.millis());
        self.store(turn, lost).await
    }

    /// Forgets a loss, after the person has got their power back.
    ///
    /// # Errors
    /// 503 where the turn has ended meanwhile; DynamoDB does not answer.
    pub async fn forget_loss(&self, turn: &mut Turn, user: &UserId) -> Result<()> {
        let mut lost = turn.lost.clone();
        match lost.remove(user) {
            Some(_) => self.store(turn, lost).await,
            None => Ok(()),
        }
    }

    async fn store(&self, turn: &mut Turn, lost: BTreeMap<UserId, i64>) -> Result<()> {
        let mine = Expression::new("holder = :holder").value(":holder", s(&turn.holder)).value(":lost", value(&lost)?);
        let action = self.guard.update(&key(), "SET lost = :lost", mine)?;
        match write(self.guard.client(), action).await? {
            Outcome::Done => {
                turn.lost = lost;
                Ok(())
            }
            Outcome::Refused(_) => Err(Error::busy()),
        }
    }

    /// Gives the turn back, and leaves only those noted who still matter.
    ///
    /// # Errors
    /// DynamoDB does not answer; the turn ends by itself.
    pub async fn end_turn(&self, turn: Turn) -> Result<()> {
        let mine = Expression::new("holder = :holder")
            .value(":holder", s(&turn.holder))
            .value(":lost", value(&turn.lost)?)
            .value(":gained", value(&turn.gained)?);
        let update = "SET lost = :lost, gained = :gained REMOVE holder, leased_until";
        let action = self.guard.update(&key(), update, mine)?;
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
        let lost = BTreeMap::from([(anna.clone(), at.millis())]);
        let turn = |now| Turn { holder: String::new(), lost: lost.clone(), gained: BTreeMap::new(), now };
        assert!(turn(at.plus(Duration::from_mins(16))).lost(&anna));
        assert!(!turn(at.plus(NOTED_FOR)).lost(&anna));
        assert!(!turn(at).lost(&ben) && !turn(at).may_have_power(&ben));
        let mut turn = turn(at);
        turn.note_gain(&ben);
        assert!(!turn.lost(&ben) && turn.may_have_power(&ben) && turn.may_have_power(&anna));
    }
}
