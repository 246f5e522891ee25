//! `POST /v1/auth/login`: signs in by e-mail address and password.

use shared::accounts::Email;
use shared::api::cookies;
use shared::api::prelude::*;
use shared::identity::{PasswordClaim, SessionMode, SignInView};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Who signs in.
#[derive(Deserialize, ToSchema)]
pub struct LoginRequest {
    /// The address of the account.
    #[schema(value_type = String, format = Email)]
    email: Field<String>,
    /// The password.
    #[schema(value_type = String, format = Password)]
    password: Field<String>,
    /// `token` where not said; `cookie` for web pages, which then never see the refresh token.
    #[schema(value_type = Option<SessionMode>)]
    session: Option<Field<SessionMode>>,
}

struct Login {
    email: Email,
    password: PasswordClaim,
    mode: SessionMode,
}

impl TryFrom<LoginRequest> for Login {
    type Error = FieldErrors;

    fn try_from(body: LoginRequest) -> Result<Self, FieldErrors> {
        let (email, password, session) = all((
            body.email.parse("email", |text| Email::parse(&text)),
            body.password.parse("password", |text| PasswordClaim::parse(&text)),
            body.session.optional("session"),
        ))?;
        Ok(Self { email, password, mode: session.unwrap_or_default() })
    }
}

/// Signs in, or asks for a second factor.
///
/// # Errors
/// 401 `invalid_credentials`; 403 `email_unconfirmed` or `password_reset_required`, after a right password only; 423
/// `account_locked` after five wrong ones, whether there is such an account or not.
#[utoipa::path(post, path = "/v1/auth/login", tag = "Auth", request_body = LoginRequest,
    responses((status = 200, body = SignInView), (status = 401, description = "`invalid_credentials`"),
              (status = 403, description = "`email_unconfirmed`, `password_reset_required`"),
              (status = 423, description = "`account_locked`; Retry-After says for how long")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let Login { email, password, mode } = request.json::<LoginRequest, _>()?;
    let outcome = app.sign_in().sign_in(&email, &password).await?;
    cookies::sign_in_answer(app, outcome, mode)
}
