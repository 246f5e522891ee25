//! The patients of one account: at most [`MAX_PATIENTS`] at a time, the owner among them. Pure.

use serde::{Deserialize, Serialize};

use super::patient::{Body, Patient, of_owner};
use super::request::{NewPatient, PatientChange};
use crate::accounts::Profile;
use crate::platform::clock::Timestamp;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{PatientId, UserId};
use crate::platform::precondition::Precondition;
use crate::platform::wording;

/// How many patients an account has at a time, the owner among them.
pub const MAX_PATIENTS: usize = 20;
/// How many closed ones an account keeps beside them, so that one item holds them all.
pub const MAX_CLOSED: usize = 100;

/// What is kept of an account's patients: the others whole, and of the owner what the profile does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Book {
    pub(super) patients: Vec<Patient>,
    #[serde(default)]
    pub(super) owner: Body,
    /// How often the owner's part was changed.
    #[serde(default)]
    pub(super) owner_changes: u64,
    /// Grows by one with every change; zero: there is no book yet.
    pub(super) version: u64,
}

impl Book {
    /// All of them, the owner first, then the oldest first.
    pub(super) fn all(&self, owner: &UserId, profile: Option<&Profile>) -> Vec<Patient> {
        let owner = Patient::of_profile(owner, profile, self.owner, self.owner_changes);
        std::iter::once(owner).chain(self.patients.iter().cloned()).collect()
    }

    pub(super) fn add(&mut self, id: PatientId, new: NewPatient) -> Result<Patient> {
        let open = self.patients.iter().filter(|patient| patient.closed_at.is_none()).count();
        // The owner is one of them.
        if open + 1 >= MAX_PATIENTS {
            let detail = wording::patients::too_many(MAX_PATIENTS);
            return Err(Error::conflict("too_many_patients", detail));
        }
        let patient = new.made(id);
        self.patients.push(patient.clone());
        Ok(patient)
    }

    pub(super) fn change(
        &mut self,
        owner: (&UserId, Option<&Profile>),
        id: PatientId,
        precondition: &Precondition,
        change: &PatientChange,
    ) -> Result<Patient> {
        let (user, profile) = owner;
        if id == of_owner(user) {
            let before = Patient::of_profile(user, profile, self.owner, self.owner_changes);
            precondition.check(Some(before.version))?;
            change.for_owner(&before)?;
            change.apply_to_body(&mut self.owner);
            self.owner_changes += 1;
            return Ok(Patient::of_profile(user, profile, self.owner, self.owner_changes));
        }
        let patient = self.expect(id, precondition)?;
        if patient.closed_at.is_some() {
            return Err(closed());
        }
        change.apply(patient);
        patient.version += 1;
        Ok(patient.clone())
    }

    /// Takes somebody out of it whom nothing on file names.
    pub(super) fn remove(&mut self, id: PatientId, precondition: &Precondition) -> Result<()> {
        self.expect(id, precondition)?;
        self.patients.retain(|patient| patient.id != id);
        Ok(())
    }

    /// Closes somebody whom something on file names. Closed once, they stay closed since then.
    pub(super) fn close(&mut self, id: PatientId, precondition: &Precondition, now: Timestamp) -> Result<()> {
        let kept = self.patients.iter().filter(|patient| patient.closed_at.is_some()).count();
        let patient = self.expect(id, precondition)?;
        if patient.closed_at.is_none() {
            if kept >= MAX_CLOSED {
                let detail = wording::patients::too_many_closed(MAX_CLOSED);
                return Err(Error::conflict("too_many_patients", detail));
            }
            patient.closed_at = Some(now);
            patient.version += 1;
        }
        Ok(())
    }

    fn expect(&mut self, id: PatientId, precondition: &Precondition) -> Result<&mut Patient> {
        let patient = self.patients.iter_mut().find(|patient| patient.id == id).ok_or_else(Error::not_found)?;
        precondition.check(Some(patient.version))?;
        Ok(patient)
    }
}

/// That nothing new can be had for somebody.
pub(super) fn closed() -> Error {
    Error::conflict("patient_closed", wording::patients::closed())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::request::tests::{change, child, new};
    use super::*;

    fn id(at: i64) -> PatientId {
        PatientId::generate(Timestamp::from_millis(at))
    }

    fn anyhow() -> Precondition {
        Precondition::default()
    }

    fn owner() -> UserId {
        UserId::parse("0b9d5f3a-8f5e-4c5c-9d55-2f0b7f1b1c11").unwrap()
    }

    #[test]
    fn the_owner_is_there_from_the_beginning_and_cannot_go() {
        let mut book = Book::default();
        let all = book.all(&owner(), None);
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].id, of_owner(&owner()));
        assert_eq!(book.remove(of_owner(&owner()), &anyhow()).unwrap_err().code(), "not_found");
    }

    #[test]
    fn the_owners_weight_is_kept_and_makes_another_version() {
        let mut book = Book::default();
        let id = of_owner(&owner());
        let changed =
            book.change((&owner(), None), id, &anyhow(), &change(json!({"weight_kg": "70.0"})).unwrap()).unwrap();
        assert_eq!((changed.version, changed.weight_kg.unwrap().0.to_string()), (1, "70.0".to_owned()));
        assert_eq!(book.all(&owner(), None)[0], changed);
        let stale = Precondition::parse(Some("\"0\""), None).unwrap();
        let again = book.change((&owner(), None), id, &stale, &change(json!({"pregnant": false})).unwrap());
        assert_eq!(again.unwrap_err().code(), "version_mismatch");
    }

    #[test]
    fn the_owner_and_nineteen_more_are_all() {
        let mut book = Book::default();
        for at in 1..20 {
            book.add(id(at), new(child()).unwrap()).unwrap();
        }
        assert_eq!(book.add(id(99), new(child()).unwrap()).unwrap_err().code(), "too_many_patients");
        book.close(id_of(&book, 0), &anyhow(), Timestamp::from_millis(5)).unwrap();
        book.add(id(99), new(child()).unwrap()).unwrap();
    }

    fn id_of(book: &Book, at: usize) -> PatientId {
        book.patients[at].id
    }

    #[test]
    fn who_is_closed_is_changed_no_more_and_stays_closed_since_then() {
        let mut book = Book::default();
        let mira = id(1);
        book.add(mira, new(child()).unwrap()).unwrap();
        book.close(mira, &anyhow(), Timestamp::from_millis(5)).unwrap();
        book.close(mira, &anyhow(), Timestamp::from_millis(9)).unwrap();
        assert_eq!(book.patients[0].closed_at, Some(Timestamp::from_millis(5)));
        let refused = book.change((&owner(), None), mira, &anyhow(), &change(json!({"weight_kg": 20})).unwrap());
        assert_eq!(refused.unwrap_err().code(), "patient_closed");
    }

    #[test]
    fn a_book_is_read_as_it_was_written() {
        let mut book = Book { version: 3, ..Book::default() };
        book.add(id(1), new(child()).unwrap()).unwrap();
        let text = serde_json::to_string(&book).unwrap();
        assert_eq!(serde_json::from_str::<Book>(&text).unwrap(), book);
    }

    proptest! {
        /// Whatever is done, in whatever order: never more than twenty who are open, and versions only grow.
        #[test]
        fn a_book_never_overflows(steps in proptest::collection::vec((0u8..4, 0usize..25), 0..120)) {
            let mut book = Book::default();
            for (at, (step, which)) in steps.into_iter().enumerate() {
                let chosen = book.patients.get(which % book.patients.len().max(1)).map(|patient| patient.id);
                let before: Vec<_> = book.patients.iter().map(|patient| (patient.id, patient.version)).collect();
                let _ = match (step, chosen) {
                    (0, _) | (_, None) => book.add(id(i64::try_from(at).unwrap()), new(child()).unwrap()).map(|_| ()),
                    (1, Some(chosen)) => book.remove(chosen, &anyhow()),
                    (2, Some(chosen)) => book.close(chosen, &anyhow(), Timestamp::from_millis(1)),
                    (_, Some(chosen)) => {
                        book.change((&owner(), None), chosen, &anyhow(), &change(json!({"pregnant": true})).unwrap())
                            .map(|_| ())
                    }
                };
                let all = book.all(&owner(), None);
                prop_assert!(all.iter().filter(|patient| patient.closed_at.is_none()).count() <= MAX_PATIENTS);
                for (id, version) in before {
                    let now = all.iter().find(|patient| patient.id == id);
                    prop_assert!(now.is_none_or(|patient| patient.version >= version));
                }
            }
        }
    }
}
