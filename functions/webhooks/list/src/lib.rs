//! `GET /v1/webhooks`: where events are posted to.

use shared::api::prelude::*;
use shared::webhooks::WebhookView;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// All addresses that events are posted to, by name; there are at most 20. Without their secrets.
///
/// # Errors
/// None of its own.
#[utoipa::path(get, path = "/v1/webhooks", tag = "Webhooks", responses((status = 200, body = Page<WebhookView>)))]
pub async fn handle(app: &App, _request: ApiRequest) -> ApiResult {
    ok(&Page::<WebhookView> { items: app.webhooks()?.list().await?, next_cursor: None })
}
