//! Requesting a consultation, and taking words that speak of an emergency for what they are.

use super::chain::{Chain, Draft, DraftBody};
use super::consultation::{About, Consultation, MOST_OPEN, Part, Status};
use super::head::Head;
use super::message::Author;
use super::service::{ATTEMPTS, Consultations};
use super::store::ConsultationStore;
use super::view::ConsultationView;
use crate::accounts::Language;
use crate::audit::{Action, Actor, Entry};
use crate::orders::OrderStore;
use crate::patients::{Patients, of_owner};
use crate::platform::clock::Timestamp;
use crate::platform::dynamo::{Outcome, Write, back_off, transact};
use crate::platform::error::{Error, Result};
use crate::platform::fields::Invalid;
use crate::platform::idempotency::{Answered, Idempotency};
use crate::platform::ids::{ConsultationId, PatientId, UserId};
use crate::platform::wording;
use crate::prescriptions::PrescriptionStore;
use crate::red_flags::{Emergency, Flags, Found};
use crate::triage::TriageStore;

/// What a patient asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsultationRequest {
    /// In a few words, what it is about.
    pub topic: String,
    /// The question.
    pub text: String,
    /// What they write in, where they say it.
    pub language: Option<Language>,
    /// The order or prescription that it is about.
    pub about: Option<About>,
    /// For whom, of the caller's patients; the caller where none is named.
    pub for_patient: Option<PatientId>,
}

/// Where a consultation may be about something.
#[derive(Clone, Debug)]
pub struct Subjects {
    /// Orders.
    pub orders: OrderStore,
    /// Prescriptions.
    pub prescriptions: PrescriptionStore,
    /// Patients.
    pub patients: Patients,
    /// Triages.
    pub triages: TriageStore,
}

/// How a request ends.
#[derive(Clone, Debug)]
pub enum Requested {
    /// A doctor will be found.
    Consultation(Answered<ConsultationView>),
    /// This cannot wait for a doctor here.
    Emergency(Emergency),
}

impl Subjects {
    /// That what it is about is the patient's own.
    async fn check(&self, patient: &UserId, about: Option<About>, for_patient: Option<PatientId>) -> Result<()> {
        let (own, field) = match about {
            None => return Ok(()),
            Some(About::OrderId(id)) => {
                let order = self.orders.get(id).await?;
                (order.is_some_and(|order| order.customer == *patient), "about.order_id")
            }
            Some(About::PrescriptionId(id)) => {
                let prescription = self.prescriptions.get(id).await?;
                (prescription.is_some_and(|one| one.owner == *patient), "about.prescription_id")
            }
            Some(About::TriageId(id)) => {
                let of = for_patient.unwrap_or_else(|| of_owner(patient));
                (self.triages.get(of, id).await?.is_some(), "about.triage_id")
            }
        };
        let unknown = || Invalid::new("not_found", wording::consultations::none_of_yours()).at(field);
        if own { Ok(()) } else { Err(vec![unknown()].into()) }
    }
}

/// The emergency that a request speaks of, by these signs.
fn emergency_in<'a>(flags: &'a Flags, request: &ConsultationRequest) -> Option<Found<'a>> {
    flags.find(&request.topic).or_else(|| flags.find(&request.text))
}

impl Consultations<'_> {
    /// Requests a consultation.
    ///
    /// Words that speak of an emergency end here: they are counted, and nothing of them is kept. What is built in of its signs is looked
    /// for before anything is read, what the pharmacy has added beside what is read; a request that was taken before is answered again.
    ///
    /// Consultation, head, first message, the count of open ones, the answer to this `Idempotency-Key` and the trail are one
    /// transaction: the same request again finds all of it or nothing.
    ///
    /// # Errors
    /// 400 at `about` or `patient_id`; 409 `too_many_open`; 422 `idempotency_key_reused`; 503 where KMS does not answer.
    pub async fn request(
        &self,
        actor: &Actor,
        idempotency: &Idempotency,
        request: ConsultationRequest,
        subjects: &Subjects,
    ) -> Result<Requested> {
        let now = self.clock.now();
        let built_in = Flags::default();
        if let Some(found) = emergency_in(&built_in, &request) {
            let language = self.language_of(actor, &request).await;
            return Ok(self.emergency(found, language, now).await);
        }
        let (before, own, language, flags) = futures_util::join!(
            self.store.requested(&actor.user, idempotency, now),
            subjects.check(&actor.user, request.about, request.for_patient),
            self.language_of(actor, &request),
            self.flags.current()
        );
        // Who is in danger is answered, whatever else could not be read.
        if let Some(found) = emergency_in(&flags, &request)
            && !matches!(before, Ok(Some(_)))
        {
            return Ok(self.emergency(found, language, now).await);
        }
        if let Some(id) = before? {
            return self.answer_again(actor, id).await;
        }
        own?;
        let for_patient = subjects.patients.chosen(&actor.user, request.for_patient).await?;
        let request = ConsultationRequest { for_patient, language: Some(language), ..request };
        let id = ConsultationId::generate(now);
        let (consultation, head, writes) = self.compose(actor, id, request, idempotency, now).await?;
        for tries in 0..ATTEMPTS {
            back_off(tries).await;
            let Outcome::Refused(refusals) = transact(self.store.table.client(), writes.clone()).await? else {
                let view = ConsultationView::of(consultation, &head, Some(Part::Patient), super::mark::Mark::default());
                return Ok(Requested::Consultation(Answered::now(view)));
            };
            // The same request at once may have taken the last place as well.
            let twin =
                refusals.iter().find(|refusal| refusal.index == ANSWER).and_then(|refusal| refusal.current.clone());
            let twin = twin.map(|item| ConsultationStore::requested_of(item, idempotency, now)).transpose()?.flatten();
            if let Some(id) = twin {
                return self.answer_again(actor, id).await;
            }
            if refusals.iter().any(|refusal| refusal.index == OPEN) {
                return Err(too_many_open());
            }
        }
        Err(Error::busy())
    }

    async fn emergency(&self, found: Found<'_>, language: Language, now: Timestamp) -> Requested {
        // Who is in danger is answered, whether it can be counted or not.
        if let Err(error) = self.store.count_red_flag(found.kind(), now).await {
            tracing::warn!(error.code = error.code(), error.cause = error.cause(), "an emergency was not counted");
        }
        Requested::Emergency(found.emergency(language))
    }

    /// What the patient reads: what they say, what their letters say, or what is in their profile. Whether that can be read or not,
    /// who is in danger is answered.
    async fn language_of(&self, actor: &Actor, request: &ConsultationRequest) -> Language {
        if let Some(language) = request.language.or_else(|| Language::written(&request.text)) {
            return language;
        }
        let profile = self.profiles.living(&actor.user).await.ok().flatten();
        profile.map(|profile| profile.preferences.language).unwrap_or_default()
    }

    async fn answer_again(&self, patient: &Actor, id: ConsultationId) -> Result<Requested> {
        let now = self.clock.now();
        let (consultation, head) = futures_util::try_join!(self.store.get(id, now), self.store.head(id, now))?;
        let (consultation, head) = consultation.zip(head).ok_or_else(Error::not_found)?;
        let answer = self.view(patient, consultation, &head).await?;
        Ok(Requested::Consultation(Answered { answer, replayed: true }))
    }

    async fn compose(
        &self,
        actor: &Actor,
        id: ConsultationId,
        request: ConsultationRequest,
        idempotency: &Idempotency,
        now: Timestamp,
    ) -> Result<(Consultation, Head, Vec<Write>)> {
        let (patient, language) = (&actor.user, request.language.unwrap_or_default());
        let (key, wrapped) = self.vault.first(id, now).await?;
        let first =
            Draft { by: Author::person(patient, Part::Patient), body: DraftBody::Text(request.text), client_id: None };
        let first = Chain::new(id).append(first, &key, now)?;
        let consultation = Consultation {
            id,
            patient: patient.clone(),
            for_patient: request.for_patient,
            doctor: None,
            topic: request.topic,
            status: Status::Requested,
            language,
            about: request.about,
            assigned: None,
            closed: None,
            version: 1,
            created_at: now,
        };
        let head = Head {
            consultation: id,
            patient: patient.clone(),
            doctor: None,
            language,
            open: true,
            status: Status::Requested,
            version: 1,
            last: first.stored.id,
            last_at: now,
            tally: first.stored.tally,
            keys: vec![wrapped],
        };
        let entry = Entry::allowed(actor, Action::RequestConsultation, patient, id, now);
        let mut writes = Vec::from(self.store.create(&consultation, &head)?);
        writes.push(self.store.remember_request(patient, idempotency, id, now)?);
        writes.push(self.store.create_message(&first.stored)?);
        writes.push(self.audit.action(&entry)?);
        Ok((consultation, head, writes))
    }
}

/// Which of the writes counts the open ones, and which stores the answer.
const OPEN: usize = 2;
const ANSWER: usize = 3;

fn too_many_open() -> Error {
    let detail = wording::consultations::too_many_open(MOST_OPEN);
    Error::conflict("too_many_open", detail)
}
