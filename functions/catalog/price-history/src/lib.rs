//! `GET /v1/products/{id}/prices`: what a product has cost.

use shared::api::prelude::*;
use shared::catalog::Manager;
use shared::catalog::prices::PriceHistory;
use shared::catalog::products::ProductRef;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// How long caches may keep a page, in seconds.
const FRESH: u32 = 30;

/// Every price of a product with the time for which it was asked, the latest first, and the lowest of the last 30 days.
///
/// # Errors
/// 400 for a bad limit or cursor; 404.
#[utoipa::path(get, path = "/v1/products/{id}/prices", tag = "Catalogue",
    params(("id" = String, Path, description = "The product's id or slug"), PageQuery),
    responses((status = 200, body = PriceHistory)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let which: ProductRef = request.path("id")?;
    let viewer = request.caller_if_any().and_then(|caller| Manager::of(caller, Permission::ManageProducts).ok());
    let list = "prices";
    let keys = app.signing_keys()?;
    let page = request.query_with(|query: PageQuery| query.check(list, &keys))?;
    let (history, next) = app.products().prices(&which, viewer.as_ref(), page.limit, page.after.as_deref()).await?;
    let next_cursor = next.map(|place| seal(&place, list, &keys));
    let answer = ok(&PriceHistory { next_cursor, ..history })?;
    // A manager sees what nobody else does.
    Ok(if viewer.is_none() { answer.public(FRESH) } else { answer })
}
