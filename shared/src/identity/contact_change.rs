//! Changing how one is reached: the password, then a code that was sent to the new address or number.
//!
//! The answer is the same whether the new address has an account already; its reader alone learns it. Whoever was reached
//! before is told at once.

use super::caller::Caller;
use super::code::Code;
use super::code_registration::already_registered;
use super::cognito::{PoolUser, UserPool};
use super::credentials::Credentials;
use super::identifier::Identifier;
use super::one_time_code::{OneTimeCodes, Purpose};
use super::password::PasswordClaim;
use super::pending::PendingRegistrations;
use crate::accounts::{Contacts, Language, Profiles};
use crate::notifications::{Message, Notifier};
use crate::platform::dynamo::Write;
use crate::platform::error::{Error, Result};
use crate::platform::fields::Invalid;
use crate::platform::ids::UserId;

/// The use-cases of changing a contact.
#[derive(Clone, Debug)]
pub struct ContactChange {
    /// The codes.
    pub codes: OneTimeCodes,
    /// Where users are.
    pub pool: UserPool,
    /// Lets one work on an identifier at a time, so that it gets one account.
    pub pending: PendingRegistrations,
    /// Where profiles are.
    pub profiles: Profiles,
    /// Writes to people.
    pub notifier: Notifier,
    /// Holds people to their password.
    pub credentials: Credentials,
}

impl ContactChange {
    /// Sends a code to `new`, or word that it has an account, and tells whoever is reached now.
    ///
    /// # Errors
    /// 400 `required` or `wrong_password` at `password`, or `unchanged`; 401 `insufficient_user_authentication`; 423 `account_locked`; 429 `too_many_requests`; 503 where a
    /// message cannot be sent; Cognito or DynamoDB does not answer.
    pub async fn request(
        &self,
        caller: &Caller,
        new: &Identifier,
        password: Option<&PasswordClaim>,
        accepted: Language,
    ) -> Result<()> {
        let user = &caller.user;
        let owner = self.pool.find(user.as_str()).await?.ok_or_else(Error::not_found)?;
        self.credentials.reauthenticate(caller, password).await?;
        if is_theirs(&owner, new) {
            let unchanged = Invalid::new("unchanged", "your account has this one already");
            return Err(vec![unchanged.at(new.field())].into());
        }
        self.codes.count_send(new).await?;
        let purpose = Purpose::Contact(user.clone());
        let taken = self.pool.find(new.as_str()).await?.is_some_and(|other| other.confirmed);
        let language = self.profiles.language(Some(user)).await?.unwrap_or(accepted);
        let message = if taken {
            self.codes.issue_none(&purpose, new).await?;
            Message::ContactTaken
        } else {
            Message::ContactCode(self.codes.issue(&purpose, new).await?.as_str().to_owned())
        };
        self.notifier.send(new.to(), language, &message).await?;
        match reached_now(&owner, new) {
            Some(old) => self.notifier.send(old.to(), language, &Message::ContactChange(new.masked())).await,
            None => Ok(()),
        }
    }

    /// Changes the contact of `user` to where the code was sent, with `trail` in the same transaction. The code is used up
    /// when all is done: killed in between, the same request goes on.
    ///
    /// # Errors
    /// 400 `invalid_code` or `expired_code`; 409 `already_registered` where the address has an account by now; 503 while it
    /// is being registered; Cognito or DynamoDB does not answer.
    pub async fn confirm(&self, user: &UserId, code: &Code, trail: Write) -> Result<()> {
        let proof = self.codes.check_contact(user, code).await?.proof()?;
        let lease = self.pending.lease(&proof.to).await?;
        let changed = self.change(user, &proof.to, trail).await;
        self.pending.release(lease).await?;
        changed?;
        self.codes.spend(&proof).await.map(|_| ())
    }

    async fn change(&self, user: &UserId, new: &Identifier, trail: Write) -> Result<()> {
        match self.pool.find(new.as_str()).await? {
            Some(other) if other.id == *user => {}
            Some(other) if other.confirmed => return Err(already_registered()),
            Some(unproven) => self.pool.delete(&unproven.id).await?,
            None => {}
        }
        if !self.pool.set_contact(user, new).await? {
            return Err(already_registered());
        }
        let contacts = match new {
            Identifier::Email(email) => Contacts::from(email.clone()),
            Identifier::Phone(phone) => Contacts::from(phone.clone()),
        };
        self.profiles.set_contacts(user, &contacts, trail).await
    }
}

fn is_theirs(owner: &PoolUser, new: &Identifier) -> bool {
    match new {
        Identifier::Email(email) => owner.email.as_ref() == Some(email),
        Identifier::Phone(phone) => owner.phone.as_ref() == Some(phone),
    }
}

/// Who is told: what is about to be replaced, or else what stays.
fn reached_now(owner: &PoolUser, new: &Identifier) -> Option<Identifier> {
    let email = owner.email.clone().map(Identifier::Email);
    let phone = owner.phone.clone().map(Identifier::Phone);
    match new {
        Identifier::Email(_) => email.or(phone),
        Identifier::Phone(_) => phone.or(email),
    }
}
