//! `POST /v1/auth/contact/confirm`: changes how the caller is reached, by the code that was sent there.

use shared::api::prelude::*;
use shared::identity::Code;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// The code that was sent to the new address or number.
#[derive(Deserialize, ToSchema)]
pub struct ConfirmContactRequest {
    /// Six digits.
    #[schema(value_type = String, example = "042917")]
    code: Field<String>,
}

struct ConfirmContact(Code);

impl TryFrom<ConfirmContactRequest> for ConfirmContact {
    type Error = FieldErrors;

    fn try_from(body: ConfirmContactRequest) -> Result<Self, FieldErrors> {
        let (code,) = all((body.code.parse("code", |text| Code::parse(&text)),))?;
        Ok(Self(code))
    }
}

/// Changes how the caller is reached, and what they sign in with. The change is on the audit trail, and so is a refusal.
///
/// # Errors
/// 400 `invalid_code`, also after five wrong tries and for another person's code; 400 `expired_code`; 409
/// `already_registered` where somebody else has registered it meanwhile.
#[utoipa::path(post, path = "/v1/auth/contact/confirm", tag = "Auth", request_body = ConfirmContactRequest,
    responses((status = 204), (status = 400, description = "`invalid_code`, `expired_code`, `invalid_request`"),
              (status = 409, description = "`already_registered`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let actor = request.actor()?;
    let ConfirmContact(code) = request.json::<ConfirmContactRequest, _>()?;
    app.contact_change().confirm(&actor, &code).await?;
    no_content()
}
