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
    /// Their password. Who has neither address nor number has none, and must have signed in just now.
    #[schema(value_type = Option<String>, format = Password)]
    password: Option<Field<String>>,
}

struct RemoveMfa {
    password: Option<PasswordClaim>,
}

impl TryFrom<RemoveMfaRequest> for RemoveMfa {
    type Error = FieldErrors;

    fn try_from(body: RemoveMfaRequest) -> Result<Self, FieldErrors> {
        let (password,) = all((body.password.parse_optional("password", |text| PasswordClaim::parse(&text)),))?;
        Ok(Self { password })
    }
}

/// From here on the password is enough. A mail says that it is so.
///
/// # Errors
/// 400 `wrong_password` at `password`; 401 `insufficient_user_authentication` for who has no password and signed in more
/// than ten minutes ago; 409 `mfa_required` where the role demands a second factor; 423 `account_locked`.
#[utoipa::path(delete, path = "/v1/auth/mfa", tag = "Auth", request_body = RemoveMfaRequest,
    responses((status = 204), (status = 401, description = "`insufficient_user_authentication`"),
              (status = 409, description = "`mfa_required`"),
              (status = 423, description = "`account_locked`; Retry-After says for how long")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let RemoveMfa { password } = request.json::<RemoveMfaRequest, _>()?;
    let trace = (&request.actor()?, Action::RemoveMfa);
    app.credentials().reauthenticate(caller, password.as_ref(), trace).await?;
    let trail = app.second_factor_audit(&request.origin(), Action::RemoveMfa, &caller.user)?;
    if app.second_factors().remove(caller, vec![trail]).await? {
        app.account_notices().tell(&caller.user, &Message::SecondFactorRemoved).await;
    }
    no_content()
}
