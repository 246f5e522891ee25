//! `GET /v1/recalls/{id}`: how far a recall has come.

use shared::api::prelude::*;
use shared::catalog::recalls::RecallView;
use shared::platform::ids::RecallId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// A recall: whether every order with units of the lot was found, how many of them are held, how many people were told, and
/// where the units are now.
///
/// # Errors
/// 404 for a recall that there is not.
#[utoipa::path(get, path = "/v1/recalls/{id}", tag = "Catalogue",
    params(("id" = String, Path, description = "The recall's id")),
    responses((status = 200, body = RecallView)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let id: RecallId = request.path("id")?;
    ok(&app.recalling().get(id).await?)
}
