//! `POST /v1/orders/{id}/cancel`: cancels an order that has not left the house.

use shared::api::prelude::*;
use shared::orders::Orders;
use shared::orders::view::OrderView;
use shared::platform::ids::OrderId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Cancels an order: stock, fills and payment go back once. Cancelling it again changes nothing.
///
/// # Errors
/// 404 for what does not exist or is another's; 409 `invalid_transition` once it has been shipped.
#[utoipa::path(post, path = "/v1/orders/{id}/cancel", tag = "Orders",
    params(("id" = String, Path, description = "The order"),
           ("If-Match" = Option<String>, Header, description = "The version that is meant")),
    responses((status = 200, body = OrderView), (status = 409, description = "`invalid_transition`"),
              (status = 412, description = "`version_mismatch`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let id: OrderId = request.path("id")?;
    let order = app.orders().cancel(caller, id, &request.precondition()?, &request.actor()?).await?;
    Ok(ok(&OrderView::new(&order, Vec::new(), &Orders::viewer(&order, caller), &app.config().media_base_url))?
        .version(order.version))
}
