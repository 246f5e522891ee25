//! Claiming and reviewing prescriptions.

use super::review::Decision;
use super::service::Prescriptions;
use super::view::PrescriptionView;
use crate::audit::{Action, Actor};
use crate::platform::error::{Error, Result};
use crate::platform::ids::PrescriptionId;
use crate::platform::precondition::Precondition;

impl Prescriptions {
    /// Takes a pending prescription to work on, to the exclusion of others for half an hour; one's own claim is renewed.
    ///
    /// # Errors
    /// 403 `own_prescription`, 404, 409 `already_claimed` or `invalid_state`.
    pub async fn claim(&self, actor: &Actor, id: PrescriptionId) -> Result<PrescriptionView> {
        let claimed = self
            .change(actor, Action::ClaimPrescription, id, |prescription| {
                prescription.claimed(&actor.user, self.clock.now())
            })
            .await?;
        self.view_for_staff(claimed).await
    }

    /// Decides on a prescription that one has claimed.
    ///
    /// # Errors
    /// 400 with the fields that allow more than they may, 403 `own_prescription`, 404, 409 `not_claimed` or
    /// `invalid_state`, 412.
    pub async fn review(
        &self,
        actor: &Actor,
        id: PrescriptionId,
        precondition: &Precondition,
        decision: Decision,
    ) -> Result<PrescriptionView> {
        let products = self.stock.get_many(&decision.products()).await?;
        let reviewed = self
            .change(actor, Action::ReviewPrescription, id, |prescription| {
                prescription.check_claimer(&actor.user, self.clock.now())?;
                precondition.check(Some(prescription.version))?;
                if let Decision::Approve(approval) = &decision {
                    approval.check(prescription.issued_on, &products).map_err(Error::invalid_fields)?;
                }
                prescription.reviewed(&actor.user, self.clock.now(), decision.clone())
            })
            .await?;
        self.view_for_staff(reviewed).await
    }
}
