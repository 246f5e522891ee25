//! The use-cases of profiles: one is made when its person has proved their address, read, and changed by them.

use super::contact::Contacts;
use super::notification_settings::Notifications;
use super::privacy::Privacy;
use super::profile::{FullName, Preferences, Profile, ProfileChange};
use super::store::AccountStore;
use crate::platform::clock::Clock;
use crate::platform::dynamo::{Write, back_off};
use crate::platform::error::{Error, Result};
use crate::platform::ids::UserId;
use crate::platform::language::Language;
use crate::platform::money::Currency;
use crate::platform::precondition::Precondition;
use crate::platform::speech;

/// How often a change is tried that others keep overtaking.
const ATTEMPTS: u32 = 5;

/// The id of nobody.
const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

/// The profiles.
#[derive(Clone, Debug)]
pub struct Profiles {
    store: AccountStore,
    clock: Clock,
    currency: Currency,
}

impl Profiles {
    /// In the accounts' table, in a pharmacy that sells in `currency`.
    pub fn new(store: AccountStore, clock: Clock, currency: Currency) -> Self {
        Self { store, clock, currency }
    }

    /// Makes the profile of a new person, together with `trail`; one that exists stays as it is.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn create(
        &self,
        user: UserId,
        contacts: Contacts,
        full_name: Option<FullName>,
        trail: Write,
    ) -> Result<()> {
        let profile = Profile::new(user, contacts, full_name, self.currency, self.clock.now());
        self.store.create_profile(&profile, trail).await
    }

    /// In which language `user` wants to be written to, if they have a profile. For nobody it takes as long to say so.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn language(&self, user: Option<&UserId>) -> Result<Option<Language>> {
        let nobody = UserId::parse(NOBODY).map_err(Error::internal)?;
        let profile = self.store.profile(user.unwrap_or(&nobody)).await?;
        Ok(profile.filter(|_| user.is_some()).map(|profile| profile.preferences.language))
    }

    /// Changes how `user` is reached to what is given of `contacts`, together with `trail`; changes nothing where it is so
    /// already.
    ///
    /// # Errors
    /// 404; DynamoDB does not answer.
    pub async fn set_contacts(&self, user: &UserId, contacts: &Contacts, trail: Write) -> Result<()> {
        if self.store.set_contacts(user, contacts, trail).await? {
            return Ok(());
        }
        let profile = self.get(user).await?;
        let is_so = |given: bool, same: bool| !given || same;
        let email = is_so(contacts.email.is_some(), contacts.email == profile.email);
        let phone = is_so(contacts.phone.is_some(), contacts.phone == profile.phone);
        if email && phone { Ok(()) } else { Err(Error::busy()) }
    }

    /// Whether `user` wants the other side of a consultation to see how far they have read; so it is for who has no profile.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn shows_read_receipts(&self, user: &UserId) -> Result<bool> {
        let profile = self.store.profile(user).await?;
        Ok(profile.is_none_or(|profile| profile.preferences.notifications.read_receipts))
    }

    /// Whether `user` has one.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn exists(&self, user: &UserId) -> Result<bool> {
        Ok(self.store.profile(user).await?.is_some())
    }

    /// The profile of `user`, who asks for it; from here on they are answered in the language that they prefer, where their
    /// request asks for none.
    ///
    /// # Errors
    /// 404; DynamoDB does not answer.
    pub async fn get(&self, user: &UserId) -> Result<Profile> {
        let profile = self.store.profile(user).await?.ok_or_else(Error::not_found)?;
        speech::prefer(profile.preferences.language);
        Ok(profile)
    }

    /// The profile of somebody, if there is one.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn find(&self, user: &UserId) -> Result<Option<Profile>> {
        self.store.profile(user).await
    }

    /// What those of `users` are called who have said so, each of them named once.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn names(&self, users: &[UserId]) -> Result<Vec<(UserId, FullName)>> {
        let profiles = self.store.profiles(users).await?.into_iter();
        Ok(profiles.filter_map(|profile| Some((profile.id, profile.full_name?))).collect())
    }

    /// Forgets the profile and the address book of `user`, whose pictures are erased.
    ///
    /// # Errors
    /// 503 where a picture has been shown since, which nobody would find any more; DynamoDB does not answer.
    pub async fn forget(&self, user: &UserId) -> Result<()> {
        if self.store.forget(user).await? { Ok(()) } else { Err(Error::busy()) }
    }

    /// Sets who may see the profile of `user`, where `precondition` holds. What is so already is
    /// not written again.
    ///
    /// # Errors
    /// 404; 412 where it has changed since; DynamoDB does not answer.
    pub async fn set_privacy(&self, user: &UserId, precondition: &Precondition, privacy: Privacy) -> Result<Profile> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let profile = self.get(user).await?;
            precondition.check(Some(profile.version))?;
            let changed = privacy.clone().of(profile.clone());
            if changed == profile {
                return Ok(profile);
            }
            if self.store.save_privacy(&changed).await? {
                return Ok(Profile { version: changed.version + 1, ..changed });
            }
        }
        Err(Error::busy())
    }

    /// Sets how, about what and when `user` may be written to, where `precondition` holds. What is so already is not written
    /// again.
    ///
    /// # Errors
    /// 404; 412 where it has changed since; DynamoDB does not answer.
    pub async fn set_notifications(
        &self,
        user: &UserId,
        precondition: &Precondition,
        change: impl Fn(&Notifications) -> Notifications,
    ) -> Result<Profile> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let profile = self.get(user).await?;
            precondition.check(Some(profile.version))?;
            let mut changed = profile.clone();
            changed.preferences.notifications = change(&profile.preferences.notifications);
            if changed == profile {
                return Ok(profile);
            }
            if self.store.save_profile(&changed).await? {
                return Ok(Profile { version: changed.version + 1, ..changed });
            }
        }
        Err(Error::busy())
    }

    /// The profile of `user`, unless there is none or they have asked to be erased.
    ///
    /// # Errors
    /// DynamoDB does not answer.
    pub async fn living(&self, user: &UserId) -> Result<Option<Profile>> {
        self.store.living(user).await
    }

    /// Changes the profile of `user`, where `precondition` holds.
    ///
    /// # Errors
    /// 404; 412 where it has changed since; DynamoDB does not answer.
    pub async fn update(&self, user: &UserId, precondition: &Precondition, change: ProfileChange) -> Result<Profile> {
        for attempt in 0..ATTEMPTS {
            back_off(attempt).await;
            let profile = self.get(user).await?;
            precondition.check(Some(profile.version))?;
            let changed = change.clone().apply(profile, Preferences::standard(self.currency));
            if self.store.save_profile(&changed).await? {
                return Ok(Profile { version: changed.version + 1, ..changed });
            }
        }
        Err(Error::busy())
    }
}
