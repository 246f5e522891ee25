//! `POST /v1/auth/otp`: sends a code that registers somebody or signs them in.

use shared::accounts::Language;
use shared::api::prelude::*;
use shared::identity::{CodeSentView, Identifier, OtpPurpose, SessionMode};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// To whom, and what for: exactly one of `email` and `phone`.
#[derive(Deserialize, ToSchema)]
pub struct RequestOtpRequest {
    /// An address.
    #[schema(value_type = Option<String>, format = Email)]
    email: Option<Field<String>>,
    /// A number in E.164.
    #[schema(value_type = Option<String>, example = "+9779812345678")]
    phone: Option<Field<String>>,
    /// What for.
    #[schema(value_type = OtpPurpose)]
    purpose: Field<OtpPurpose>,
}

struct RequestOtp {
    to: Identifier,
    purpose: OtpPurpose,
}

impl TryFrom<RequestOtpRequest> for RequestOtp {
    type Error = FieldErrors;

    fn try_from(body: RequestOtpRequest) -> Result<Self, FieldErrors> {
        let (to, purpose) = all((Identifier::parse(body.email, body.phone), body.purpose.value("purpose")))?;
        Ok(Self { to, purpose })
    }
}

/// Sends one message, whoever asks: a code, or word that there is an account already, or none. The answer is the same.
///
/// # Errors
/// 429 `too_many_requests` within a minute of the last one to the same address or number, or after three in an hour.
#[utoipa::path(post, path = "/v1/auth/otp", tag = "Auth", request_body = RequestOtpRequest,
    responses((status = 202, body = CodeSentView),
              (status = 429, description = "`too_many_requests`: this address or number got enough messages for now")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let RequestOtp { to, purpose } = request.json::<RequestOtpRequest, _>()?;
    let language = Language::accepted(request.header("accept-language"));
    match purpose {
        OtpPurpose::Register => {
            app.code_sign_in(request.origin(), SessionMode::Token).request_registration(&to, language).await?
        }
        OtpPurpose::Login => {
            app.code_sign_in(request.origin(), SessionMode::Token).request_sign_in(&to, language).await?
        }
    }
    accepted(&CodeSentView::from(&to))
}
