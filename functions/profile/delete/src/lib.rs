//! `DELETE /v1/profile`: closes the caller's account at once and has it erased within the day.

use serde::Serialize;
use shared::api::prelude::*;
use shared::identity::PasswordClaim;
use shared::platform::clock::Timestamp;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// The proof that it is the person, and that they mean it.
#[derive(Deserialize, ToSchema)]
pub struct DeleteProfileRequest {
    /// The caller's password. Who has neither address nor number has none, and must have signed in just now.
    #[schema(value_type = Option<String>, format = Password)]
    password: Option<Field<String>>,
}

struct DeleteProfile {
    password: Option<PasswordClaim>,
}

impl TryFrom<DeleteProfileRequest> for DeleteProfile {
    type Error = FieldErrors;

    fn try_from(body: DeleteProfileRequest) -> Result<Self, FieldErrors> {
        let (password,) = all((body.password.parse_optional("password", |text| PasswordClaim::parse(&text)),))?;
        Ok(Self { password })
    }
}

/// What will happen.
#[derive(Serialize, ToSchema)]
pub struct ErasurePending {
    /// Until then everything that need not be kept is gone, and the rest is nobody's.
    #[schema(value_type = String, format = DateTime)]
    erase_by: Timestamp,
}

/// Closes the caller's account for good: nobody sees it or signs in to it from now on, and within a day it is erased.
/// Orders that have not left the pharmacy are called off with it.
///
/// # Errors
/// 400 `wrong_password` at `password`, which counts as a wrong password at sign-in; 401 `insufficient_user_authentication`
/// for who has no password and signed in more than ten minutes ago; 409 `staff_account` for who works
/// here; 423 `account_locked`.
#[utoipa::path(delete, path = "/v1/profile", tag = "Profile", request_body = DeleteProfileRequest,
    responses((status = 202, body = ErasurePending), (status = 401, description = "`insufficient_user_authentication`"),
        (status = 409, description = "`staff_account`"),
        (status = 423, description = "`account_locked`; Retry-After says for how long")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let command: DeleteProfile = request.json::<DeleteProfileRequest, _>()?;
    let closed = app.closing().close(caller, &request.actor()?, command.password.as_ref()).await?;
    accepted(&ErasurePending { erase_by: closed.erase_by })
}
