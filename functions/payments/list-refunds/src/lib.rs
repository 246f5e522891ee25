//! `GET /v1/orders/{id}/refunds`: what has gone back of an order's money.

use shared::api::prelude::*;
use shared::orders::RefundView;
use shared::platform::ids::OrderId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// The refunds of an order, the first at the front; there are at most twenty, all on one page. Its customer and the staff may
/// see them.
///
/// # Errors
/// 404 for what is not the caller's to see.
#[utoipa::path(get, path = "/v1/orders/{id}/refunds", tag = "Payments",
    params(("id" = String, Path, description = "The order")),
    responses((status = 200, body = Page<RefundView>)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let id: OrderId = request.path("id")?;
    let items = app.refunding().list(caller, id, &request.actor()?).await?;
    ok(&Page { items, next_cursor: None })
}
