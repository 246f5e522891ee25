//! What can be done with prescriptions; each use-case stands in a file of its own.

use super::prescription::Prescription;
use super::store::PrescriptionStore;
use super::view::{FileLink, Moment, PrescriptionView, Viewer};
use crate::audit::{Action, Actor, Audit, Entry};
use crate::catalog::StockStore;
use crate::platform::clock::Clock;
use crate::platform::dynamo::back_off;
use crate::platform::error::{Error, Result};
use crate::platform::ids::PrescriptionId;
use crate::platform::objects::Bucket;
use crate::platform::zone::Zone;
use crate::prescriptions::document::DocumentType;
use crate::prescriptions::prescription::Status;

/// How often a change is tried against others' changes of the same prescription.
pub(super) const ATTEMPTS: u32 = 5;

/// Prescriptions, from the announcement to the review.
#[derive(Clone, Debug)]
pub struct Prescriptions {
    /// The prescriptions.
    pub store: PrescriptionStore,
    /// Their files.
    pub files: Bucket,
    /// The products that a review may name.
    pub stock: StockStore,
    /// The trail.
    pub audit: Audit,
    /// The time.
    pub clock: Clock,
    /// Where the days are those of the pharmacy.
    pub zone: Zone,
}

impl Prescriptions {
    /// Reads a prescription, lets `change` make another of it and stores that with `action` on the trail; again from the
    /// start when somebody else was first. A refusal by `change` goes on the trail too.
    pub(super) async fn change(
        &self,
        actor: &Actor,
        action: Action,
        id: PrescriptionId,
        change: impl Fn(&Prescription) -> Result<Prescription>,
    ) -> Result<Prescription> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let prescription = self.store.get(id).await?.ok_or_else(Error::not_found)?;
            let changed = match change(&prescription) {
                Ok(changed) => changed,
                Err(refusal) => return Err(self.refused(actor, action, &prescription, refusal).await),
            };
            let entry = Entry::allowed(actor, action, &prescription.owner, id, self.clock.now());
            if let Some(stored) = self.store.replace(changed, vec![self.audit.action(&entry)?]).await? {
                return Ok(stored);
            }
        }
        Err(Error::busy())
    }

    /// Puts a refusal on the trail; the answer is the refusal, or that there is no trail.
    pub(super) async fn refused(&self, actor: &Actor, action: Action, on: &Prescription, refusal: Error) -> Error {
        let entry = Entry::refused(actor, action, &on.owner, on.id, self.clock.now());
        self.audit.append(&entry).await.err().unwrap_or(refusal)
    }

    /// The prescription with a link to its file, as `viewer` may see it.
    pub(super) async fn view(&self, prescription: &Prescription, viewer: Viewer) -> Result<PrescriptionView> {
        let file = prescription.file.as_ref().filter(|_| prescription.status != Status::Withdrawn);
        let link = match file {
            Some(file) => {
                let extension = DocumentType::parse(&file.content_type).map_or("bin", DocumentType::extension);
                let filename = format!("prescription-{}.{extension}", prescription.id);
                let (url, expires_at) = self.files.link(&file.object_key, &filename).await?;
                Some(FileLink { url, expires_at })
            }
            None => None,
        };
        let now = self.clock.now();
        Ok(PrescriptionView::of(prescription, viewer, link, Moment { now, today: self.zone.day(now)? }))
    }
}
