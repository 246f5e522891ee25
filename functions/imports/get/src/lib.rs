//! `GET /v1/imports/{id}`: how far an import has come.

use shared::api::prelude::*;
use shared::imports::ImportView;
use shared::platform::ids::ImportId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// An import: how far it has come, what became of its rows, and once it has ended a link to its report, which names every row
/// that was refused.
///
/// # Errors
/// 404 for an import that there is not.
#[utoipa::path(get, path = "/v1/imports/{id}", tag = "Imports",
    params(("id" = String, Path, description = "The import's id")),
    responses((status = 200, body = ImportView)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let id: ImportId = request.path("id")?;
    ok(&app.imports()?.get(id).await?)
}
