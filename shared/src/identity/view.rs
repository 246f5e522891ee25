//! What is answered to who registers and signs in.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::codes::one_time_code::{GOOD_FOR, RESEND_AFTER};
use super::identifier::Identifier;
use super::registering::registration_token::{self, RegistrationToken};
use super::role::Role;
use super::second_factor::{ChallengeView, Demand};
use super::sign_in::SignedIn;
use crate::accounts::{Email, FullName};
use crate::platform::ids::UserId;

/// How long an access token is good, in seconds; the pool's client is set to the same in `infra/identity.yaml`.
const ACCESS_TOKEN_SECONDS: u32 = 900;

/// How a client keeps its session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SessionMode {
    /// By the refresh token in the answer.
    #[default]
    Token,
    /// By a cookie that no script can read, and a token against forged requests.
    Cookie,
}

/// Ends the challenge session of a client that wants a cookie.
const COOKIE_MARK: &str = ".cookie";

impl SessionMode {
    /// A challenge session that remembers how the client keeps its session.
    pub fn mark(self, challenge_session: String) -> String {
        match self {
            Self::Token => challenge_session,
            Self::Cookie => challenge_session + COOKIE_MARK,
        }
    }

    /// What [`Self::mark`] put together.
    pub fn of_challenge(session: &str) -> (Self, &str) {
        session.strip_suffix(COOKIE_MARK).map_or((Self::Token, session), |session| (Self::Cookie, session))
    }
}

/// The login answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionView {
    /// Send it as `Authorization: Bearer …`.
    access_token: String,
    /// Always `Bearer`.
    #[schema(value_type = String, pattern = "^(Bearer)$")]
    token_type: &'static str,
    /// In seconds.
    expires_in: u32,
    /// Good once; each refresh answers the next. Absent in cookie sessions, whose cookie `__Host-refresh` holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String)]
    refresh_token: Option<String>,
    /// Of cookie sessions alone: send it as `X-CSRF-Token` whenever the cookie is to count.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String)]
    csrf_token: Option<String>,
    user: SignedInUser,
}

/// The login answer, or that a second factor is asked for.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum SignInView {
    /// Somebody is signed in.
    SignedIn(SessionView),
    /// One more thing is asked for.
    Challenged(ChallengeView),
}

impl SignInView {
    /// That `demand` is asked for, in answer to `challenge_session`.
    pub fn challenged(demand: Demand, challenge_session: String) -> Self {
        Self::Challenged(ChallengeView { challenge: demand, challenge_session })
    }
}

/// Who has signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignedInUser {
    #[schema(value_type = String)]
    id: UserId,
    roles: BTreeSet<Role>,
    /// Of their profile; `null` where they have not said it.
    #[schema(value_type = Option<String>, required)]
    full_name: Option<FullName>,
}

impl SessionView {
    /// For a client that keeps the refresh token itself.
    pub fn with_token(signed_in: SignedIn) -> Self {
        let refresh_token = Some(signed_in.refresh_token.expose());
        Self::new(signed_in, refresh_token, None)
    }

    /// For a client that keeps the refresh token in a cookie.
    pub fn with_cookie(signed_in: SignedIn, csrf_token: String) -> Self {
        Self::new(signed_in, None, Some(csrf_token))
    }

    fn new(signed_in: SignedIn, refresh_token: Option<String>, csrf_token: Option<String>) -> Self {
        Self {
            access_token: signed_in.access_token,
            token_type: "Bearer",
            expires_in: ACCESS_TOKEN_SECONDS,
            refresh_token,
            csrf_token,
            user: SignedInUser {
                id: signed_in.caller.user,
                roles: signed_in.caller.roles,
                full_name: signed_in.full_name,
            },
        }
    }
}

/// That a code is on its way, if there is anybody to get it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryView {
    delivery: Delivery,
}

/// Where a code goes.
#[derive(Debug, Serialize, ToSchema)]
pub struct Delivery {
    /// `email` or `sms`.
    #[schema(value_type = String, pattern = "^(email|sms)$")]
    channel: &'static str,
    /// The address or number that was given, masked: `a***@e***`, `+***78`.
    destination: String,
}

impl From<&Email> for DeliveryView {
    fn from(email: &Email) -> Self {
        Self { delivery: Delivery { channel: "email", destination: email.masked() } }
    }
}

impl From<&Identifier> for DeliveryView {
    fn from(who: &Identifier) -> Self {
        Self { delivery: who.into() }
    }
}

impl From<&Identifier> for Delivery {
    fn from(who: &Identifier) -> Self {
        Self { channel: who.channel(), destination: who.masked() }
    }
}

/// What a code is for.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OtpPurpose {
    /// Making an account.
    Register,
    /// Signing in to one.
    Login,
}

/// That a message is on its way; whether it holds a code, only its reader knows.
#[derive(Debug, Serialize, ToSchema)]
pub struct CodeSentView {
    delivery: Delivery,
    /// For how many seconds the code is good.
    expires_in: u64,
    /// After how many seconds the next one may be asked for.
    resend_after: u64,
}

impl From<&Identifier> for CodeSentView {
    fn from(who: &Identifier) -> Self {
        Self { delivery: who.into(), expires_in: GOOD_FOR.as_secs(), resend_after: RESEND_AFTER.as_secs() }
    }
}

/// What a proven address or number may be registered with.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegistrationTokenView {
    /// Good once, for `POST /v1/auth/register/complete`.
    registration_token: String,
    /// In seconds.
    expires_in: u64,
}

impl From<&RegistrationToken> for RegistrationTokenView {
    fn from(token: &RegistrationToken) -> Self {
        Self { registration_token: token.expose(), expires_in: registration_token::GOOD_FOR.as_secs() }
    }
}
