//! What the erasure of a person does to the accounts' table.

use super::privacy::SharedWith;
use super::profile::Visibility;
use super::store::{AccountStore, book_key, profile_key};
use crate::platform::dynamo::{Expression, Key, Write, n, transact, value};
use crate::platform::error::Result;
use crate::platform::ids::UserId;

impl AccountStore {
    /// Where it stands that `user` has asked to be erased: `USER#<id>` / `ERASURE`. What it says is for those who erase.
    pub fn erasure_key(user: &UserId) -> Key {
        Key::new(format!("USER#{user}"), "ERASURE")
    }

    /// Whether `user` has asked to be erased.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn is_being_erased(&self, user: &UserId) -> Result<bool> {
        Ok(self.table.get_latest(&Self::erasure_key(user)).await?.is_some())
    }

    /// The write of a transaction that hides a profile from others. It fails where there is none.
    ///
    /// # Errors
    /// What DynamoDB cannot hold.
    pub fn hide(&self, user: &UserId) -> Result<Write> {
        let update = "SET visibility = :private, shared_with = :nobody, version = version + :one";
        let condition = Expression::new("attribute_exists(pk)")
            .value(":private", value(Visibility::Private)?)
            .value(":nobody", value(SharedWith::default())?)
            .value(":one", n(1));
        self.table.update(&profile_key(user), update, condition)
    }

    /// Forgets a person's profile and address book, both at once; what is gone already stays so.
    pub(super) async fn forget(&self, user: &UserId) -> Result<()> {
        let whatever_is_there = Expression::new("attribute_exists(pk) OR attribute_not_exists(pk)");
        let writes = vec![
            self.table.delete(&book_key(user), whatever_is_there.clone())?,
            self.table.delete(&profile_key(user), whatever_is_there)?,
        ];
        transact(self.table.client(), writes).await.map(|_| ())
    }
}
