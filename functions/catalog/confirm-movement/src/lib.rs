//! `POST /v1/stock-movements/{id}/confirm`: confirms that a controlled medicine was destroyed.

use shared::api::prelude::*;
use shared::catalog::Manager;
use shared::catalog::adjustment::StockLevels;
use shared::platform::ids::MovementId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Confirms what another member of the staff has announced, and named the caller as its witness for. It counts from then on;
/// once more changes nothing.
///
/// # Errors
/// 403 `own_disposal`; 404 for who is not its witness; 409 `insufficient_stock`.
#[utoipa::path(post, path = "/v1/stock-movements/{id}/confirm", tag = "Catalogue",
    params(("id" = String, Path, description = "The movement's id")),
    responses(
        (status = 200, body = StockLevels),
        (status = 403, description = "`own_disposal`: who has announced it cannot confirm it"),
        (status = 409, description = "`insufficient_stock`: the units are gone meanwhile")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let manager = Manager::of(request.caller()?, Permission::ManageStock)?;
    let id: MovementId = request.path("id")?;
    ok(&app.stock_adjustments().confirm(&manager, id).await?)
}
