//! `GET /v1/webhooks/{id}/deliveries`: what was posted to an address.

use shared::api::prelude::*;
use shared::platform::ids::{DeliveryId, WebhookName};
use shared::webhooks::WebhookDeliveryView;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// What was posted to an address in the last 30 days, or is to be, the newest first, with what became of it.
///
/// # Errors
/// 404; 400 for parameters that are not valid.
#[utoipa::path(get, path = "/v1/webhooks/{id}/deliveries", tag = "Webhooks",
    params(("id" = String, Path, description = "What the pharmacy calls it"), PageQuery),
    responses((status = 200, body = Page<WebhookDeliveryView>), (status = 404, description = "`not_found`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let name: WebhookName = request.path("id")?;
    let (list, keys) = (format!("deliveries to {name}"), app.signing_keys()?);
    let page = request.query_fields::<PageQuery>()?.check(&list, &keys)?;
    let before = page.after.as_deref().map(DeliveryId::parse).transpose().map_err(Error::internal)?;
    let (items, next) = app.webhooks()?.deliveries(&name, before, page.limit).await?;
    let next_cursor = next.map(|id| seal(&id.to_string(), &list, &keys));
    ok(&Page::<WebhookDeliveryView> { items, next_cursor })
}
