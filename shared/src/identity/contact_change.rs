//! Changing how one is reached: the password, then a code that was sent to the new address or number.
//!
//! The answer is the same whether the new address has an account already; its reader alone learns it. Whoever was reached
//! before is told first, so that nobody has a code of which they know nothing.
//!
//! Cognito changes what is signed in with, and after it the profile changes together with the trail. That a change was begun
//! is on the trail before Cognito is asked. Killed in between, the same code goes on while it is good; after that, asking for
//! the same address once more does the rest.

use super::caller::Caller;
use super::codes::code::Code;
use super::codes::one_time_code::{OneTimeCodes, Purpose};
use super::identifier::Identifier;
use super::registering::code_registration::already_registered;
use super::registering::pending::PendingRegistrations;
use super::sign_in::credentials::Credentials;
use super::sign_in::password::PasswordClaim;
use super::user_pool::cognito::{PoolUser, UserPool};
use crate::accounts::{Contacts, Language, Profiles};
use crate::audit::{Action, Actor, Entry, Outcome};
use crate::notifications::{Message, Notifier};
use crate::platform::error::{Error, Result};
use crate::platform::fields::Invalid;
use crate::platform::wording;

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
    /// Tells whoever is reached now, and sends a code to `new`, or word that it has an account.
    ///
    /// # Errors
    /// 400 `required` or `wrong_password` at `password`, or `unchanged`; 401 `insufficient_user_authentication`; 423
    /// `account_locked`; 429 `too_many_requests`; 503 where a message cannot be sent; Cognito or DynamoDB does not answer.
    pub async fn request(
        &self,
        caller: &Caller,
        actor: &Actor,
        new: &Identifier,
        password: Option<&PasswordClaim>,
        accepted: Language,
    ) -> Result<()> {
        let user = &caller.user;
        let owner = self.pool.find(user.as_str()).await?.ok_or_else(Error::not_found)?;
        self.credentials.reauthenticate(caller, password, (actor, Action::ChangeContact)).await?;
        if is_theirs(&owner, new) {
            // Where an earlier change was killed, the profile still has what was before; the password was proved just now.
            self.write_down(actor, new).await?;
            let unchanged = Invalid::new("unchanged", wording::identity::unchanged());
            return Err(vec![unchanged.at(new.field())].into());
        }
        self.codes.count_send(new).await?;
        let purpose = Purpose::Contact(user.clone());
        let taken = self.pool.find(new.as_str()).await?.filter(|other| other.confirmed);
        let language = self.profiles.language(Some(user)).await?.unwrap_or(accepted);
        if let Some(old) = reached_now(&owner, new) {
            self.notifier.send(old.to(), language, &Message::ContactChange(new.masked())).await?;
        }
        let message = if let Some(other) = taken {
            self.codes.issue_none(&purpose, new).await?;
            if other.enabled { Message::ContactTaken } else { Message::AccountClosed }
        } else {
            Message::ContactCode(self.codes.issue(&purpose, new).await?.as_str().to_owned())
        };
        self.notifier.send(new.to(), language, &message).await
    }

    /// Changes the contact of `actor` to where the code was sent. The code is used up when all is done: killed in between,
    /// the same request goes on. A refusal is on the trail before it is answered.
    ///
    /// # Errors
    /// 400 `invalid_code` or `expired_code`; 409 `already_registered` where the address has an account by now; 503 while it
    /// is being registered, or where the trail cannot be written; Cognito or DynamoDB does not answer.
    pub async fn confirm(&self, actor: &Actor, code: &Code) -> Result<()> {
        let confirmed = self.try_confirm(actor, code).await;
        self.credentials.audit.noting(confirmed, || self.entry(actor, Outcome::Refused)).await
    }

    async fn try_confirm(&self, actor: &Actor, code: &Code) -> Result<()> {
        let proof = self.codes.check_contact(&actor.user, code).await?.proof()?;
        let lease = self.pending.lease(&proof.to).await?;
        let changed = self.change(actor, &proof.to).await;
        self.pending.release(lease).await?;
        changed?;
        self.codes.spend(&proof).await.map(|_| ())
    }

    async fn change(&self, actor: &Actor, new: &Identifier) -> Result<()> {
        let holder = self.pool.find(new.as_str()).await?;
        let (theirs, unproven) = match holder {
            Some(holder) if holder.id == actor.user => (true, None),
            Some(holder) if holder.confirmed => return Err(already_registered()),
            holder => (false, holder),
        };
        if !theirs {
            self.credentials.audit.append(&self.entry(actor, Outcome::Begun)).await?;
        }
        if let Some(unproven) = unproven {
            self.pending.disclaim(new).await?;
            self.pool.delete(&unproven.id).await?;
        }
        if !self.pool.set_contact(&actor.user, new).await? {
            return Err(already_registered());
        }
        self.write_down(actor, new).await
    }

    /// Writes `new` into the profile together with the entry of the trail; changes nothing where it stands there already.
    async fn write_down(&self, actor: &Actor, new: &Identifier) -> Result<()> {
        let contacts = match new {
            Identifier::Email(email) => Contacts::from(email.clone()),
            Identifier::Phone(phone) => Contacts::from(phone.clone()),
        };
        let trail = self.credentials.audit.action(&self.entry(actor, Outcome::Allowed))?;
        self.profiles.set_contacts(&actor.user, &contacts, trail).await
    }

    fn entry(&self, actor: &Actor, outcome: Outcome) -> Entry {
        let now = self.credentials.clock.now();
        Entry::new(&actor.origin, Action::ChangeContact, outcome, &actor.user, now).by(actor).about(&actor.user)
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
