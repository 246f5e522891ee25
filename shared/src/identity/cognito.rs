//! The Cognito user pool: the only place that talks to it. It keeps the passwords, sends the codes and signs the tokens.

use aws_sdk_cognitoidentityprovider::Client;
use aws_sdk_cognitoidentityprovider::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_cognitoidentityprovider::types::{AttributeType, AuthFlowType, ChallengeNameType, UserStatusType};

use super::code::{Code, CodeCheck};
use super::identifier::Identifier;
use super::password::{Password, PasswordClaim};
use super::role::Role;
use crate::accounts::{Contacts, Email, FullName, Phone};
use crate::platform::dynamo;
use crate::platform::error::{Error, Result};
use crate::platform::fields::Invalid;
use crate::platform::ids::UserId;

/// The user pool, through the one client of it.
#[derive(Clone, Debug)]
pub struct UserPool {
    pub(super) client: Client,
    pub(super) pool: String,
    pub(super) app: String,
}

/// A user as the pool has them.
#[derive(Clone, Debug)]
pub struct PoolUser {
    /// Their `sub`.
    pub id: UserId,
    /// What they sign in with.
    pub email: Option<Email>,
    /// The same, where it is a telephone.
    pub phone: Option<Phone>,
    /// What they gave as their name when they registered.
    pub full_name: Option<FullName>,
    /// Whether they have proved that the address is theirs, or somebody of the house has made them.
    pub confirmed: bool,
    /// Whether they may sign in.
    pub enabled: bool,
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

    /// What they sign in with: the address, or else the number. A stand-in for an address is none.
    pub fn identifier(&self) -> Option<Identifier> {
        let email =
            self.email.clone().filter(|email| !email.as_str().ends_with(STAND_IN_DOMAIN)).map(Identifier::Email);
        email.or_else(|| self.phone.clone().map(Identifier::Phone))
    }
}

/// The pool names everybody by an address or a number. Who has neither gets a name at this domain, which can be nobody's
/// (RFC 2606).
pub const STAND_IN_DOMAIN: &str = "social.invalid";

/// What came of signing somebody up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignUp {
    /// They are in the pool, not confirmed, and a code is on its way.
    Created(UserId),
    /// The address is in the pool already.
    Taken,
}

/// What came of a password.
#[derive(Clone, Debug)]
pub enum Authentication {
    /// It was right.
    Tokens(PoolTokens),
    /// It was wrong, or there is no such user, or they may not sign in.
    Refused,
    /// The address is not confirmed. Cognito says so before it looks at the password.
    Unconfirmed,
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

    /// Signs somebody up and sends them a code.
    ///
    /// # Errors
    /// 400 where the pool's own rules refuse the address or the password; Cognito does not answer.
    pub async fn sign_up(&self, email: &Email, password: &Password, full_name: &FullName) -> Result<SignUp> {
        let attribute =
            |name: &str, value: &str| AttributeType::builder().name(name).value(value).build().map_err(Error::internal);
        let call = self
            .client
            .sign_up()
            .client_id(&self.app)
            .username(email.as_str())
            .password(password.expose())
            .user_attributes(attribute("email", email.as_str())?)
            .user_attributes(attribute("name", full_name.as_str())?);
        match call.send().await {
            Ok(answer) => UserId::parse(answer.user_sub()).map(SignUp::Created).map_err(Error::internal),
            Err(error) => match error.code() {
                Some("UsernameExistsException" | "AliasExistsException") => Ok(SignUp::Taken),
                Some("InvalidPasswordException") => Err(weak("password")),
                Some("InvalidParameterException") => {
                    Err(vec![Invalid::new("invalid_email", "no mail can be sent to this address").at("email")].into())
                }
                _ => Err(failure(error)),
            },
        }
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
        let attribute =
            |name: &str| answer.user_attributes().iter().find(|one| one.name() == name).and_then(AttributeType::value);
        Ok(Some(PoolUser {
            id: UserId::parse(attribute("sub").unwrap_or_default()).map_err(Error::internal)?,
            email: attribute("email").and_then(|text| Email::parse(text).ok()),
            phone: attribute("phone_number").and_then(|text| Phone::parse(text).ok()),
            full_name: attribute("name").and_then(|text| FullName::parse(text).ok()),
            confirmed: answer.user_status() != Some(&UserStatusType::Unconfirmed),
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

    /// Confirms an address by the code that was sent to it.
    ///
    /// # Errors
    /// Cognito does not answer.
    pub async fn confirm_sign_up(&self, email: &Email, code: &Code) -> Result<CodeCheck> {
        let call = self.client.confirm_sign_up().client_id(&self.app).username(email.as_str());
        match call.confirmation_code(code.as_str()).send().await {
            Ok(_) => Ok(CodeCheck::Right),
            Err(error) => checked(error),
        }
    }

    /// Sends the code of a registration again, if there is one to confirm.
    ///
    /// # Errors
    /// Cognito does not answer.
    pub async fn resend_code(&self, email: &Email) -> Result<()> {
        quietly(self.client.resend_confirmation_code().client_id(&self.app).username(email.as_str()).send().await)
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
                    Some("NotAuthorizedException" | "UserNotFoundException" | "InvalidParameterException") => {
                        Ok(Authentication::Refused)
                    }
                    Some("UserNotConfirmedException") => Ok(Authentication::Unconfirmed),
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

    /// Sends a code that resets the password, if there is a confirmed user to send it to.
    ///
    /// # Errors
    /// Cognito does not answer.
    pub async fn forgot_password(&self, email: &Email) -> Result<()> {
        quietly(self.client.forgot_password().client_id(&self.app).username(email.as_str()).send().await)
    }

    /// Sets a password by the code that was sent for it.
    ///
    /// # Errors
    /// 400 where the pool's own rules refuse the password; Cognito does not answer.
    pub async fn reset_password(&self, email: &Email, code: &Code, password: &Password) -> Result<CodeCheck> {
        let call = self
            .client
            .confirm_forgot_password()
            .client_id(&self.app)
            .username(email.as_str())
            .confirmation_code(code.as_str())
            .password(password.expose());
        match call.send().await {
            Ok(_) => Ok(CodeCheck::Right),
            Err(error) if error.code() == Some("InvalidPasswordException") => Err(weak("new_password")),
            Err(error) => checked(error),
        }
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

    /// Sets a password without asking for the one before, for users whom somebody of the house has made.
    ///
    /// # Errors
    /// Cognito does not answer.
    pub async fn set_password(&self, username: &str, password: &str) -> Result<()> {
        let call = self.client.admin_set_user_password().user_pool_id(&self.pool).username(username);
        call.password(password).permanent(true).send().await.map_err(failure)?;
        Ok(())
    }
}

fn weak(field: &str) -> Error {
    vec![Invalid::new("weak_password", "this password is not strong enough").at(field)].into()
}

/// What an error says of a code. Too many tries count as a wrong one, since only real users can have too many.
fn checked<E, R>(error: SdkError<E, R>) -> Result<CodeCheck>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    match error.code() {
        Some("ExpiredCodeException") => Ok(CodeCheck::Expired),
        Some(
            "CodeMismatchException"
            | "NotAuthorizedException"
            | "UserNotFoundException"
            | "UserNotConfirmedException"
            | "InvalidParameterException"
            | "LimitExceededException"
            | "TooManyFailedAttemptsException",
        ) => Ok(CodeCheck::Wrong),
        _ => Err(failure(error)),
    }
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

pub(super) fn failure<E, R>(error: SdkError<E, R>) -> Error
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
