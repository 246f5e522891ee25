//! `GET /v1/products/{id}/lots`: the lots of a product, the first to expire first.

use shared::api::prelude::*;
use shared::catalog::Manager;
use shared::catalog::lots::LotList;
use shared::platform::ids::ProductId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// The lots that a product ever had, the first to expire first, and its units in all. What came in before lots were
/// written down is one that is called `unlotted`.
///
/// # Errors
/// 404 for another's product.
#[utoipa::path(get, path = "/v1/products/{id}/lots", tag = "Catalogue",
    params(("id" = String, Path, description = "The product's id")),
    responses((status = 200, body = LotList)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let manager = Manager::of(request.caller()?, Permission::ManageStock)?;
    let product: ProductId = request.path("id")?;
    ok(&app.receiving().list(&manager, product).await?)
}
