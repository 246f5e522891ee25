//! Patients in DynamoDB, in the table of accounts: one item with all of an account (`USER#<id>`/`PATIENTS`), and of each
//! patient who is not the owner whose they are (`PATIENT#<id>`/`OWNER`).

use serde::{Deserialize, Serialize};

use super::book::Book;
use crate::accounts::Profile;
use crate::platform::dynamo::{Expression, Key, Outcome, Table, Write, from_item, n, s, to_item, transact};
use crate::platform::error::Result;
use crate::platform::ids::{PatientId, UserId};

/// The table of accounts, as far as patients are in it.
#[derive(Clone, Debug)]
pub struct PatientStore {
    table: Table,
}

/// Whose a patient is.
#[derive(Debug, Serialize, Deserialize)]
struct Pointer {
    owner: UserId,
    /// Whether something on file names them.
    #[serde(default)]
    kept: bool,
    #[serde(default)]
    closed: bool,
}

/// What becomes of a patient along with the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Along {
    /// Somebody is new.
    Added(PatientId),
    /// Somebody is changed.
    Changed(PatientId),
    /// Somebody goes whom nothing names.
    Removed(PatientId),
    /// Somebody is closed.
    Closed(PatientId),
    /// It was the owner.
    Owner,
}

/// How a write of a book ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Saved {
    Done,
    /// The book has changed since it was read.
    Overtaken,
    /// Something on file names the patient.
    Kept,
}

pub(super) fn book_key(owner: &UserId) -> Key {
    Key::new(format!("USER#{owner}"), "PATIENTS")
}

fn profile_key(owner: &UserId) -> Key {
    Key::new(format!("USER#{owner}"), "PROFILE")
}

pub(super) fn pointer_key(patient: PatientId) -> Key {
    Key::new(format!("PATIENT#{patient}"), "OWNER")
}

impl PatientStore {
    /// In the accounts' table.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// The book and the profile of an account, in one round trip.
    pub(super) async fn read(&self, owner: &UserId) -> Result<(Book, Option<Profile>)> {
        let keys = [book_key(owner), profile_key(owner)];
        let (mut book, mut profile) = (Book::default(), None);
        for item in self.table.get_many(&keys).await? {
            match Key::of(&item).map(|key| key.sk).as_deref() {
                Some("PATIENTS") => book = from_item(item)?,
                _ => profile = Some(from_item(item)?),
            }
        }
        Ok((book, profile))
    }

    /// Whose a patient is who is not the owner of an account.
    pub(super) async fn owner_of(&self, patient: PatientId) -> Result<Option<UserId>> {
        let item = self.table.get_latest(&pointer_key(patient)).await?;
        Ok(item.map(from_item::<Pointer>).transpose()?.map(|pointer| pointer.owner))
    }

    /// Stores a changed book in place of the version it was read at, with what becomes of a patient and with `trail`.
    pub(super) async fn save(&self, owner: &UserId, book: &Book, along: Along, trail: Write) -> Result<Saved> {
        let read_at = book.version;
        let item = to_item(&book_key(owner), Book { version: read_at + 1, ..book.clone() })?;
        let book_write = match read_at {
            0 => self.table.create(item)?,
            _ => {
                let version = i64::try_from(read_at).unwrap_or(i64::MAX);
                self.table.replace(item, Expression::new("version = :read_at").value(":read_at", n(version)))?
            }
        };
        let mut writes = vec![book_write, trail];
        writes.extend(self.pointer_write(owner, along)?);
        Ok(match transact(self.table.client(), writes).await? {
            Outcome::Done => Saved::Done,
            Outcome::Refused(refusals) if refusals.iter().any(|refusal| refusal.index == 0) => Saved::Overtaken,
            Outcome::Refused(_) => Saved::Kept,
        })
    }

    fn pointer_write(&self, owner: &UserId, along: Along) -> Result<Option<Write>> {
        Ok(match along {
            Along::Added(patient) => {
                let pointer = Pointer { owner: owner.clone(), kept: false, closed: false };
                Some(self.table.create(to_item(&pointer_key(patient), pointer)?)?)
            }
            Along::Removed(patient) => {
                let free = Expression::new("attribute_not_exists(pk) OR kept = :no")
                    .value(":no", crate::platform::dynamo::value(false)?);
                Some(self.table.delete(&pointer_key(patient), free)?)
            }
            Along::Closed(patient) => {
                let there =
                    Expression::new("attribute_exists(pk)").value(":yes", crate::platform::dynamo::value(true)?);
                Some(self.table.update(&pointer_key(patient), "SET closed = :yes", there)?)
            }
            Along::Changed(_) | Along::Owner => None,
        })
    }

    /// The write of another transaction that puts a patient of `owner` on file: from then on they are closed and not
    /// deleted. It holds the transaction to that they are there and not closed.
    pub(super) fn keep(&self, owner: &UserId, patient: PatientId) -> Result<Write> {
        let open = Expression::new("#owner = :owner AND closed = :no")
            .name("#owner", "owner")
            .value(":owner", s(owner))
            .value(":no", crate::platform::dynamo::value(false)?)
            .value(":yes", crate::platform::dynamo::value(true)?);
        self.table.update(&pointer_key(patient), "SET kept = :yes", open)
    }

    /// Deletes all of an account; what is gone already stays so. The book goes last: as long as it is there, the next run
    /// finds the rest.
    pub(super) async fn forget(&self, owner: &UserId) -> Result<u32> {
        let item = self.table.get_latest(&book_key(owner)).await?;
        let Some(book) = item.map(from_item::<Book>).transpose()? else { return Ok(0) };
        let whatever_is_there = || Expression::new("attribute_exists(pk) OR attribute_not_exists(pk)");
        for patients in book.patients.chunks(50) {
            let writes: Result<Vec<_>> = patients
                .iter()
                .map(|patient| self.table.delete(&pointer_key(patient.id), whatever_is_there()))
                .collect();
            transact(self.table.client(), writes?).await?;
        }
        let version = i64::try_from(book.version).unwrap_or(i64::MAX);
        let as_read = Expression::new("version = :read_at").value(":read_at", n(version));
        let deleted = transact(self.table.client(), vec![self.table.delete(&book_key(owner), as_read)?]).await?;
        match deleted {
            Outcome::Done => Ok(u32::try_from(book.patients.len()).unwrap_or(u32::MAX)),
            // Somebody was added meanwhile, whose pointer is still there.
            Outcome::Refused(_) => Err(crate::platform::error::Error::busy()),
        }
    }
}
