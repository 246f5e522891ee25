//! Reading one prescription.

use super::prescription::Prescription;
use super::service::Prescriptions;
use super::view::{PrescriptionView, Viewer};
use crate::audit::{Action, Actor, Entry};
use crate::platform::error::{Error, Result};
use crate::platform::ids::PrescriptionId;

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
        self.view_for_staff(prescription).await
    }

    /// As staff see it, with the flags of this moment: another account may have uploaded the same file since the check.
    pub(super) async fn view_for_staff(&self, mut prescription: Prescription) -> Result<PrescriptionView> {
        if let Some(file) = prescription.file.as_mut() {
            file.also_on_another_account |= self.store.file_of_another(&file.sha256, &prescription.owner).await?;
        }
        self.view(&prescription, Viewer::Staff).await
    }
}
