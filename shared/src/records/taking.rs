//! Taking resources of another system in, one by one.
//!
//! What was imported before is known by its key, and the id of a record is made of it and of the time that it says something of: twice and
//! at once it is there once. A run that
//! goes on where another died counts what that one had written as created, since it bears the mark of the import.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::fhir::{self, Imported, Outcome};
use super::record::{Author, Record};
use super::service::Records;
use super::sight::Sight;
use crate::audit::{Action, Actor, Entry};
use crate::platform::dynamo::{Outcome as Written, transact};
use crate::platform::error::{Error, Result};
use crate::platform::ids::{ImportId, PatientId, RecordId};
use crate::platform::wording;

/// In whose name, about whom and how resources are taken in.
pub(super) struct Taking<'t> {
    pub(super) actor: &'t Actor,
    pub(super) sight: &'t Sight,
    pub(super) author: &'t Author,
    pub(super) reading: fhir::Reading<'t>,
    /// The import of an uploaded bundle, which must still be there.
    pub(super) import: Option<ImportId>,
}

/// What is on record already, by what makes it the same when it comes again.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// By which import; `None` for one that came in a request.
    before: BTreeMap<String, Option<ImportId>>,
    /// What this bundle has said already.
    said: BTreeSet<String>,
}

impl Known {
    /// That the bundle has said something before the place where a run goes on.
    pub(super) fn say(&mut self, key: String) {
        self.said.insert(key);
    }

    /// What becomes of something by its key alone; `None`: it is new.
    fn meets(&mut self, key: &str, import: Option<ImportId>) -> Option<Outcome> {
        if !self.said.insert(key.to_owned()) {
            return Some(Outcome::Duplicate);
        }
        let ours = |by: &Option<ImportId>| import.is_some() && *by == import;
        self.before.get(key).map(|by| if ours(by) { Outcome::Created } else { Outcome::Duplicate })
    }
}

impl Records {
    /// What was imported about a patient before, what was taken away included.
    pub(super) async fn known(&self, patient: PatientId) -> Result<Known> {
        let mut known = Known::default();
        for version in self.store.everything(patient).await? {
            known.before.extend(version.imported_as.map(|key| (key, version.imported_in)));
        }
        Ok(known)
    }

    /// Takes one resource in; `None` where it is of a type that becomes no record.
    pub(super) async fn take_in(
        &self,
        taking: &Taking<'_>,
        known: &mut Known,
        (entry, resource): (usize, &Value),
    ) -> Result<Option<Imported>> {
        if !fhir::is_record(resource) {
            return Ok(None);
        }
        let taken = match taking.reading.take(resource) {
            Ok(taken) => taken,
            Err(reason) => return Ok(Some(fhir::refused(entry, resource, reason))),
        };
        let outcome = match known.meets(&taken.key, taking.import) {
            Some(outcome) => outcome,
            None => {
                // By its own time: among what the owner wrote down, it stands where it belongs.
                let id = RecordId::with(taken.at, bits(&taken.key));
                let (author, now) = (taking.author.clone(), taking.reading.moment.now);
                let mut record = Record::new(id, taking.sight.patient, taken.details, author, now);
                (record.imported_as, record.imported_in) = (Some(taken.key), taking.import);
                self.write_down(taking, &record).await?
            }
        };
        Ok(Some(Imported { entry, resource: fhir::kind_of(resource), outcome, reason: None }))
    }

    /// Whether it was not there yet, or another run of the same import has written it this moment.
    async fn write_down(&self, taking: &Taking<'_>, record: &Record) -> Result<Outcome> {
        let sight = taking.sight;
        let mut writes = Vec::from(self.store.create(record)?);
        let entry = Entry::allowed(taking.actor, Action::AddRecord, &sight.owner, record.id, self.clock.now());
        writes.push(self.audit.action(&entry.detail(format!("imported {} of {}", record.kind(), sight.patient)))?);
        let keeps = writes.len();
        writes.extend(self.patients.keep(&sight.owner, Some(sight.patient))?);
        let kept = keeps..writes.len();
        if let Some(import) = taking.import {
            writes.push(self.store.during(sight.patient, import)?);
        }
        match transact(self.store.table.client(), writes).await? {
            Written::Done => Ok(Outcome::Created),
            Written::Refused(refusals) if refusals.iter().any(|refusal| refusal.index < 2) => {
                let there = self.store.get(sight.patient, record.kind(), record.id).await?;
                let ours = taking.import.is_some() && there.is_some_and(|there| there.imported_in == taking.import);
                Ok(if ours { Outcome::Created } else { Outcome::Duplicate })
            }
            Written::Refused(refusals) if taking.import.is_some() => {
                let closed = refusals.iter().any(|refusal| kept.contains(&refusal.index));
                Err(if closed { Error::conflict("patient_closed", wording::patients::gone()) } else { Error::busy() })
            }
            Written::Refused(_) => {
                self.patients.chosen(&sight.owner, Some(sight.patient)).await?;
                Err(Error::busy())
            }
        }
    }
}

/// 80 bits of a digest.
fn bits(hex: &str) -> u128 {
    hex.get(..20).and_then(|hex| u128::from_str_radix(hex, 16).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::Timestamp;

    #[test]
    fn a_run_that_goes_on_counts_as_created_what_the_one_before_has_written() {
        let at = Timestamp::from_millis(1);
        let (this, other) = (Some(ImportId::generate(at)), Some(ImportId::generate(at)));
        let before = [("a", this), ("b", other), ("c", None), ("d", this)];
        let mut known = Known::default();
        known.before.extend(before.map(|(key, by)| (key.to_owned(), by)));
        // What was counted before is said again further on in the bundle.
        known.say("d".to_owned());
        let mut meets = |key| known.meets(key, this);
        assert_eq!(
            [meets("a"), meets("b"), meets("c")],
            [Some(Outcome::Created), Some(Outcome::Duplicate), Some(Outcome::Duplicate)]
        );
        assert_eq!([meets("d"), meets("e"), meets("e")], [Some(Outcome::Duplicate), None, Some(Outcome::Duplicate)]);
        // A request bears no mark: what is there is there.
        let mut known = Known { before: [("c".to_owned(), None)].into(), ..Known::default() };
        assert_eq!(known.meets("c", None), Some(Outcome::Duplicate));
    }
}
