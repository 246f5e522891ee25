//! `DELETE /v1/delivery/zones/{id}`: removes a delivery zone.

use shared::api::prelude::*;
use shared::delivery::ZoneId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Removes a delivery zone. With the last one, delivery goes everywhere again for the one fee of the settings.
///
/// # Errors
/// 404; 412.
#[utoipa::path(delete, path = "/v1/delivery/zones/{id}", tag = "Delivery",
    params(("id" = String, Path, description = "The zone"),
        ("If-Match" = Option<String>, Header, description = "The version that was read")),
    responses((status = 204, description = "It is removed"),
              (status = 412, description = "`version_mismatch`: it has changed since")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let actor = request.actor()?;
    let id: ZoneId = request.path("id")?;
    app.deliveries().remove(&actor, &id, &request.precondition()?).await?;
    no_content()
}
