//! `GET /v1/orders/{id}`: an order with its history and what it waits for.

use shared::api::prelude::*;
use shared::orders::Orders;
use shared::orders::view::OrderView;
use shared::platform::ids::OrderId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle).knows_rules();

/// An order of the caller's own; the staff sees all, a seller the lines of their own products.
///
/// # Errors
/// 404 for what does not exist or is another's.
#[utoipa::path(get, path = "/v1/orders/{id}", tag = "Orders", params(("id" = String, Path, description = "The order")),
    responses((status = 200, body = OrderView)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let id: OrderId = request.path("id")?;
    let (order, holds) = app.orders().get(caller, id, &request.actor()?).await?;
    // What it waits for changes while it does not: the tag is of all that is said.
    Ok(ok(&OrderView::new(&order, holds, &Orders::viewer(&order, caller), &app.config().media_base_url))?
        .private_version(order.version))
}
