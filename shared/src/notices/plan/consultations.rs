//! What is told of a consultation.

use super::Planned;
use crate::consultations::Consultation;
use crate::consultations::consultation::Status;
use crate::consultations::head::Head;
use crate::notices::notice::{About, Addressee, Notice};
use crate::notices::record::Change;
use crate::notifications::NoticeKind;
use crate::platform::clock::Timestamp;
use crate::platform::ids::{ConsultationId, UserId};

/// How long a message waits to be read before anybody is told of it, in seconds.
const TIME_TO_READ: u16 = 120;

fn notice(id: ConsultationId, what: &str, kind: NoticeKind, to: &UserId, at: Timestamp) -> Notice {
    told_to(Addressee::Person(to.clone()), id, what, kind, at)
}

fn told_to(to: Addressee, id: ConsultationId, what: &str, kind: NoticeKind, at: Timestamp) -> Notice {
    let event = format!("{id}#{what}");
    Notice::new(event, kind, to, About::Consultation(id), at)
}

/// What is told of a change of a consultation: to whom it was given, and that it was closed.
pub(super) fn of(change: &Change<Consultation>) -> Vec<Planned> {
    let Change { before, after } = change;
    let mut told = Vec::new();
    let former = before.as_ref().and_then(|before| before.doctor.as_ref());
    if let (Some(doctor), Some(assigned)) = (&after.doctor, &after.assigned)
        && former != Some(doctor)
    {
        let what = format!("assigned{}", after.version);
        told.push(notice(after.id, &what, NoticeKind::ConsultationGiven, doctor, assigned.at));
        // To a patient it is the same, whoever answers.
        if former.is_none() {
            told.push(notice(after.id, &what, NoticeKind::ConsultationAssigned, &after.patient, assigned.at));
        }
    }
    let was_open = before.as_ref().is_some_and(|before| before.status.is_open());
    if let Some(closed) = after.closed.as_ref().filter(|_| was_open && after.status == Status::Completed) {
        told.push(notice(after.id, "closed", NoticeKind::ConsultationClosed, &after.patient, closed.at));
    }
    told.into_iter().map(Planned::Now).collect()
}

/// What is told of a change of a consultation's head: that somebody was written to, if they have not read it soon.
pub(super) fn of_head(change: &Change<Head>) -> Vec<Planned> {
    let Change { before: Some(before), after } = change else { return Vec::new() };
    let (was, is) = (before.tally, after.tally);
    let by_others = |all: u64, of_patient: u64| all.saturating_sub(of_patient);
    let to_patient = by_others(is.all, is.of_patient) > by_others(was.all, was.of_patient);
    let to_doctor = is.of_patient > was.of_patient;
    let readers = [Some(&after.patient).filter(|_| to_patient), after.doctor.as_ref().filter(|_| to_doctor)];
    let what = after.last.to_string();
    // The pharmacy itself writes together with a patient alone where their words speak of an emergency.
    let system = by_others(is.all, is.of_patient) > by_others(was.all, was.of_patient);
    // Where no doctor has it yet, who gives it to one is told.
    let urgent = (to_doctor && system).then(|| {
        let to = after.doctor.clone().map_or(Addressee::Pharmacists, Addressee::Person);
        Planned::Now(told_to(to, after.consultation, &what, NoticeKind::UrgentMessage, after.last_at))
    });
    let told = readers.into_iter().flatten().map(|reader| {
        let told = notice(after.consultation, &what, NoticeKind::NewMessage, reader, after.last_at);
        Planned::After(Notice { message: Some(after.last), ..told }, TIME_TO_READ)
    });
    urgent.into_iter().chain(told).collect()
}
