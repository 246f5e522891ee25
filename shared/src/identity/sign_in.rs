//! Signing in, staying signed in, signing out.

use futures_util::future::try_join;

use super::caller::Caller;
use super::cognito::{Authentication, PoolTokens, UserPool};
use super::lockout::{Guess, Lockout, Reserved, Try, account_locked};
use super::password::PasswordClaim;
use super::pending::PendingRegistrations;
use super::refresh_token::RefreshToken;
use super::role::Role;
use super::sessions::{Presented, Session, Sessions};
use super::token::TokenVerifier;
use crate::accounts::{Email, Profiles};
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::crypto;
use crate::platform::error::{Error, Kind, Result};

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who, as the access token says.
    pub caller: Caller,
    /// Good for fifteen minutes.
    pub access_token: String,
    /// Good once.
    pub refresh_token: RefreshToken,
}

/// What is to be ended.
#[derive(Clone, Debug, Default)]
pub struct SignOut {
    /// The session of this refresh token; one that is good for nothing ends nothing, and is no error (RFC 7009).
    pub refresh_token: Option<String>,
    /// All sessions of the caller.
    pub everywhere: bool,
}

/// The use-cases of signing in.
#[derive(Clone, Debug)]
pub struct SignIn<'a> {
    /// Where users are.
    pub pool: UserPool,
    /// Counts wrong passwords.
    pub lockout: Lockout,
    /// Where sessions are.
    pub sessions: Sessions,
    /// Knows who has not confirmed their address.
    pub pending: PendingRegistrations,
    /// Where profiles are.
    pub profiles: Profiles,
    /// Reads access tokens.
    pub verifier: &'a TokenVerifier,
    /// The clock.
    pub clock: Clock,
}

impl SignIn<'_> {
    /// Signs somebody in by their password.
    ///
    /// # Errors
    /// 401 `invalid_credentials`; 423 `account_locked`, whether the account exists or not; 403 `email_unconfirmed` or
    /// `password_reset_required` where the password was right; Cognito or DynamoDB does not answer.
    pub async fn sign_in(&self, email: &Email, password: &PasswordClaim) -> Result<SignedIn> {
        let tried = match self.lockout.reserve(Guess::Password, email).await? {
            Reserved::Granted(tried) => tried,
            Reserved::Locked(wait) => return Err(account_locked(wait)),
        };
        let started_at = self.clock.now();
        match self.pool.authenticate(email, password).await? {
            Authentication::Tokens(tokens) => {
                let (caller, tokens) = self.complete(email, password, tokens).await?;
                let refresh_token = self.sessions.open(&caller, &tokens.refresh, started_at).await?;
                self.lockout.succeeded(tried).await?;
                Ok(SignedIn { caller, access_token: tokens.access, refresh_token })
            }
            Authentication::Refused => self.refuse(tried).await,
            Authentication::Unconfirmed if !self.pending.knows(email, password.expose()).await? => {
                self.refuse(tried).await
            }
            Authentication::Unconfirmed => {
                self.lockout.succeeded(tried).await?;
                let detail = "Confirm your e-mail address with the code that was sent to it.";
                Err(Error::new(Kind::Forbidden, "email_unconfirmed", detail))
            }
            Authentication::Temporary => {
                self.lockout.succeeded(tried).await?;
                // What was mailed to them opens the door once. From here on they have a password that nobody knows, and
                // a code to set their own.
                self.pool.set_password(email, &crypto::random_token::<32>()).await?;
                self.pool.forgot_password(email).await?;
                Err(reset_required())
            }
            Authentication::ResetRequired => {
                self.lockout.succeeded(tried).await?;
                self.pool.forgot_password(email).await?;
                Err(reset_required())
            }
        }
    }

    /// Opens the session of somebody who has been recognised by other means than a password, at `started_at`.
    ///
    /// # Errors
    /// Cognito's keys cannot be had; DynamoDB does not answer.
    pub(super) async fn established(&self, tokens: &PoolTokens, started_at: Timestamp) -> Result<SignedIn> {
        let caller = self.verifier.verify(&tokens.access, self.clock.now()).await?;
        let refresh_token = self.sessions.open(&caller, &tokens.refresh, started_at).await?;
        Ok(SignedIn { caller, access_token: tokens.access.clone(), refresh_token })
    }

    async fn refuse(&self, tried: Try) -> Result<SignedIn> {
        self.lockout.failed(tried).await?;
        let detail = "This is not the password of an account with this e-mail address.";
        Err(Error::new(Kind::Unauthenticated, "invalid_credentials", detail))
    }

    /// Who has signed in. Where a registration was killed before its end, it is ended here: a person without a profile
    /// gets one, and the role of a customer if they have none.
    async fn complete(
        &self,
        email: &Email,
        password: &PasswordClaim,
        tokens: PoolTokens,
    ) -> Result<(Caller, PoolTokens)> {
        let caller = self.verifier.verify(&tokens.access, self.clock.now()).await?;
        if self.profiles.exists(&caller.user).await? {
            return Ok((caller, tokens));
        }
        let user = self.pool.find(caller.user.as_str()).await?;
        let has_role = !caller.roles.is_empty();
        if !has_role {
            self.pool.add_role(&caller.user, Role::Customer).await?;
        }
        self.profiles.create(caller.user.clone(), Some(email.clone()), user.and_then(|user| user.full_name)).await?;
        if has_role {
            return Ok((caller, tokens));
        }
        match self.pool.authenticate(email, password).await? {
            Authentication::Tokens(tokens) => {
                Ok((self.verifier.verify(&tokens.access, self.clock.now()).await?, tokens))
            }
            _ => Err(Error::unavailable("the account has changed while it signed in")),
        }
    }

    /// Hands out a new access token, and a new refresh token in place of `token`.
    ///
    /// Cognito is asked first and the session moved on after that, so that a failure leaves `token` good, and nothing is
    /// handed out that was not paid for with it.
    ///
    /// # Errors
    /// 401 `invalid_refresh_token`, and for one that was used before the whole session ends; Cognito or DynamoDB does
    /// not answer.
    pub async fn refresh(&self, token: &str) -> Result<SignedIn> {
        let token = RefreshToken::parse(token).ok_or_else(invalid_refresh_token)?;
        let (session, cognito) = match self.sessions.find(&token).await? {
            Presented::Current(session, cognito) => (session, cognito),
            Presented::Spent(session) => return self.reused(&session).await,
            Presented::Unknown => return Err(invalid_refresh_token()),
        };
        let asked = try_join(self.pool.refresh(&cognito), self.sessions.has_ended(&session)).await?;
        let (Some(access_token), false) = asked else {
            self.sessions.end(&session).await?;
            return Err(invalid_refresh_token());
        };
        let caller = self.verifier.verify(&access_token, self.clock.now()).await?;
        match self.sessions.rotate(&session, &token, &cognito).await? {
            Some(refresh_token) => Ok(SignedIn { caller, access_token, refresh_token }),
            None => self.reused(&session).await,
        }
    }

    /// A token was used twice: one of the two has been stolen.
    async fn reused(&self, session: &Session) -> Result<SignedIn> {
        tracing::warn!(session.id = session.id, "a refresh token was used twice; its session has ended");
        self.sessions.end(session).await?;
        Err(invalid_refresh_token())
    }

    /// Ends the session of a refresh token, of the caller, or all of the caller's.
    ///
    /// # Errors
    /// 401 with neither a refresh token nor a caller, or everywhere without a caller; Cognito or DynamoDB does not
    /// answer.
    pub async fn sign_out(&self, what: SignOut, caller: Option<&Caller>) -> Result<()> {
        if what.everywhere {
            let caller = caller.ok_or_else(unauthenticated)?;
            self.sessions.end_all(&caller.user, None).await?;
            return self.pool.sign_out_everywhere(&caller.user).await;
        }
        match (&what.refresh_token, caller) {
            (None, None) => return Err(unauthenticated()),
            (Some(token), _) => self.sign_out_of(token).await?,
            (None, Some(_)) => {}
        }
        match caller {
            Some(caller) => self.sessions.end_of(caller).await,
            None => Ok(()),
        }
    }

    async fn sign_out_of(&self, token: &str) -> Result<()> {
        let Some(token) = RefreshToken::parse(token) else { return Ok(()) };
        match self.sessions.find(&token).await? {
            Presented::Current(session, cognito) => {
                self.pool.revoke(&cognito).await?;
                self.sessions.end(&session).await
            }
            Presented::Spent(session) => self.sessions.end(&session).await,
            Presented::Unknown => Ok(()),
        }
    }
}

/// The answer to a refresh token that is good for nothing.
fn invalid_refresh_token() -> Error {
    Error::new(Kind::Unauthenticated, "invalid_refresh_token", "This refresh token is not valid; sign in again.")
}

fn unauthenticated() -> Error {
    Error::new(Kind::Unauthenticated, "unauthenticated", "Send the access token as a Bearer token, or a refresh token.")
}

fn reset_required() -> Error {
    let detail = "Choose a password of your own with the code that was sent to your e-mail address.";
    Error::new(Kind::Forbidden, "password_reset_required", detail)
}
