//! `POST /v1/auth/password/reset`: sets a new password by a code; all sessions end.

use shared::api::prelude::*;
use shared::identity::{Code, Identifier, Password};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// The code that was sent, to whom, and what it is to set: exactly one of `email` and `phone`.
#[derive(Deserialize, ToSchema)]
pub struct ResetPasswordRequest {
    /// The address of the account.
    #[schema(value_type = Option<String>, format = Email)]
    email: Option<Field<String>>,
    /// The number of the account.
    #[schema(value_type = Option<String>, example = "+9779812345678")]
    phone: Option<Field<String>>,
    /// Six digits.
    #[schema(value_type = String, example = "123456")]
    code: Field<String>,
    /// 12 to 128 characters; none of the common ones, and not about its owner.
    #[schema(value_type = String, format = Password, min_length = 12, max_length = 128)]
    new_password: Field<String>,
}

struct Reset {
    who: Identifier,
    code: Code,
    password: Password,
}

impl TryFrom<ResetPasswordRequest> for Reset {
    type Error = FieldErrors;

    fn try_from(body: ResetPasswordRequest) -> Result<Self, FieldErrors> {
        let who = Identifier::parse(body.email, body.phone);
        let owner = who.as_ref().ok().and_then(Identifier::email);
        let password = body.new_password.parse("new_password", |text| Password::parse(&text, owner, None));
        let code = body.code.parse("code", |text| Code::parse(&text));
        let (who, code, password) = all((who, code, password))?;
        Ok(Self { who, code, password })
    }
}

/// Sets a new password by a code. All sessions end, and an account that was locked is so no more.
///
/// # Errors
/// 400 `invalid_code`, also after five wrong tries and where there is no such account; 400 `expired_code`; 423
/// `account_locked` after five wrong codes in a row, whether there is such an account or not.
#[utoipa::path(post, path = "/v1/auth/password/reset", tag = "Auth", request_body = ResetPasswordRequest,
    responses((status = 204), (status = 400, description = "`invalid_code`, `expired_code`, `invalid_request`"),
              (status = 423, description = "`account_locked`; Retry-After says for how long")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let Reset { who, code, password } = request.json::<ResetPasswordRequest, _>()?;
    app.credentials().reset(&request.origin(), &who, &code, &password).await?;
    no_content()
}
