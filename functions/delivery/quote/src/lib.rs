//! `GET /v1/delivery`: what delivery to a place costs.

use shared::api::prelude::*;
use shared::delivery::{Place, QuoteQuery, QuoteView};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// How long caches may keep it, in seconds.
const FRESH: u32 = 60;

/// Whether the pharmacy delivers to a place, for how much, within how many days, and whether cash is taken at the door. The
/// zone with the longest prefix of the postal code counts, or else that of the district, or else that of the country.
///
/// # Errors
/// 400 for parameters that are not valid.
#[utoipa::path(get, path = "/v1/delivery", tag = "Delivery", params(QuoteQuery),
    responses((status = 200, body = QuoteView)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let (country, district, postal_code) = request.query_with(QuoteQuery::check)?;
    let place = Place { country, district: district.as_deref(), postal_code: postal_code.as_deref() };
    let rate = app.deliveries().quote(&place).await?;
    Ok(ok(&QuoteView::from(rate))?.public(FRESH))
}
