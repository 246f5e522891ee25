//! `POST /v1/checkout/preview`: what would happen if the order were placed now.

use shared::api::prelude::*;
use shared::orders::{PlaceOrder, PlaceOrderRequest, Preview};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle).knows_rules();

/// Totals and problems of an order that is not placed; nothing changes. Without an address, delivery costs what it does where no
/// zone says otherwise.
///
/// # Errors
/// 400 for an address or prescription that is not the caller's.
#[utoipa::path(post, path = "/v1/checkout/preview", tag = "Orders", request_body = PlaceOrderRequest,
    responses((status = 200, body = Preview)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let customer = request.actor()?;
    let offered = &app.config().payment_methods;
    let command: PlaceOrder = request.json_with(|body: PlaceOrderRequest| body.check_preview(offered))?;
    let preview = app.checkout().preview(&customer, &command).await?;
    ok(&preview)
}
