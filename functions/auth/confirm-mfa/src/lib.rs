//! `POST /v1/auth/mfa/confirm`: makes an enrolled authenticator count, by a code of it.

use shared::api::prelude::*;
use shared::audit::Action;
use shared::identity::SessionMode;
use shared::identity::second_factor::SecondFactorCode;
use shared::notifications::Message;
use shared::platform::wording;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle).opens_sealed();

/// That the app has been set up.
#[derive(Deserialize, ToSchema)]
pub struct ConfirmMfaRequest {
    /// Six digits of the authenticator.
    #[schema(value_type = String, example = "287082")]
    code: Field<String>,
    /// As when it was enrolled.
    challenge_session: Option<Field<String>>,
}

struct ConfirmMfa {
    code: String,
    challenge_session: Option<String>,
}

impl TryFrom<ConfirmMfaRequest> for ConfirmMfa {
    type Error = FieldErrors;

    fn try_from(body: ConfirmMfaRequest) -> Result<Self, FieldErrors> {
        let (code, challenge_session) = all((
            body.code.parse("code", |text| match SecondFactorCode::parse(&text)? {
                SecondFactorCode::Authenticator(code) => Ok(code),
                SecondFactorCode::Recovery(_) => Err(Invalid::new("invalid_code", wording::identity::six_digits())),
            }),
            body.challenge_session.optional("challenge_session"),
        ))?;
        Ok(Self { code, challenge_session })
    }
}

/// From here on every sign-in asks for a code, and this one is used up. Who came by a challenge session answers it now, by
/// the same code or the next. A mail says that it is so.
///
/// # Errors
/// 400 `invalid_code`; 401 with neither an access token nor a challenge session; 409 `mfa_not_enrolled`; 423
/// `account_locked` after five wrong codes.
#[utoipa::path(post, path = "/v1/auth/mfa/confirm", tag = "Auth", request_body = ConfirmMfaRequest,
    responses((status = 204), (status = 400, description = "`invalid_code`"),
              (status = 401, description = "`invalid_challenge_session`"),
              (status = 409, description = "`mfa_not_enrolled`"),
              (status = 423, description = "`account_locked`; Retry-After says for how long")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let ConfirmMfa { code, challenge_session } = request.json::<ConfirmMfaRequest, _>()?;
    let user = app
        .sign_in(request.origin(), SessionMode::Token)
        .enrolling(request.caller_if_any(), challenge_session.as_deref())
        .await?;
    let trail = app.second_factor_audit(&request.origin(), Action::EnrollMfa, &user)?;
    if app.second_factors().confirm(&user, &code, vec![trail]).await? {
        app.account_notices().tell(&user, &Message::SecondFactorAdded).await;
    }
    no_content()
}
