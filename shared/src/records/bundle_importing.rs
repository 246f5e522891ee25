//! The use-cases of bundles that are too large for a request: announce one, take it in, see what became of it.
//!
//! - It runs twice, or twice at once: each resource is there once, by its key. The version of the import lets one run count, and the
//!   other stops.
//! - It dies in the middle: what was counted is done. The resources behind it are done over, and what was written of them bears the
//!   mark of the import, so that it is counted as created. The event comes again and goes on.
//! - The person is erased meanwhile: each resource is written under the condition that the import is there, so nothing is written
//!   after it went.

use std::collections::BTreeSet;

use serde_json::Value;

use super::bundle::{BundleImport, BundleView, MAX_BUNDLE_BYTES, MAX_BUNDLE_ENTRIES, StartedBundle, UploadedBundle};
use super::fhir;
use super::input::Moment;
use super::service::Records;
use super::sight::Sight;
use super::taking::Taking;
use crate::audit::{Action, Actor, Entry, Origin};
use crate::platform::crypto;
use crate::platform::dynamo::{Outcome, transact};
use crate::platform::error::{Error, Result};
use crate::platform::ids::ImportId;
use crate::platform::json_text;
use crate::platform::objects::UploadRule;

/// After how many resources progress is written down.
const BATCH: usize = 50;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BundleRun {
    /// The import is over.
    Over,
    /// Another run of the same import is ahead, or the import is gone.
    Overtaken,
    /// There is nothing to read.
    Nothing,
}

impl Records {
    /// Announces a bundle; the answer says how to upload it. The form is signed before anything is stored: killed after that, nothing
    /// is announced. Twice makes two imports, of which the second finds everything on record.
    ///
    /// # Errors
    /// 403 `read_only`; DynamoDB does not answer.
    pub async fn start_bundle(
        &self,
        actor: &Actor,
        sight: &Sight,
        (content_type, size): (&'static str, u64),
    ) -> Result<StartedBundle> {
        let author = sight.author()?;
        let now = self.clock.now();
        let id = ImportId::generate(now);
        let key = UploadedBundle { patient: sight.patient, import: id }.key();
        let upload = self.files.upload_form(UploadRule { key: &key, content_type, max_bytes: size }).await?;
        let import = BundleImport::announced(id, sight, author, now);
        let entry = Entry::allowed(actor, Action::ImportRecords, &sight.owner, id, now);
        let entry = self.audit.action(&entry.detail(format!("{size} bytes of {}", sight.patient)))?;
        let mut writes = vec![self.store.announce(&import)?, entry];
        writes.extend(self.patients.keep(&sight.owner, Some(sight.patient))?);
        match transact(self.store.table.client(), writes).await? {
            Outcome::Done => Ok(StartedBundle { id, upload }),
            Outcome::Refused(_) => {
                self.patients.chosen(&sight.owner, Some(sight.patient)).await?;
                Err(Error::busy())
            }
        }
    }

    /// An import and what became of it so far.
    ///
    /// # Errors
    /// 404; DynamoDB does not answer.
    pub async fn bundle(&self, sight: &Sight, id: ImportId) -> Result<BundleView> {
        let import = self.store.bundle_import(sight.patient, id).await?;
        import.map(Into::into).ok_or_else(Error::not_found)
    }

    /// Takes an uploaded bundle in, from where the run before came to. The upload goes once the import is over.
    ///
    /// # Errors
    /// DynamoDB or S3 does not answer.
    pub async fn take_bundle(&self, place: UploadedBundle) -> Result<BundleRun> {
        let ran = match self.store.bundle_import(place.patient, place.import).await? {
            Some(import) if !import.is_over() => self.read_bundle(import, place).await?,
            // Over, or erased with everything about the person: nobody waits for the file.
            _ => BundleRun::Over,
        };
        if ran == BundleRun::Over {
            self.files.delete(&place.key()).await?;
        }
        Ok(ran)
    }

    async fn read_bundle(&self, import: BundleImport, place: UploadedBundle) -> Result<BundleRun> {
        let bytes = match self.files.read(&place.key(), MAX_BUNDLE_BYTES).await {
            Ok(Some(bytes)) => bytes,
            Ok(None) if import.sha256.is_none() => return Ok(BundleRun::Nothing),
            Ok(None) => return self.end_bundle(&import, Some("file_gone")).await,
            Err(error) if error.is_refusal() => return self.end_bundle(&import, Some("too_large")).await,
            Err(error) => return Err(error),
        };
        let sha256 = crypto::sha256_hex(&bytes);
        if import.sha256.as_ref().is_some_and(|begun| *begun != sha256) {
            return self.end_bundle(&import, Some("file_changed")).await;
        }
        let Ok((bundle, _)) = json_text::read_numbers_as_text(&bytes) else {
            return self.end_bundle(&import, Some("not_json")).await;
        };
        drop(bytes);
        match fhir::Document::of(&bundle, MAX_BUNDLE_ENTRIES) {
            Ok(document) => self.take_entries(&import, &document, &sha256).await,
            Err(refused) => self.end_bundle(&import, Some(refused.code())).await,
        }
    }

    async fn take_entries(
        &self,
        import: &BundleImport,
        document: &fhir::Document<'_>,
        sha256: &str,
    ) -> Result<BundleRun> {
        let entries = &document.resources;
        let begun = import.begun(sha256, entries.len(), self.clock.now());
        let Some(mut import) = self.store.save_import(import, &begun).await? else { return Ok(BundleRun::Overtaken) };
        // The moment of the first run: what it refused as of the future the next one refuses too.
        let now = import.started_at.unwrap_or_else(|| self.clock.now());
        let moment = Moment { now, today: self.zone.day(now)? };
        let (sight, author) = (import.sight(), import.author.clone());
        let actor = Origin::new("records-take-bundle", None).actor(&author.user, &BTreeSet::new());
        let reading = fhir::Reading { patient: sight.patient, moment, zone: &self.zone, document };
        let taking = Taking { actor: &actor, sight: &sight, author: &author, reading, import: Some(import.id) };
        let mut known = self.known(sight.patient).await?;
        let done = import.counts.read;
        for resource in entries.iter().take(done).filter(|resource| fhir::is_record(resource)) {
            if let Ok(taken) = reading.take(resource) {
                known.say(taken.key);
            }
        }
        let left: Vec<_> = entries.iter().enumerate().skip(done).collect();
        for batch in left.chunks(BATCH) {
            let mut outcomes = Vec::with_capacity(batch.len());
            for (entry, resource) in batch {
                let resource: &Value = resource;
                match self.take_in(&taking, &mut known, (*entry, resource)).await {
                    Ok(outcome) => outcomes.push(outcome),
                    Err(error) if error.is_refusal() => return self.end_bundle(&import, Some(error.code())).await,
                    Err(error) => return Err(error),
                }
            }
            match self.store.save_import(&import, &import.further(outcomes)).await? {
                Some(saved) => import = saved,
                None => return Ok(BundleRun::Overtaken),
            }
        }
        self.end_bundle(&import, None).await
    }

    async fn end_bundle(&self, import: &BundleImport, failed: Option<&str>) -> Result<BundleRun> {
        let ended = import.ended(failed, self.clock.now());
        let saved = self.store.save_import(import, &ended).await?;
        Ok(if saved.is_some() { BundleRun::Over } else { BundleRun::Overtaken })
    }
}
