//! `POST /v1/auth/register/complete`: makes the account of a proven address or number, and signs in.

use shared::accounts::FullName;
use shared::api::prelude::*;
use shared::api::{ApiResponse, session_cookie};
use shared::identity::{Password, SessionMode, SignInView};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Who wants an account; the address or number is the one that was proven.
#[derive(Deserialize, ToSchema)]
pub struct CompleteRegistrationRequest {
    /// From `POST /v1/auth/otp/verify`; good once, for ten minutes.
    #[schema(value_type = String)]
    registration_token: Field<String>,
    /// At most 100 characters.
    #[schema(value_type = String, max_length = 100)]
    full_name: Field<String>,
    /// 12 to 128 characters; none of the common ones, and not about its owner.
    #[schema(value_type = String, format = Password, min_length = 12, max_length = 128)]
    password: Field<String>,
    /// `token` where not said; `cookie` for web pages, which then never see the refresh token.
    #[schema(value_type = Option<SessionMode>)]
    session: Option<Field<SessionMode>>,
}

struct CompleteRegistration {
    token: String,
    full_name: FullName,
    password: Password,
    mode: SessionMode,
}

impl TryFrom<CompleteRegistrationRequest> for CompleteRegistration {
    type Error = FieldErrors;

    fn try_from(body: CompleteRegistrationRequest) -> Result<Self, FieldErrors> {
        let full_name = body.full_name.parse("full_name", |text| FullName::parse(&text));
        let name = full_name.as_ref().ok();
        let password = body.password.parse("password", |text| Password::parse(&text, None, name));
        let (token, full_name, password, session) = all((
            body.registration_token.value("registration_token"),
            full_name,
            password,
            body.session.optional("session"),
        ))?;
        Ok(Self { token, full_name, password, mode: session.unwrap_or_default() })
    }
}

/// Makes the account and signs in. Sent again while the token lives, it goes on where it was interrupted.
///
/// # Errors
/// 400 `invalid_registration_token`; 409 `already_registered`; 503 `busy` while the same request is at work.
#[utoipa::path(post, path = "/v1/auth/register/complete", tag = "Auth", request_body = CompleteRegistrationRequest,
    responses((status = 201, body = SignInView),
              (status = 400, description = "`invalid_registration_token`, `invalid_request`"),
              (status = 409, description = "`already_registered`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let CompleteRegistration { token, full_name, password, mode } = request.json::<CompleteRegistrationRequest, _>()?;
    let outcome = app.code_registration(request.origin(), mode).complete(&token, full_name, password).await?;
    session_cookie::sign_in_answer(app, outcome).await.map(ApiResponse::created)
}
