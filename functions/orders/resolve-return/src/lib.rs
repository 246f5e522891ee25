//! `POST /v1/orders/{id}/returns/{return_id}/resolve`: the staff decides on a return.

use shared::api::prelude::*;
use shared::orders::{ResolveReturnRequest, ReturnView};
use shared::platform::ids::{OrderId, ReturnId};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Decides on a return: approved, its units are quarantined and the money goes back that is named; rejected, nothing changes.
/// The customer is told. An order of which all has come back is `returned`.
///
/// # Errors
/// 403 `own_order`; 404; 409 `already_resolved`, `not_captured`, `disputed`; 422 `refund_too_large`.
#[utoipa::path(post, path = "/v1/orders/{id}/returns/{return_id}/resolve", tag = "Orders",
    params(("id" = String, Path, description = "The order"), ("return_id" = String, Path, description = "The return")),
    request_body = ResolveReturnRequest,
    responses((status = 200, body = ReturnView), (status = 403, description = "`own_order`"),
              (status = 409, description = "`already_resolved`, `not_captured`, `disputed`, `too_many_refunds`"),
              (status = 422, description = "`refund_too_large`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let trace = request.actor()?;
    let (id, return_id): (OrderId, ReturnId) = (request.path("id")?, request.path("return_id")?);
    let currency = app.config().currency;
    let command = request.json_with(|body: ResolveReturnRequest| body.check(currency))?;
    ok(&app.returning().resolve(id, return_id, &command, &trace).await?)
}
