//! Attempts in the guard table: `SOCIAL#<digest of the state>`, each taken once.

use super::attempt::{Attempt, State};
use crate::platform::clock::Clock;
use crate::platform::dynamo::{Expression, Key, Outcome, Table, from_item, to_item, transact, write};
use crate::platform::error::Result;

/// The attempts that have begun.
#[derive(Clone, Debug)]
pub struct AttemptStore {
    guard: Table,
    clock: Clock,
}

fn key(state: &State) -> Key {
    Key::new(format!("SOCIAL#{}", state.digest()), "ATTEMPT")
}

impl AttemptStore {
    /// In the guard table.
    pub fn new(guard: Table, clock: Clock) -> Self {
        Self { guard, clock }
    }

    pub(super) async fn write(&self, state: &State, attempt: &Attempt) -> Result<()> {
        // Nobody else has this key, so what is there already can only be this very attempt, sent again.
        write(self.guard.client(), self.guard.create(to_item(&key(state), attempt)?)?).await?;
        Ok(())
    }

    /// Takes the attempt of `state`, if it is good for who brings `binding`. Of two who come with it one gets it; who
    /// may not have it leaves it where it is.
    pub(super) async fn take(
        &self,
        state: &State,
        binding: Option<&str>,
        needs_binding: bool,
    ) -> Result<Option<Attempt>> {
        let Some(item) = self.guard.get_latest(&key(state)).await? else { return Ok(None) };
        let attempt: Attempt = from_item(item)?;
        if !attempt.admits(self.clock.now(), binding, needs_binding) {
            return Ok(None);
        }
        let delete = self.guard.delete(&key(state), Expression::new("attribute_exists(pk)"))?;
        // A transaction of one: tried again after a time-out it is the same write, and not a rival of itself.
        Ok(match transact(self.guard.client(), vec![delete]).await? {
            Outcome::Done => Some(attempt),
            Outcome::Refused(_) => None,
        })
    }
}
