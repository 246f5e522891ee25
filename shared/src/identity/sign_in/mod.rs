//! Signing in, staying signed in, signing out.

pub mod challenge;
pub(in crate::identity) mod code_sign_in;
pub(in crate::identity) mod credentials;
pub(in crate::identity) mod lockout;
pub(in crate::identity) mod password;
pub(in crate::identity) mod reauthentication;
pub(in crate::identity) mod sign_in_audit;

use futures_util::future::{try_join, try_join4};

use crate::accounts::{FullName, Profiles};
use crate::identity::caller::Caller;
use crate::identity::codes::code::invalid_code;
use crate::identity::identifier::Identifier;
use crate::identity::registering::pending::PendingRegistrations;
use crate::identity::role::Role;
use crate::identity::second_factor::{Challenge, Demand, SecondFactorCode, SecondFactors, invalid_challenge_session};
use crate::identity::session::device::{Device, NewDevice};
use crate::identity::session::refresh_token::{RefreshToken, invalid_refresh_token};
use crate::identity::session::sessions::{Opened, Opening, Presented, Rotated, Session, Sessions};
use crate::identity::session::token::TokenVerifier;
use crate::identity::sign_in::lockout::{Guess, Lockout};
use crate::identity::sign_in::password::PasswordClaim;
use crate::identity::sign_in::sign_in_audit::SignInAudit;
use crate::identity::user_pool::cognito::{Authentication, PoolTokens, UserPool};
use crate::identity::user_pool::grants::Grants;
use crate::identity::view::SessionMode;
use crate::platform::clock::{Clock, Timestamp};
use crate::platform::error::{Error, Kind, Result};
use crate::platform::ids::UserId;
use crate::platform::wording;

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who, as the access token says.
    pub caller: Caller,
    /// Good for fifteen minutes.
    pub access_token: String,
    /// Good once.
    pub refresh_token: RefreshToken,
    /// How their session is kept.
    pub mode: SessionMode,
    /// What they are called, if they have said it.
    pub full_name: Option<FullName>,
    /// What they have signed in with, where they are still to be told of it.
    pub new_device: Option<NewDevice>,
}

/// What came of signing in.
#[derive(Clone, Debug)]
pub enum SignInOutcome {
    /// Somebody is signed in.
    SignedIn(Box<SignedIn>),
    /// A second factor is asked for.
    Challenged {
        /// Which.
        demand: Demand,
        /// What it is to be sent with.
        challenge_session: String,
    },
}

/// What is to be ended.
#[derive(Clone, Debug, Default)]
pub struct SignOut {
    /// The session of this refresh token; one that is good for nothing ends nothing, and is no error (RFC 7009).
    pub refresh_token: Option<String>,
    /// All sessions of the caller.
    pub everywhere: bool,
}

/// What must be known of who is recognised, before they have a session.
struct Known {
    /// Whether their registration came to its end.
    is_whole: bool,
    full_name: Option<FullName>,
    has_second_factor: bool,
}

/// The use-cases of signing in.
#[derive(Clone, Debug)]
pub struct SignIn<'a> {
    /// Where users are.
    pub pool: UserPool,
    /// Counts wrong passwords.
    pub lockout: Lockout,
    /// Gets tokens for whom the house has recognised itself.
    pub grants: Grants,
    /// Where sessions are.
    pub sessions: Sessions,
    /// Asks for second factors.
    pub second_factors: SecondFactors<'a>,
    /// Knows with what addresses were registered.
    pub pending: PendingRegistrations,
    /// Where profiles are.
    pub profiles: Profiles,
    /// Reads access tokens.
    pub verifier: &'a TokenVerifier,
    /// How the sessions are kept that begin here.
    pub mode: SessionMode,
    /// The trail of this request.
    pub trail: SignInAudit,
    /// The clock.
    pub clock: Clock,
}

impl SignIn<'_> {
    /// Signs somebody in by their password.
    ///
    /// # Errors
    /// 401 `invalid_credentials`; 423 `account_locked`, whether the account exists or not; 403 `email_unconfirmed` where the
    /// address was registered with the password and not confirmed since; 403 `password_reset_required` where the password
    /// was right; Cognito or DynamoDB does not answer.
    pub async fn sign_in(&self, who: &Identifier, password: &PasswordClaim) -> Result<SignInOutcome> {
        let outcome = self.by_password(who, password).await;
        self.trail.noting(outcome, who.as_str()).await
    }

    async fn by_password(&self, who: &Identifier, password: &PasswordClaim) -> Result<SignInOutcome> {
        let tried = self.lockout.reserve(Guess::Password, who).await?;
        let started_at = self.clock.now();
        let (tried, answer) = self.lockout.answered(tried, self.pool.authenticate(who, password).await).await?;
        match answer {
            Authentication::Tokens(tokens) => {
                let caller = self.verifier.verify(&tokens.access, self.clock.now()).await?;
                let wrong = self.lockout.wrong_passwords(&caller.user);
                let (wrong, known) = try_join(wrong, self.known(&caller.user)).await?;
                if wrong.is_locked() {
                    // It was tried with something else of the account, too often.
                    let failed = self.lockout.failed_password(tried, who, Some(&caller.user));
                    try_join(failed, self.pool.revoke(&tokens.refresh)).await?;
                    return Err(invalid_credentials());
                }
                let outcome = self.admit(caller.clone(), tokens, known, started_at).await;
                match &outcome {
                    // Anybody can register an address: such a password forgives nothing.
                    Err(refusal) if refusal.is_refusal() => self.lockout.not_counted(tried).await?,
                    // Whatever else comes of it, the password was right.
                    _ => self.lockout.right_password(tried, &caller.user, &wrong).await?,
                }
                outcome
            }
            Authentication::Refused => {
                let user = self.pool.find(who.as_str());
                let (user, is_claimed) = try_join(user, self.pending.was_registered_with(who, password)).await?;
                if let Some(user) = user.as_ref().filter(|_| is_claimed) {
                    // The address has an account, and somebody has registered it again with this password. They are told
                    // what they would be told if it had none.
                    self.known(&user.id).await?;
                    self.lockout.not_counted(tried).await?;
                    return Err(unconfirmed());
                }
                self.lockout.failed_password(tried, who, user.as_ref().map(|user| &user.id)).await?;
                Err(invalid_credentials())
            }
            Authentication::Temporary => {
                self.lockout.succeeded(tried).await?;
                // What was mailed to them opens the door once. From here on they have a password that nobody knows, until
                // they set their own by a code.
                self.pool.set_unknown_password(who.as_str()).await?;
                Err(reset_required())
            }
            Authentication::ResetRequired => {
                self.lockout.succeeded(tried).await?;
                Err(reset_required())
            }
        }
    }

    async fn open(
        &self,
        caller: Caller,
        tokens: &PoolTokens,
        started_at: Timestamp,
        full_name: Option<FullName>,
    ) -> Result<SignInOutcome> {
        let mode = self.mode;
        let origin = &self.trail.origin;
        let device = Device::of(&caller.user, origin.agent.as_deref(), origin.source_ip.as_deref());
        let opening = Opening { cognito: &tokens.refresh, started_at, mode, device: &device };
        let Opened { token, new_device } = self.sessions.open(&caller, opening, self.trail.opened(&caller)?).await?;
        let (access_token, refresh_token) = (tokens.access.clone(), token);
        let signed_in = SignedIn { caller, access_token, refresh_token, mode, full_name, new_device };
        Ok(SignInOutcome::SignedIn(Box::new(signed_in)))
    }

    /// Goes on with a sign-in that waited for a second factor.
    ///
    /// # Errors
    /// 400 `invalid_code`; 401 `invalid_challenge_session`; 409 `mfa_not_enrolled`; 423 `account_locked`; Cognito or
    /// DynamoDB does not answer.
    pub async fn answer_challenge(&self, session: &str, code: &SecondFactorCode) -> Result<SignInOutcome> {
        let challenge = self.waiting(session).await?;
        let answered = self.second_factors.answer(&challenge, code).await;
        self.trail.noting_as(answered, &challenge.user).await?;
        let caller = self.verifier.verify(&challenge.tokens.access, self.clock.now());
        let (caller, profile) = try_join(caller, self.profiles.find(&challenge.user)).await?;
        let full_name = profile.and_then(|profile| profile.full_name);
        self.open(caller, &challenge.tokens, challenge.started_at, full_name).await
    }

    /// The sign-in that waits for a second factor, unless all sessions of its person have ended meanwhile: who set a new
    /// password must not meet the authenticator of who knew the old one.
    async fn waiting(&self, session: &str) -> Result<Challenge> {
        let challenge = self.second_factors.challenges.find(session).await?;
        match self.sessions.have_ended_since(&challenge.user, challenge.started_at).await? {
            true => Err(invalid_challenge_session()),
            false => Ok(challenge),
        }
    }

    /// Who enrols an authenticator: the caller, or who cannot become one before they have.
    ///
    /// # Errors
    /// 401 with neither a caller nor a challenge session that asks for it; DynamoDB does not answer.
    pub async fn enrolling(&self, caller: Option<&Caller>, challenge_session: Option<&str>) -> Result<UserId> {
        match (challenge_session, caller) {
            (Some(session), _) => {
                let (_, session) = SessionMode::of_challenge(session);
                let challenge = self.waiting(session).await?;
                match challenge.demand {
                    Demand::MfaSetup => Ok(challenge.user),
                    // Who has an authenticator must show it before they may do anything.
                    Demand::SoftwareTokenMfa => Err(unauthenticated()),
                }
            }
            (None, Some(caller)) => Ok(caller.user.clone()),
            (None, None) => Err(unauthenticated()),
        }
    }

    /// Signs in who has proved that `who` is theirs by a code.
    ///
    /// # Errors
    /// 400 `invalid_code` where there is no such account any more; 401 `sign_in_refused`; Cognito or DynamoDB does not
    /// answer.
    pub async fn by_code(&self, who: &Identifier) -> Result<SignInOutcome> {
        let started_at = self.clock.now();
        let user = self.pool.find(who.as_str()).await?.ok_or_else(invalid_code)?;
        let tokens = self.grants.tokens_for(&user.id).await?;
        self.established(tokens, started_at).await
    }

    /// Opens the session of a sign-in that began at `started_at`, by whatever means, or asks for a second factor first: the
    /// one place where sessions begin.
    ///
    /// # Errors
    /// 403 `email_unconfirmed` for who has not proved their address; Cognito or DynamoDB does not answer.
    pub async fn established(&self, tokens: PoolTokens, started_at: Timestamp) -> Result<SignInOutcome> {
        let caller = self.verifier.verify(&tokens.access, self.clock.now()).await?;
        let known = self.known(&caller.user).await?;
        self.admit(caller, tokens, known, started_at).await
    }

    async fn known(&self, user: &UserId) -> Result<Known> {
        let has_second_factor = self.second_factors.is_active(user);
        let (profile, has_second_factor) = try_join(self.profiles.find(user), has_second_factor).await?;
        let is_whole = profile.is_some();
        Ok(Known { is_whole, full_name: profile.and_then(|profile| profile.full_name), has_second_factor })
    }

    async fn admit(
        &self,
        caller: Caller,
        tokens: PoolTokens,
        known: Known,
        started_at: Timestamp,
    ) -> Result<SignInOutcome> {
        let (caller, tokens, full_name) = match known.is_whole {
            true => (caller, tokens, known.full_name),
            false => self.complete(caller, tokens).await?,
        };
        match self.second_factors.demand(&caller, known.has_second_factor) {
            Some(demand) => {
                let challenges = &self.second_factors.challenges;
                let challenge_session = challenges.begin(&caller.user, demand, &tokens, started_at).await?;
                let challenge_session = self.mode.mark(challenge_session);
                Ok(SignInOutcome::Challenged { demand, challenge_session })
            }
            None => self.open(caller, &tokens, started_at, full_name).await,
        }
    }

    /// Ends a registration that was killed before its end: a person without a profile gets one, and the role of a customer
    /// if they have none. Who has not proved their address gets neither, and no session.
    async fn complete(&self, caller: Caller, tokens: PoolTokens) -> Result<(Caller, PoolTokens, Option<FullName>)> {
        let user = self.pool.find(caller.user.as_str()).await?;
        let user = user.ok_or_else(|| Error::unavailable("the account has gone while it signed in"))?;
        if !user.confirmed {
            self.pool.revoke(&tokens.refresh).await?;
            return Err(unconfirmed());
        }
        let has_role = !caller.roles.is_empty();
        if !has_role {
            self.pool.add_role(&caller.user, Role::Customer).await?;
        }
        let trail = self.trail.registered(&caller.user)?;
        let full_name = user.full_name.clone();
        self.profiles.create(caller.user.clone(), user.contacts(), user.full_name, trail).await?;
        if has_role {
            return Ok((caller, tokens, full_name));
        }
        // The role is in the next token.
        let access = self.pool.refresh(&tokens.refresh).await?;
        let access = access.ok_or_else(|| Error::unavailable("the account has changed while it signed in"))?;
        let caller = self.verifier.verify(&access, self.clock.now()).await?;
        Ok((caller, PoolTokens { access, ..tokens }, full_name))
    }

    /// Hands out a new access token, and a new refresh token in place of `token`; the same one again to who comes with
    /// `token` once more within its grace.
    ///
    /// Cognito is asked first and the session moved on after that, so that a failure leaves `token` good, and nothing is
    /// handed out that was not paid for with it. Who must have a second factor by now and has none signs in again.
    ///
    /// `way` is how the token came. A session is kept one way from its beginning to its end: a token that comes another way
    /// has left the place where nobody else could read it.
    ///
    /// # Errors
    /// 401 `invalid_refresh_token`, and for one that was used before and is out of its grace, or came another way, the whole
    /// session ends; Cognito or DynamoDB does not answer.
    pub async fn refresh(&self, token: &RefreshToken, way: SessionMode) -> Result<SignedIn> {
        let (session, cognito, successor) = match self.sessions.find(token).await? {
            Presented::Current(session, cognito) => (session, cognito, None),
            Presented::Again(session, successor, cognito) => (session, cognito, Some(successor)),
            Presented::Spent(session) => return self.stolen(&session, "was used twice").await,
            Presented::Unknown => return Err(invalid_refresh_token()),
        };
        if !session.is_kept(way) {
            return self.stolen(&session, "came another way than its session is kept").await;
        }
        let ended = self.sessions.has_ended(&session);
        let second_factor = self.second_factor_of(&session);
        let profile = self.profiles.find(&session.user);
        let asked = try_join4(self.pool.refresh(&cognito), ended, second_factor, profile).await?;
        let (Some(access_token), false, second_factor, profile) = asked else { return self.over(&session).await };
        let caller = self.verifier.verify(&access_token, self.clock.now()).await?;
        if self.lacks_second_factor(&caller, second_factor).await? {
            self.sessions.end(&session).await?;
            return self.trail.noting_as(Err(invalid_refresh_token()), &session.user).await;
        }
        let rotated = match successor {
            Some(successor) => self.sessions.repeat(&session, successor).await?,
            None => self.move_on(&session, token, &cognito).await?,
        };
        match rotated {
            Rotated::Next(refresh_token) => {
                let full_name = profile.and_then(|profile| profile.full_name);
                Ok(SignedIn { caller, access_token, refresh_token, mode: way, full_name, new_device: None })
            }
            Rotated::Spent => self.stolen(&session, "was used twice").await,
            Rotated::Ended => self.over(&session).await,
        }
    }

    /// Moves a session on from `token`, or finds what another request with the same token has moved it on to just now.
    async fn move_on(&self, session: &Session, token: &RefreshToken, cognito: &str) -> Result<Rotated> {
        match self.sessions.rotate(session, token, cognito).await? {
            Rotated::Spent => match self.sessions.find(token).await? {
                Presented::Again(session, successor, _) => self.sessions.repeat(&session, successor).await,
                Presented::Unknown => Ok(Rotated::Ended),
                Presented::Current(..) | Presented::Spent(_) => Ok(Rotated::Spent),
            },
            rotated => Ok(rotated),
        }
    }

    /// Whether there is a second factor, where the session is of somebody who may have to have one: looked up before it is
    /// known what they are by now.
    async fn second_factor_of(&self, session: &Session) -> Result<Option<bool>> {
        if !(self.second_factors.staff_must && session.privileged) {
            return Ok(None);
        }
        self.second_factors.is_active(&session.user).await.map(Some)
    }

    /// Whether `caller` must have a second factor and has none, as far as that is `known` already.
    async fn lacks_second_factor(&self, caller: &Caller, known: Option<bool>) -> Result<bool> {
        if !self.second_factors.must_have(caller) {
            return Ok(false);
        }
        match known {
            Some(has) => Ok(!has),
            // Their session began before they had the role.
            None => self.second_factors.is_active(&caller.user).await.map(|has| !has),
        }
    }

    /// A session is over, and so is what is left of it.
    async fn over(&self, session: &Session) -> Result<SignedIn> {
        self.sessions.end(session).await?;
        Err(invalid_refresh_token())
    }

    /// A token was used by somebody who should not have it, and nobody can tell which of the two that is.
    async fn stolen(&self, session: &Session, sign: &'static str) -> Result<SignedIn> {
        tracing::warn!(
            session.id = session.id,
            session.sign = sign,
            "a refresh token is stolen; its session has ended"
        );
        self.sessions.end(session).await?;
        self.trail.noting_as(Err(invalid_refresh_token()), &session.user).await
    }

    /// Ends the session of a refresh token, of the caller, or all of the caller's.
    ///
    /// # Errors
    /// 401 with neither a refresh token nor a caller, or everywhere without a caller; Cognito or DynamoDB does not
    /// answer.
    pub async fn sign_out(&self, what: SignOut, caller: Option<&Caller>) -> Result<()> {
        if what.everywhere {
            let caller = caller.ok_or_else(unauthenticated)?;
            self.trail.ending(&caller.user).await?;
            self.sessions.end_all(&caller.user, None).await?;
            return self.pool.sign_out_everywhere(&caller.user).await;
        }
        match (&what.refresh_token, caller) {
            (None, None) => return Err(unauthenticated()),
            (Some(token), _) => self.sign_out_of(token).await?,
            (None, Some(caller)) => self.trail.ending(&caller.user).await?,
        }
        match caller {
            Some(caller) => self.sessions.end_of(caller).await,
            None => Ok(()),
        }
    }

    async fn sign_out_of(&self, token: &str) -> Result<()> {
        let Some(token) = RefreshToken::parse(token) else { return Ok(()) };
        match self.sessions.find(&token).await? {
            Presented::Current(session, cognito) | Presented::Again(session, _, cognito) => {
                self.trail.ending(&session.user).await?;
                self.pool.revoke(&cognito).await?;
                self.sessions.end(&session).await
            }
            Presented::Spent(session) => {
                self.trail.ending(&session.user).await?;
                self.sessions.end(&session).await
            }
            Presented::Unknown => Ok(()),
        }
    }
}

fn invalid_credentials() -> Error {
    let detail = wording::identity::invalid_credentials();
    Error::new(Kind::Unauthenticated, "invalid_credentials", detail)
}

fn unauthenticated() -> Error {
    Error::new(Kind::Unauthenticated, "unauthenticated", wording::identity::token_or_refresh_token())
}

fn unconfirmed() -> Error {
    let detail = wording::identity::email_unconfirmed();
    Error::new(Kind::Forbidden, "email_unconfirmed", detail)
}

fn reset_required() -> Error {
    let detail = wording::identity::password_reset_required();
    Error::new(Kind::Forbidden, "password_reset_required", detail)
}
