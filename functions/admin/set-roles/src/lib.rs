//! `PUT /v1/admin/users/{id}/roles`: sets which roles a person has.

use std::collections::BTreeSet;

use shared::api::prelude::*;
use shared::identity::{Role, UserView};
use shared::platform::ids::UserId;
use shared::platform::wording;

/// The endpoint as it is served and tested.
pub const ENDPOINT: Endpoint = endpoint!(handle);

/// What they shall be.
#[derive(Deserialize, ToSchema)]
pub struct SetRolesRequest {
    /// All roles that the person shall have, each once; none makes them a guest.
    #[schema(value_type = Vec<Role>, max_items = 5)]
    roles: Field<Vec<String>>,
}

struct SetRoles {
    roles: BTreeSet<Role>,
}

impl TryFrom<SetRolesRequest> for SetRoles {
    type Error = FieldErrors;

    fn try_from(body: SetRolesRequest) -> Result<Self, FieldErrors> {
        let (roles,) = all((body.roles.nested("roles", roles),))?;
        Ok(Self { roles })
    }
}

fn roles(names: Vec<String>) -> Result<BTreeSet<Role>, FieldErrors> {
    let roles = each(names, |name| Role::parse(&name).map_err(|invalid| vec![invalid.at("")]))?;
    let number = roles.len();
    let roles: BTreeSet<_> = roles.into_iter().collect();
    if roles.len() < number {
        return Err(vec![Invalid::new("repeated", wording::field::repeated()).at("")]);
    }
    Ok(roles)
}

/// Sets all roles of a person. Their sessions end: what they may do changes within five seconds, and they sign in again.
/// The same request again changes nothing more, and ends the sessions that were begun since.
///
/// # Errors
/// 403 `own_account`; 404; 409 `last_super_admin`, `unconfirmed`, or `being_erased` for who has asked to be erased and would
/// work here; 503 `busy` while another changes roles.
#[utoipa::path(put, path = "/v1/admin/users/{id}/roles", tag = "Admin",
    params(("id" = String, Path, description = "The person")), request_body = SetRolesRequest,
    responses((status = 200, body = UserView), (status = 403, description = "`own_account`, `forbidden`"),
        (status = 409, description = "`last_super_admin`, `unconfirmed`, `being_erased`")))]
pub async fn handle(app: &App, request: ApiRequest) -> ApiResult {
    let id: UserId = request.path("id")?;
    let SetRoles { roles } = request.json::<SetRolesRequest, _>()?;
    let user = app.administration().set_roles(&request.actor()?, &id, roles).await?;
    ok(&user)
}
