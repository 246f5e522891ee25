//! `PUT /v1/orders/{id}/prescriptions`: replaces the prescriptions of an order that waits.

use shared::api::prelude::*;
use shared::orders::view::OrderView;
use shared::orders::{GivenPrescriptions, Orders, SetPrescriptionsRequest};
use shared::platform::ids::OrderId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle).knows_rules();

/// Gives an order that is not verified yet other prescriptions, such as in place of a rejected one. Those that a fill was
/// taken from already stay.
///
/// # Errors
/// 400 for prescriptions that are not the caller's; 404 for what does not exist or is another's; 409 `invalid_transition` once
/// it is verified or cancelled; 412 `version_mismatch`.
#[utoipa::path(put, path = "/v1/orders/{id}/prescriptions", tag = "Orders",
    params(("id" = String, Path, description = "The order"),
           ("If-Match" = Option<String>, Header, description = "The version that is meant")),
    request_body = SetPrescriptionsRequest,
    responses((status = 200, body = OrderView), (status = 409, description = "`invalid_transition`"),
              (status = 412, description = "`version_mismatch`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let id: OrderId = request.path("id")?;
    let given: GivenPrescriptions = request.json::<SetPrescriptionsRequest, _>()?;
    let precondition = request.precondition()?;
    let (order, holds) = app.orders().set_prescriptions(caller, id, &given, &precondition, &request.actor()?).await?;
    Ok(ok(&OrderView::new(&order, holds, &Orders::viewer(&order, caller), &app.config().media_base_url))?
        .version(order.version))
}
