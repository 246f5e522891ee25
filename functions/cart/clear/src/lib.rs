//! `DELETE /v1/cart`: takes everything out of the caller's cart.

use shared::api::prelude::*;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Takes everything out.
///
/// # Errors
/// 412 for another version of the cart.
#[utoipa::path(delete, path = "/v1/cart", tag = "Cart",
    params(("If-Match" = Option<String>, Header, description = "The version of the cart that is meant")),
    responses((status = 204, description = "The cart is empty"), (status = 412, description = "`version_mismatch`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    app.carts().clear(&caller.user, &request.precondition()?).await?;
    no_content()
}
