//! Giving a consultation to a doctor, and to another one.

use super::consultation::Consultation;
use super::head::Head;
use super::service::{ATTEMPTS, Consultations};
use super::view::ConsultationView;
use crate::audit::{Action, Actor, Entry};
use crate::identity::{Directory, Role};
use crate::platform::dynamo::{Outcome, back_off, transact};
use crate::platform::error::{Error, Result};
use crate::platform::fields::Invalid;
use crate::platform::ids::{ConsultationId, UserId};
use crate::platform::precondition::Precondition;
use crate::platform::wording;

impl Consultations<'_> {
    /// Gives a consultation to a doctor. The doctor who had it before loses it with the same write: it is the head that says who
    /// may write and who is told. Again, for the same doctor, it changes nothing.
    ///
    /// # Errors
    /// 404; 400 at `doctor_id` for who is no doctor, may not sign in, or is the patient; 409 `consultation_closed`; 412.
    pub async fn assign(
        &self,
        actor: &Actor,
        id: ConsultationId,
        doctor: &UserId,
        directory: &Directory,
        precondition: &Precondition,
    ) -> Result<ConsultationView> {
        let found = directory.get(doctor).await?;
        let is_doctor = found.is_some_and(|person| person.enabled && person.roles.contains(&Role::Doctor));
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let now = self.clock.now();
            let (before, head) = self.whole(id).await?;
            precondition.check(Some(before.version))?;
            if !is_doctor {
                return Err(
                    vec![Invalid::new("not_a_doctor", wording::consultations::not_a_doctor()).at("doctor_id")].into()
                );
            }
            let changed = before.assigned_to(doctor, &actor.user, now)?;
            if changed == before {
                return Ok(ConsultationView::of(before, &head, None, super::mark::Mark::default()));
            }
            let changed = Consultation { version: before.version + 1, ..changed };
            let after = head.following(&changed);
            let entry = Entry::allowed(actor, Action::AssignConsultation, &before.patient, id, now);
            let entry = self.audit.action(&entry.detail(format!("doctor={doctor}")))?;
            let mut writes = self.store.replace(&before, &changed, (&head, &after))?;
            writes.push(entry);
            if let Outcome::Done = transact(self.store.table.client(), writes).await? {
                self.delivery.tell_of_change(&after).await;
                return Ok(ConsultationView::of(changed, &after, None, super::mark::Mark::default()));
            }
        }
        Err(Error::busy())
    }

    /// A consultation with its head.
    ///
    /// # Errors
    /// 404 where there is none.
    pub(super) async fn whole(&self, id: ConsultationId) -> Result<(Consultation, Head)> {
        let now = self.clock.now();
        let (consultation, head) = futures_util::try_join!(self.store.get(id, now), self.store.head(id, now))?;
        consultation.zip(head).ok_or_else(Error::not_found)
    }
}
