//! Passwords that are forgotten, reset and changed. A new password ends the sessions that the old one opened.
//!
//! Cognito sets the password in one call and the sessions end in another. They end before, so that a function that is
//! killed in between leaves none of them alive under a new password, and again after, for those that the old one opened
//! meanwhile. Trying again with the same new password does the rest: a code is bound to it until all is done, and who
//! changes theirs may give the one that is in force by now, which gets them no further tries than signing in.
//!
//! Only Cognito can tell how a try ends, so the trail has two entries for each: that it was begun, before Cognito is
//! asked, and how it ended, before the answer. Who asks by a code is nobody until the code was right.

use std::collections::BTreeSet;

use super::caller::Caller;
use super::code::Code;
use super::code_reset::{CodeReset, ResetBy};
use super::cognito::{Authentication, UserPool};
use super::identifier::Identifier;
use super::lockout::{Guess, Lockout, Reserved, account_locked};
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
    /// What else they sign in with.
    pub other: Option<Identifier>,
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
    /// 400 `invalid_code` or `expired_code`; 423 `account_locked`; 503 where the trail cannot be written; Cognito or
    /// DynamoDB does not answer.
    pub async fn reset(&self, origin: &Origin, who: &Identifier, code: &Code, password: &Password) -> Result<()> {
        let object = self.audit.fingerprint(who.as_str());
        let entry = |outcome| Entry::new(origin, Action::ResetPassword, outcome, &object, self.clock.now());
        self.audit.append(&entry(Outcome::Begun)).await?;
        let proven = self.prove_by_code(who, code, password).await;
        let ResetBy { user, proof } = self.audit.noting(proven, || entry(Outcome::Refused)).await?;
        self.sessions.end_all_at_once(&user, None).await?;
        self.pool.set_password(&user, password, "new_password").await?;
        self.lockout.reset(Guess::Password, who).await?;
        self.pool.sign_out_everywhere(&user).await?;
        self.sessions.end_all(&user, None).await?;
        let actor = origin.actor(&user, &BTreeSet::new());
        let allowed = Entry::allowed(&actor, Action::ResetPassword, &user, &user, self.clock.now());
        self.audit.append(&allowed).await?;
        self.by_code.finish(&proof).await
    }

    /// Whose password may be set by the code. A wrong one counts like one at sign-in by a code, whether there is such an
    /// account or not.
    async fn prove_by_code(&self, who: &Identifier, code: &Code, password: &Password) -> Result<ResetBy> {
        let tried = match self.lockout.reserve(Guess::OneTimeCode, who).await? {
            Reserved::Granted(tried) => tried,
            Reserved::Locked(wait) => return Err(account_locked(wait)),
        };
        match self.by_code.prove(who, code, password).await {
            Ok(proven) => self.lockout.succeeded(tried).await.map(|()| proven),
            Err(refusal) if refusal.is_refusal() => {
                self.lockout.failed(tried).await?;
                Err(refusal)
            }
            Err(failure) => Err(failure),
        }
    }

    /// Who the caller is to the rules of passwords.
    ///
    /// # Errors
    /// 404 where the user is gone; 409 `no_password` where they have neither address nor number, since a password belongs to
    /// one of these; Cognito does not answer.
    pub async fn owner(&self, user: &UserId) -> Result<Owner> {
        let user = self.pool.find(user.as_str()).await?.ok_or_else(Error::not_found)?;
        let identifier = user.identifier().ok_or_else(no_password)?;
        let other = user.other_than(&identifier);
        Ok(Owner { identifier, other, full_name: user.full_name })
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
        // Asked for by itself, since a wrong one must not end any session.
        let mut is_set = false;
        if self.is_in_force(&owner.identifier, current).await? {
            self.sessions.end_all_at_once(&caller.user, Some(caller.session.clone())).await?;
            is_set = self.pool.change_password(access_token, current, password).await?;
        }
        // As it is where an earlier attempt of this very change was killed.
        if !is_set && !self.is_in_force(&owner.identifier, &PasswordClaim::from(password)).await? {
            self.lockout.failed_password(tried, &owner.identifier, owner.other.as_ref()).await?;
            self.record_change(&actor, Outcome::Refused).await?;
            let wrong = Invalid::new("wrong_password", "this is not your current password");
            return Err(vec![wrong.at("current_password")].into());
        }
        self.lockout.succeeded(tried).await?;
        self.sessions.end_all(&caller.user, Some(caller.session.clone())).await?;
        self.record_change(&actor, Outcome::Allowed).await
    }

    async fn record_change(&self, actor: &Actor, outcome: Outcome) -> Result<()> {
        let entry = Entry::new(&actor.origin, Action::ChangePassword, outcome, &actor.user, self.clock.now());
        self.audit.append(&entry.by(actor).about(&actor.user)).await
    }

    /// Whether `password` is the one that is set.
    async fn is_in_force(&self, who: &Identifier, password: &PasswordClaim) -> Result<bool> {
        match self.pool.authenticate(who, password).await? {
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
