//! `GET /v1/products/{id}/movements`: every unit of a product that ever moved, and why.

use shared::api::prelude::*;
use shared::catalog::Manager;
use shared::catalog::movement::Movement;
use shared::platform::ids::ProductId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Every unit of a product that came in or left, the newest first: what, why, through whom, when, of which lot, and how
/// many were in the house after it.
///
/// # Errors
/// 400 for a bad limit or cursor; 404 for another's product.
#[utoipa::path(get, path = "/v1/products/{id}/movements", tag = "Catalogue",
    params(("id" = String, Path, description = "The product's id"), PageQuery),
    responses((status = 200, body = Page<Movement>)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let manager = Manager::of(request.caller()?, Permission::ManageStock)?;
    let product: ProductId = request.path("id")?;
    let list = format!("movements of {product}");
    let keys = app.signing_keys()?;
    let page = request.query_fields::<PageQuery>()?.check(&list, &keys)?;
    let (items, next) = app.stock_adjustments().movements(&manager, product, page.limit, page.after.as_deref()).await?;
    let next_cursor = next.map(|place| seal(&place, &list, &keys));
    ok(&Page::<Movement> { items, next_cursor })
}
