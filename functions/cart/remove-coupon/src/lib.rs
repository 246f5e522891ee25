//! `DELETE /v1/cart/coupon`: takes the coupon off the caller's cart.

use shared::api::prelude::*;
use shared::orders::view::CartView;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Takes the coupon off the cart; where there is none, that is so already.
///
/// # Errors
/// 412.
#[utoipa::path(delete, path = "/v1/cart/coupon", tag = "Cart",
    params(("If-Match" = Option<String>, Header, description = "The version of the cart that is meant")),
    responses((status = 200, body = CartView), (status = 412, description = "`version_mismatch`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let cart = app.carts().remove_coupon(&caller.user, &request.precondition()?).await?;
    Ok(ok(&cart)?.version(cart.version))
}
