//! Announcing a prescription for upload, and taking it back.

use super::document;
use super::prescription::Status;
use super::service::Prescriptions;
use super::store::MOST_A_DAY;
use super::submission::Submission;
use super::view::StartedPrescription;
use crate::audit::{Action, Actor, Entry};
use crate::platform::error::{Error, Kind, Result};
use crate::platform::ids::PrescriptionId;
use crate::platform::objects::UploadRule;
use crate::platform::precondition::Precondition;

impl Prescriptions {
    /// Announces a prescription; the answer says how to upload its file.
    ///
    /// The form is signed before anything is stored: a function that dies in between leaves nothing behind. One that dies
    /// after it leaves an announcement without a file, which is nobody's burden.
    ///
    /// # Errors
    /// 429 `too_many_prescriptions` beyond what one person may announce on one day.
    pub async fn start(&self, actor: &Actor, submission: Submission) -> Result<StartedPrescription> {
        let now = self.clock.now();
        let (kind, size) = (submission.content_type, submission.size_bytes);
        let prescription = submission.into_prescription(&actor.user, now);
        let key = document::incoming_key(prescription.id);
        let rule = UploadRule { key: &key, content_type: kind.as_str(), max_bytes: size };
        let upload = self.files.upload_form(rule).await?;
        let entry = Entry::allowed(actor, Action::SubmitPrescription, &actor.user, prescription.id, now);
        if !self.store.create(&prescription, vec![self.audit.action(&entry)?], self.zone.day(now)?).await? {
            let detail = format!("At most {MOST_A_DAY} prescriptions a day; try again tomorrow.");
            let refusal = Error::new(Kind::TooMany, "too_many_prescriptions", detail);
            return Err(refusal.retry_after(self.zone.rest_of_day(now)?));
        }
        Ok(StartedPrescription { id: prescription.id, status: prescription.status, upload })
    }

    /// Takes a prescription back that nothing was dispensed on, and deletes its file, or what a check that did not come to
    /// its end has left of it.
    ///
    /// The file goes after the state: a function that dies in between leaves a file that no answer links to any more, and
    /// the same request again deletes it.
    ///
    /// # Errors
    /// 404 unless it is the caller's own, 409 `already_used` or `invalid_state`, 412.
    pub async fn withdraw(&self, actor: &Actor, id: PrescriptionId, precondition: &Precondition) -> Result<()> {
        let current = self.store.get(id).await?.ok_or_else(Error::not_found)?;
        let withdrawn = if current.owner == actor.user && current.status == Status::Withdrawn {
            current
        } else {
            self.change(actor, Action::WithdrawPrescription, id, |prescription| {
                if prescription.owner != actor.user {
                    return Err(Error::not_found());
                }
                precondition.check(Some(prescription.version))?;
                prescription.withdrawn()
            })
            .await?
        };
        self.forget_checks(&withdrawn).await?;
        match withdrawn.file {
            Some(file) => self.files.delete(&file.object_key).await,
            None => Ok(()),
        }
    }
}
