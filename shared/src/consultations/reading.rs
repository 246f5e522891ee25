//! Reading one consultation, without its messages.

use super::service::{Consultations, marks_of};
use super::view::{ConsultationDetail, ConsultationView, Marks};
use crate::audit::{Action, Actor, Entry};
use crate::platform::error::{Error, Result};
use crate::platform::ids::ConsultationId;

impl Consultations<'_> {
    /// One consultation, to one of the two or, where `staff` says so, to who works here. What others than the patient read is on
    /// the trail first, and so is the attempt of anybody else.
    ///
    /// # Errors
    /// 404 where it is another's; 503 where the trail does not answer.
    pub async fn get(&self, actor: &Actor, staff: bool, id: ConsultationId) -> Result<ConsultationDetail> {
        let now = self.clock.now();
        let (consultation, head, marks) =
            futures_util::try_join!(self.store.get(id, now), self.store.head(id, now), self.store.marks(id))?;
        let (consultation, head) = consultation.zip(head).ok_or_else(Error::not_found)?;
        let part = consultation.part_of(&actor.user, &actor.roles);
        if part.is_none() && !staff {
            let entry = Entry::refused(actor, Action::ReadConsultation, &consultation.patient, id, now);
            self.audit.append(&entry).await?;
            return Err(Error::not_found());
        }
        self.note_read(actor, Action::ReadConsultation, &consultation.patient, id).await?;
        let mark = marks.iter().find(|(user, _)| *user == actor.user).map(|(_, mark)| *mark).unwrap_or_default();
        let (marks, online) = match part {
            Some(_) => {
                let both: Vec<_> = head.participants().cloned().collect();
                (marks_of(&head, marks, &actor.user), self.delivery.online(&both).await?)
            }
            None => (Marks::new(), Vec::new()),
        };
        Ok(ConsultationDetail { consultation: ConsultationView::of(consultation, &head, part, mark), marks, online })
    }
}
