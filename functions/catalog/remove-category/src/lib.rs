//! `DELETE /v1/categories/{id}`: removes an empty category.

use shared::api::prelude::*;
use shared::catalog::CategoryId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Removes a category that has neither categories nor products; retired products do not count.
///
/// # Errors
/// 404; 409 `category_in_use`; 412.
#[utoipa::path(delete, path = "/v1/categories/{id}", tag = "Catalogue",
    params(("id" = String, Path, description = "The category's id"),
        ("If-Match" = Option<String>, Header, description = "The version that was read")),
    responses(
        (status = 204, description = "It is removed"),
        (status = 409, description = "`category_in_use`: it has categories or products"),
        (status = 412, description = "`version_mismatch`: it has changed since")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let id: CategoryId = request.path("id")?;
    app.categories().remove(&id, &request.precondition()?).await?;
    no_content()
}
