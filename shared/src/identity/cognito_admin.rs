//! What the house does in the user pool on its own account, without the user's password.

use aws_sdk_cognitoidentityprovider::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_cognitoidentityprovider::types::{AuthFlowType, ChallengeNameType};

use super::cognito::{PoolTokens, UserPool, failure};
use crate::platform::error::{Error, Result};
use crate::platform::ids::UserId;

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
    pub(super) async fn authenticate_by_grant(&self, user: &UserId, grant: &str) -> Result<Option<PoolTokens>> {
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
        let answer = match call.send().await {
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
