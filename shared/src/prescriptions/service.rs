//! What can be done with prescriptions; each use-case stands in a file of its own.

use super::prescription::Prescription;
use super::store::PrescriptionStore;
use super::view::{FileLink, Moment, PrescriptionView, Viewer};
use crate::accounts::Profiles;
use crate::audit::{Action, Actor, Audit, Entry};
use crate::catalog::StockStore;
use crate::patients::Patients;
use crate::platform::clock::Clock;
use crate::platform::dynamo::back_off;
use crate::platform::error::{Error, Result};
use crate::platform::ids::PrescriptionId;
use crate::platform::jurisdiction::Jurisdiction;
use crate::platform::objects::Bucket;
use crate::platform::zone::Zone;
use crate::prescriptions::document::DocumentType;
use crate::prescriptions::prescription::ScanFile;
use crate::prescriptions::sheets::SheetNumber;

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
    /// Whom they are for.
    pub patients: Patients,
    /// What those are called who work on them.
    pub profiles: Profiles,
    /// The trail.
    pub audit: Audit,
    /// The time.
    pub clock: Clock,
    /// Where the days are those of the pharmacy.
    pub zone: Zone,
    /// Whose law it goes by.
    pub jurisdiction: Jurisdiction,
    /// Whether a machine reads them.
    pub are_read: bool,
}

/// What goes along with a change.
#[derive(Debug, Default)]
pub(super) struct Along<'a> {
    /// What else an auditor needs.
    pub(super) detail: Option<&'a str>,
    /// Whether what a machine has read on it is forgotten: nobody is to decide on it any more.
    pub(super) forget_reading: bool,
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
        self.change_along(actor, action, id, Along::default(), change).await
    }

    /// The same with what goes along, in the same transaction.
    pub(super) async fn change_along(
        &self,
        actor: &Actor,
        action: Action,
        id: PrescriptionId,
        along: Along<'_>,
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
            let entry = along.detail.map_or(entry.clone(), |detail| entry.detail(detail));
            let mut others = vec![self.audit.action(&entry)?];
            if along.forget_reading {
                others.push(self.store.forget_reading(id)?);
            }
            if let Some(stored) = self.store.replace(changed, others).await? {
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

    /// The prescription with a link to each of its files, as `viewer` may see it.
    pub(super) async fn view(&self, prescription: &Prescription, viewer: Viewer) -> Result<PrescriptionView> {
        let mut links = Vec::with_capacity(prescription.sheets.count());
        for (number, sheet) in prescription.sheets.numbered() {
            let file = sheet.file.as_ref().filter(|_| prescription.shows_files());
            links.push(match file {
                Some(file) => Some(self.link(prescription, number, file).await?),
                None => None,
            });
        }
        let now = self.clock.now();
        Ok(PrescriptionView::of(
            prescription,
            viewer,
            links,
            Moment { now, today: self.zone.day(now)?, place: self.jurisdiction },
        ))
    }

    async fn link(&self, of: &Prescription, number: SheetNumber, file: &ScanFile) -> Result<FileLink> {
        let extension = DocumentType::parse(&file.content_type).map_or("bin", DocumentType::extension);
        let filename = match of.sheets.count() {
            1 => format!("prescription-{}.{extension}", of.id),
            _ => format!("prescription-{}-{}.{extension}", of.id, number.get()),
        };
        let (url, expires_at) = self.files.link(&file.object_key, &filename).await?;
        Ok(FileLink { url, expires_at })
    }
}
