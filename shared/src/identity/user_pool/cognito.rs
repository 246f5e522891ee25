//! The Cognito user pool: the only place that talks to it. It keeps the passwords and signs the tokens; all codes are ours.

use aws_sdk_cognitoidentityprovider::Client;
use aws_sdk_cognitoidentityprovider::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_cognitoidentityprovider::types::{AttributeType, AuthFlowType, ChallengeNameType, UserStatusType};

use crate::accounts::{Contacts, Email, FullName, Phone};
use crate::identity::identifier::Identifier;
use crate::identity::role::Role;
use crate::identity::sign_in::password::{Password, PasswordClaim};
use crate::identity::user_pool::registration_mark::{REGISTRATION, RegistrationMark};
use crate::notifications::Message;
use crate::platform::crypto;
use crate::platform::dynamo;
use crate::platform::error::{Error, Result};
use crate::platform::fields::Invalid;
use crate::platform::ids::UserId;
use crate::platform::wording;

/// The user pool, through the one client of it.
#[derive(Clone, Debug)]
pub struct UserPool {
    pub(in crate::identity) client: Client,
    pub(in crate::identity) pool: String,
    pub(in crate::identity) app: String,
}

/// A user as the pool has them.
#[derive(Clone, Debug)]
pub struct PoolUser {
    /// Their `sub`.
    pub id: UserId,
    /// What they sign in with. A stand-in for an address is none.
    pub email: Option<Email>,
    /// The same, where it is a telephone.
    pub phone: Option<Phone>,
    /// What they gave as their name when they registered.
    pub full_name: Option<FullName>,
    /// Whether they have proved that the address is theirs, or somebody of the house has made them.
    pub confirmed: bool,
    /// How far their registration has come; of who was made by the house, nothing.
    pub registration: Option<RegistrationMark>,
    /// Whether they may sign in.
    pub enabled: bool,
}

impl PoolUser {
    /// What the owner of the account is told who asked for something that only who has none may do. An account that is
    /// closed is neither signed in to nor registered anew, so nobody is sent from the one to the other.
    pub fn owner_message(&self) -> Message {
        if self.enabled { Message::AlreadyRegistered } else { Message::AccountClosed }
    }
}

impl PoolUser {
    /// How they are reached.
    pub fn contacts(&self) -> Contacts {
        Contacts { email: self.email.clone(), phone: self.phone.clone() }
    }

    /// All that they can sign in with.
    pub fn identifiers(&self) -> Vec<Identifier> {
        let email = self.email.clone().map(Identifier::Email);
        email.into_iter().chain(self.phone.clone().map(Identifier::Phone)).collect()
    }

    /// What they sign in with: the address, or else the number.
    pub fn identifier(&self) -> Option<Identifier> {
        self.identifiers().into_iter().next()
    }
}

/// The pool names everybody by an address or a number. Who has neither gets a name at this domain, which can be nobody's
/// (RFC 2606). It is no address: nobody is shown it, and nothing is sent there.
pub const STAND_IN_DOMAIN: &str = "social.invalid";

/// What came of a password.
#[derive(Clone, Debug)]
pub enum Authentication {
    /// It was right.
    Tokens(PoolTokens),
    /// It was wrong, or there is no such user, or they may not sign in.
    Refused,
    /// It was right, and was given by somebody of the house for the first time only.
    Temporary,
    /// It was right, and a new one must be set by a code.
    ResetRequired,
}

/// What Cognito hands out.
#[derive(Clone)]
pub struct PoolTokens {
    /// Good for fifteen minutes.
    pub access: String,
    /// Good for thirty days, as often as one likes.
    pub refresh: String,
}

impl std::fmt::Debug for PoolTokens {
    /// Hidden.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PoolTokens(…)")
    }
}

impl UserPool {
    /// The pool `pool`, by its client `app`.
    pub fn new(client: Client, pool: impl Into<String>, app: impl Into<String>) -> Self {
        Self { client, pool: pool.into(), app: app.into() }
    }

    /// Gives a user a role.
    ///
    /// # Errors
    /// Cognito does not answer.
    pub async fn add_role(&self, user: &UserId, role: Role) -> Result<()> {
        let call = self.client.admin_add_user_to_group().user_pool_id(&self.pool).username(user.as_str());
        call.group_name(role.group()).send().await.map_err(failure)?;
        Ok(())
    }

    /// The user with this address or `sub`.
    ///
    /// # Errors
    /// Cognito does not answer.
    pub async fn find(&self, username: &str) -> Result<Option<PoolUser>> {
        let answer = match self.client.admin_get_user().user_pool_id(&self.pool).username(username).send().await {
            Ok(answer) => answer,
            Err(error) if error.code() == Some("UserNotFoundException") => return Ok(None),
            Err(error) => return Err(failure(error)),
        };
        let attributes = answer.user_attributes();
        Ok(Some(PoolUser {
            id: UserId::parse(value(attributes, "sub").unwrap_or_default()).map_err(Error::internal)?,
            email: email_of(attributes),
            phone: value(attributes, "phone_number").and_then(|text| Phone::parse(text).ok()),
            full_name: value(attributes, "name").and_then(|text| FullName::parse(text).ok()),
            confirmed: is_confirmed(attributes, answer.user_status()),
            registration: registration_of(attributes),
            enabled: answer.enabled(),
        }))
    }

    /// Deletes a user; one who is not there is already deleted.
    ///
    /// # Errors
    /// Cognito does not answer.
    pub async fn delete(&self, user: &UserId) -> Result<()> {
        match self.client.admin_delete_user().user_pool_id(&self.pool).username(user.as_str()).send().await {
            Err(error) if error.code() != Some("UserNotFoundException") => Err(failure(error)),
            _ => Ok(()),
        }
    }

    /// Lets a user sign in no more; one who is not there cannot anyway.
    ///
    /// # Errors
    /// Cognito does not answer.
    pub async fn disable(&self, user: &UserId) -> Result<()> {
        match self.client.admin_disable_user().user_pool_id(&self.pool).username(user.as_str()).send().await {
            Err(error) if error.code() != Some("UserNotFoundException") => Err(failure(error)),
            _ => Ok(()),
        }
    }

    /// Asks for tokens by a password.
    ///
    /// # Errors
    /// Cognito does not answer.
    pub async fn authenticate(&self, who: &Identifier, password: &PasswordClaim) -> Result<Authentication> {
        let call = self
            .client
            .admin_initiate_auth()
            .user_pool_id(&self.pool)
            .client_id(&self.app)
            .auth_flow(AuthFlowType::AdminUserPasswordAuth)
            .auth_parameters("USERNAME", who.as_str())
            .auth_parameters("PASSWORD", password.expose());
        let answer = match call.send().await {
            Ok(answer) => answer,
            Err(error) => {
                return match error.code() {
                    Some(
                        "NotAuthorizedException"
                        | "UserNotFoundException"
                        | "UserNotConfirmedException"
                        | "InvalidParameterException",
                    ) => Ok(Authentication::Refused),
                    Some("PasswordResetRequiredException") => Ok(Authentication::ResetRequired),
                    _ => Err(failure(error)),
                };
            }
        };
        if answer.challenge_name() == Some(&ChallengeNameType::NewPasswordRequired) {
            return Ok(Authentication::Temporary);
        }
        let tokens =
            answer.authentication_result.ok_or_else(|| Error::internal("Cognito asks for an unknown challenge"))?;
        match (tokens.access_token, tokens.refresh_token) {
            (Some(access), Some(refresh)) => Ok(Authentication::Tokens(PoolTokens { access, refresh })),
            _ => Err(Error::internal("Cognito signed in without tokens")),
        }
    }

    /// A new access token for one of Cognito's refresh tokens; nothing where that is good no more.
    ///
    /// # Errors
    /// Cognito does not answer.
    pub async fn refresh(&self, refresh: &str) -> Result<Option<String>> {
        let call = self
            .client
            .admin_initiate_auth()
            .user_pool_id(&self.pool)
            .client_id(&self.app)
            .auth_flow(AuthFlowType::RefreshTokenAuth)
            .auth_parameters("REFRESH_TOKEN", refresh);
        match call.send().await {
            Ok(answer) => Ok(answer.authentication_result.and_then(|tokens| tokens.access_token)),
            Err(error) => match error.code() {
                Some("NotAuthorizedException" | "UserNotFoundException" | "PasswordResetRequiredException") => Ok(None),
                _ => Err(failure(error)),
            },
        }
    }

    /// Makes one of Cognito's refresh tokens, and the access tokens that came of it, worthless.
    ///
    /// # Errors
    /// Cognito does not answer.
    pub async fn revoke(&self, refresh: &str) -> Result<()> {
        quietly(self.client.revoke_token().client_id(&self.app).token(refresh).send().await)
    }

    /// Makes all of Cognito's refresh tokens of a user worthless.
    ///
    /// # Errors
    /// Cognito does not answer.
    pub async fn sign_out_everywhere(&self, user: &UserId) -> Result<()> {
        let call = self.client.admin_user_global_sign_out().user_pool_id(&self.pool).username(user.as_str());
        quietly(call.send().await)
    }

    /// Sets a password in place of `current`, for the bearer of an access token. Whether `current` was right.
    ///
    /// # Errors
    /// 400 where the pool's own rules refuse the password; Cognito does not answer.
    pub async fn change_password(&self, access: &str, current: &PasswordClaim, password: &Password) -> Result<bool> {
        let call = self
            .client
            .change_password()
            .access_token(access)
            .previous_password(current.expose())
            .proposed_password(password.expose());
        match call.send().await {
            Ok(_) => Ok(true),
            Err(error) => match error.code() {
                Some("NotAuthorizedException" | "InvalidParameterException") => Ok(false),
                Some("InvalidPasswordException") => Err(weak("new_password")),
                _ => Err(failure(error)),
            },
        }
    }

    /// Sets a password without asking for the one before; `field` is what the body calls it.
    ///
    /// # Errors
    /// 400 where the pool's own rules refuse the password; Cognito does not answer.
    pub async fn set_password(&self, user: &UserId, password: &Password, field: &str) -> Result<()> {
        let there = self.set_password_of(user.as_str(), password, field).await?;
        if there { Ok(()) } else { Err(Error::internal("a user is gone whose password was to be set")) }
    }

    /// The same for whom `username` names. Whether there is somebody of that name.
    ///
    /// # Errors
    /// As [`Self::set_password`].
    pub(in crate::identity) async fn set_password_of(
        &self,
        username: &str,
        password: &Password,
        field: &str,
    ) -> Result<bool> {
        let call = self.client.admin_set_user_password().user_pool_id(&self.pool).username(username);
        match call.password(password.expose()).permanent(true).send().await {
            Ok(_) => Ok(true),
            Err(error) if error.code() == Some("UserNotFoundException") => Ok(false),
            Err(error) if error.code() == Some("InvalidPasswordException") => Err(weak(field)),
            Err(error) => Err(failure(error)),
        }
    }

    /// Gives a user a password that nobody knows.
    ///
    /// # Errors
    /// Cognito does not answer.
    pub(in crate::identity) async fn set_unknown_password(&self, username: &str) -> Result<()> {
        let call = self.client.admin_set_user_password().user_pool_id(&self.pool).username(username);
        call.password(crypto::random_token::<32>()).permanent(true).send().await.map_err(failure)?;
        Ok(())
    }
}

/// What a user has for an attribute.
pub(in crate::identity) fn value<'a>(attributes: &'a [AttributeType], name: &str) -> Option<&'a str> {
    attributes.iter().find(|one| one.name() == name).and_then(AttributeType::value)
}

/// The address of a user, if they have one.
pub(in crate::identity) fn email_of(attributes: &[AttributeType]) -> Option<Email> {
    let is_stand_in = |email: &Email| email.as_str().split_once('@').is_some_and(|(_, at)| at == STAND_IN_DOMAIN);
    value(attributes, "email").and_then(|text| Email::parse(text).ok()).filter(|email| !is_stand_in(email))
}

fn registration_of(attributes: &[AttributeType]) -> Option<RegistrationMark> {
    value(attributes, REGISTRATION).map(RegistrationMark::parse)
}

/// Whether a user has proved that the address is theirs, or was made by somebody of the house.
pub(in crate::identity) fn is_confirmed(attributes: &[AttributeType], status: Option<&UserStatusType>) -> bool {
    let proven = registration_of(attributes).is_none_or(|mark| mark == RegistrationMark::Proven);
    status != Some(&UserStatusType::Unconfirmed) && proven
}

fn weak(field: &str) -> Error {
    vec![Invalid::new("weak_password", wording::identity::weak_password()).at(field)].into()
}

/// Swallows what would tell whether a user exists, and what is done already.
fn quietly<T, E, R>(sent: Result<T, SdkError<E, R>>) -> Result<()>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    match sent {
        Ok(_) => Ok(()),
        Err(error) => match error.code() {
            Some(
                "UserNotFoundException"
                | "InvalidParameterException"
                | "NotAuthorizedException"
                | "LimitExceededException"
                | "UnauthorizedException"
                | "UnsupportedTokenTypeException",
            ) => Ok(()),
            _ => Err(failure(error)),
        },
    }
}

pub(in crate::identity) fn failure<E, R>(error: SdkError<E, R>) -> Error
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    match error.code() {
        Some("TooManyRequestsException" | "InternalErrorException" | "CodeDeliveryFailureException") => {
            Error::unavailable(error)
        }
        _ => dynamo::failure(error),
    }
}
