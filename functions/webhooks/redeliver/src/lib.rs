//! `POST /v1/webhooks/{id}/redeliver`: has something posted once more.

use shared::api::prelude::*;
use shared::platform::ids::{DeliveryId, WebhookName};
use shared::webhooks::WebhookDeliveryView;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Which.
#[derive(Deserialize, ToSchema)]
pub struct RedeliverWebhookRequest {
    /// Its id, of the list of deliveries.
    #[schema(value_type = String)]
    delivery_id: Field<String>,
}

/// Has an event posted once more, with the same id, whatever became of it. It is tried within a minute, and then for a day again.
///
/// # Errors
/// 404; 409 `webhook_disabled`.
#[utoipa::path(post, path = "/v1/webhooks/{id}/redeliver", tag = "Webhooks",
    params(("id" = String, Path, description = "What the pharmacy calls it")),
    request_body = RedeliverWebhookRequest,
    responses((status = 202, body = WebhookDeliveryView), (status = 404, description = "`not_found`"),
              (status = 409, description = "`webhook_disabled`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let name: WebhookName = request.path("id")?;
    let id = request.json_with(|body: RedeliverWebhookRequest| {
        body.delivery_id.parse("delivery_id", |text| DeliveryId::parse(&text))
    })?;
    accepted(&app.webhooks()?.redeliver(&request.actor()?, &name, id).await?)
}
