//! Making the account of an address or number that was proven by a code.
//!
//! Cognito takes four calls for it. All are made under the lease of the identifier, each may be made again, and the token
//! is used up last: killed anywhere, the same request goes on from there while the token lives.

use crate::accounts::{Contacts, FullName, Profiles};
use crate::identity::identifier::Identifier;
use crate::identity::registering::pending::PendingRegistrations;
use crate::identity::registering::registration_token::{Proven, RegistrationToken, RegistrationTokens};
use crate::identity::role::Role;
use crate::identity::sign_in::password::{Password, PasswordClaim};
use crate::identity::sign_in::{SignIn, SignInOutcome};
use crate::identity::user_pool::cognito::{Authentication, PoolUser, UserPool};
use crate::platform::error::{Error, Result};
use crate::platform::ids::UserId;
use crate::platform::wording;

/// The use-case of registering by a code.
#[derive(Clone, Debug)]
pub struct CodeRegistration<'a> {
    /// What was proven.
    pub tokens: RegistrationTokens,
    /// Where users are.
    pub pool: UserPool,
    /// Lets one work on an identifier at a time.
    pub pending: PendingRegistrations,
    /// Where profiles are.
    pub profiles: Profiles,
    /// Signs them in.
    pub sign_in: SignIn<'a>,
}

impl CodeRegistration<'_> {
    /// Makes the account and signs in.
    ///
    /// # Errors
    /// 400 `invalid_registration_token`, or `personal_password` at `password`; 409 `already_registered` where there is an
    /// account by now; 503 while the same identifier is being registered; Cognito or DynamoDB does not answer.
    pub async fn complete(&self, token: &str, full_name: FullName, password: Password) -> Result<SignInOutcome> {
        let token = RegistrationToken::parse(token).ok_or_else(invalid_token)?;
        let proven = self.tokens.open(&token).await?.ok_or_else(invalid_token)?;
        let about = password.must_not_be_about(proven.identifier.email(), None);
        about.map_err(|invalid| Error::from(vec![invalid.at("password")]))?;
        let lease = self.pending.lease(&proven.identifier).await?;
        let completed = self.complete_leased(&token, full_name, &password).await;
        self.pending.release(lease).await?;
        completed
    }

    async fn complete_leased(
        &self,
        token: &RegistrationToken,
        full_name: FullName,
        password: &Password,
    ) -> Result<SignInOutcome> {
        // Anew, since another may have used it up before this lease began.
        let proven = self.tokens.open(token).await?.ok_or_else(invalid_token)?;
        let user = self.user(token, &proven, &full_name).await?;
        self.pool.set_password(&user, password, "password").await?;
        self.pool.add_role(&user, Role::Customer).await?;
        let contacts = match &proven.identifier {
            Identifier::Email(email) => Contacts::from(email.clone()),
            Identifier::Phone(phone) => Contacts::from(phone.clone()),
        };
        let trail = self.sign_in.trail.registered(&user)?;
        self.profiles.create(user, contacts, Some(full_name), trail).await?;
        let signed_in = self.sign_in_with(&proven.identifier, password).await?;
        if self.tokens.spend(token).await? { Ok(signed_in) } else { Err(invalid_token()) }
    }

    /// The user in the pool: a new one, or the one that was begun with this very token.
    async fn user(&self, token: &RegistrationToken, proven: &Proven, full_name: &FullName) -> Result<UserId> {
        match self.pool.find(proven.identifier.as_str()).await? {
            Some(PoolUser { id, confirmed: true, .. }) if proven.begun => return Ok(id),
            Some(PoolUser { confirmed: true, .. }) => return Err(already_registered()),
            // Somebody has registered the address and never proved it; now somebody has.
            Some(unproven) => {
                self.pending.disclaim(&proven.identifier).await?;
                self.pool.delete(&unproven.id).await?;
            }
            None => {}
        }
        self.tokens.begin(token).await?;
        // The name of one that was deleted is not free again at once everywhere.
        self.pool.create(&proven.identifier, full_name).await?.ok_or_else(Error::busy)
    }

    async fn sign_in_with(&self, who: &Identifier, password: &Password) -> Result<SignInOutcome> {
        let started_at = self.sign_in.clock.now();
        match self.pool.authenticate(who, &PasswordClaim::from(password)).await? {
            Authentication::Tokens(tokens) => self.sign_in.established(tokens, started_at).await,
            _ => Err(Error::unavailable("a new account cannot be signed in to yet")),
        }
    }
}

fn invalid_token() -> Error {
    Error::invalid("invalid_registration_token", wording::identity::registration_expired())
}

/// The answer to who has proved an address that has an account.
pub(in crate::identity) fn already_registered() -> Error {
    Error::conflict("already_registered", wording::identity::already_registered())
}
