//! `PATCH /v1/profile`: changes what is given of the caller's profile; `null` clears.

use shared::accounts::{ProfileView, UpdateProfileRequest};
use shared::api::prelude::*;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Changes the caller's profile (JSON merge patch, RFC 7396).
///
/// # Errors
/// 404 without a profile; 412 `version_mismatch`.
#[utoipa::path(patch, path = "/v1/profile", tag = "Profile",
    params(("If-Match" = Option<String>, Header, description = "The version that is meant")),
    request_body = UpdateProfileRequest,
    responses((status = 200, body = ProfileView), (status = 404, description = "`not_found`, once the account is erased"),
              (status = 412, description = "`version_mismatch`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let change = request.body_fields::<UpdateProfileRequest>()?.check(app.today()?)?;
    let profile = app.profiles().update(&caller.user, &request.precondition()?, change).await?;
    let version = profile.version;
    Ok(ok(&ProfileView::new(profile, caller.role_names(), &app.config().media_base_url))?.version(version))
}
