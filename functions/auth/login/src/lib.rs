//! `POST /v1/auth/login`: signs in by e-mail address or telephone number, and password.

use shared::api::prelude::*;
use shared::api::session_cookie;
use shared::identity::{Identifier, PasswordClaim, SessionMode, SignInView};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Who signs in: exactly one of `email` and `phone`.
#[derive(Deserialize, ToSchema)]
pub struct LoginRequest {
    /// The address of the account.
    #[schema(value_type = Option<String>, format = Email)]
    email: Option<Field<String>>,
    /// The number of the account.
    #[schema(value_type = Option<String>, example = "+9779812345678")]
    phone: Option<Field<String>>,
    /// The password.
    #[schema(value_type = String, format = Password)]
    password: Field<String>,
    /// `token` where not said; `cookie` for web pages, which then never see the refresh token.
    #[schema(value_type = Option<SessionMode>)]
    session: Option<Field<SessionMode>>,
}

struct Login {
    who: Identifier,
    password: PasswordClaim,
    mode: SessionMode,
}

impl TryFrom<LoginRequest> for Login {
    type Error = FieldErrors;

    fn try_from(body: LoginRequest) -> Result<Self, FieldErrors> {
        let (who, password, session) = all((
            Identifier::parse(body.email, body.phone),
            body.password.parse("password", |text| PasswordClaim::parse(&text)),
            body.session.optional("session"),
        ))?;
        Ok(Self { who, password, mode: session.unwrap_or_default() })
    }
}

/// Signs in, or asks for a second factor.
///
/// # Errors
/// 401 `invalid_credentials`; 403 `email_unconfirmed` after the password that the address was registered with last and that
/// was not confirmed since, whether there is an account besides or not; 403 `password_reset_required` after a right password
/// only; 423 `account_locked` after five wrong ones, whether there is such an account or not.
#[utoipa::path(post, path = "/v1/auth/login", tag = "Auth", request_body = LoginRequest,
    responses((status = 200, body = SignInView), (status = 401, description = "`invalid_credentials`"),
              (status = 403, description = "`email_unconfirmed`, `password_reset_required`"),
              (status = 423, description = "`account_locked`; Retry-After says for how long")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let Login { who, password, mode } = request.json::<LoginRequest, _>()?;
    let outcome = app.sign_in(request.origin(), mode).sign_in(&who, &password).await?;
    session_cookie::sign_in_answer(app, outcome).await
}
