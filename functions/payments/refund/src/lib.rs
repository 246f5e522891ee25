//! `POST /v1/orders/{id}/refunds`: the staff gives money back.

use shared::api::prelude::*;
use shared::orders::{AskRefundRequest, RefundView};
use shared::platform::ids::OrderId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Asks for money to go back. It goes within moments, unless its status is `manual`: then somebody makes it by hand, and closes it. The
/// list of the order's refunds says how far it has come.
///
/// # Errors
/// 403 `own_order`; 409 `not_captured`, `disputed`; 422 `refund_too_large` with what can be given back.
#[utoipa::path(post, path = "/v1/orders/{id}/refunds", tag = "Payments",
    params(("id" = String, Path, description = "The order"),
           ("Idempotency-Key" = String, Header, description = "Repeating a request with its key repeats its answer")),
    request_body = AskRefundRequest,
    responses((status = 202, body = RefundView), (status = 403, description = "`own_order`"),
              (status = 409, description = "`not_captured`, `disputed`, `too_many_refunds`"),
              (status = 422, description = "`refund_too_large`, `idempotency_key_reused`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let trace = request.actor()?;
    let id: OrderId = request.path("id")?;
    let key = request.idempotency()?;
    let currency = app.config().currency;
    let command = request.json_with(|body: AskRefundRequest| body.check(currency))?;
    let asked = app.refunding().ask(id, &command, &trace, &key).await?;
    Ok(accepted(&asked.answer)?.replayed(asked.replayed))
}
