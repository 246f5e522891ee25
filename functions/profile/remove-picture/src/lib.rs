//! `DELETE /v1/profile/picture`: takes the picture off the caller's profile.

use shared::api::prelude::*;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Takes the picture off, and an upload that is on its way with it. Without a picture there is nothing to do.
///
/// # Errors
/// 404 without a profile.
#[utoipa::path(delete, path = "/v1/profile/picture", tag = "Profile",
    responses((status = 204), (status = 404, description = "`not_found`, once the account is erased")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    app.profile_pictures()?.remove(&request.caller()?.user).await?;
    no_content()
}
