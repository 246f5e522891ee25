//! `POST /v1/orders/{id}/refunds/{refund_id}/close`: a refund was made by hand, or is not made after all.

use shared::api::prelude::*;
use shared::orders::{CloseRefundRequest, RefundView};
use shared::platform::ids::{OrderId, RefundId};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle).knows_providers();

/// Closes a refund with the status `manual`, which the staff has made in the provider's portal, or paid out in cash; or takes
/// one of cash back that was asked for by mistake. Saying the same again changes nothing.
///
/// # Errors
/// 403 `own_order`; 404; 409 `not_manual`, `refund_not_seen` while the provider shows no refund; 503 `provider_unavailable`.
#[utoipa::path(post, path = "/v1/orders/{id}/refunds/{refund_id}/close", tag = "Payments",
    params(("id" = String, Path, description = "The order"), ("refund_id" = String, Path, description = "The refund")),
    request_body = CloseRefundRequest,
    responses((status = 200, body = RefundView), (status = 403, description = "`own_order`"),
              (status = 409, description = "`not_manual`, `refund_not_seen`"),
              (status = 503, description = "`provider_unavailable`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let trace = request.actor()?;
    let id: OrderId = request.path("id")?;
    let refund: RefundId = request.path("refund_id")?;
    let command = request.json_with(CloseRefundRequest::check)?;
    ok(&app.paying().await?.close_refund(id, refund, &command, &trace).await?)
}
