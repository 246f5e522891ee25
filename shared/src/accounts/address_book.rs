//! A customer's address book: at most [`MAX_ADDRESSES`], exactly one of them the default.
//!
//! The whole book is one item, so that both rules hold whatever happens at once.

use serde::{Deserialize, Serialize};

use super::address::{Address, AddressChange, NewAddress};
use super::store::AccountStore;
use crate::platform::clock::Clock;
use crate::platform::dynamo::back_off;
use crate::platform::error::{Error, Result};
use crate::platform::ids::{AddressId, UserId};
use crate::platform::precondition::Precondition;
use crate::platform::wording;

/// How many addresses a book holds.
pub const MAX_ADDRESSES: usize = 20;
/// How often a change is tried that others keep overtaking.
const ATTEMPTS: u32 = 8;

/// The addresses of one customer, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Book {
    pub(super) addresses: Vec<Address>,
    /// Grows by one with every change; zero: there is no book yet.
    pub(super) version: u64,
}

impl Book {
    fn add(&mut self, id: AddressId, new: NewAddress) -> Result<Address> {
        if self.addresses.len() >= MAX_ADDRESSES {
            let detail = wording::accounts::too_many_addresses(MAX_ADDRESSES);
            return Err(Error::conflict("too_many_addresses", detail));
        }
        let is_default = new.is_default || self.addresses.is_empty();
        if is_default {
            self.make_default(id);
        }
        let address = Address { id, label: new.label, postal: new.postal, is_default, version: 1 };
        self.addresses.push(address.clone());
        Ok(address)
    }

    fn change(&mut self, id: AddressId, precondition: &Precondition, change: AddressChange) -> Result<Address> {
        let address = self.expect(id, precondition)?;
        address.version += 1;
        let is_default = change.is_default;
        change.apply(address);
        let other = self.addresses.iter().find(|one| one.id != id).map(|one| one.id);
        match (is_default, other) {
            (Some(true), _) => self.make_default(id),
            (Some(false), Some(other)) if self.get(id)?.is_default => self.make_default(other),
            _ => {}
        }
        self.get(id)
    }

    fn remove(&mut self, id: AddressId, precondition: &Precondition) -> Result<()> {
        let was_default = self.expect(id, precondition)?.is_default;
        self.addresses.retain(|address| address.id != id);
        if let Some(oldest) = self.addresses.first().filter(|_| was_default) {
            self.make_default(oldest.id);
        }
        Ok(())
    }

    fn make_default(&mut self, id: AddressId) {
        for address in &mut self.addresses {
            let is_default = address.id == id;
            if address.is_default != is_default {
                address.is_default = is_default;
                address.version += 1;
            }
        }
    }

    fn get(&self, id: AddressId) -> Result<Address> {
        self.addresses.iter().find(|address| address.id == id).cloned().ok_or_else(Error::not_found)
    }

    fn expect(&mut self, id: AddressId, precondition: &Precondition) -> Result<&mut Address> {
        let address = self.addresses.iter_mut().find(|address| address.id == id).ok_or_else(Error::not_found)?;
        precondition.check(Some(address.version))?;
        Ok(address)
    }
}

/// The address books.
#[derive(Clone, Debug)]
pub struct AddressBook {
    store: AccountStore,
    clock: Clock,
}

impl AddressBook {
    /// In the accounts' table.
    pub fn new(store: AccountStore, clock: Clock) -> Self {
        Self { store, clock }
    }

    /// All addresses of `user`, oldest first.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn list(&self, user: &UserId) -> Result<Vec<Address>> {
        Ok(self.store.book(user).await?.addresses)
    }

    /// One address of `user`.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn find(&self, user: &UserId, id: AddressId) -> Result<Option<Address>> {
        Ok(self.list(user).await?.into_iter().find(|address| address.id == id))
    }

    /// Adds an address; the first becomes the default.
    ///
    /// # Errors
    /// 409 `too_many_addresses`; DynamoDB does not answer.
    pub async fn add(&self, user: &UserId, new: NewAddress) -> Result<Address> {
        let id = AddressId::generate(self.clock.now());
        self.write(user, |book| book.add(id, new.clone())).await
    }

    /// Changes an address where `precondition` holds.
    ///
    /// # Errors
    /// 404; 412; DynamoDB does not answer.
    pub async fn change(
        &self,
        user: &UserId,
        id: AddressId,
        precondition: &Precondition,
        change: AddressChange,
    ) -> Result<Address> {
        self.write(user, |book| book.change(id, precondition, change.clone())).await
    }

    /// Removes an address; where it was the default, the oldest that remains becomes it.
    ///
    /// # Errors
    /// 404; 412; DynamoDB does not answer.
    pub async fn remove(&self, user: &UserId, id: AddressId, precondition: &Precondition) -> Result<()> {
        self.write(user, |book| book.remove(id, precondition)).await
    }

    async fn write<T>(&self, user: &UserId, change: impl Fn(&mut Book) -> Result<T>) -> Result<T> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let mut book = self.store.book(user).await?;
            let changed = change(&mut book)?;
            if self.store.save_book(user, book).await? {
                return Ok(changed);
            }
        }
        Err(Error::busy())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::address::tests::{home, read};
    use super::*;
    use crate::platform::clock::Timestamp;

    fn id(at: i64) -> AddressId {
        AddressId::generate(Timestamp::from_millis(at))
    }

    fn new(is_default: bool) -> NewAddress {
        NewAddress { label: None, postal: read(home()).unwrap(), is_default }
    }

    fn default(is_default: bool) -> AddressChange {
        AddressChange { is_default: Some(is_default), ..AddressChange::default() }
    }

    #[test]
    fn the_first_is_the_default_and_the_oldest_inherits() {
        let mut book = Book::default();
        let (first, second, third) = (id(1), id(2), id(3));
        assert!(book.add(first, new(false)).unwrap().is_default);
        assert!(!book.add(second, new(false)).unwrap().is_default);
        assert!(book.add(third, new(true)).unwrap().is_default);
        book.remove(third, &Precondition::default()).unwrap();
        assert!(book.get(first).unwrap().is_default);
    }

    fn at_version_one() -> Precondition {
        Precondition::parse(Some("\"1\""), None).unwrap()
    }

    #[test]
    fn a_stale_change_is_refused_and_changes_nothing() {
        let mut book = Book::default();
        let first = id(1);
        book.add(first, new(true)).unwrap();
        book.change(first, &at_version_one(), default(true)).unwrap();
        let before = book.clone();
        assert_eq!(book.change(first, &at_version_one(), default(false)).unwrap_err().code(), "version_mismatch");
        assert_eq!(book.remove(first, &at_version_one()).unwrap_err().code(), "version_mismatch");
        assert_eq!(book, before);
    }

    #[test]
    fn a_full_book_takes_no_more() {
        let mut book = Book::default();
        for at in 0..20 {
            book.add(id(at), new(false)).unwrap();
        }
        assert_eq!(book.add(id(99), new(false)).unwrap_err().code(), "too_many_addresses");
    }

    proptest! {
        /// Whatever is done, in whatever order: one default, unless the book is empty; never too many.
        #[test]
        fn one_is_the_default(steps in proptest::collection::vec((0u8..4, 0usize..25), 0..80)) {
            let mut book = Book::default();
            for (at, (step, which)) in steps.into_iter().enumerate() {
                let chosen = book.addresses.get(which % book.addresses.len().max(1)).map(|address| address.id);
                let _ = match (step, chosen) {
                    (0, _) | (_, None) => book.add(id(i64::try_from(at).unwrap()), new(which % 3 == 0)).map(|_| ()),
                    (1, Some(chosen)) => book.remove(chosen, &Precondition::default()),
                    (step, Some(chosen)) => book.change(chosen, &Precondition::default(), default(step == 2)).map(|_| ()),
                };
                let defaults = book.addresses.iter().filter(|address| address.is_default).count();
                prop_assert_eq!(defaults, usize::from(!book.addresses.is_empty()));
                prop_assert!(book.addresses.len() <= MAX_ADDRESSES);
            }
        }
    }
}
