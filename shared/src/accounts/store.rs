//! Accounts in DynamoDB: of each person (`USER#<id>`) a `PROFILE` and one item with all `ADDRESSES`.

use aws_sdk_dynamodb::types::AttributeValue;

use super::address_book::Book;
use super::contact::Contacts;
use super::profile::{Profile, ProfilePicture};
use crate::platform::dynamo::{
    Expression, Item, Key, Outcome, Table, Write, from_item, n, s, to_item, transact, value,
};
use crate::platform::error::Result;
use crate::platform::ids::{PictureId, UserId};

/// The table of accounts.
#[derive(Clone, Debug)]
pub struct AccountStore {
    pub(super) table: Table,
}

pub(super) fn profile_key(user: &UserId) -> Key {
    Key::new(format!("USER#{user}"), "PROFILE")
}

pub(super) fn book_key(user: &UserId) -> Key {
    Key::new(format!("USER#{user}"), "ADDRESSES")
}

fn at_version(version: u64) -> Expression {
    Expression::new("version = :read_at").value(":read_at", AttributeValue::N(version.to_string()))
}

impl AccountStore {
    /// In the accounts' table.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    pub(super) async fn profile(&self, user: &UserId) -> Result<Option<Profile>> {
        self.table.get_latest(&profile_key(user)).await?.map(from_item).transpose()
    }

    /// The profiles of several people, in any order; those that do not exist are absent.
    pub(super) async fn profiles(&self, users: &[UserId]) -> Result<Vec<Profile>> {
        let keys: Vec<Key> = users.iter().map(profile_key).collect();
        self.table.get_many(&keys).await?.into_iter().map(from_item).collect()
    }

    /// Stores a new profile, together with `trail`; one that is there already stays as it is.
    pub(super) async fn create_profile(&self, profile: &Profile, trail: Write) -> Result<()> {
        let item = to_item(&profile_key(&profile.id), profile)?;
        transact(self.table.client(), vec![self.table.create(item)?, trail]).await?;
        Ok(())
    }

    /// Stores what a person may change of their profile, if nobody has changed it since it was read. What the pictures
    /// need is left alone. Whether it was stored.
    pub(super) async fn save_profile(&self, changed: &Profile) -> Result<bool> {
        // A transaction of one, here and below: tried again after a time-out it still counts as the same write.
        let update = "SET full_name = :full_name, date_of_birth = :date_of_birth, sex = :sex, \
            preferences = :preferences, version = version + :one";
        let condition = at_version(changed.version)
            .value(":full_name", value(&changed.full_name)?)
            .value(":date_of_birth", value(changed.date_of_birth)?)
            .value(":sex", value(changed.sex)?)
            .value(":preferences", value(&changed.preferences)?)
            .value(":one", n(1));
        self.update_profile(&changed.id, update, condition).await
    }

    /// Changes the address, the number or both, where one of them is another, together with `trail`. Whether it did.
    pub(super) async fn set_contacts(&self, user: &UserId, contacts: &Contacts, trail: Write) -> Result<bool> {
        let given = [
            contacts.email.as_ref().map(|email| ("email", s(email.as_str()))),
            contacts.phone.as_ref().map(|phone| ("phone", s(phone.as_str()))),
        ];
        let given: Vec<_> = given.into_iter().flatten().collect();
        let differs: Vec<_> = given.iter().map(|(name, _)| format!("{name} <> :{name}")).collect();
        let sets: Vec<_> = given.iter().map(|(name, _)| format!("{name} = :{name}, ")).collect();
        let condition = Expression::new(format!("attribute_exists(pk) AND ({})", differs.join(" OR ")));
        let condition = given
            .into_iter()
            .fold(condition, |condition, (name, text)| condition.value(&format!(":{name}"), text))
            .value(":one", n(1));
        let update = format!("SET {}version = version + :one", sets.concat());
        let write = self.table.update(&profile_key(user), &update, condition)?;
        Ok(matches!(transact(self.table.client(), vec![write, trail]).await?, Outcome::Done))
    }

    /// Stores who may see a profile, if nobody has changed it since it was read. Whether it was stored.
    pub(super) async fn save_privacy(&self, changed: &Profile) -> Result<bool> {
        let update = "SET visibility = :visibility, shared_with = :shared_with, version = version + :one";
        let condition = at_version(changed.version)
            .value(":visibility", value(changed.visibility)?)
            .value(":shared_with", value(&changed.shared_with)?)
            .value(":one", n(1));
        self.update_profile(&changed.id, update, condition).await
    }

    /// Remembers the upload that was started last. Whether there is a profile to remember it.
    pub(super) async fn expect_picture(&self, user: &UserId, picture: PictureId) -> Result<bool> {
        let condition = Expression::new("attribute_exists(pk)").value(":picture", s(picture));
        self.update_profile(user, "SET pending_picture = :picture", condition).await
    }

    /// Forgets an upload that was refused, if it is still the last one.
    pub(super) async fn forget_picture(&self, user: &UserId, picture: PictureId) -> Result<bool> {
        let condition = Expression::new("pending_picture = :picture").value(":picture", s(picture));
        self.update_profile(user, "REMOVE pending_picture", condition).await
    }

    /// Shows `picture` in place of the one in `read`, if it is still the upload that was started last and nothing has
    /// changed since.
    pub(super) async fn show_picture(&self, read: &Profile, picture: &ProfilePicture) -> Result<bool> {
        let update = "SET picture = :picture, retired_pictures = :retired, version = version + :one \
            REMOVE pending_picture";
        let condition = Expression::new("version = :read_at AND pending_picture = :pending")
            .value(":read_at", AttributeValue::N(read.version.to_string()))
            .value(":pending", s(picture.id))
            .value(":picture", value(picture)?)
            .value(":retired", value(retired(read))?)
            .value(":one", n(1));
        self.update_profile(&read.id, update, condition).await
    }

    /// Shows no picture any more, if nothing has changed since `read`.
    pub(super) async fn hide_picture(&self, read: &Profile) -> Result<bool> {
        self.retire_pictures(read, &retired(read)).await
    }

    /// Shows no picture any more and waits for none, and remembers `files`, which are to be deleted, if nothing has
    /// changed since `read`.
    pub(super) async fn retire_pictures(&self, read: &Profile, files: &[String]) -> Result<bool> {
        let update = "SET retired_pictures = :retired, version = version + :one REMOVE picture, pending_picture";
        let condition = at_version(read.version).value(":retired", value(files)?).value(":one", n(1));
        self.update_profile(&read.id, update, condition).await
    }

    /// Notes that the retired pictures of `read` are deleted, if no other has been retired since.
    pub(super) async fn clear_retired(&self, read: &Profile) -> Result<bool> {
        let condition = Expression::new("retired_pictures = :retired")
            .value(":retired", value(&read.retired_pictures)?)
            .value(":none", AttributeValue::L(Vec::new()));
        self.update_profile(&read.id, "SET retired_pictures = :none", condition).await
    }

    async fn update_profile(&self, user: &UserId, update: &str, condition: Expression) -> Result<bool> {
        let write = self.table.update(&profile_key(user), update, condition)?;
        Ok(matches!(transact(self.table.client(), vec![write]).await?, Outcome::Done))
    }

    pub(super) async fn book(&self, user: &UserId) -> Result<Book> {
        let item = self.table.get_latest(&book_key(user)).await?;
        Ok(item.map(from_item).transpose()?.unwrap_or_default())
    }

    /// Stores a changed book in place of the version it was read at. Whether nobody was quicker.
    pub(super) async fn save_book(&self, user: &UserId, book: Book) -> Result<bool> {
        let read_at = book.version;
        let item: Item = to_item(&book_key(user), Book { version: read_at + 1, ..book })?;
        let write = match read_at {
            0 => self.table.create(item)?,
            _ => self.table.replace(item, at_version(read_at))?,
        };
        Ok(matches!(transact(self.table.client(), vec![write]).await?, Outcome::Done))
    }
}

/// The keys that are to be deleted once the picture of `read` is no longer shown.
fn retired(read: &Profile) -> Vec<String> {
    let shown = read.picture.iter().map(|picture| picture.key.clone());
    read.retired_pictures.iter().cloned().chain(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::super::address::tests::{home, read};
    use super::*;
    use crate::accounts::address::Address;
    use crate::accounts::contact::Email;
    use crate::platform::clock::Timestamp;
    use crate::platform::ids::AddressId;
    use crate::platform::money::Currency;

    #[test]
    fn items_read_what_was_written() {
        let now = Timestamp::from_millis(1_700_000_000_000);
        let user = UserId::parse("0b9d5f3a-8f5e-4c5c-9d55-2f0b7f1b1c11").unwrap();
        let email = Email::parse("anna@example.org").unwrap();
        let profile = Profile::new(user.clone(), email.into(), None, Currency::parse("USD").unwrap(), now);
        let item = to_item(&profile_key(&user), &profile).unwrap();
        assert_eq!(from_item::<Profile>(item).unwrap(), profile);

        let address = Address {
            id: AddressId::generate(now),
            label: Some("Home".to_owned()),
            postal: read(home()).unwrap(),
            is_default: true,
            version: 3,
        };
        let book = Book { addresses: vec![address], version: 7 };
        assert_eq!(from_item::<Book>(to_item(&book_key(&user), &book).unwrap()).unwrap(), book);
    }
}
