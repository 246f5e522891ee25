//! `DELETE /v1/auth/mfa`: takes the caller's second factor away.

use shared::api::prelude::*;
use shared::audit::Action;
use shared::identity::PasswordClaim;
use shared::notifications::Message;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// That it is really them.
#[derive(Deserialize, ToSchema)]
pub struct RemoveMfaRequest {
    /// Their password.
    #[schema(value_type = String, format = Password)]
    password: Field<String>,
}

struct RemoveMfa {
    password: PasswordClaim,
}

impl TryFrom<RemoveMfaRequest> for RemoveMfa {
    type Error = FieldErrors;

    fn try_from(body: RemoveMfaRequest) -> Result<Self, FieldErrors> {
        let (password,) = all((body.password.parse("password", |text| PasswordClaim::parse(&text)),))?;
        Ok(Self { password })
    }
}

/// From here on the password is enough. A mail says that it is so.
///
/// # Errors
/// 400 `wrong_password` at `password`; 409 `mfa_required` where the role demands a second factor; 423 `account_locked`.
#[utoipa::path(delete, path = "/v1/auth/mfa", tag = "Auth", request_body = RemoveMfaRequest,
    responses((status = 204), (status = 409, description = "`mfa_required`"),
              (status = 423, description = "`account_locked`; Retry-After says for how long")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let RemoveMfa { password } = request.json::<RemoveMfaRequest, _>()?;
    app.credentials().reauthenticate(&caller.user, &password).await?;
    let trail = app.second_factor_trail(&request.origin(), Action::RemoveMfa, &caller.user)?;
    if app.second_factors().remove(caller, vec![trail]).await? {
        app.account_notices().tell(&caller.user, &Message::SecondFactorRemoved).await;
    }
    no_content()
}
