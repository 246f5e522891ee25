//! What the erasure of a person does to the accounts' table.

use super::privacy::SharedWith;
use super::profile::{Profile, Visibility};
use super::store::{AccountStore, book_key, profile_key};
use crate::platform::dynamo::{Expression, Key, Outcome, Write, from_item, n, s, transact, value};
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

    /// The profile of `user`, unless there is none or they have asked to be erased; in one round trip.
    pub(super) async fn living(&self, user: &UserId) -> Result<Option<Profile>> {
        let erasure = Self::erasure_key(user);
        let items = self.table.get_many(&[profile_key(user), erasure.clone()]).await?;
        if items.iter().any(|item| Key::of(item).as_ref() == Some(&erasure)) {
            return Ok(None);
        }
        items.into_iter().next().map(from_item).transpose()
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

    /// Forgets a person's profile and address book, both at once; what is gone already stays so. Neither where the profile
    /// still names the file of a picture: whether it did.
    pub(super) async fn forget(&self, user: &UserId) -> Result<bool> {
        let whatever_is_there = Expression::new("attribute_exists(pk) OR attribute_not_exists(pk)");
        let shows_none = "attribute_not_exists(picture) OR attribute_type(picture, :null)";
        let none_retired = "attribute_not_exists(retired_pictures) OR size(retired_pictures) = :none";
        let names_no_file = Expression::new(format!("({shows_none}) AND ({none_retired})"))
            .value(":null", s("NULL"))
            .value(":none", n(0));
        let writes = vec![
            self.table.delete(&book_key(user), whatever_is_there)?,
            self.table.delete(&profile_key(user), names_no_file)?,
        ];
        Ok(matches!(transact(self.table.client(), writes).await?, Outcome::Done))
    }
}
