//! Passwords that are forgotten, reset and changed. A new password ends the sessions that the old one opened.
//!
//! Cognito sets the password in one call and the sessions end in another, so a function that is killed in between has
//! done half. Trying again with the same new password does the rest: who gives the password that is in force has shown
//! as much as who gives the code, and gets no further tries by it than by signing in.
//!
//! Only Cognito can tell how a try ends, so the trail has two entries for each: that it was begun, before Cognito is
//! asked, and how it ended, before the answer. Who asks by a code is nobody until the code was right.

use std::collections::BTreeSet;

use super::caller::Caller;
use super::code::{Code, invalid_code};
use super::code_reset::CodeReset;
use super::cognito::{Authentication, UserPool};
use super::identifier::Identifier;
use super::lockout::{Guess, Lockout, Reserved, account_locked};
use super::one_time_code::Proof;
use super::password::{Password, PasswordClaim};
use super::sessions::Sessions;
use crate::accounts::{FullName, Language};
use crate::audit::{Action, Actor, Audit, Entry, Origin, Outcome};
use crate::platform::clock::Clock;
use crate::platform::error::{Error, Result};
use crate::platform::fields::Invalid;
use crate::platform::ids::UserId;

/// The use-cases of passwords.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// Where users are.
    pub pool: UserPool,
    /// Counts wrong passwords and codes.
    pub lockout: Lockout,
    /// Where sessions are.
    pub sessions: Sessions,
    /// The trail.
    pub audit: Audit,
    /// The time.
    pub clock: Clock,
    /// The codes of those who have forgotten theirs.
    pub by_code: CodeReset,
}

/// What a new password must not be about.
#[derive(Clone, Debug)]
pub struct Owner {
    /// What they sign in with: the address, or else the number.
    pub identifier: Identifier,
    /// What they registered as.
    pub full_name: Option<FullName>,
}

impl Credentials {
    /// Sends a code that resets the password, or word that there is no account.
    ///
    /// # Errors
    /// 429 `too_many_requests` after three in an hour; 503 where the message cannot be sent; Cognito or DynamoDB does not
    /// answer.
    pub async fn forgot(&self, who: &Identifier, accepted: Language) -> Result<()> {
        self.by_code.forgot(who, accepted).await
    }

    /// Sets a new password by a code; all sessions end, and the account is no longer locked.
    ///
    /// # Errors
    /// 400 `invalid_code` or `expired_code`; 503 where the trail cannot be written; Cognito or DynamoDB does not answer.
    pub async fn reset(&self, origin: &Origin, who: &Identifier, code: &Code, password: &Password) -> Result<()> {
        self.record_reset(origin, Outcome::Begun, who).await?;
        let (user, proof) = match self.try_reset(who, code, password).await? {
            Ok(reset) => reset,
            Err(refusal) => {
                self.record_reset(origin, Outcome::Refused, who).await?;
                return Err(refusal);
            }
        };
        self.lockout.reset(Guess::Password, who).await?;
        let actor = origin.actor(&user, &BTreeSet::new());
        let entry = Entry::allowed(&actor, Action::ResetPassword, &user, &user, self.clock.now());
        self.audit.append(&entry).await?;
        self.pool.sign_out_everywhere(&user).await?;
        self.sessions.end_all(&user, None).await?;
        match proof {
            Some(proof) => self.by_code.finish(&proof).await,
            None => Ok(()),
        }
    }

    async fn record_reset(&self, origin: &Origin, outcome: Outcome, who: &Identifier) -> Result<()> {
        let object = self.audit.fingerprint(who.as_str());
        self.audit.append(&Entry::new(origin, Action::ResetPassword, outcome, object, self.clock.now())).await
    }

    /// Sets the password, or says why not. The code is still to be used up.
    async fn try_reset(
        &self,
        who: &Identifier,
        code: &Code,
        password: &Password,
    ) -> Result<Result<(UserId, Option<Proof>), Error>> {
        let refusal = match self.by_code.set(who, code, password).await? {
            Ok(reset) => return Ok(Ok((reset.user, Some(reset.proof)))),
            Err(refusal) => refusal,
        };
        let Reserved::Granted(tried) = self.lockout.reserve(Guess::Password, who).await? else {
            return Ok(Err(refusal));
        };
        if !self.is_in_force(who, password).await? {
            self.lockout.failed(tried).await?;
            return Ok(Err(refusal));
        }
        let user = self.pool.find(who.as_str()).await?.ok_or_else(invalid_code)?;
        Ok(Ok((user.id, None)))
    }

    /// Who the caller is to the rules of passwords.
    ///
    /// # Errors
    /// 404 where the user is gone; 409 `no_password` where they have neither address nor number, since a password belongs to
    /// one of these; Cognito does not answer.
    pub async fn owner(&self, user: &UserId) -> Result<Owner> {
        let user = self.pool.find(user.as_str()).await?.ok_or_else(Error::not_found)?;
        let identifier = user.identifier().ok_or_else(no_password)?;
        Ok(Owner { identifier, full_name: user.full_name })
    }

    /// Sets a new password in place of the current one, for the bearer of `access_token`; all other sessions end.
    ///
    /// # Errors
    /// 400 `wrong_password` at `current_password`; 423 `account_locked`; 503 where the trail cannot be written; Cognito or
    /// DynamoDB does not answer.
    pub async fn change(
        &self,
        origin: &Origin,
        caller: &Caller,
        access_token: &str,
        owner: &Owner,
        current: &PasswordClaim,
        password: &Password,
    ) -> Result<()> {
        let actor = origin.actor(&caller.user, &caller.roles);
        self.record_change(&actor, Outcome::Begun).await?;
        let tried = match self.lockout.reserve(Guess::Password, &owner.identifier).await? {
            Reserved::Granted(tried) => tried,
            Reserved::Locked(wait) => {
                self.record_change(&actor, Outcome::Refused).await?;
                return Err(account_locked(wait));
            }
        };
        let changed = self.pool.change_password(access_token, current, password).await?;
        if !changed && !self.is_in_force(&owner.identifier, password).await? {
            self.lockout.failed(tried).await?;
            self.record_change(&actor, Outcome::Refused).await?;
            let wrong = Invalid::new("wrong_password", "this is not your current password");
            return Err(vec![wrong.at("current_password")].into());
        }
        self.lockout.succeeded(tried).await?;
        self.record_change(&actor, Outcome::Allowed).await?;
        self.sessions.end_all(&caller.user, Some(caller.session.clone())).await
    }

    async fn record_change(&self, actor: &Actor, outcome: Outcome) -> Result<()> {
        let entry = Entry::new(&actor.origin, Action::ChangePassword, outcome, &actor.user, self.clock.now());
        self.audit.append(&entry.by(actor).about(&actor.user)).await
    }

    /// Whether `password` is the one that is set, as it is where an earlier attempt of this very change was killed.
    async fn is_in_force(&self, who: &Identifier, password: &Password) -> Result<bool> {
        match self.pool.authenticate(who, &PasswordClaim::from(password)).await? {
            Authentication::Tokens(tokens) => self.pool.revoke(&tokens.refresh).await.map(|()| true),
            _ => Ok(false),
        }
    }
}

/// Whoever came by another provider and has neither address nor number here has never had a password.
fn no_password() -> Error {
    Error::conflict(
        "no_password",
        "This account has no password, since it has neither an address nor a number; give it one of these first.",
    )
}
