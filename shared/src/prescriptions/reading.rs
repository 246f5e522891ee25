//! Reading one prescription.

use futures_util::future::{join3, try_join_all};

use super::prescription::Prescription;
use super::reading_store::Reading;
use super::service::Prescriptions;
use super::store::Index;
use super::suggestions_view::SuggestionsView;
use super::view::{PrescriptionPatient, PrescriptionView, Viewer};
use crate::audit::{Action, Actor, Entry};
use crate::platform::error::{Error, Kind, Result};
use crate::platform::ids::{PatientId, PrescriptionId, UserId};

impl Prescriptions {
    /// One prescription, to its owner or to staff. What staff read goes on the trail before they see it, and so does the
    /// attempt of anybody else: a read that cannot be put there fails.
    ///
    /// # Errors
    /// 404 where it is another's, 503 where the trail does not answer.
    pub async fn get(&self, actor: &Actor, staff: bool, id: PrescriptionId) -> Result<PrescriptionView> {
        let prescription = self.store.get(id).await?.ok_or_else(Error::not_found)?;
        if prescription.owner == actor.user {
            return self.view(&prescription, Viewer::Owner).await;
        }
        if !staff {
            return Err(self.refused(actor, Action::ReadPrescription, &prescription, Error::not_found()).await);
        }
        let entry = Entry::allowed(actor, Action::ReadPrescription, &prescription.owner, id, self.clock.now());
        self.audit.append(&entry).await?;
        self.view_for_staff(actor, prescription).await
    }

    /// Whether a pharmacist works just now on a prescription of this account for this patient of it.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn worked_on_by(&self, owner: &UserId, patient: Option<PatientId>, pharmacist: &UserId) -> Result<bool> {
        let now = self.clock.now();
        let works = |one: &Prescription| {
            one.patient == patient && one.live_claim(now).is_some_and(|claim| claim.by == *pharmacist)
        };
        // The newest: nobody claims what has been decided.
        let batch = self.store.batch(Index::Owner(owner), None, 50).await?;
        for found in batch.prescriptions.iter().filter(|one| works(one)) {
            // The index lags behind; what is over is over.
            if self.store.get(found.id).await?.as_ref().is_some_and(works) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// As staff see it, with the flags of this moment: another account may have uploaded the same file since the check. Who
    /// has it in hand sees what a machine has read on it.
    pub(super) async fn view_for_staff(
        &self,
        actor: &Actor,
        mut prescription: Prescription,
    ) -> Result<PrescriptionView> {
        let owner = &prescription.owner;
        try_join_all(prescription.sheets.files_mut().map(|file| async {
            file.also_on_another_account |= self.store.file_of_another(&file.sha256, owner).await?;
            Ok::<(), Error>(())
        }))
        .await?;
        let mut view = self.view(&prescription, Viewer::Staff).await?;
        let claimer: Vec<_> = view.claim.iter().map(|claim| claim.by.clone()).collect();
        let patient = self.patients.get(&prescription.owner, prescription.patient);
        let in_hand = claimer.contains(&actor.user);
        let reading = async { if in_hand { self.reading(prescription.id).await } else { Ok(None) } };
        let (patient, names, reading) = join3(patient, self.profiles.names(&claimer), reading).await;
        let reading = reading?.filter(|reading| reading.is_of(&prescription));
        let suggestions = reading.map(|reading| SuggestionsView::of(reading, &prescription));
        let name = names?.pop().map(|(_, name)| name);
        if let Some(claim) = &mut view.claim {
            claim.name = name;
        }
        // Who was erased, or whom they cared for, is not there any more.
        let patient = match patient {
            Ok(patient) => Some(PrescriptionPatient::of(&patient, self.zone.day(self.clock.now())?)),
            Err(error) if error.kind() == Kind::NotFound => None,
            Err(error) => return Err(error),
        };
        Ok(PrescriptionView { patient, suggestions, ..view })
    }

    /// What a machine has read on a prescription; nothing where none reads any.
    pub(super) async fn reading(&self, id: PrescriptionId) -> Result<Option<Reading>> {
        if self.are_read { self.store.reading(id).await } else { Ok(None) }
    }
}
