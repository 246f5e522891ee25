//! What a warm function has in mind of the rules, and how it follows them: a request costs nothing until that is half a
//! minute old, then half a read unit, and only after a review the rules themselves.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;

use super::knowledge::Knowledge;
use super::store::RuleStore;
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::error::Result;
use crate::platform::zone::Zone;

/// How old it may be before the revision is asked for.
const FRESH: Duration = Duration::from_secs(30);
/// For this long old rules are better than none, when DynamoDB does not answer.
const KEPT_AT_MOST: Duration = Duration::from_mins(5);

#[derive(Debug, Default)]
struct Memory {
    knowledge: Option<Arc<Knowledge>>,
    revision: Option<String>,
    read_at: Option<Timestamp>,
}

/// What a warm function remembers of the rules.
#[derive(Debug)]
pub struct MedicineMemory {
    memory: Mutex<Memory>,
    /// Where the days are those of the pharmacy.
    zone: Zone,
}

impl MedicineMemory {
    /// Of a pharmacy in this zone; nothing yet.
    pub fn new(zone: Zone) -> Self {
        Self { memory: Mutex::default(), zone }
    }

    /// The rules that count.
    ///
    /// # Errors
    /// DynamoDB does not answer, and has not for minutes: what cannot be known must not be passed over.
    pub async fn knowledge(&self, store: &RuleStore, clock: &Clock) -> Result<Arc<Knowledge>> {
        let mut memory = self.memory.lock().await;
        let now = clock.now();
        if let (Some(knowledge), Some(read_at)) = (&memory.knowledge, memory.read_at)
            && now.since(read_at) <= FRESH
        {
            return Ok(Arc::clone(knowledge));
        }
        let read = read(store, &memory, &self.zone).await;
        match (read, memory.knowledge.clone(), memory.read_at) {
            (Ok(None), Some(knowledge), _) => {
                memory.read_at = Some(now);
                Ok(knowledge)
            }
            (Ok(Some((knowledge, revision))), ..) => {
                memory.knowledge = Some(Arc::clone(&knowledge));
                memory.revision = revision;
                memory.read_at = Some(now);
                Ok(knowledge)
            }
            (Err(error), Some(knowledge), Some(read_at)) if now.since(read_at) <= KEPT_AT_MOST => {
                tracing::warn!(error.code = error.code(), error.cause = error.cause(), "the rules are stale");
                Ok(knowledge)
            }
            (Err(error), ..) => Err(error),
            (Ok(None), None, _) => Knowledge::of(&[], &self.zone).map(Arc::new),
        }
    }
}

/// The rules and their revision; nothing where the revision is the one in mind.
async fn read(store: &RuleStore, memory: &Memory, zone: &Zone) -> Result<Option<(Arc<Knowledge>, Option<String>)>> {
    // The revision first: what is read after it is at least as new.
    let revision = store.revision().await?;
    if memory.knowledge.is_some() && memory.revision == revision {
        return Ok(None);
    }
    let active = if revision.is_some() { store.active().await? } else { Vec::new() };
    let knowledge = Knowledge::of(&active, zone)?;
    for rule in knowledge.faulty() {
        tracing::error!(rule = rule.as_str(), "a reviewed rule cannot be read and does not count");
    }
    Ok(Some((Arc::new(knowledge), revision)))
}
