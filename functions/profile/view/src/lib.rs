//! `GET /v1/profiles/{id}`: what somebody shows of themselves.

use shared::accounts::{SharedProfileView, Viewer};
use shared::api::prelude::*;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// What somebody shows of themselves, to whom they show it; the owner sees what others would.
///
/// # Errors
/// 404, the same for a profile that is private, unknown or erased.
#[utoipa::path(get, path = "/v1/profiles/{id}", tag = "Profile",
    params(("id" = String, Path, description = "The person")),
    responses((status = 200, body = SharedProfileView)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let id = request.path("id").ok();
    let caller = request.caller_if_any();
    let viewer = caller.map(|caller| Viewer::signed_in(caller.user.clone(), caller.role_names()));
    let actor = caller.map(|_| request.actor()).transpose()?;
    let profile = app.viewing().view(id, &viewer.unwrap_or_default(), actor.as_ref()).await?;
    Ok(ok(&SharedProfileView::new(profile, &app.config().media_base_url))?.private())
}
