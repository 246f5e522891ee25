//! `POST /v1/auth/password/reset`: sets a new password by a code; all sessions end.

use shared::accounts::Email;
use shared::api::prelude::*;
use shared::identity::{Code, Password};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// The code that was sent, and what it is to set.
#[derive(Deserialize, ToSchema)]
pub struct ResetPasswordRequest {
    /// The address of the account.
    #[schema(value_type = String, format = Email)]
    email: Field<String>,
    /// Six digits.
    #[schema(value_type = String, example = "123456")]
    code: Field<String>,
    /// 12 to 128 characters; none of the common ones, and not about its owner.
    #[schema(value_type = String, format = Password, min_length = 12, max_length = 128)]
    new_password: Field<String>,
}

struct Reset {
    email: Email,
    code: Code,
    password: Password,
}

impl TryFrom<ResetPasswordRequest> for Reset {
    type Error = FieldErrors;

    fn try_from(body: ResetPasswordRequest) -> Result<Self, FieldErrors> {
        let email = body.email.parse("email", |text| Email::parse(&text));
        let owner = email.as_ref().ok();
        let password = body.new_password.parse("new_password", |text| Password::parse(&text, owner, None));
        let code = body.code.parse("code", |text| Code::parse(&text));
        let (email, code, password) = all((email, code, password))?;
        Ok(Self { email, code, password })
    }
}

/// Sets a new password by a code. All sessions end, and an account that was locked is so no more.
///
/// # Errors
/// 400 `invalid_code`, also after five wrong tries and where there is no such account; 400 `expired_code`.
#[utoipa::path(post, path = "/v1/auth/password/reset", tag = "Auth", request_body = ResetPasswordRequest,
    responses((status = 204), (status = 400, description = "`invalid_code`, `expired_code`, `invalid_request`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let Reset { email, code, password } = request.json::<ResetPasswordRequest, _>()?;
    app.credentials().reset(&request.origin(), &email, &code, &password).await?;
    no_content()
}
