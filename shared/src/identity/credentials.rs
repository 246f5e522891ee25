//! Passwords that are forgotten, reset and changed. A new password ends the sessions that the old one opened.
//!
//! Cognito sets the password in one call and the sessions end in another, so a function that is killed in between has
//! done half. Trying again with the same new password does the rest: who gives the password that is in force has shown
//! as much as who gives the code, and gets no further tries by it than by signing in.

use super::caller::Caller;
use super::code::{Code, CodeCheck, expired_code, invalid_code};
use super::code_reset::CodeReset;
use super::cognito::{Authentication, UserPool};
use super::identifier::Identifier;
use super::lockout::{Guess, Lockout, Reserved, account_locked};
use super::password::{Password, PasswordClaim};
use super::sessions::Sessions;
use crate::accounts::{FullName, Language};
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
    /// The same for who is reached by telephone.
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
    /// Sends a code that resets the password, where there is somebody to send it to.
    ///
    /// # Errors
    /// Cognito or DynamoDB does not answer.
    pub async fn forgot(&self, who: &Identifier, accepted: Language) -> Result<()> {
        let Identifier::Email(email) = who else { return self.by_code.forgot(who, accepted).await };
        self.lockout.reset(Guess::ResetCode, who).await?;
        self.pool.forgot_password(email).await
    }

    /// Sets a new password by a code; all sessions end, and the account is no longer locked.
    ///
    /// # Errors
    /// 400 `invalid_code` or `expired_code`; Cognito or DynamoDB does not answer.
    pub async fn reset(&self, who: &Identifier, code: &Code, password: &Password) -> Result<()> {
        let Identifier::Email(email) = who else { return self.by_code.reset(who, code, password).await };
        let Reserved::Granted(tried) = self.lockout.reserve(Guess::ResetCode, who).await? else {
            return Err(invalid_code());
        };
        let refusal = match self.pool.reset_password(email, code, password).await? {
            CodeCheck::Right => None,
            CodeCheck::Wrong => Some(invalid_code()),
            CodeCheck::Expired => Some(expired_code()),
        };
        match refusal {
            None => self.lockout.succeeded(tried).await?,
            Some(refusal) => {
                self.lockout.failed(tried).await?;
                let Reserved::Granted(tried) = self.lockout.reserve(Guess::Password, who).await? else {
                    return Err(refusal);
                };
                if !self.is_in_force(who, password).await? {
                    self.lockout.failed(tried).await?;
                    return Err(refusal);
                }
            }
        }
        self.lockout.reset(Guess::Password, who).await?;
        let user = self.pool.find(email.as_str()).await?.ok_or_else(invalid_code)?;
        self.pool.sign_out_everywhere(&user.id).await?;
        self.sessions.end_all(&user.id, None).await
    }

    /// Who the caller is to the rules of passwords.
    ///
    /// # Errors
    /// 404 where the user is gone; Cognito does not answer.
    pub async fn owner(&self, user: &UserId) -> Result<Owner> {
        let user = self.pool.find(user.as_str()).await?.ok_or_else(Error::not_found)?;
        let identifier = user.identifier().ok_or_else(|| Error::internal("a user without address and number"))?;
        Ok(Owner { identifier, full_name: user.full_name })
    }

    /// Sets a new password in place of the current one, for the bearer of `access_token`; all other sessions end.
    ///
    /// # Errors
    /// 400 `wrong_password` at `current_password`; 423 `account_locked`; Cognito or DynamoDB does not answer.
    pub async fn change(
        &self,
        caller: &Caller,
        access_token: &str,
        owner: &Owner,
        current: &PasswordClaim,
        password: &Password,
    ) -> Result<()> {
        let tried = match self.lockout.reserve(Guess::Password, &owner.identifier).await? {
            Reserved::Granted(tried) => tried,
            Reserved::Locked(wait) => return Err(account_locked(wait)),
        };
        let changed = self.pool.change_password(access_token, current, password).await?;
        if !changed && !self.is_in_force(&owner.identifier, password).await? {
            self.lockout.failed(tried).await?;
            let wrong = Invalid::new("wrong_password", "this is not your current password");
            return Err(vec![wrong.at("current_password")].into());
        }
        self.lockout.succeeded(tried).await?;
        self.sessions.end_all(&caller.user, Some(caller.session.clone())).await
    }

    /// Whether `password` is the one that is set, as it is where an earlier attempt of this very change was killed.
    async fn is_in_force(&self, who: &Identifier, password: &Password) -> Result<bool> {
        match self.pool.authenticate(who, &PasswordClaim::from(password)).await? {
            Authentication::Tokens(tokens) => self.pool.revoke(&tokens.refresh).await.map(|()| true),
            _ => Ok(false),
        }
    }
}
