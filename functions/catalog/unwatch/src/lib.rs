//! `DELETE /v1/products/{id}/watch`: gives up watching a product.

use shared::api::prelude::*;
use shared::platform::ids::ProductId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Gives up watching a product. One that is not watched is given up already.
///
/// # Errors
/// 404 for what can be no product.
#[utoipa::path(delete, path = "/v1/products/{id}/watch", tag = "Catalogue",
    params(("id" = String, Path, description = "The product")), responses((status = 204)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    app.watches().unwatch(&caller.user, request.path::<ProductId>("id")?).await?;
    no_content()
}
