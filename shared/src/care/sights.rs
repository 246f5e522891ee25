//! Finding out who may look, before every look.

use crate::audit::{Action, Actor, Audit, Entry};
use crate::consultations::ConsultationStore;
use crate::identity::{Caller, Role};
use crate::patients::{Patients, of_owner};
use crate::platform::clock::Clock;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PatientId, UserId};
use crate::prescriptions::Prescriptions;
use crate::records::{Kind, Part, RecordStore, Sight};

/// Finds out who may look into records.
#[derive(Clone, Debug)]
pub struct Sights {
    /// Whose patients are whose.
    pub patients: Patients,
    /// What was granted.
    pub records: RecordStore,
    /// Which doctor has which consultation.
    pub consultations: ConsultationStore,
    /// Which pharmacist works on which prescription.
    pub prescriptions: Prescriptions,
    /// The trail.
    pub audit: Audit,
    /// The time.
    pub clock: Clock,
}

impl Sights {
    /// That the caller may look into records of these kinds about a patient, the caller themselves where none is named.
    ///
    /// The owner of the account may, always. A clinician may while the owner's grant covers these kinds; and, also to write,
    /// while a consultation of the patient is theirs and open, or they have claimed a prescription of the patient. It is
    /// asked anew each time, so whatever ends, ends at once. Whoever looks and is not the owner is on the trail before they
    /// see anything, and so is who tried in vain.
    ///
    /// # Errors
    /// 404: it is not theirs to see; 503, also where the trail does not answer.
    pub async fn of(
        &self,
        caller: &Caller,
        actor: &Actor,
        patient: Option<PatientId>,
        kinds: &[Kind],
    ) -> Result<Sight> {
        let own = of_owner(&caller.user);
        let patient = patient.unwrap_or(own);
        let owned =
            |owner: UserId| Sight { user: caller.user.clone(), part: Part::Owner, owner, patient, writes: true };
        if patient == own {
            return Ok(owned(caller.user.clone()));
        }
        let owner = self.patients.owner_of(patient).await?.ok_or_else(Error::not_found)?;
        if owner == caller.user {
            return Ok(owned(owner));
        }
        let sight = self.of_clinician(caller, &owner, patient, kinds).await?;
        let (action, now) = (Action::ReadRecords, self.clock.now());
        let names: Vec<_> = kinds.iter().map(|kind| kind.as_str()).collect();
        let entry = match &sight {
            Some(_) => Entry::allowed(actor, action, &owner, patient, now),
            None => Entry::refused(actor, action, &owner, patient, now),
        };
        self.audit.append(&entry.detail(names.join(","))).await?;
        sight.ok_or_else(Error::not_found)
    }

    async fn of_clinician(
        &self,
        caller: &Caller,
        owner: &UserId,
        patient: PatientId,
        kinds: &[Kind],
    ) -> Result<Option<Sight>> {
        let now = self.clock.now();
        let own = of_owner(owner);
        // As prescriptions and consultations store it: the owner is nobody in particular.
        let stored = Some(patient).filter(|patient| *patient != own);
        let doctor = caller.roles.contains(&Role::Doctor);
        let pharmacist = caller.roles.iter().any(|role| matches!(role, Role::PharmacyAdmin | Role::SuperAdmin));
        let sight =
            |part, writes| Some(Sight { user: caller.user.clone(), part, owner: owner.clone(), patient, writes });
        if doctor && self.consultations.attended_by(owner, stored, &caller.user, now).await? {
            return Ok(sight(Part::Doctor, true));
        }
        if pharmacist && self.prescriptions.worked_on_by(owner, stored, &caller.user).await? {
            return Ok(sight(Part::Pharmacist, true));
        }
        if !doctor && !pharmacist {
            return Ok(None);
        }
        let granted = self.records.grant(patient, &caller.user, now).await?.is_some_and(|grant| grant.covers(kinds));
        Ok(sight(if doctor { Part::Doctor } else { Part::Pharmacist }, false).filter(|_| granted))
    }
}
