//! `POST /v1/auth/register/confirm`: proves that an address is its registrant's; from here on there is a profile.

use shared::accounts::Email;
use shared::api::prelude::*;
use shared::identity::Code;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// The code that was sent.
#[derive(Deserialize, ToSchema)]
pub struct ConfirmRegistrationRequest {
    /// The address it was sent to.
    #[schema(value_type = String, format = Email)]
    email: Field<String>,
    /// Six digits.
    #[schema(value_type = String, example = "123456")]
    code: Field<String>,
}

struct Confirm {
    email: Email,
    code: Code,
}

impl TryFrom<ConfirmRegistrationRequest> for Confirm {
    type Error = FieldErrors;

    fn try_from(body: ConfirmRegistrationRequest) -> Result<Self, FieldErrors> {
        let (email, code) = all((
            body.email.parse("email", |text| Email::parse(&text)),
            body.code.parse("code", |text| Code::parse(&text)),
        ))?;
        Ok(Self { email, code })
    }
}

/// Proves that an address is its registrant's.
///
/// # Errors
/// 400 `invalid_code`, also after five wrong tries and for an address that nobody registered; 400 `expired_code`.
#[utoipa::path(post, path = "/v1/auth/register/confirm", tag = "Auth", request_body = ConfirmRegistrationRequest,
    responses((status = 204), (status = 400, description = "`invalid_code`, `expired_code`, `invalid_request`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let Confirm { email, code } = request.json::<ConfirmRegistrationRequest, _>()?;
    app.registration(request.origin()).confirm(email, &code).await?;
    no_content()
}
