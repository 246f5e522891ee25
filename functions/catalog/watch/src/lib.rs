//! `PUT /v1/products/{id}/watch`: watches a product: its price, and whether it can be had.

use shared::api::prelude::*;
use shared::platform::ids::ProductId;
use shared::watches::{WatchRequest, WatchView};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Watches a product, in place of how it was watched before: the caller is told each time that its price goes below a sum, or that
/// it can be had again after there was none. The answer shows the product as it is once it is watched.
///
/// # Errors
/// 400 for a body that says nothing to wait for; 404; 409 `too_many_watches` (50).
#[utoipa::path(put, path = "/v1/products/{id}/watch", tag = "Catalogue",
    params(("id" = String, Path, description = "The product")),
    request_body = WatchRequest,
    responses((status = 200, body = WatchView), (status = 409, description = "`too_many_watches`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let product: ProductId = request.path("id")?;
    let currency = app.config().currency;
    let terms = request.json_with(|body: WatchRequest| body.check(currency))?;
    ok(&app.watches().watch(&caller.user, product, terms).await?)
}
