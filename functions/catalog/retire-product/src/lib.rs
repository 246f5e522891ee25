//! `DELETE /v1/products/{id}`: retires a product; the orders that hold it keep it.

use shared::api::prelude::*;
use shared::catalog::Manager;
use shared::platform::ids::ProductId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Retires a product: it is sold no more, its slug stays taken. Retiring it once more changes nothing.
///
/// # Errors
/// 404 for another's; 412.
#[utoipa::path(delete, path = "/v1/products/{id}", tag = "Catalogue",
    params(("id" = String, Path, description = "The product's id"),
        ("If-Match" = Option<String>, Header, description = "The version that was read")),
    responses(
        (status = 204, description = "It is retired"),
        (status = 412, description = "`version_mismatch`: it has changed since")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let manager = Manager::of(request.caller()?, Permission::ManageProducts)?;
    let id: ProductId = request.path("id")?;
    app.products().retire(&manager, id, &request.precondition()?).await?;
    no_content()
}
