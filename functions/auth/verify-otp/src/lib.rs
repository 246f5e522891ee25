//! `POST /v1/auth/otp/verify`: exchanges a code for a registration token, or signs in by it.

use serde::Serialize;
use shared::api::prelude::*;
use shared::api::session_cookie;
use shared::identity::{Code, Identifier, OtpPurpose, RegistrationTokenView, SessionMode, SignInView};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// The code that was sent, to whom, and what for: exactly one of `email` and `phone`.
#[derive(Deserialize, ToSchema)]
pub struct VerifyOtpRequest {
    /// The address it was sent to.
    #[schema(value_type = Option<String>, format = Email)]
    email: Option<Field<String>>,
    /// The number it was sent to.
    #[schema(value_type = Option<String>, example = "+9779812345678")]
    phone: Option<Field<String>>,
    /// What it was asked for.
    #[schema(value_type = OtpPurpose)]
    purpose: Field<OtpPurpose>,
    /// Six digits.
    #[schema(value_type = String, example = "042917")]
    code: Field<String>,
    /// To sign in: `token` where not said; `cookie` for web pages, which then never see the refresh token.
    #[schema(value_type = Option<SessionMode>)]
    session: Option<Field<SessionMode>>,
}

struct VerifyOtp {
    to: Identifier,
    purpose: OtpPurpose,
    code: Code,
    mode: SessionMode,
}

impl TryFrom<VerifyOtpRequest> for VerifyOtp {
    type Error = FieldErrors;

    fn try_from(body: VerifyOtpRequest) -> Result<Self, FieldErrors> {
        let (to, purpose, code, session) = all((
            Identifier::parse(body.email, body.phone),
            body.purpose.value("purpose"),
            body.code.parse("code", |text| Code::parse(&text)),
            body.session.optional("session"),
        ))?;
        Ok(Self { to, purpose, code, mode: session.unwrap_or_default() })
    }
}

/// Takes a code, once. To register it gives a token for the last step; to sign in, the answer to a sign-in.
///
/// # Errors
/// 400 `invalid_code`, also after five wrong tries, for another purpose, and where nobody was sent one; 400
/// `expired_code` after five minutes; 423 `account_locked` after five wrong ones in a row.
#[utoipa::path(post, path = "/v1/auth/otp/verify", tag = "Auth", request_body = VerifyOtpRequest,
    responses((status = 200, body = OtpVerified),
              (status = 400, description = "`invalid_code`, `expired_code`, `invalid_request`"),
              (status = 401, description = "`sign_in_refused`, where the account was shut meanwhile"),
              (status = 423, description = "`account_locked`; Retry-After says for how long")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let VerifyOtp { to, purpose, code, mode } = request.json::<VerifyOtpRequest, _>()?;
    let codes = app.code_sign_in(request.origin(), mode);
    match purpose {
        OtpPurpose::Register => ok(&RegistrationTokenView::from(&codes.prove(&to, &code).await?)),
        OtpPurpose::Login => session_cookie::sign_in_answer(app, codes.sign_in(&to, &code).await?).await,
    }
}

// For the API's document alone: the handler answers with one or the other.
/// The token to register with, or the answer to a sign-in.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum OtpVerified {
    /// For `register`.
    Register(RegistrationTokenView),
    /// For `login`.
    Login(SignInView),
}
