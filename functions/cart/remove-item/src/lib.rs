//! `DELETE /v1/cart/items/{product_id}`: takes a product out of the caller's cart.

use shared::api::prelude::*;
use shared::orders::view::CartView;
use shared::platform::ids::ProductId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Takes a product out; one that is not in the cart is already out.
///
/// # Errors
/// 412 for another version of the cart.
#[utoipa::path(delete, path = "/v1/cart/items/{product_id}", tag = "Cart",
    params(("product_id" = String, Path, description = "The product"),
           ("If-Match" = Option<String>, Header, description = "The version of the cart that is meant")),
    responses((status = 200, body = CartView), (status = 412, description = "`version_mismatch`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let product: ProductId = request.path("product_id")?;
    let cart = app.carts().remove(&caller.user, product, &request.precondition()?).await?;
    Ok(ok(&cart)?.version(cart.version))
}
