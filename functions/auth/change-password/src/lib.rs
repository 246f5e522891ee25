//! `POST /v1/auth/password/change`: sets a new password in place of the current one; all other sessions end.

use shared::api::prelude::*;
use shared::identity::{Owner, Password, PasswordClaim};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// The password that is, and the one that shall be.
#[derive(Deserialize, ToSchema)]
pub struct ChangePasswordRequest {
    /// The password that is.
    #[schema(value_type = String, format = Password)]
    current_password: Field<String>,
    /// 12 to 128 characters; none of the common ones, and not about its owner.
    #[schema(value_type = String, format = Password, min_length = 12, max_length = 128)]
    new_password: Field<String>,
}

impl ChangePasswordRequest {
    fn check(self, owner: &Owner) -> Result<(PasswordClaim, Password), FieldErrors> {
        let new = |text: String| Password::parse(&text, owner.identifier.email(), owner.full_name.as_ref());
        all((
            self.current_password.parse("current_password", |text| PasswordClaim::parse(&text)),
            self.new_password.parse("new_password", new),
        ))
    }
}

/// Sets a new password. The caller's session goes on; all others end.
///
/// # Errors
/// 400 `wrong_password` at `current_password`, which counts as a wrong password at sign-in; 401 `session_ended` where the
/// caller's own session ended meanwhile; 423 `account_locked`.
#[utoipa::path(post, path = "/v1/auth/password/change", tag = "Auth", request_body = ChangePasswordRequest,
    responses((status = 204), (status = 409, description = "`no_password`, where it has neither an address nor a number"),
              (status = 423, description = "`account_locked`; Retry-After says for how long")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let body: ChangePasswordRequest = request.body_fields()?;
    let credentials = app.credentials();
    let owner = credentials.owner(&caller.user).await?;
    let (current, new) = body.check(&owner)?;
    credentials.change(&request.origin(), caller, request.access_token()?, &owner, &current, &new).await?;
    no_content()
}
