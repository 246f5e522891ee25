//! `PATCH /v1/products/{id}`: changes a product.

use shared::api::prelude::*;
use shared::catalog::Manager;
use shared::catalog::input::UpdateProductRequest;
use shared::catalog::view::ProductView;
use shared::platform::ids::ProductId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Changes a product. What a seller changes about which medicine it is takes it off sale until the staff has seen it;
/// price, category and description do not. A medicine that the law has registered stays one while units of it are in the house.
///
/// # Errors
/// 400; 403 `approval_required`; 404 for another's; 409 `controlled_stock`, `gtin_taken`; 412.
#[utoipa::path(patch, path = "/v1/products/{id}", tag = "Catalogue",
    params(("id" = String, Path, description = "The product's id"),
        ("If-Match" = Option<String>, Header, description = "The version that was read")),
    request_body = UpdateProductRequest,
    responses(
        (status = 200, body = ProductView),
        (status = 403, description = "`approval_required`: the staff puts it on sale"),
        (status = 409, description = "`controlled_stock`: units of it are in the house, so it stays registered; `gtin_taken`: another product of the same seller that is not retired has the GTIN"),
        (status = 412, description = "`version_mismatch`: it has changed since")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let manager = Manager::of(request.caller()?, Permission::ManageProducts)?;
    let id: ProductId = request.path("id")?;
    let precondition = request.precondition()?;
    let change = request.json_with(|body: UpdateProductRequest| body.check(app.config().currency))?;
    let product = app.products().update(&manager, id, &precondition, change).await?;
    let version = product.version;
    Ok(ok(&ProductView::new(product, &app.config().media_base_url))?.version(version))
}
