//! The signs of an emergency that are looked for: those that are built in, and what the pharmacy's reviewed rules add, as a warm
//! function has them in mind.
//!
//! They are followed as the other rules are: half a minute costs nothing, then half a read unit, and only after a review the rules.
//! Whoever asks does so beside something else that is read. Where the rules cannot be read, what is in mind goes on counting, and what is
//! built in always does: nobody in danger waits for DynamoDB.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;

use super::body::{Made, make};
use super::review::{RuleVersion, Set};
use super::store::RuleStore;
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::error::Result;
use crate::red_flags::Flags;

/// How old they may be before the revision is asked for.
const FRESH: Duration = Duration::from_secs(30);

#[derive(Debug, Default)]
struct Memory {
    flags: Arc<Flags>,
    revision: Option<String>,
    read_at: Option<Timestamp>,
}

/// What a warm function remembers of the signs.
#[derive(Debug, Default)]
pub struct FlagMemory(Mutex<Memory>);

/// The signs that count, and whether that is all that there are.
#[derive(Clone, Debug)]
pub struct Followed {
    /// The signs.
    pub flags: Arc<Flags>,
    /// Whether the rules could be read; where they could not, there may be signs that are not among these.
    pub whole: bool,
}

/// Where the signs are asked for.
#[derive(Clone, Debug)]
pub struct RedFlags {
    memory: Arc<FlagMemory>,
    store: RuleStore,
    clock: Clock,
}

impl RedFlags {
    /// With a memory, and where it is filled from.
    pub fn new(memory: Arc<FlagMemory>, store: RuleStore, clock: Clock) -> Self {
        Self { memory, store, clock }
    }

    /// The signs that are in mind, without reading anything or waiting for who does. There are always some.
    pub fn in_mind(&self) -> Arc<Flags> {
        self.memory.0.try_lock().map(|memory| Arc::clone(&memory.flags)).unwrap_or_default()
    }

    /// The signs that count. There are always some.
    pub async fn current(&self) -> Arc<Flags> {
        self.followed().await.flags
    }

    /// The signs that count, and whether they are all.
    pub async fn followed(&self) -> Followed {
        let mut memory = self.memory.0.lock().await;
        let now = self.clock.now();
        if memory.read_at.is_some_and(|read_at| now.since(read_at) <= FRESH) {
            return Followed { flags: Arc::clone(&memory.flags), whole: true };
        }
        let mut whole = true;
        match self.read(&memory).await {
            Ok(read) => {
                if let Some((flags, revision)) = read {
                    memory.flags = Arc::new(flags);
                    memory.revision = revision;
                }
                memory.read_at = Some(now);
            }
            Err(error) => {
                whole = false;
                tracing::warn!(
                    error.code = error.code(),
                    error.cause = error.cause(),
                    "the signs of an emergency are stale"
                );
            }
        }
        Followed { flags: Arc::clone(&memory.flags), whole }
    }

    /// The signs and their revision; nothing where the revision is the one in mind.
    async fn read(&self, memory: &Memory) -> Result<Option<(Flags, Option<String>)>> {
        // The revision first: what is read after it is at least as new.
        let revision = self.store.flag_revision().await?;
        if memory.revision == revision {
            return Ok(None);
        }
        let flags = match &revision {
            Some(revision) => of(&self.store.active_flags().await?, revision),
            None => Flags::default(),
        };
        Ok(Some((flags, revision)))
    }
}

/// What counts, of the reviewed versions that are in force.
fn of(active: &[RuleVersion], revision: &str) -> Flags {
    let mut own = Vec::new();
    let mut reviewed = false;
    for version in active.iter().filter(|version| version.reviewed_by.is_some()) {
        if let Some(set) = version.id.set() {
            reviewed |= set == Set::RedFlags && version.version == set.release();
            continue;
        }
        let body: serde_json::Value = serde_json::from_str(&version.body).unwrap_or_default();
        match make(version.kind, version.id.as_str(), version.version, &body) {
            Ok(Made::RedFlag(rule)) => own.push(*rule),
            Ok(_) => {}
            Err(_) => {
                tracing::error!(rule = version.id.as_str(), "a reviewed rule cannot be read and does not count");
            }
        }
    }
    Flags::with(own, revision, reviewed)
}
