//! The use-cases of delivery: what it costs somewhere, and the staff's desk for zones.

use std::sync::Arc;

use super::memory::ZoneMemory;
use super::store::ZoneStore;
use super::zone::{Place, Rate, Zone, ZoneId, ZoneTerms};
use super::zones::Zones;
use crate::audit::{Action, Actor, Audit, Entry, Outcome};
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::dynamo::back_off;
use crate::platform::error::{Error, Result};
use crate::platform::fields::Invalid;
use crate::platform::precondition::Precondition;
use crate::platform::wording;

/// How many zones there are at most: they are read whole.
pub const MAX_ZONES: usize = 500;
const ATTEMPTS: u32 = 6;

/// Knows what delivery costs where.
#[derive(Clone, Debug)]
pub struct Deliveries {
    /// Where zones are.
    pub store: ZoneStore,
    /// What is remembered of them.
    pub memory: Arc<ZoneMemory>,
    /// What delivery costs everywhere where there are no zones at all.
    pub flat: Rate,
    /// The trail: every change of a zone is on it.
    pub audit: Audit,
    /// The time.
    pub clock: Clock,
}

fn entry(actor: &Actor, action: Action, id: &ZoneId, version: u64, now: Timestamp) -> Entry {
    Entry::new(&actor.origin, action, Outcome::Allowed, id, now).by(actor).detail(format!("version {version}"))
}

impl Deliveries {
    /// All zones, at most a minute old.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn zones(&self) -> Result<Arc<Zones>> {
        self.memory.zones(&self.store, &self.clock).await
    }

    /// What delivery to a place costs by these zones; `None` where nothing is delivered to.
    pub fn rate(&self, zones: &Zones, place: &Place<'_>) -> Option<Rate> {
        if zones.is_empty() { Some(self.flat.clone()) } else { zones.of(place).map(Rate::from) }
    }

    /// The same by the zones of the last minute.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn quote(&self, place: &Place<'_>) -> Result<Option<Rate>> {
        Ok(self.rate(&*self.zones().await?, place))
    }

    /// All zones as the last write left them.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn list(&self) -> Result<Zones> {
        Ok(self.store.to_change().await?.zones)
    }

    /// Makes a zone or changes it; says whether it is new. Putting what is there already changes nothing. With the first
    /// zone, delivery goes to zones alone.
    ///
    /// # Errors
    /// 400 for what another zone has, or too many; 412; 503.
    pub async fn put(
        &self,
        actor: &Actor,
        id: &ZoneId,
        terms: &ZoneTerms,
        precondition: &Precondition,
    ) -> Result<(Zone, bool)> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let read = self.store.to_change().await?;
            let before = read.zones.get(id);
            precondition.check(before.map(|zone| zone.version))?;
            if let Some(before) = before.filter(|zone| zone.terms == *terms) {
                return Ok((before.clone(), false));
            }
            if before.is_none() && read.zones.len() >= MAX_ZONES {
                return Err(
                    vec![Invalid::new("too_many", wording::delivery::too_many_zones(MAX_ZONES)).at("id")].into()
                );
            }
            read.zones.check(id, terms)?;
            let version = before.map_or(0, |zone| zone.version) + 1;
            let zone = Zone { id: id.clone(), terms: terms.clone(), version };
            let entry = entry(actor, Action::PutZone, id, version, self.clock.now());
            if self.store.put(&read, &zone, self.audit.action(&entry)?).await? {
                return Ok((zone, before.is_none()));
            }
        }
        Err(Error::busy())
    }

    /// Removes a zone. With the last one, delivery goes everywhere again for the one fee of the settings.
    ///
    /// # Errors
    /// 404; 412; 503.
    pub async fn remove(&self, actor: &Actor, id: &ZoneId, precondition: &Precondition) -> Result<()> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let read = self.store.to_change().await?;
            let before = read.zones.get(id).ok_or_else(Error::not_found)?;
            precondition.check(Some(before.version))?;
            let entry = entry(actor, Action::RemoveZone, id, before.version, self.clock.now());
            if self.store.remove(&read, id, self.audit.action(&entry)?).await? {
                return Ok(());
            }
        }
        Err(Error::busy())
    }
}
