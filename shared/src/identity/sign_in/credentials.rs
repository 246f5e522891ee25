//! Passwords that are forgotten, reset and changed. A new password ends the sessions that the old one opened.
//!
//! Cognito sets the password in one call and the sessions end in another. They end before, so that a function that is
//! killed in between leaves none of them alive under a new password, and again after, for those that the old one opened
//! meanwhile. Trying again with the same new password does the rest: a code is bound to it until all is done, and who
//! changes theirs may give the one that is in force by now, in the session that knew the one before.
//!
//! Only Cognito can tell how a try ends, so the trail has two entries for each: that it was begun, before Cognito is
//! asked, and how it ended, before the answer. Who asks by a code is nobody until the code was right.

use std::collections::BTreeSet;

use crate::accounts::{FullName, Language};
use crate::audit::{Action, Actor, Audit, Entry, Origin, Outcome};
use crate::identity::caller::Caller;
use crate::identity::codes::code::{Code, invalid_code};
use crate::identity::codes::code_reset::{CodeReset, ResetBy};
use crate::identity::identifier::Identifier;
use crate::identity::session::sessions::Sessions;
use crate::identity::sign_in::lockout::{Guess, Lockout};
use crate::identity::sign_in::password::{Password, PasswordClaim};
use crate::identity::user_pool::cognito::{Authentication, PoolUser, UserPool};
use crate::platform::clock::Clock;
use crate::platform::error::{Error, Result};
use crate::platform::fields::Invalid;
use crate::platform::ids::UserId;
use crate::platform::wording;

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
    /// 400 `invalid_code` or `expired_code`; 423 `account_locked`; 503 where the trail cannot be written; Cognito or
    /// DynamoDB does not answer.
    pub async fn reset(&self, origin: &Origin, who: &Identifier, code: &Code, password: &Password) -> Result<()> {
        let object = self.audit.fingerprint(who.as_str())?;
        let entry = |outcome| Entry::new(origin, Action::ResetPassword, outcome, &object, self.clock.now());
        self.audit.append(&entry(Outcome::Begun)).await?;
        let proven = self.prove_by_code(who, code, password).await;
        let ResetBy { user: owner, proof } = self.audit.noting(proven, || entry(Outcome::Refused)).await?;
        let user = owner.id.clone();
        self.sessions.end_all_at_once(&user, None).await?;
        self.pool.set_password(&user, password, "new_password").await?;
        self.unlock(&owner).await?;
        self.pool.sign_out_everywhere(&user).await?;
        self.sessions.end_all(&user, None).await?;
        let actor = origin.actor(&user, &BTreeSet::new());
        let allowed = Entry::allowed(&actor, Action::ResetPassword, &user, &user, self.clock.now());
        self.audit.append(&allowed).await?;
        self.by_code.finish(&proof).await
    }

    /// Forgets the wrong passwords of an account: there is a new one.
    async fn unlock(&self, owner: &PoolUser) -> Result<()> {
        for who in owner.identifiers() {
            self.lockout.reset(Guess::Password, &who).await?;
        }
        self.lockout.reset_for(Guess::Password, &owner.id).await
    }

    /// Whose password may be set by the code. A wrong one counts like one at sign-in by a code, whether there is such an
    /// account or not.
    async fn prove_by_code(&self, who: &Identifier, code: &Code, password: &Password) -> Result<ResetBy> {
        let tried = self.lockout.reserve(Guess::OneTimeCode, who).await?;
        let checked = self.by_code.check(who, code).await;
        let (tried, checked) = self.lockout.answered(tried, checked).await?;
        let by = match checked {
            Ok(by) => by,
            Err(refusal) => return self.lockout.failed(tried).await.and(Err(refusal)),
        };
        // Not before the code was right: what is about its owner tells who they are.
        if let Err(problem) = password.must_not_be_about(by.user.email.as_ref(), by.user.full_name.as_ref()) {
            self.lockout.succeeded(tried).await?;
            return Err(vec![problem.at("new_password")].into());
        }
        let bound = self.by_code.claim(&by.proof, password).await;
        let (tried, is_bound) = self.lockout.answered(tried, bound).await?;
        match is_bound {
            true => self.lockout.succeeded(tried).await.map(|()| by),
            false => self.lockout.failed(tried).await.and(Err(invalid_code())),
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
        Ok(Owner { identifier, full_name: user.full_name })
    }

    /// Sets a new password in place of the current one, for the bearer of `access_token`; all other sessions end.
    ///
    /// # Errors
    /// 400 `wrong_password` at `current_password`; 401 `session_ended` where the caller's own session has ended; 423
    /// `account_locked`; 503 where the trail cannot be written; Cognito or DynamoDB does not answer.
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
        let changed = self.changed(caller, access_token, owner, (current, password)).await;
        let ended = match changed {
            Ok(()) => self.sessions.end_all(&caller.user, Some(caller)).await,
            Err(refusal) if refusal.is_refusal() => {
                self.record_change(&actor, Outcome::Refused).await?;
                return Err(refusal);
            }
            Err(failure) => return Err(failure),
        };
        // Whether or not the caller's own session has ended meanwhile, the password is another.
        self.record_change(&actor, Outcome::Allowed).await?;
        ended
    }

    /// Sets the password, or finds that an earlier attempt of this very change has set it before it was killed.
    async fn changed(
        &self,
        caller: &Caller,
        access_token: &str,
        owner: &Owner,
        (current, password): (&PasswordClaim, &Password),
    ) -> Result<()> {
        let tried = self.lockout.reserve_own_password(&caller.user, &owner.identifier).await?;
        let set = self.set_in_place_of(current, caller, access_token, owner, password).await;
        let (tried, is_set) = self.lockout.answered(tried, set).await?;
        if is_set {
            return self.lockout.succeeded(tried).await;
        }
        self.lockout.failed_password(tried, &owner.identifier, Some(&caller.user)).await?;
        let wrong = Invalid::new("wrong_password", wording::identity::wrong_password());
        Err(vec![wrong.at("current_password")].into())
    }

    /// Whether `password` is in force now, in place of `current`.
    async fn set_in_place_of(
        &self,
        current: &PasswordClaim,
        caller: &Caller,
        access_token: &str,
        owner: &Owner,
        password: &Password,
    ) -> Result<bool> {
        // Asked for by itself, since a wrong one must not end any session.
        if self.is_in_force(&owner.identifier, current).await? {
            self.sessions.end_all_at_once(&caller.user, Some(caller)).await?;
            return self.pool.change_password(access_token, current, password).await;
        }
        // Only who knew the password in this session has begun to change it there. To anybody else this would be a second
        // guess for one try.
        let has_begun = self.sessions.has_ended_others(caller).await?;
        Ok(has_begun && self.is_in_force(&owner.identifier, &PasswordClaim::from(password)).await?)
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
    Error::conflict("no_password", wording::identity::no_password())
}
