//! `GET /v1/profile/watches`: what the caller watches.

use shared::api::prelude::*;
use shared::watches::WatchList;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// All that the caller watches, the latest first, with each product as it is now. The list is whole: there are 50 at most.
///
/// # Errors
/// 401 without a session.
#[utoipa::path(get, path = "/v1/profile/watches", tag = "Catalogue", responses((status = 200, body = WatchList)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    ok(&app.watches().list(&request.caller()?.user).await?)
}
