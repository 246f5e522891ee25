//! What the house does in the user pool on its own account, without the user's password.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_cognitoidentityprovider::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_cognitoidentityprovider::types::{
    AttributeType, AuthFlowType, ChallengeNameType, MessageActionType, UserType,
};

use crate::accounts::FullName;
use crate::identity::identifier::Identifier;
use crate::identity::sign_in::password::Password;
use crate::identity::user_pool::cognito::{PoolTokens, UserPool, failure, value};
use crate::identity::user_pool::registration_mark::{REGISTRATION, RegistrationMark};
use crate::platform::error::{Error, Result};
use crate::platform::fields::Invalid;
use crate::platform::ids::UserId;
use crate::platform::wording;

/// How long signing in by a grant may take, in which Cognito starts two functions.
const PATIENCE: Duration = Duration::from_secs(6);

/// The codes by which Cognito says that this user may not sign in.
const REFUSED: [&str; 4] =
    ["NotAuthorizedException", "UserNotFoundException", "UserNotConfirmedException", "PasswordResetRequiredException"];

/// The codes by which Cognito says that one of the functions it asks has failed.
const ASKED_IN_VAIN: [&str; 3] =
    ["UnexpectedLambdaException", "UserLambdaValidationException", "InvalidLambdaResponseException"];

impl UserPool {
    /// Tokens for a grant; nothing where the user is gone or may not sign in, or the grant is not good.
    ///
    /// # Errors
    /// Cognito, or one of the functions that it asks, does not answer.
    pub(in crate::identity) async fn authenticate_by_grant(
        &self,
        user: &UserId,
        grant: &str,
    ) -> Result<Option<PoolTokens>> {
        let call = self
            .client
            .admin_initiate_auth()
            .user_pool_id(&self.pool)
            .client_id(&self.app)
            .auth_flow(AuthFlowType::CustomAuth)
            .auth_parameters("USERNAME", user.as_str());
        let asked = match call.send().await {
            Ok(answer) => answer,
            Err(error) => return unanswered(error),
        };
        if asked.challenge_name() != Some(&ChallengeNameType::CustomChallenge) {
            return Err(Error::internal("Cognito does not ask for a grant"));
        }
        let call = self
            .client
            .admin_respond_to_auth_challenge()
            .user_pool_id(&self.pool)
            .client_id(&self.app)
            .challenge_name(ChallengeNameType::CustomChallenge)
            .set_session(asked.session)
            .challenge_responses("USERNAME", user.as_str())
            .challenge_responses("ANSWER", grant);
        // Cognito starts two functions for it, which may take their time, and takes a session once: a second try would be
        // refused whatever became of the first.
        let patiently = aws_sdk_cognitoidentityprovider::config::Config::builder()
            .retry_config(RetryConfig::disabled())
            .timeout_config(
                TimeoutConfig::builder().operation_attempt_timeout(PATIENCE).operation_timeout(PATIENCE).build(),
            );
        let answer = match call.customize().config_override(patiently).send().await {
            Ok(answer) => answer,
            Err(error) => return unanswered(error),
        };
        let tokens =
            answer.authentication_result.ok_or_else(|| Error::internal("Cognito asks for more than a grant"))?;
        match (tokens.access_token, tokens.refresh_token) {
            (Some(access), Some(refresh)) => Ok(Some(PoolTokens { access, refresh })),
            _ => Err(Error::internal("Cognito signed in without tokens")),
        }
    }
}

impl UserPool {
    /// Makes a user of a proven address or number, without a password yet. Nothing where it has one already.
    ///
    /// # Errors
    /// Cognito does not answer.
    pub(in crate::identity) async fn create(&self, who: &Identifier, full_name: &FullName) -> Result<Option<UserId>> {
        self.create_with(who, proven(who)?, full_name).await
    }

    /// Makes a user of an address that is still to be proven, without a password yet. Nothing where it has one already.
    ///
    /// # Errors
    /// 400 `invalid_email` for an address that the pool does not take; Cognito does not answer.
    pub(in crate::identity) async fn create_unproven(
        &self,
        who: &Identifier,
        full_name: &FullName,
        mark: &RegistrationMark,
    ) -> Result<Option<UserId>> {
        let attributes = vec![attribute(name_of(who), who.as_str())?, attribute(REGISTRATION, &mark.text())?];
        self.create_with(who, attributes, full_name).await
    }

    async fn create_with(
        &self,
        who: &Identifier,
        attributes: Vec<AttributeType>,
        full_name: &FullName,
    ) -> Result<Option<UserId>> {
        let call = self
            .client
            .admin_create_user()
            .user_pool_id(&self.pool)
            .username(who.as_str())
            .message_action(MessageActionType::Suppress)
            .set_user_attributes(Some(attributes))
            .user_attributes(attribute("name", full_name.as_str())?);
        let user = match call.send().await {
            Ok(answer) => answer.user.unwrap_or_else(|| UserType::builder().build()),
            Err(error) => {
                return match error.code() {
                    Some("UsernameExistsException" | "AliasExistsException") => Ok(None),
                    Some("InvalidParameterException") => Err(unknown_to_cognito(who)),
                    _ => Err(failure(error)),
                };
            }
        };
        let sub = value(user.attributes(), "sub");
        UserId::parse(sub.unwrap_or_default()).map(Some).map_err(Error::internal)
    }

    /// Sets name, mark and password of whom `username` names, who has not proved their address yet: the mark first, so that
    /// no password is in force that it does not tell of. Whether there is somebody of that name.
    ///
    /// # Errors
    /// 400 where the pool's own rules refuse the password; Cognito does not answer.
    pub(in crate::identity) async fn register_again(
        &self,
        username: &str,
        full_name: &FullName,
        mark: &RegistrationMark,
        password: &Password,
    ) -> Result<bool> {
        let call = self.client.admin_update_user_attributes().user_pool_id(&self.pool).username(username);
        let call = call.user_attributes(attribute("name", full_name.as_str())?);
        let marked = there_is(call.user_attributes(attribute(REGISTRATION, &mark.text())?).send().await)?;
        Ok(self.set_password_of(username, password, "password").await? && marked)
    }

    /// Writes down that the address of a user is theirs.
    ///
    /// # Errors
    /// Cognito does not answer.
    pub(in crate::identity) async fn prove(&self, user: &UserId, who: &Identifier) -> Result<()> {
        let call = self.client.admin_update_user_attributes().user_pool_id(&self.pool).username(user.as_str());
        let mark = attribute(REGISTRATION, &RegistrationMark::Proven.text())?;
        let call = call.set_user_attributes(Some(proven(who)?)).user_attributes(mark);
        call.send().await.map_err(failure)?;
        Ok(())
    }

    /// Deletes the copy that Cognito keeps of somebody at another provider, by what it calls it; one that is not there is
    /// already deleted.
    ///
    /// # Errors
    /// Cognito does not answer.
    pub async fn delete_copy(&self, pool_name: &str) -> Result<()> {
        match self.client.admin_delete_user().user_pool_id(&self.pool).username(pool_name).send().await {
            Err(error) if error.code() != Some("UserNotFoundException") => Err(failure(error)),
            _ => Ok(()),
        }
    }

    /// Replaces the address or the number of a user by a proven one. Whether no other user has it.
    ///
    /// # Errors
    /// Cognito does not answer.
    pub(in crate::identity) async fn set_contact(&self, user: &UserId, new: &Identifier) -> Result<bool> {
        let call = self.client.admin_update_user_attributes().user_pool_id(&self.pool).username(user.as_str());
        match call.set_user_attributes(Some(proven(new)?)).send().await {
            Ok(_) => Ok(true),
            Err(error) if error.code() == Some("AliasExistsException") => Ok(false),
            Err(error) => Err(failure(error)),
        }
    }
}

/// The attributes that say that an address or number is its user's.
fn proven(who: &Identifier) -> Result<Vec<AttributeType>> {
    let name = name_of(who);
    Ok(vec![attribute(name, who.as_str())?, attribute(&format!("{name}_verified"), "true")?])
}

/// What Cognito takes for an address or a number is not quite what we do.
fn unknown_to_cognito(who: &Identifier) -> Error {
    let code = match who {
        Identifier::Email(_) => "invalid_email",
        Identifier::Phone(_) => "invalid_phone",
    };
    vec![Invalid::new(code, wording::identity::nobody_signs_in_with()).at(who.field())].into()
}

fn name_of(who: &Identifier) -> &'static str {
    match who {
        Identifier::Email(_) => "email",
        Identifier::Phone(_) => "phone_number",
    }
}

fn attribute(name: &str, value: &str) -> Result<AttributeType> {
    AttributeType::builder().name(name).value(value).build().map_err(Error::internal)
}

/// Whether there is the user that a call was about.
fn there_is<T, E, R>(sent: Result<T, SdkError<E, R>>) -> Result<bool>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    match sent {
        Ok(_) => Ok(true),
        Err(error) if error.code() == Some("UserNotFoundException") => Ok(false),
        Err(error) => Err(failure(error)),
    }
}

/// What a failed step of a sign-in means.
fn unanswered<T, E, R>(error: SdkError<E, R>) -> Result<Option<T>>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    match error.code() {
        Some(code) if REFUSED.contains(&code) => Ok(None),
        Some(code) if ASKED_IN_VAIN.contains(&code) => Err(Error::unavailable(error)),
        _ => Err(failure(error)),
    }
}
