//! `GET /v1/lots/{id}/trace`: the orders that units of a lot went into.

use shared::api::prelude::*;
use shared::orders::TracedOrder;
use shared::platform::ids::{LotId, OrderId};

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// The orders and lines that units of a lot went into, the oldest first. That each was shown is on the trail before it is. A
/// page may hold fewer than `limit` and still have a `next_cursor`.
///
/// # Errors
/// 400 for a bad limit or cursor; 404 for a lot that there is not.
#[utoipa::path(get, path = "/v1/lots/{id}/trace", tag = "Catalogue",
    params(("id" = String, Path, description = "The lot's id"), PageQuery),
    responses((status = 200, body = Page<TracedOrder>)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let lot: LotId = request.path("id")?;
    let list = format!("trace of {lot}");
    let keys = app.signing_keys()?;
    let page = request.query_fields::<PageQuery>()?.check(&list, &keys)?;
    let after = page.after.as_deref().map(OrderId::parse).transpose().map_err(Error::internal)?;
    let (items, next) = app.lot_tracing().page(&request.actor()?, lot, page.limit, after).await?;
    let next_cursor = next.map(|after| seal(&after.to_string(), &list, &keys));
    ok(&Page::<TracedOrder> { items, next_cursor })
}
