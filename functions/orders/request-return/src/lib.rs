//! `POST /v1/orders/{id}/returns`: a customer asks to give something back.

use shared::api::prelude::*;
use shared::orders::{AskReturn, AskReturnRequest, ReturnView};
use shared::platform::ids::OrderId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Asks to give units of an order back, within seven days of its delivery. The pharmacy decides once they have arrived; what
/// comes back is never sold again.
///
/// # Errors
/// 400 for a product that the order does not have; 409 `not_returnable`, `too_many_returns`; 422 `return_too_large` with how
/// many units are left.
#[utoipa::path(post, path = "/v1/orders/{id}/returns", tag = "Orders",
    params(("id" = String, Path, description = "The order"),
           ("Idempotency-Key" = String, Header, description = "Repeating a request with its key repeats its answer")),
    request_body = AskReturnRequest,
    responses((status = 201, body = ReturnView),
              (status = 409, description = "`not_returnable`: not delivered, or more than seven days ago; `too_many_returns`"),
              (status = 422, description = "`return_too_large`, `idempotency_key_reused`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let trace = request.actor()?;
    let id: OrderId = request.path("id")?;
    let key = request.idempotency()?;
    let command: AskReturn = request.json::<AskReturnRequest, _>()?;
    let asked = app.returning().ask(id, &command, &trace, &key).await?;
    Ok(created(&asked.answer)?.replayed(asked.replayed))
}
