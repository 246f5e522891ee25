//! `POST /v1/auth/login/challenge`: goes on with a sign-in by its second factor.

use shared::api::prelude::*;
use shared::api::session_cookie;
use shared::identity::second_factor::SecondFactorCode;
use shared::identity::{SessionMode, SessionView};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle).opens_sealed();

/// The second factor.
#[derive(Deserialize, ToSchema)]
pub struct AnswerChallengeRequest {
    /// Of the answer to the sign-in.
    #[schema(value_type = String)]
    challenge_session: Field<String>,
    /// Six digits of the authenticator, or a recovery code.
    #[schema(value_type = String, example = "287082")]
    code: Field<String>,
}

struct AnswerChallenge {
    session: String,
    code: SecondFactorCode,
}

impl TryFrom<AnswerChallengeRequest> for AnswerChallenge {
    type Error = FieldErrors;

    fn try_from(body: AnswerChallengeRequest) -> Result<Self, FieldErrors> {
        let (session, code) = all((
            body.challenge_session.value("challenge_session"),
            body.code.parse("code", |text| SecondFactorCode::parse(&text)),
        ))?;
        Ok(Self { session, code })
    }
}

/// Signs in. A code is good once, and so is the challenge session.
///
/// # Errors
/// 400 `invalid_code`; 401 `invalid_challenge_session`; 409 `mfa_not_enrolled`; 423 `account_locked` after five wrong codes.
#[utoipa::path(post, path = "/v1/auth/login/challenge", tag = "Auth", request_body = AnswerChallengeRequest,
    responses((status = 200, body = SessionView), (status = 400, description = "`invalid_code`"),
              (status = 401, description = "`invalid_challenge_session`: sign in again"),
              (status = 409, description = "`mfa_not_enrolled`"),
              (status = 423, description = "`account_locked`; Retry-After says for how long")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let AnswerChallenge { session, code } = request.json::<AnswerChallengeRequest, _>()?;
    let (mode, session) = SessionMode::of_challenge(&session);
    let outcome = app.sign_in(request.origin(), mode).answer_challenge(session, &code).await?;
    session_cookie::sign_in_answer(app, outcome).await
}
