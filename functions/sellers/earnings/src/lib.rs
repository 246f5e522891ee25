//! `GET /v1/sellers/me/earnings`: what the caller earns by selling.

use shared::api::prelude::*;
use shared::orders::{EarningsQuery, EarningsView};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// What was taken for the caller's products in the orders of some days, what of it goes back, what the pharmacy keeps, and what
/// is left. Days are those of the pharmacy.
///
/// # Errors
/// 400 for parameters that are not valid.
#[utoipa::path(get, path = "/v1/sellers/me/earnings", tag = "Sellers", params(EarningsQuery),
    responses((status = 200, body = EarningsView)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let caller = request.caller()?;
    let days = request.query_with(EarningsQuery::check)?;
    ok(&app.orders().earnings(&caller.user, days, app.config().currency).await?)
}
