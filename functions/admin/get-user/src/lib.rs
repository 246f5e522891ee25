//! `GET /v1/admin/users/{id}`: one person.

use shared::api::prelude::*;
use shared::identity::UserView;
use shared::platform::ids::UserId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// One person. That they were read is put on the audit trail first.
///
/// # Errors
/// 404; 503 where the trail cannot be written.
#[utoipa::path(get, path = "/v1/admin/users/{id}", tag = "Admin",
    params(("id" = String, Path, description = "The person")), responses((status = 200, body = UserView)))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let id: UserId = request.path("id")?;
    let user = app.administration().get(&request.actor()?, &id).await?;
    ok(&user)
}
