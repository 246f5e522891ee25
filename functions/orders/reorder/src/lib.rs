//! `POST /v1/orders/{id}/reorder`: puts what an order held into the cart again.

use shared::api::prelude::*;
use shared::orders::view::MergedCart;
use shared::platform::ids::OrderId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Puts what an order held into the cart again, for whom it was, under today's terms. Of a product that is there already, the
/// larger quantity stays: doing it twice changes nothing more. What is not on sale any more, has no room, or is in
/// the cart for somebody else, is told in `not_added`. What is another medicine by now shows `medicine_changed`, until it is put in by itself.
///
/// # Errors
/// 404 for what does not exist or is another's.
#[utoipa::path(post, path = "/v1/orders/{id}/reorder", tag = "Orders",
    params(("id" = String, Path, description = "The order")),
    responses((status = 200, body = MergedCart)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let id: OrderId = request.path("id")?;
    let order = app.orders().own(caller, id, &request.actor()?).await?;
    let merged = app.carts().reorder(&caller.user, &order).await?;
    Ok(ok(&merged)?.version(merged.cart.version))
}
