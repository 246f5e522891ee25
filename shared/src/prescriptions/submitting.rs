//! Announcing a prescription for upload, and taking it back.

use super::document;
use super::prescription::Status;
use super::service::{Along, Prescriptions};
use super::store::MOST_A_DAY;
use super::submission::Submission;
use super::view::StartedPrescription;
use crate::audit::{Action, Actor, Entry};
use crate::platform::error::{Error, Kind, Result};
use crate::platform::ids::PrescriptionId;
use crate::platform::objects::UploadRule;
use crate::platform::precondition::Precondition;
use crate::platform::wording;

impl Prescriptions {
    /// Announces a prescription; the answer says how to upload its files.
    ///
    /// The forms are signed before anything is stored: a function that dies in between leaves nothing behind. One that dies
    /// after it leaves an announcement without a file, which is given up after a day.
    ///
    /// # Errors
    /// 400 at `patient_id`, where it is no patient of the caller or was removed; 429 `too_many_prescriptions` beyond what one person may announce on one day.
    pub async fn start(&self, actor: &Actor, submission: Submission) -> Result<StartedPrescription> {
        let now = self.clock.now();
        let patient = self.patients.chosen(&actor.user, submission.patient_id).await?;
        let submission = Submission { patient_id: patient, ..submission };
        let announced = submission.files.clone();
        let prescription = submission.into_prescription(&actor.user, now);
        let mut uploads = Vec::with_capacity(prescription.sheets.count());
        for ((number, _), file) in prescription.sheets.numbered().zip(announced.iter()) {
            let key = document::incoming_key(prescription.id, number);
            let rule = UploadRule { key: &key, content_type: file.content_type.as_str(), max_bytes: file.size_bytes };
            uploads.push(self.files.upload_form(rule).await?);
        }
        let upload = uploads.first().cloned().ok_or_else(|| Error::internal("a prescription has no file"))?;
        let entry = Entry::allowed(actor, Action::SubmitPrescription, &actor.user, prescription.id, now);
        let mut others = vec![self.audit.action(&entry)?];
        others.extend(self.patients.keep(&actor.user, patient)?);
        if !self.store.create(&prescription, others, self.zone.day(now)?).await? {
            // It may be the patient that went meanwhile, and not the day that is full.
            self.patients.chosen(&actor.user, patient).await?;
            let detail = wording::prescriptions::too_many_today(MOST_A_DAY);
            let refusal = Error::new(Kind::TooMany, "too_many_prescriptions", detail);
            return Err(refusal.retry_after(self.zone.rest_of_day(now)?));
        }
        Ok(StartedPrescription { id: prescription.id, status: prescription.status, upload, uploads })
    }

    /// Takes a prescription back that nothing was dispensed on, and deletes its files, or what a check that did not come to
    /// its end has left of it.
    ///
    /// The files go after the state: a function that dies in between leaves files that no answer links to any more, and the
    /// same request again deletes them.
    ///
    /// # Errors
    /// 404 unless it is the caller's own, 409 `already_used` or `invalid_state`, 412.
    pub async fn withdraw(&self, actor: &Actor, id: PrescriptionId, precondition: &Precondition) -> Result<()> {
        let current = self.store.get(id).await?.ok_or_else(Error::not_found)?;
        let withdrawn = if current.owner == actor.user && current.status == Status::Withdrawn {
            current
        } else {
            let along = Along { forget_reading: true, ..Along::default() };
            self.change_along(actor, Action::WithdrawPrescription, id, along, |prescription| {
                if prescription.owner != actor.user {
                    return Err(Error::not_found());
                }
                precondition.check(Some(prescription.version))?;
                prescription.withdrawn(self.clock.now())
            })
            .await?
        };
        self.forget_checks(&withdrawn).await?;
        for file in withdrawn.sheets.files() {
            self.files.delete(&file.object_key).await?;
        }
        Ok(())
    }
}
