//! `GET /v1/orders/{id}/returns`: what was asked to be given back of an order.

use serde::Serialize;
use shared::api::prelude::*;
use shared::orders::ReturnView;
use shared::platform::ids::OrderId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// The returns of an order.
#[derive(Serialize, ToSchema)]
pub struct ReturnList {
    /// The first at the front, at most ten.
    items: Vec<ReturnView>,
}

/// The returns of an order. A read by the staff is on the trail.
///
/// # Errors
/// 404.
#[utoipa::path(get, path = "/v1/orders/{id}/returns", tag = "Orders",
    params(("id" = String, Path, description = "The order")), responses((status = 200, body = ReturnList)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let id: OrderId = request.path("id")?;
    let items = app.returning().list(caller, id, &request.actor()?).await?;
    ok(&ReturnList { items })
}
