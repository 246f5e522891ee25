//! A consultation: a patient's question, the doctor it was given to, and the states it goes through.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::accounts::Language;
use crate::identity::Role;
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Result};
use crate::platform::fields::Invalid;
use crate::platform::ids::{ConsultationId, OrderId, PatientId, PrescriptionId, TriageId, UserId};
use crate::platform::wording;

/// How long a topic may be, in characters.
pub const MAX_TOPIC: usize = 120;
/// How many consultations one patient may have open.
pub const MOST_OPEN: i64 = 3;

/// How far a consultation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ConsultationStatus)]
pub enum Status {
    /// It waits for a doctor.
    Requested,
    /// A doctor has it and has not written yet.
    Assigned,
    /// The doctor has written.
    InProgress,
    /// The doctor has closed it.
    Completed,
    /// The patient has taken it back before a doctor had it.
    Withdrawn,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Requested, Self::Assigned, Self::InProgress, Self::Completed, Self::Withdrawn];

    /// The name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Assigned => "assigned",
            Self::InProgress => "in_progress",
            Self::Completed => "completed",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Whether something can still be written.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Requested | Self::Assigned | Self::InProgress)
    }

    /// Reads a name.
    ///
    /// # Errors
    /// None of that name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|status| status.as_str() == text);
        let expected = wording::field::one_of("requested, assigned, in_progress, completed, withdrawn");
        found.ok_or_else(|| Invalid::new("unknown_value", expected))
    }
}

/// How a consultation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ConsultationOutcome)]
pub enum Outcome {
    /// The doctor has answered.
    Answered,
    /// The doctor has sent the patient on: to a practice, to a hospital.
    Referred,
    /// The patient has taken it back.
    Withdrawn,
}

impl Outcome {
    /// Reads a name.
    ///
    /// # Errors
    /// None of that name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "answered" => Ok(Self::Answered),
            "referred" => Ok(Self::Referred),
            "withdrawn" => Ok(Self::Withdrawn),
            _ => Err(Invalid::new("unknown_value", wording::field::one_of("answered, referred, withdrawn"))),
        }
    }
}

/// What a consultation is about, where it is about something of the pharmacy's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// An order of the patient.
    OrderId(OrderId),
    /// A prescription of the patient.
    PrescriptionId(PrescriptionId),
    /// A triage of the patient.
    TriageId(TriageId),
}

/// Who gave it to a doctor, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// Who.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

/// Who closed it, when and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// Who.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// How it ended.
    pub outcome: Outcome,
}

/// Which side of it somebody is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Who asked.
    Patient,
    /// Who answers.
    Doctor,
}

impl Part {
    /// Which side of a consultation between `patient` and `doctor` somebody with these roles is on, if any. Who is no doctor any
    /// more is not on the doctor's side, whatever was given to them before.
    pub(super) fn of(
        (patient, doctor): (&UserId, Option<&UserId>),
        user: &UserId,
        roles: &BTreeSet<Role>,
    ) -> Option<Self> {
        if patient == user {
            Some(Self::Patient)
        } else if doctor == Some(user) && roles.contains(&Role::Doctor) {
            Some(Self::Doctor)
        } else {
            None
        }
    }
}

/// A consultation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consultation {
    /// Its id.
    pub id: ConsultationId,
    /// Who asked.
    pub patient: UserId,
    /// For whom, of their patients; `None`: for themselves, and so is what was asked before there were patients.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_patient: Option<PatientId>,
    /// Who answers, once somebody does.
    pub doctor: Option<UserId>,
    /// In a few words, what it is about.
    pub topic: String,
    /// How far it is.
    pub status: Status,
    /// What the patient writes in.
    pub language: Language,
    /// What it is about.
    pub about: Option<About>,
    /// How it came to the doctor.
    pub assigned: Option<Assignment>,
    /// How it ended.
    pub closed: Option<Closing>,
    /// Counted up by every change.
    pub version: u64,
    /// When it was asked.
    pub created_at: Timestamp,
}

/// The refusal of what needs an open consultation.
pub fn closed() -> Error {
    Error::conflict("consultation_closed", wording::consultations::closed())
}

fn invalid_state() -> Error {
    Error::conflict("invalid_state", wording::consultations::invalid_state())
}

impl Consultation {
    /// Which side somebody with these roles is on, if any.
    pub fn part_of(&self, user: &UserId, roles: &BTreeSet<Role>) -> Option<Part> {
        Part::of((&self.patient, self.doctor.as_ref()), user, roles)
    }

    /// Since when it waits for a doctor, or for the one who has it.
    pub fn waits_since(&self) -> Timestamp {
        self.assigned.as_ref().map_or(self.created_at, |assigned| assigned.at)
    }

    /// Given to a doctor, or to another one; as it is where that doctor has it already.
    ///
    /// # Errors
    /// 409 `consultation_closed`; 400 at `doctor_id` where the patient would answer themselves.
    pub fn assigned_to(&self, doctor: &UserId, by: &UserId, now: Timestamp) -> Result<Self> {
        if !self.status.is_open() {
            return Err(closed());
        }
        if *doctor == self.patient {
            return Err(vec![Invalid::new("own_consultation", wording::consultations::own()).at("doctor_id")].into());
        }
        if self.doctor.as_ref() == Some(doctor) {
            return Ok(self.clone());
        }
        let assigned = Some(Assignment { by: by.clone(), at: now });
        Ok(Self { doctor: Some(doctor.clone()), assigned, status: Status::Assigned, ..self.clone() })
    }

    /// Closed by its doctor, or taken back by its patient before a doctor had it.
    ///
    /// # Errors
    /// 404 for whom it is not; 409 `consultation_closed`, `invalid_state`; 400 at `outcome` for one that is the other's to
    /// choose.
    pub fn closed_by(&self, user: &UserId, roles: &BTreeSet<Role>, outcome: Outcome, now: Timestamp) -> Result<Self> {
        let part = self.part_of(user, roles).ok_or_else(Error::not_found)?;
        if !self.status.is_open() {
            return Err(closed());
        }
        let status = match (part, outcome) {
            (Part::Patient, Outcome::Withdrawn) if self.status == Status::Requested => Status::Withdrawn,
            (Part::Patient, Outcome::Withdrawn) => return Err(invalid_state()),
            (Part::Doctor, Outcome::Answered | Outcome::Referred) => Status::Completed,
            (Part::Patient, _) => {
                let message = wording::consultations::patient_withdraws();
                return Err(vec![Invalid::new("unknown_value", message).at("outcome")].into());
            }
            (Part::Doctor, Outcome::Withdrawn) => {
                let message = wording::consultations::doctor_closes();
                return Err(vec![Invalid::new("unknown_value", message).at("outcome")].into());
            }
        };
        Ok(Self { status, closed: Some(Closing { by: user.clone(), at: now, outcome }), ..self.clone() })
    }

    /// Whether it was closed in this very way by this very person, so that a request that comes twice is answered twice.
    pub fn was_closed_by(&self, user: &UserId, outcome: Outcome) -> bool {
        self.closed.as_ref().is_some_and(|closed| closed.by == *user && closed.outcome == outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANNA: &str = "0b9d5f3a-8f5e-4c5c-9d55-2f0b7f1b1c11";
    const DORA: &str = "0b9d5f3a-8f5e-4c5c-9d55-2f0b7f1b1c12";
    const OTHER: &str = "0b9d5f3a-8f5e-4c5c-9d55-2f0b7f1b1c13";

    fn user(id: &str) -> UserId {
        UserId::parse(id).unwrap()
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn doctor() -> BTreeSet<Role> {
        BTreeSet::from([Role::Doctor])
    }

    fn requested() -> Consultation {
        Consultation {
            id: ConsultationId::generate(at(1)),
            patient: user(ANNA),
            for_patient: None,
            doctor: None,
            topic: "A rash".to_owned(),
            status: Status::Requested,
            language: Language::English,
            about: None,
            assigned: None,
            closed: None,
            version: 1,
            created_at: at(1),
        }
    }

    fn code<T: std::fmt::Debug>(refused: Result<T>) -> &'static str {
        refused.unwrap_err().code()
    }

    #[test]
    fn a_consultation_is_given_to_a_doctor_and_to_another_until_it_is_closed() {
        let assigned = requested().assigned_to(&user(DORA), &user(OTHER), at(2)).unwrap();
        assert_eq!((assigned.status, assigned.part_of(&user(DORA), &doctor())), (Status::Assigned, Some(Part::Doctor)));
        assert_eq!(assigned.assigned_to(&user(DORA), &user(ANNA), at(3)).unwrap(), assigned, "the same again");
        let writing = Consultation { status: Status::InProgress, ..assigned };
        let again = writing.assigned_to(&user(OTHER), &user(OTHER), at(4)).unwrap();
        assert_eq!((again.status, again.part_of(&user(DORA), &doctor())), (Status::Assigned, None));
        let closed = writing.closed_by(&user(DORA), &doctor(), Outcome::Answered, at(5)).unwrap();
        assert_eq!(code(closed.assigned_to(&user(OTHER), &user(OTHER), at(6))), "consultation_closed");
        assert_eq!(code(requested().assigned_to(&user(ANNA), &user(OTHER), at(2))), "invalid_request");
    }

    #[test]
    fn a_doctor_closes_and_a_patient_takes_back_what_nobody_has() {
        let assigned = requested().assigned_to(&user(DORA), &user(OTHER), at(2)).unwrap();
        let close = |who, outcome| assigned.closed_by(&user(who), &doctor(), outcome, at(3));
        assert_eq!(close(DORA, Outcome::Referred).unwrap().status, Status::Completed);
        assert_eq!(code(close(DORA, Outcome::Withdrawn)), "invalid_request");
        assert_eq!(code(close(ANNA, Outcome::Withdrawn)), "invalid_state");
        assert_eq!(code(close(ANNA, Outcome::Answered)), "invalid_request");
        assert_eq!(code(close(OTHER, Outcome::Answered)), "not_found");
        let withdrawn = requested().closed_by(&user(ANNA), &BTreeSet::new(), Outcome::Withdrawn, at(3)).unwrap();
        assert_eq!(
            (withdrawn.status, withdrawn.was_closed_by(&user(ANNA), Outcome::Withdrawn)),
            (Status::Withdrawn, true)
        );
        assert_eq!(
            code(withdrawn.closed_by(&user(ANNA), &BTreeSet::new(), Outcome::Withdrawn, at(4))),
            "consultation_closed"
        );
    }

    #[test]
    fn names_are_read_as_they_are_written() {
        for status in Status::ALL {
            assert_eq!(Status::parse(status.as_str()), Ok(status));
            assert_eq!(serde_json::to_value(status).unwrap(), status.as_str());
        }
        for outcome in [Outcome::Answered, Outcome::Referred, Outcome::Withdrawn] {
            assert_eq!(Outcome::parse(serde_json::to_value(outcome).unwrap().as_str().unwrap()), Ok(outcome));
        }
        assert!(Status::parse("open").is_err() && Outcome::parse("").is_err());
    }

    #[test]
    fn who_is_no_doctor_any_more_is_on_no_side_and_a_patient_stays_one() {
        let assigned = requested().assigned_to(&user(DORA), &user(OTHER), at(2)).unwrap();
        let customer = BTreeSet::from([Role::Customer]);
        for roles in [&customer, &BTreeSet::new()] {
            assert_eq!(assigned.part_of(&user(DORA), roles), None);
            assert_eq!(assigned.part_of(&user(ANNA), roles), Some(Part::Patient));
            assert_eq!(code(assigned.closed_by(&user(DORA), roles, Outcome::Answered, at(3))), "not_found");
        }
    }
}
