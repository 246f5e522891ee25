//! Claiming and reviewing prescriptions.

use futures_util::future::try_join;

use super::on_sale::OnSale;
use super::prescription::{Prescription, Status};
use super::review::Decision;
use super::service::{Along, Prescriptions};
use super::taken;
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
        self.view_for_staff(actor, claimed).await
    }

    /// Gives a prescription back that one has claimed, for others to take. One that nobody works on stays as it is: the same
    /// request again changes nothing.
    ///
    /// # Errors
    /// 403 `own_prescription`, 404, 409 `already_claimed` by another or `invalid_state`.
    pub async fn release(&self, actor: &Actor, id: PrescriptionId) -> Result<()> {
        let current = self.store.get(id).await?.ok_or_else(Error::not_found)?;
        if current.status == Status::Pending && current.live_claim(self.clock.now()).is_none() {
            return Ok(());
        }
        let release = |prescription: &Prescription| prescription.released(&actor.user, self.clock.now());
        self.change(actor, Action::ReleasePrescription, id, release).await?;
        Ok(())
    }

    /// Takes back that one has approved a prescription, which is then one's own to review for half an hour. Whoever takes a
    /// fill from it meanwhile changes its version, as this does: one of the two finds what the other has left. The same
    /// request again changes nothing.
    ///
    /// # Errors
    /// 403 `not_reviewer`, 404, 409 `already_used`, `too_late` or `invalid_state`, 412.
    pub async fn undo_review(
        &self,
        actor: &Actor,
        id: PrescriptionId,
        precondition: &Precondition,
    ) -> Result<PrescriptionView> {
        let current = self.store.get(id).await?.ok_or_else(Error::not_found)?;
        let reopened = match current.reopened(&actor.user, self.clock.now()) {
            Ok(None) => current,
            _ => {
                let undo = |prescription: &Prescription| {
                    let reopened = prescription.reopened(&actor.user, self.clock.now())?;
                    precondition.check(Some(prescription.version))?;
                    Ok(reopened.unwrap_or_else(|| prescription.clone()))
                };
                self.change(actor, Action::UndoReview, id, undo).await?
            }
        };
        self.view_for_staff(actor, reopened).await
    }

    /// Decides on a prescription that one has claimed. `on_sale` are the ingredients that its lines may name.
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
        on_sale: &OnSale,
    ) -> Result<PrescriptionView> {
        let products = decision.products();
        let (products, reading) = try_join(self.stock.get_many(&products), self.reading(id)).await?;
        let detail = reading.and_then(|reading| taken::summary(&reading.suggestions, &decision, &products));
        let along = Along { detail: detail.as_deref(), forget_reading: true };
        let reviewed = self
            .change_along(actor, Action::ReviewPrescription, id, along, |prescription| {
                prescription.check_claimer(&actor.user, self.clock.now())?;
                precondition.check(Some(prescription.version))?;
                let decision = match &decision {
                    Decision::Approve(approval) => {
                        approval
                            .check(prescription.issued_on, &products, on_sale, self.jurisdiction)
                            .map_err(Error::invalid_fields)?;
                        Decision::Approve(approval.of_today(&products))
                    }
                    Decision::Reject(_) => decision.clone(),
                };
                prescription.reviewed(&actor.user, self.clock.now(), decision)
            })
            .await?;
        self.view_for_staff(actor, reviewed).await
    }
}
