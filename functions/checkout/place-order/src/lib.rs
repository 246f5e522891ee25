//! `POST /v1/orders`: places an order from the caller's cart.

use shared::api::prelude::*;
use shared::orders::view::{OrderView, Viewer};
use shared::orders::{PlaceOrder, PlaceOrderRequest};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle).knows_rules();

/// Places an order: all of it or nothing. Prescription medicines need an approved prescription with a fill left; with one
/// that waits for review the order is placed on hold.
///
/// # Errors
/// 422 `checkout_problems` with a typed problem for every line, stock untouched.
#[utoipa::path(post, path = "/v1/orders", tag = "Orders",
    params(("Idempotency-Key" = String, Header, description = "Repeating a request with its key repeats its answer")),
    request_body = PlaceOrderRequest,
    responses((status = 201, body = OrderView),
              (status = 422, description = "`checkout_problems`, `idempotency_key_reused`"),
              (status = 429, description = "`too_many_orders`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let customer = request.actor()?;
    let key = request.idempotency()?;
    let offered = &app.config().payment_methods;
    let command: PlaceOrder = request.json_with(|body: PlaceOrderRequest| body.check(offered))?;
    let placed = app.checkout().place(&customer, &command, &key).await?;
    let order = placed.answer;
    let view = OrderView::new(&order, order.placing_holds(), &Viewer::Customer, &app.config().media_base_url);
    Ok(created(&view)?.version(order.version).replayed(placed.replayed))
}
