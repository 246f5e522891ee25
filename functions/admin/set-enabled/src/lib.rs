//! `PUT /v1/admin/users/{id}/enabled`: shuts a person out, or lets them in again.

use shared::api::prelude::*;
use shared::identity::UserView;
use shared::platform::ids::UserId;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// Whether they may sign in.
#[derive(Deserialize, ToSchema)]
pub struct SetEnabledRequest {
    /// Whether the person may sign in.
    #[schema(value_type = bool)]
    enabled: Field<bool>,
}

struct SetEnabled {
    enabled: bool,
}

impl TryFrom<SetEnabledRequest> for SetEnabled {
    type Error = FieldErrors;

    fn try_from(body: SetEnabledRequest) -> Result<Self, FieldErrors> {
        let (enabled,) = all((body.enabled.value("enabled"),))?;
        Ok(Self { enabled })
    }
}

/// Says whether a person may sign in. Who may not is out within five seconds, whatever tokens they hold; nothing of
/// theirs is deleted.
///
/// # Errors
/// 403 `own_account`; 404; 409 `last_super_admin`, or `being_erased` for who has asked to be erased and would be let in
/// again; 503 `busy` while another changes roles.
#[utoipa::path(put, path = "/v1/admin/users/{id}/enabled", tag = "Admin",
    params(("id" = String, Path, description = "The person")), request_body = SetEnabledRequest,
    responses((status = 200, body = UserView), (status = 403, description = "`own_account`, `forbidden`"),
        (status = 409, description = "`last_super_admin`, `being_erased`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let id: UserId = request.path("id")?;
    let SetEnabled { enabled } = request.json::<SetEnabledRequest, _>()?;
    let user = app.administration().set_enabled(&request.actor()?, &id, enabled).await?;
    ok(&user)
}
