//! `GET /v1/profile`: the caller's own profile.

use shared::accounts::ProfileView;
use shared::api::prelude::*;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// What the pharmacy knows of the caller.
///
/// # Errors
/// 404 without a profile.
#[utoipa::path(get, path = "/v1/profile", tag = "Profile",
    responses((status = 200, body = ProfileView), (status = 404, description = "`not_found`, once the account is erased")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let profile = app.profiles().get(&caller.user).await?;
    let version = profile.version;
    Ok(ok(&ProfileView::new(profile, caller.role_names(), &app.config().media_base_url))?.version(version))
}
