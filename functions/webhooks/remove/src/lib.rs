//! `DELETE /v1/webhooks/{id}`: takes an address away.

use shared::api::prelude::*;
use shared::platform::ids::WebhookName;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Takes an address away; what is under way there is given up. One that is gone stays so.
///
/// # Errors
/// 412 `version_mismatch`.
#[utoipa::path(delete, path = "/v1/webhooks/{id}", tag = "Webhooks",
    params(("id" = String, Path, description = "What the pharmacy calls it"),
           ("If-Match" = Option<String>, Header, description = "The version that is meant")),
    responses((status = 204), (status = 404, description = "`not_found`, for what can be no name"),
              (status = 412, description = "`version_mismatch`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let name: WebhookName = request.path("id")?;
    app.webhooks()?.remove(&request.actor()?, &name, &request.precondition()?).await?;
    no_content()
}
