//! Registering: an account is made at once, and its owner proves the address by a code.
//!
//! Whoever asks, the answer is the same whether the address is known or not.
//!
//! An address that was registered and never confirmed is registered anew: the newest registrant's password counts. Were
//! it the first one's, anybody could lay in wait under a stranger's address, with a password of their own, for the
//! stranger to come and confirm it.

use super::code::{Code, CodeCheck, expired_code, invalid_code};
use super::cognito::{SignUp, UserPool};
use super::identifier::Identifier;
use super::lockout::{Guess, Lockout, Reserved};
use super::mail_limit::{Mail, MailLimit};
use super::password::Password;
use super::pending::{Lease, PendingRegistrations};
use super::role::Role;
use super::sign_in_trail::SignInTrail;
use crate::accounts::{Email, FullName, Profiles};
use crate::platform::error::{Error, Result};

/// Who wants an account.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// What they will sign in with.
    pub email: Email,
    /// And how.
    pub password: Password,
    /// Their name.
    pub full_name: FullName,
}

/// The use-cases of registering.
#[derive(Clone, Debug)]
pub struct Registration {
    /// Where users are.
    pub pool: UserPool,
    /// Keeps registering and confirming apart.
    pub pending: PendingRegistrations,
    /// Counts wrong codes.
    pub lockout: Lockout,
    /// Where profiles are.
    pub profiles: Profiles,
    /// How often Cognito writes to one address.
    pub mails: MailLimit,
    /// The trail of this request.
    pub trail: SignInTrail,
}

impl Registration {
    /// Makes an account that is not confirmed yet, and sends a code. Does nothing where the address has an owner.
    ///
    /// # Errors
    /// 400 where the pool's own rules refuse the address or the password; Cognito or DynamoDB does not answer.
    pub async fn register(&self, account: &NewAccount) -> Result<()> {
        let lease = self.pending.lease(&account.email.clone().into()).await?;
        let registered = self.register_leased(account, &lease).await;
        self.pending.release(lease).await?;
        registered
    }

    async fn register_leased(&self, account: &NewAccount, lease: &Lease) -> Result<()> {
        self.pending.remember(lease, &account.email.clone().into(), account.password.expose()).await?;
        if self.sign_up(account).await? {
            return Ok(());
        }
        match self.pool.find(account.email.as_str()).await? {
            Some(user) if !user.confirmed => {
                self.pool.delete(&user.id).await?;
                // The name is not free again at once everywhere.
                if self.sign_up(account).await? { Ok(()) } else { Err(Error::busy()) }
            }
            // As many calls as for an address that was free.
            _ => self.lockout.reset(Guess::RegistrationCode, &account.email.clone().into()).await,
        }
    }

    /// Whether the address was free.
    async fn sign_up(&self, account: &NewAccount) -> Result<bool> {
        match self.pool.sign_up(&account.email, &account.password, &account.full_name).await? {
            SignUp::Created(user) => {
                self.pool.add_role(&user, Role::Customer).await?;
                self.lockout.reset(Guess::RegistrationCode, &account.email.clone().into()).await?;
                Ok(true)
            }
            SignUp::Taken => Ok(false),
        }
    }

    /// Confirms an address; from here on its owner can sign in and has a profile.
    ///
    /// # Errors
    /// 400 `invalid_code` or `expired_code`; Cognito or DynamoDB does not answer.
    pub async fn confirm(&self, email: Email, code: &Code) -> Result<()> {
        let who = Identifier::from(email.clone());
        let Reserved::Granted(tried) = self.lockout.reserve(Guess::RegistrationCode, &who).await? else {
            return Err(invalid_code());
        };
        let lease = self.pending.lease(&who).await?;
        let checked = self.pool.confirm_sign_up(&email, code).await;
        self.pending.release(lease).await?;
        match checked? {
            CodeCheck::Right => self.lockout.succeeded(tried).await?,
            CodeCheck::Wrong => {
                self.lockout.failed(tried).await?;
                return Err(invalid_code());
            }
            CodeCheck::Expired => {
                self.lockout.failed(tried).await?;
                return Err(expired_code());
            }
        }
        // Killed before this is written, the first sign-in makes the profile.
        let user = self.pool.find(email.as_str()).await?.ok_or_else(|| Error::internal("a confirmed user is gone"))?;
        let trail = self.trail.registered(&user.id)?;
        self.profiles.create(user.id, email.into(), user.full_name, trail).await
    }

    /// Sends the code again, where there is a registration to confirm.
    ///
    /// # Errors
    /// 429 `too_many_requests` after three in an hour; Cognito or DynamoDB does not answer.
    pub async fn resend(&self, email: &Email) -> Result<()> {
        let who = email.clone().into();
        self.mails.count(Mail::Resend, &who).await?;
        self.lockout.reset(Guess::RegistrationCode, &who).await?;
        self.pool.resend_code(email).await
    }
}
