//! `GET /v1/sellers/me/profile`: what the caller is called in the shop.

use shared::api::prelude::*;
use shared::catalog::view::SellerProfileView;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// What the caller is called in the shop.
///
/// # Errors
/// 404 who has not said so yet.
#[utoipa::path(get, path = "/v1/sellers/me/profile", tag = "Sellers", responses(
    (status = 200, body = SellerProfileView),
    (status = 404, description = "`not_found`: nothing was said yet"),
))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let profile = app.sellers().get(&request.caller()?.user).await?;
    let version = profile.version;
    Ok(ok(&SellerProfileView::from(profile))?.version(version))
}
