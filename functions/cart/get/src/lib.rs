//! `GET /v1/cart`: the caller's cart at today's prices.

use shared::api::prelude::*;
use shared::orders::view::CartView;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// The caller's cart.
///
/// # Errors
/// 503 when the tables do not answer.
#[utoipa::path(get, path = "/v1/cart", tag = "Cart", responses((status = 200, body = CartView)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let cart = app.carts().view(&caller.user).await?;
    // Prices, stock and the names of sellers change while it does not: the tag is of all that is said.
    Ok(ok(&cart)?.private_version(cart.version))
}
