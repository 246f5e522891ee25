//! The use-cases of patients.

use super::book::Book;
use super::patient::{Patient, of_owner};
use super::request::{NewPatient, PatientChange};
use super::store::{Along, PatientStore, Saved};
use crate::accounts::Profile;
use crate::audit::{Action, Actor, Audit, Entry};
use crate::platform::clock::Clock;
use crate::platform::dynamo::{Write, back_off};
use crate::platform::error::{Error, Result};
use crate::platform::fields::Invalid;
use crate::platform::ids::{PatientId, UserId};
use crate::platform::precondition::Precondition;
use crate::platform::wording;

/// How often a change is tried that others keep overtaking.
const ATTEMPTS: u32 = 8;

/// The patients of all accounts.
#[derive(Clone, Debug)]
pub struct Patients {
    /// Where they are.
    pub store: PatientStore,
    /// The trail.
    pub audit: Audit,
    /// The time.
    pub clock: Clock,
}

impl Patients {
    /// All patients of `owner`, the owner first, then the oldest first; closed ones too.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn list(&self, owner: &UserId) -> Result<Vec<Patient>> {
        let (book, profile) = self.store.read(owner).await?;
        Ok(book.all(owner, profile.as_ref()))
    }

    /// A patient of `owner`; nobody in particular is the owner.
    ///
    /// # Errors
    /// 404: there is none; DynamoDB does not answer.
    pub async fn get(&self, owner: &UserId, patient: Option<PatientId>) -> Result<Patient> {
        let id = patient.unwrap_or_else(|| of_owner(owner));
        self.list(owner).await?.into_iter().find(|one| one.id == id).ok_or_else(Error::not_found)
    }

    /// The patient that something new is to be for, as it is stored: the owner is nobody in particular, and costs no
    /// read.
    ///
    /// # Errors
    /// 400 at `patient_id`: `not_found`, where it is no patient of `owner`, or `patient_closed`; DynamoDB does not answer.
    pub async fn chosen(&self, owner: &UserId, patient: Option<PatientId>) -> Result<Option<PatientId>> {
        let Some(id) = patient.filter(|id| *id != of_owner(owner)) else { return Ok(None) };
        let found = self.list(owner).await?.into_iter().find(|one| one.id == id);
        let refused = |code, message| Err(vec![Invalid::new(code, message).at("patient_id")].into());
        match found {
            Some(patient) if patient.closed_at.is_none() => Ok(Some(id)),
            Some(_) => refused("patient_closed", wording::patients::was_removed()),
            None => refused("not_found", wording::patients::none_such()),
        }
    }

    /// Whose a patient is. The owner of an account is found by the bits of the id, and whether there is such an account
    /// is not asked.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn owner_of(&self, patient: PatientId) -> Result<Option<UserId>> {
        match self.store.owner_of(patient).await? {
            Some(owner) => Ok(Some(owner)),
            None => Ok(super::patient::owner_in(patient)),
        }
    }

    /// The write that puts a patient on file along with what names them, in the same transaction; none for the owner of
    /// the account. It refuses where the patient was removed meanwhile.
    ///
    /// # Errors
    /// None in practice.
    pub fn keep(&self, owner: &UserId, patient: Option<PatientId>) -> Result<Option<Write>> {
        patient.filter(|id| *id != of_owner(owner)).map(|id| self.store.keep(owner, id)).transpose()
    }

    /// Adds a patient to those of the caller.
    ///
    /// Twice makes two, as the caller asked for; at once, one of them is tried again; killed before the one transaction,
    /// nothing has happened.
    ///
    /// # Errors
    /// 409 `too_many_patients`; DynamoDB does not answer.
    pub async fn add(&self, actor: &Actor, new: NewPatient) -> Result<Patient> {
        let id = PatientId::generate(self.clock.now());
        let along = (Action::AddPatient, Along::Added(id));
        self.write(actor, id, along, |book, _| book.add(id, new.clone())).await
    }

    /// Changes a patient of the caller where `precondition` holds.
    ///
    /// # Errors
    /// 400 at what the profile says; 404; 409 `patient_closed`; 412; DynamoDB does not answer.
    pub async fn change(
        &self,
        actor: &Actor,
        id: PatientId,
        precondition: &Precondition,
        change: PatientChange,
    ) -> Result<Patient> {
        let owner = &actor.user;
        let along = if id == of_owner(owner) { Along::Owner } else { Along::Changed(id) };
        let along = (Action::ChangePatient, along);
        self.write(actor, id, along, |book, profile| book.change((owner, profile), id, precondition, &change)).await
    }

    /// Removes a patient of the caller: for good where nothing on file names them, otherwise they are closed.
    ///
    /// # Errors
    /// 404; 409 `owner_stays`; 412; DynamoDB does not answer.
    pub async fn remove(&self, actor: &Actor, id: PatientId, precondition: &Precondition) -> Result<()> {
        if id == of_owner(&actor.user) {
            let detail = wording::patients::owner_stays();
            return Err(Error::conflict("owner_stays", detail));
        }
        let now = self.clock.now();
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let trail = || self.audit.action(&self.entry(actor, Action::RemovePatient, id));
            let (mut book, _) = self.store.read(&actor.user).await?;
            let mut closed = book.clone();
            book.remove(id, precondition)?;
            match self.store.save(&actor.user, &book, Along::Removed(id), trail()?).await? {
                Saved::Done => return Ok(()),
                Saved::Overtaken => continue,
                Saved::Kept => closed.close(id, precondition, now)?,
            }
            if self.store.save(&actor.user, &closed, Along::Closed(id), trail()?).await? == Saved::Done {
                return Ok(());
            }
        }
        Err(Error::busy())
    }

    /// Forgets all patients of somebody who is erased; how many.
    ///
    /// # Errors
    /// DynamoDB does not answer; 503 where one was added meanwhile.
    pub async fn forget(&self, owner: &UserId) -> Result<u32> {
        self.store.forget(owner).await
    }

    fn entry(&self, actor: &Actor, action: Action, id: PatientId) -> Entry {
        Entry::allowed(actor, action, &actor.user, id, self.clock.now())
    }

    async fn write<T>(
        &self,
        actor: &Actor,
        id: PatientId,
        (action, along): (Action, Along),
        change: impl Fn(&mut Book, Option<&Profile>) -> Result<T>,
    ) -> Result<T> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let (mut book, profile) = self.store.read(&actor.user).await?;
            let changed = change(&mut book, profile.as_ref())?;
            let trail = self.audit.action(&self.entry(actor, action, id))?;
            if self.store.save(&actor.user, &book, along, trail).await? == Saved::Done {
                return Ok(changed);
            }
        }
        Err(Error::busy())
    }
}
