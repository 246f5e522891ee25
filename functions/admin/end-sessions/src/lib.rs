//! `DELETE /v1/admin/users/{id}/sessions`: ends all sessions of a person.

use shared::api::prelude::*;
use shared::platform::ids::UserId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Ends all sessions of a person, one's own too. They are out within five seconds, and may sign in again.
///
/// # Errors
/// 404; 503 where the trail cannot be written.
#[utoipa::path(delete, path = "/v1/admin/users/{id}/sessions", tag = "Admin",
    params(("id" = String, Path, description = "The person")), responses((status = 204)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let id: UserId = request.path("id")?;
    app.administration().end_sessions(&request.actor()?, &id).await?;
    no_content()
}
